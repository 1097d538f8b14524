"""Variants as g:Profiler answers them."""

from __future__ import annotations

from typing import Any

import orjson

from lifenode.genes.variants import Variants, variants
from lifenode.web.compat.gprofiler_meta import version_of
from lifenode.web.compat.gprofiler_request import pack_of

_COLUMNS = ("query", "rsid", "chromosome", "strand", "start", "end", "gene_ids", "gene_symbols", "consequence_counts")
_STRANDS = {1: "+", -1: "-"}

_Row = dict[str, Any]


def variants_bytes(items: list[str]) -> bytes:
    """Return the answer to a request for human variants.

    Parameters
    ----------
    items
        rsIDs, changes and places; an unknown one has the position -1 and no gene. A place is answered with its genes,
        and then the variants of the pack inside it.

    Raises
    ------
    InputError
        The places hold more variants than a table may have rows.
    """
    pack = pack_of("hsapiens")
    distinct = [text for text in dict.fromkeys(map(str.strip, items)) if text]
    rows = _by_query(variants(distinct, pack.path)) if distinct else {}
    found = [row for text in items for row in rows.get(text.strip()) or [_unknown(text)]]
    release = {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint}
    meta = {"organism": pack.organism, "version": version_of(pack), "lifenode": {"pack": release}}
    return orjson.dumps({"result": found, "meta": meta})


def _by_query(table: Variants) -> dict[str, list[_Row]]:
    rows: dict[str, list[_Row]] = {}
    for query, rsid, chromosome, strand, start, end, genes, symbols, counts in zip(
        *(table[name] for name in _COLUMNS), strict=True
    ):
        if chromosome:
            row = {
                "rs_id": rsid or query, "chromosome": chromosome, "strand": _STRANDS[int(strand)],
                "start": int(start), "end": int(end), "ensgs": list(genes), "gene_names": list(symbols),
                "variants": dict(counts),
            }  # fmt: skip
            rows.setdefault(query, []).append(row)
    return rows


def _unknown(text: str) -> _Row:
    return {
        "rs_id": text, "chromosome": "", "strand": "", "start": -1, "end": -1, "ensgs": [], "gene_names": [],
        "variants": {},
    }  # fmt: skip
