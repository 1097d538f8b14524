"""For every gene of a list, why it counts towards a term: the dense lists that clients expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import orjson

from lifenode.enrichment.collection import slots

if TYPE_CHECKING:
    from lifenode.enrichment.collection import Collection
    from lifenode.enrichment.result import EnrichmentResult, QueryPart

Integers = npt.NDArray[np.int64]


def evidence_texts(result: EnrichmentResult, part: Integers, row: Integers) -> list[bytes]:
    """Return the JSON text of ``intersections`` of each row.

    Parameters
    ----------
    result
        The result.
    part, row
        Which list, and which of its rows.
    """
    collection = result.world.collection
    by_part = [_of_part(collection, one) for one in result.parts]
    return [by_part[one][at] for one, at in zip(part.tolist(), row.tolist(), strict=True)]


def _of_part(collection: Collection, part: QueryPart) -> list[bytes]:
    """Return the texts of a list's rows, one entry per gene it was resolved to."""
    every = part.resolution.genes.tolist()
    blank = [b"[]"] * len(every)
    where = {gene: place for place, gene in enumerate(every)}
    places = [where[gene] for gene in part.genes.tolist()]
    row, tested, mask = _pairs(collection, part)
    codes: dict[tuple[int, int], bytes] = {}
    texts = []
    edges = np.searchsorted(row, np.arange(len(part.adjusted) + 1)).tolist()
    counts, sources = part.hits.count.tolist(), part.hits.source.tolist()
    for at, (count, source) in enumerate(zip(counts, sources, strict=True)):
        # An ordered query counts the genes of the best prefix only.
        found = slice(edges[at], min(edges[at + 1], edges[at] + count))
        entries = blank.copy()
        for place, bits in zip(tested[found].tolist(), mask[found].tolist(), strict=True):
            key = (source, bits)
            if key not in codes:
                codes[key] = _codes(collection, source, bits)
            entries[places[place]] = codes[key]
        texts.append(b',"intersections":[' + b",".join(entries) + b"]")
    return texts


def _pairs(collection: Collection, part: QueryPart) -> tuple[Integers, Integers, Integers]:
    """Return which row holds which tested gene with which evidence, by row and place in the list."""
    starts = slots(collection.gene_indptr, part.genes)
    tested = np.repeat(np.arange(len(part.genes)), np.diff(collection.gene_indptr)[part.genes])
    row_of = np.full(len(collection.term_sizes), -1, dtype=np.int64)
    row_of[part.hits.term] = np.arange(len(part.hits.term))
    row = row_of[collection.gene_terms[starts]]
    keep = np.flatnonzero(row >= 0)
    keep = keep[np.lexsort((tested[keep], row[keep]))]
    return row[keep], tested[keep], collection.gene_evidence[starts[keep]].astype(np.int64)


def _codes(collection: Collection, source: int, bits: int) -> bytes:
    known = [code for bit, code in enumerate(collection.evidence_codes) if bits >> bit & 1]
    return orjson.dumps(known or [collection.sources[source]])
