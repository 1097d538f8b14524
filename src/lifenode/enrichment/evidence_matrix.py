"""Which genes of a list carry which of its strongest terms, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifenode.enrichment.result import EnrichmentResult
from lifenode.genes.evidence import strongest


class Cell(NamedTuple):
    """One gene in one term: the strongest kind of evidence (see `lifenode.genes.evidence`), and all its codes."""

    kind: str
    codes: str


class EvidenceMatrix(NamedTuple):
    """Genes by terms.

    Attributes
    ----------
    rows
        Rows of the result, one a column of the matrix.
    genes
        Genes as they were typed, those in most terms first.
    cells
        A line for each gene; None where the gene is not in the term.
    genes_left_out
        Genes of these terms beyond the most that were asked for.
    """

    rows: tuple[int, ...]
    genes: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    genes_left_out: int


def evidence_matrix(result: EnrichmentResult, rows: Sequence[int], most_genes: int = 60) -> EvidenceMatrix:
    """Return the genes of one list in some terms of its result.

    Parameters
    ----------
    result
        The enrichment.
    rows
        Rows of it, all of one list.
    most_genes
        How many genes to show.
    """
    by_gene: dict[str, dict[int, Cell]] = {}
    for row in rows:
        genes, codes = result.genes_of(row)
        for gene, joined in zip(genes, codes, strict=True):
            by_gene.setdefault(gene, {})[row] = Cell(strongest(joined.split(",")), joined)
    place = {gene: at for at, gene in enumerate(by_gene)}
    order = sorted(by_gene, key=lambda gene: (-len(by_gene[gene]), place[gene]))
    shown = order[:most_genes]
    cells = tuple(tuple(by_gene[gene].get(row) for row in rows) for gene in shown)
    return EvidenceMatrix(tuple(rows), tuple(shown), cells, len(order) - len(shown))
