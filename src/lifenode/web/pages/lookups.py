"""What the answers of the services have in common on their pages: organisms, accounting, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import lifenode
from lifenode.packs.find import known_packs
from lifenode.settings import settings
from lifenode.web.pages.numbers import count

MOST_ROWS = 2_000
"""Rows of a table on a page; the downloads have all."""

_MOST_ITEMS = 200

Choices = list[tuple[str, str]]


def organism_choices() -> Choices:
    """Return the organisms at hand, the default one first."""
    found = {pack.organism: f"{pack.scientific_name} ({pack.display_name.lower()})" for pack in known_packs()}
    first = settings().organism
    return sorted(found.items(), key=lambda choice: (choice[0] != first, choice[1]))


def scientific_names() -> dict[str, str]:
    """Return the scientific name of each organism at hand."""
    return {pack.organism: pack.scientific_name for pack in known_packs()}


def gene_link(gene_id: str, organism: str, text: str = "") -> dict[str, str] | str:
    """Return the cell that leads to the page of a gene, or an empty one."""
    href = f"/gene/{quote(gene_id, safe='')}?organism={organism}"
    return {"text": text or gene_id, "href": href} if gene_id else ""


def accounting_of(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line that says what became of every identifier, and its details.

    Parameters
    ----------
    stated
        ``meta["accounting"]`` of an answer.
    """
    words = ("mapped", "unmapped", "ambiguous", "duplicate", "blank")
    counts = [(stated["input"], "read")]
    counts += [(stated[word], word) for word in words if stated[word] or word in ("mapped", "unmapped")]
    details = [
        _detail("unmapped", "unmapped", [_unmapped(item) for item in stated["unmapped_items"]]),
        _detail("ambiguous", "ambiguous", [_ambiguous(item) for item in stated["ambiguous_items"]]),
        _detail("given twice or more", "duplicate", [_duplicate(item) for item in stated["duplicate_items"]]),
    ]
    return {"counts": counts, "details": details}


def _detail(label: str, kind: str, texts: Sequence[str]) -> dict[str, Any]:
    shown = list(texts[:_MOST_ITEMS])
    if len(texts) > len(shown):
        shown.append(f"and {count(len(texts) - len(shown))} more; the JSON has all")
    return {"label": f"{count(len(texts))} {label}", "values": shown, "kind": kind}


def _unmapped(item: Mapping[str, Any]) -> str:
    near = item.get("suggestions") or ()
    hint = f". Did you mean {' or '.join(near)}?" if near else ""
    return f"{item['identifier']}: {item['reason']}{hint}"


def _ambiguous(item: Mapping[str, Any]) -> str:
    return f"{item['identifier']}: {item['why']}"


def _duplicate(item: Mapping[str, Any]) -> str:
    return f"{item['identifier']}: the same as {item['same_as']}"


def provenance_of(meta: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return which data an answer comes from, as the facts of its panel."""
    pack = meta.get("pack") or {}
    facts = [("Organism", str(meta.get("scientific_name", "")))]
    if pack:
        facts.append(("Data", f"{pack['name']}, SHA-256 {pack['sha256'][:16]}"))
    facts += [
        (str(source.get("name", "Source")), str(source["version"]))
        for source in (meta.get("sources") or {}).values()
        if isinstance(source, Mapping) and source.get("version")
    ]
    facts.append(("Software", f"lifenode {lifenode.__version__}"))
    return list(dict.fromkeys(facts))


def cite(meta: Mapping[str, Any]) -> str:
    """Return how to cite an answer."""
    pack = meta.get("pack") or {}
    data = f", data release {pack['name']} (SHA-256 {pack['sha256'][:16]})" if pack else ""
    credits = [
        f"{sentence.rstrip('.')}."
        for source in (meta.get("sources") or {}).values()
        if isinstance(source, Mapping)
        for sentence in str(source.get("attribution") or "").split(". ")
        if sentence
    ]
    return " ".join([f"lifenode {lifenode.__version__}{data}.", *dict.fromkeys(credits)])
