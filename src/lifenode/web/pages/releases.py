"""The data releases at hand, as their manifests state them: no table is opened."""

from __future__ import annotations

from typing import Any

from lifenode.packs.find import known_packs
from lifenode.packs.manifest import TABLE_SOURCES, Manifest
from lifenode.settings import settings
from lifenode.web.pages.colours import source_classes

COUNTED = ("genes", "identifiers", "terms", "annotations", "orthologs", "variants")
"""Tables of a pack whose rows are told, in the order of reading."""


def packs_in_order() -> list[Manifest]:
    """Return the pack in force of each organism, the default organism first."""
    first = settings().organism
    return sorted(known_packs(), key=lambda pack: (pack.organism != first, pack.scientific_name))


def rows_of(pack: Manifest, table: str) -> int:
    """Return the rows of a table of a pack, 0 where it has none."""
    return int(pack.content["files"].get(f"{table}.parquet", {}).get("rows", 0))


def releases() -> list[dict[str, Any]]:
    """Return a row per organism."""
    return [_release(pack) for pack in packs_in_order()]


def _release(pack: Manifest) -> dict[str, Any]:
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "display_name": pack.display_name,
        "release": pack.release,
        "date": str(pack.content.get("built", "")),
        "sources": list(source_classes(name for name in pack.sources if name not in TABLE_SOURCES).items()),
        **{table: rows_of(pack, table) for table in COUNTED},
    }


def totals() -> list[tuple[int, str]]:
    """Return what all packs hold together, with the words for it."""
    packs = packs_in_order()
    counts = [(sum(rows_of(pack, table) for pack in packs), _WORDS[table]) for table in COUNTED]
    return [(len(packs), "organisms"), *counts]


_WORDS = {
    "genes": "genes",
    "identifiers": "identifiers",
    "terms": "terms",
    "annotations": "annotations",
    "orthologs": "ortholog pairs",
    "variants": "variants",
}
