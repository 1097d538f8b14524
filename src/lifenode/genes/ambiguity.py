"""Which gene an identifier that names several genes stands for, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifenode.packs.genes import Genes


def settle(candidates: list[int], genes: Genes) -> tuple[list[int], str]:
    """Rank the genes that share an identifier and say why the first is chosen.

    Parameters
    ----------
    candidates
        At least two genes.
    genes
        The genes of the pack.

    Returns
    -------
    ranked
        The candidates, the chosen one first: on the primary assembly, then by number of direct Gene Ontology
        annotations, then protein coding, then by gene id.
    why
        The choice in words; empty where there is nothing to warn of, because exactly one candidate lies on the primary
        assembly: the others are then copies of the same gene on alternate contigs.
    """
    keys = _keys(candidates, genes)
    ranked = sorted(candidates, key=keys.__getitem__)
    best, second = keys[ranked[0]], keys[ranked[1]]
    if not best[0] and second[0]:
        return ranked, ""
    counted = [gene for gene in ranked if keys[gene][0] == best[0]]
    copies = len(ranked) - len(counted)
    if best[1] != second[1]:
        reason = f"it has most GO annotations ({-best[1]}, the next {-second[1]})"
    elif best[2] != second[2]:
        reason = f"they have {-best[1]} GO annotations each, and it is protein coding"
    else:
        reason = f"nothing tells them apart ({-best[1]} GO annotations each), and its id is the lowest"
    beside = f" (and {copies} on alternate contigs)" if copies else ""
    return ranked, f"names {len(counted)} genes{beside}; {label(ranked[0], genes)} was chosen: {reason}"


def settle_case(current: list[int], former: list[int], genes: Genes) -> tuple[list[int], str]:
    """Rank the genes of an identifier that is a current name in another case, and an alias as it is written.

    ``ALB`` in mouse is an alias of Fabp4, and the way most people write Alb. Taking the alias would be wrong without a
    word; the current name is chosen, and the reason given.

    Parameters
    ----------
    current
        Genes of which it is a current symbol or id when case is ignored.
    former
        Other genes, of which it is an alias or previous symbol exactly as written.
    genes
        The genes of the pack.

    Returns
    -------
    ranked
        All of them, the chosen one first.
    why
        The choice in words.
    """
    first, then = _keys(current, genes), _keys(former, genes)
    ranked = sorted(current, key=first.__getitem__) + sorted(former, key=then.__getitem__)
    other = label(ranked[len(current)], genes)
    return ranked, f"as written an alias of {other}, in other case {label(ranked[0], genes)}, which was chosen"


def label(gene: int, genes: Genes) -> str:
    """Return symbol and id of a gene."""
    symbol = genes.symbols[gene]
    return f"{symbol} ({genes.gene_ids[gene]})" if symbol else genes.gene_ids[gene]


def _keys(candidates: list[int], genes: Genes) -> dict[int, tuple[bool, int, bool, str]]:
    """Return what each candidate is ranked by, smallest first."""
    away = (~genes.primary[candidates]).tolist()
    annotations = (-genes.go_annotations[candidates]).tolist()
    not_coding = [biotype != "protein_coding" for biotype in genes.biotypes.take(candidates)]
    ranks = zip(away, annotations, not_coding, genes.gene_ids.take(candidates), strict=True)
    return dict(zip(candidates, ranks, strict=True))
