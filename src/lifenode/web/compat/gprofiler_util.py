"""Facts about organisms and releases, a random query, and all terms of an organism as a GMT file."""

from __future__ import annotations

import re
import secrets
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from lifenode._atomic import write_atomically
from lifenode.errors import UnknownLink
from lifenode.packs.pack import installed, open_pack
from lifenode.settings import settings
from lifenode.web.compat.gprofiler_meta import version_of
from lifenode.web.compat.gprofiler_request import pack_of

RANDOM_GENES = 100
_FILE = re.compile(r"gprofiler_full_([a-z0-9_-]{1,64})\.(name|ENSG)\.gmt")


def organisms_bytes() -> bytes:
    """Return the organisms at hand."""
    seen: dict[str, dict[str, str]] = {}
    for path in installed():
        pack = open_pack(path)
        row = {
            "display_name": pack.display_name,
            "id": pack.organism,
            "scientific_name": pack.scientific_name,
            "taxonomy_id": str(pack.taxonomy_id),
            "version": pack.release,
        }
        seen.setdefault(pack.organism, row)
    return orjson.dumps(sorted(seen.values(), key=lambda row: row["display_name"]))


def data_versions_bytes(organism: str) -> bytes:
    """Return what an organism's pack was made of.

    Raises
    ------
    UnknownOrganism
        There is no such pack.
    """
    pack = pack_of(organism)
    genes = pack.sources.get("genes")
    facts: dict[str, Any] = {
        "biomart": genes.name if genes else "",
        "biomart_version": genes.version if genes else "",
        "display_name": pack.display_name,
        "genebuild": pack.release,
        "gprofiler_version": version_of(pack),
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "taxonomy_id": str(pack.taxonomy_id),
        "sources": {
            name: {
                "name": source.name, "version": source.version, "date": source.date, "licence": source.licence,
                "attribution": source.attribution,
            }
            for name, source in pack.sources.items()
        },
        "lifenode": {"pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint}},
    }  # fmt: skip
    return orjson.dumps(facts)


def random_query_bytes(organism: str) -> bytes:
    """Return the ids of some annotated genes, different ones each time.

    Raises
    ------
    UnknownOrganism
        There is no such pack.
    """
    genes = pack_of(organism).genes()
    annotated = np.flatnonzero(np.asarray(genes.primary) & (np.asarray(genes.go_annotations) > 0))
    draw = np.random.default_rng(secrets.randbits(64))
    chosen = draw.choice(annotated, size=min(RANDOM_GENES, len(annotated)), replace=False)
    return orjson.dumps(genes.gene_ids.take(chosen))


def gmt_file(name: str) -> Path:
    """Return the file of all terms of an organism with their genes, written at first use.

    Parameters
    ----------
    name
        ``gprofiler_full_<organism>.name.gmt`` (symbols) or ``.ENSG.gmt`` (gene ids).

    Raises
    ------
    UnknownLink
        There is no file of this name.
    UnknownOrganism
        There is no such pack.
    """
    found = _FILE.fullmatch(name)
    if found is None:
        raise UnknownLink(
            f"There is no file {name[:80]}.",
            value=name,
            next_step="Ask for gprofiler_full_hsapiens.name.gmt or .ENSG.gmt.",
        )
    organism, kind = found.groups()
    pack = pack_of(organism)
    path = settings().cache_dir / f"{pack.name}-{pack.fingerprint[:12]}" / f"gprofiler_full.{kind}.gmt"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _gmt(organism, symbols=kind == "name"))
    return path


def _gmt(organism: str, *, symbols: bool) -> bytes:
    pack = pack_of(organism)
    annotations, genes = pack.annotations(), pack.genes()
    labels = ids = genes.gene_ids.to_list()
    if symbols:
        labels = [symbol or gene_id for symbol, gene_id in zip(genes.symbols.to_list(), ids, strict=True)]
    members = [labels[gene] for gene in annotations.term_genes.tolist()]
    terms = zip(
        annotations.term_ids.to_list(),
        annotations.term_names.to_list(),
        pairwise(annotations.term_indptr.tolist()),
        strict=True,
    )
    return "".join(
        "\t".join((term_id, title, *members[start:end])) + "\n" for term_id, title, (start, end) in terms
    ).encode()
