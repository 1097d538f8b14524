"""The columns of a table of variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lifenode.genes.variant_finder import Found
from lifenode.genes.variant_index import Rows, VariantIndex
from lifenode.table import Column

if TYPE_CHECKING:
    from lifenode.packs.genes import Genes

COLUMNS = (
    Column("query", "text", "The variant or place as given."),
    Column("rsid", "text", "rsID of the variant in the pack; empty where it has none, and for a place."),
    Column("chromosome", "text", "Chromosome, as the pack names it."),
    Column("start", "integer", "First base of the reference allele, 1-based; of an insertion, the base before it."),
    Column("end", "integer", "Last base of the reference allele, 1-based; of an insertion, the base after it."),
    Column("strand", "integer", "1: positions and alleles are those of the forward strand."),
    Column("alleles", "text", "Alleles, the reference first; empty where the pack does not record them."),
    Column("gene_ids", "list", "Genes the variant lies in, or that overlap the place."),
    Column("gene_symbols", "list", "Symbols of these genes, in the same order."),
    Column("consequences", "list", "Consequence and how often the pack states it, as term:count."),
    Column("gene_consequences", "list", "The same for each gene, as gene:term:count."),
    Column("genes_by", "text", "source: as the source of the variant states; position: computed from positions."),
    Column("found_by", "text", "rsid, alleles, position, range or place; see the documentation."),
    Column("status", "text", "mapped, unmapped, duplicate or blank."),
)

_FORWARD = 1


class _Place(NamedTuple):
    """Where a row lies, and what is there."""

    rsid: str
    chromosome: str
    start: int | None
    end: int | None
    strand: int | None
    alleles: str
    genes: list[int]
    stated: list[tuple[int, str, int]]
    genes_by: str


_NOWHERE = _Place("", "", None, None, None, "", [], [], "")


def variant_columns(
    rows: Sequence[tuple[str, Found, str]], index: VariantIndex | None, genes: Genes
) -> dict[str, list[Any]]:
    """Return the columns of a table, and its companions with counts.

    Parameters
    ----------
    rows
        Each item as shown, what it stands for, and its status.
    index
        The variants of the pack.
    genes
        The genes of the pack.
    """
    places: list[_Place] = []
    asked: list[tuple[str, str, str]] = []
    variants = _variants(np.array([row for _, found, _ in rows for row in found.rows], dtype=np.int64), index)
    for query, found, status in rows:
        here = [_asked_for(found)] if found.place is not None else []
        here += islice(variants, len(found.rows))
        places += here or [_NOWHERE]
        asked += [(query, found.found_by, status)] * found.height
    ids, symbols = _names(places, genes)
    return {
        "query": [query for query, _, _ in asked],
        **{name: [getattr(place, name) for place in places] for name in _PLAIN},
        "gene_ids": [[ids[gene] for gene in place.genes] for place in places],
        "gene_symbols": [[symbols[gene] for gene in place.genes] for place in places],
        "found_by": [found_by for _, found_by, _ in asked],
        "status": [status for _, _, status in asked],
        **_consequences(places, ids),
    }


_PLAIN = ("rsid", "chromosome", "start", "end", "strand", "alleles", "genes_by")


def _asked_for(found: Found) -> _Place:
    """Return the row of a place, whose genes are those that overlap it."""
    place = found.place
    if place is None:
        return _NOWHERE
    genes = list(found.genes)
    return _Place("", place.chromosome, place.start, place.end, _FORWARD, place.alleles, genes, [], "position")


def _variants(rows: Rows, index: VariantIndex | None) -> Iterator[_Place]:
    """Yield what the pack holds of its variants."""
    if index is None:
        return
    facts = zip(
        index.number[rows].tolist(), index.chromosomes_of(rows), index.start[rows].tolist(), index.end[rows].tolist(),
        index.alleles.take(rows), index.genes_of(rows), index.consequences_of(rows), index.by_source[rows].tolist(),
        strict=True,
    )  # fmt: skip
    for number, chromosome, start, end, alleles, genes, stated, by_source in facts:
        rsid, by = f"rs{number}" if number else "", "source" if by_source else "position"
        yield _Place(rsid, chromosome, start, end, _FORWARD, alleles, genes, stated, by)


def _names(places: Sequence[_Place], genes: Genes) -> tuple[dict[int, str], dict[int, str]]:
    """Return the ids and the symbols of all genes that are named."""
    named = {gene for place in places for gene in place.genes}
    named |= {gene for place in places for gene, _, _ in place.stated if gene >= 0}
    numbers = np.array(sorted(named), dtype=np.int64)
    keys = numbers.tolist()
    ids, symbols = genes.gene_ids.take(numbers), genes.symbols.take(numbers)
    return dict(zip(keys, ids, strict=True)), dict(zip(keys, symbols, strict=True))


def _consequences(places: Sequence[_Place], ids: dict[int, str]) -> dict[str, list[Any]]:
    """Return the consequences as texts and, as companions, as counts; most frequent first."""
    totals: list[dict[str, int]] = []
    by_gene: list[dict[str, dict[str, int]]] = []
    for place in places:
        total: dict[str, int] = {}
        genes: dict[str, dict[str, int]] = {}
        for gene, term, times in sorted(place.stated, key=_by_frequency) if len(place.stated) > 1 else place.stated:
            total[term] = total.get(term, 0) + times
            if gene >= 0:
                genes.setdefault(ids[gene], {})[term] = times
        totals.append(total if len(total) < 2 else dict(sorted(total.items(), key=lambda one: (-one[1], one[0]))))
        by_gene.append(genes)
    return {
        "consequences": [[f"{term}:{times}" for term, times in total.items()] for total in totals],
        "gene_consequences": [
            [f"{gene}:{term}:{times}" for gene, counts in genes.items() for term, times in counts.items()]
            for genes in by_gene
        ],
        "consequence_counts": totals,
        "gene_consequence_counts": by_gene,
    }


def _by_frequency(stated: tuple[int, str, int]) -> tuple[int, str, int]:
    gene, term, times = stated
    return -times, term, gene
