"""Genes of a place, and the gene that a text names, from a knowledge pack."""

from __future__ import annotations

from collections.abc import Iterable

from lifenode.eqtl.plot_genes import GeneModel
from lifenode.eqtl.query import Region, gene_ids, is_gene_id
from lifenode.errors import InvalidOption, UnknownName
from lifenode.genes.find_gene import find_gene, named
from lifenode.genes.ranges import ARRAYS, Ranges, build_arrays
from lifenode.packs.pack import Pack, open_pack

ORGANISM = "hsapiens"
"""The catalogue is of human studies, on GRCh38."""


def gene_models(region: Region) -> tuple[GeneModel, ...]:
    """Return the genes that overlap a region, by start; none where no human pack is at hand."""
    pack = _pack()
    if pack is None:
        return ()
    ranges = Ranges(pack.arrays(ARRAYS, lambda: build_arrays(pack)))
    found, _ = ranges.overlapping(region.chromosome, max(region.start, 1), region.end)
    return tuple(_models(pack, found.tolist()))


def gene_named(text: str) -> GeneModel:
    """Return the gene that a text names: symbol, alias or id.

    Raises
    ------
    UnknownName
        There is none.
    InvalidOption
        It may be several.
    """
    wanted = gene_ids(text.strip())[0]
    pack = _pack()
    try:
        if pack is None:
            raise UnknownName(f"There is no gene {text[:40]!r}.", value=text, next_step="Give its Ensembl id.")
        found = find_gene(pack, wanted)
    except UnknownName:
        if is_gene_id(wanted):
            return GeneModel(wanted, "", 0, 0)
        raise
    if isinstance(found, list):
        several = " or ".join(one.gene_id for one in named(pack, found[:3]))
        raise InvalidOption(
            f"{text[:40]!r} may stand for {len(found)} genes.", value=text, next_step=f"Name one: {several}."
        )
    return _models(pack, [found])[0]


def gene_symbols(ids: Iterable[str]) -> dict[str, str]:
    """Return the symbols of those Ensembl ids that the pack knows."""
    found = {}
    for gene_id in dict.fromkeys(ids):
        try:
            found[gene_id] = gene_named(gene_id).name if is_gene_id(gene_id) else gene_id
        except (UnknownName, InvalidOption):
            found[gene_id] = gene_id
    return found


def chromosome_of(gene: GeneModel) -> str:
    """Return the chromosome of a gene, empty where it is not known."""
    pack = _pack()
    if pack is None or not gene.end:
        return ""
    found = find_gene(pack, gene.gene_id)
    return str(pack.genes().chromosomes[found]) if isinstance(found, int) else ""


def window_of(gene: GeneModel, flank: int) -> Region | None:
    """Return the stretch of a gene with `flank` base pairs on both sides; None where its place is not known."""
    chromosome = chromosome_of(gene)
    return Region(chromosome, max(gene.start - flank, 1), gene.end + flank) if chromosome else None


def _pack() -> Pack | None:
    from lifenode.errors import PackNotFound, UnknownOrganism

    try:
        return open_pack(ORGANISM)
    except (PackNotFound, UnknownOrganism):
        return None


def _models(pack: Pack, numbers: Iterable[int]) -> list[GeneModel]:
    genes = pack.genes()
    return [
        GeneModel(
            genes.gene_ids[at], genes.symbols[at], int(genes.start[at]), int(genes.end[at]), int(genes.strand[at]),
            genes.biotypes[at],
        )
        for at in numbers
        if genes.primary[at] or genes.end[at]
    ]  # fmt: skip
