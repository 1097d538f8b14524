"""Stretches of a reference as they are typed: ``chr17:43,044,295-43,044,400``, a chromosome, or a gene."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lifenode.editing.reference import Reference
from lifenode.errors import EmptyInput, InputTooLarge, InvalidOption, UnknownName
from lifenode.settings import settings

_REGION = re.compile(r"(\S+?)\s*:\s*([\d,]{1,15})\s*(?:-|–|\.\.|:)\s*([\d,]{1,15})")
# Chromosome 1 tells assemblies apart.
_ASSEMBLIES = {
    249_250_621: "GRCh37", 248_956_422: "GRCh38", 248_387_328: "T2T-CHM13", 195_471_971: "GRCm38",
    195_154_279: "GRCm39",
}  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A stretch of a chromosome.

    Attributes
    ----------
    chromosome
        Name in the reference.
    start, end
        0-based, `end` not included.
    name
        What was asked for: the gene, or the stretch as ``chromosome:start-end``, 1-based and inclusive.
    notes
        Where a gene was found.
    """

    chromosome: str
    start: int
    end: int
    name: str
    notes: tuple[str, ...] = ()


def region_of(reference: Reference, text: str, organism: str | None = None) -> Region:
    """Return the stretch that a text names.

    Parameters
    ----------
    reference
        The genome.
    text
        ``chr17:43,044,295-43,044,400`` (1-based, both ends included; ``chr17`` or ``17``), a whole chromosome, or a
        gene by symbol or any identifier of the installed pack.
    organism
        Whose genes; by default the organism of the settings.

    Raises
    ------
    UnknownName
        There is no such chromosome or gene; the nearest are offered.
    InvalidOption
        The stretch reaches beyond the chromosome, or the genes are of another assembly than the reference.
    InputTooLarge
        It is longer than ``settings().max_region_bases``.
    """
    asked = text.strip()
    if not asked:
        raise EmptyInput("No region was given.", next_step="Give one such as chr17:43,044,295-43,044,400, or a gene.")
    found = _REGION.fullmatch(asked)
    if found is not None:
        chromosome = reference.chromosome(found[1])
        start, end = (int(part.replace(",", "") or 0) for part in found.group(2, 3))
        length = reference.lengths[chromosome]
        if not 1 <= start <= end <= length:
            raise InvalidOption(
                f"{asked} is no stretch of {chromosome}, which has {length:,} bases; positions count from 1.",
                value=asked,
                next_step=f"Give a stretch within {chromosome}:1-{length}.",
            )
        region = Region(chromosome, start - 1, end, f"{chromosome}:{start}-{end}")
    elif asked in reference:
        chromosome = reference.chromosome(asked)
        region = Region(chromosome, 0, reference.lengths[chromosome], chromosome)
    else:
        region = _gene(reference, asked, organism)
    return _bounded(region)


def _bounded(region: Region) -> Region:
    most, bases = settings().max_region_bases, region.end - region.start
    if bases > most:
        where = f"{region.chromosome}:{region.start + 1}-"
        raise InputTooLarge(
            f"{region.name} has {bases:,} bases ({where}{region.end}); at most {most:,} are searched at once.",
            value=bases,
            next_step=f"Give a part of it, such as {where}{region.start + most}, or raise LIFENODE_MAX_REGION_BASES.",
        )
    return region


def _gene(reference: Reference, symbol: str, organism: str | None) -> Region:
    from lifenode.genes.about_gene import assembly_of
    from lifenode.genes.find_gene import find_gene, named, place_of
    from lifenode.packs.pack import open_pack

    pack = open_pack(organism)
    try:
        gene = find_gene(pack, symbol)
    except UnknownName as error:
        raise UnknownName(
            f'"{symbol[:80]}" is no region, no chromosome of {reference.path.name}, and no gene of '
            f"{pack.scientific_name}.",
            value=symbol,
            next_step=f"{error.next_step} A region is written chr17:43,044,295-43,044,400.",
        ) from error
    if isinstance(gene, list):
        candidates = ", ".join(f"{one.gene_id} ({one.place or 'place not known'})" for one in named(pack, gene)[:6])
        raise InvalidOption(f"{symbol} may be several genes.", value=symbol, next_step=f"Name one: {candidates}.")
    view = pack.genes()
    chromosome, start, end = view.chromosomes[gene], int(view.start[gene]), int(view.end[gene])
    if not chromosome or not end:
        raise InvalidOption(
            f"The pack {pack.name} {pack.release} does not say where {symbol} lies.",
            value=symbol,
            next_step="Give its place, such as chr17:43,044,295-43,044,400.",
        )
    assembly = assembly_of(pack)
    if chromosome not in reference:
        raise UnknownName(
            f"{symbol} lies on chromosome {chromosome}, and {reference.path.name} has none of that name.",
            value=symbol,
            next_step=f"Give a reference of {assembly or pack.scientific_name} in which chromosomes are named so.",
        )
    _same_assembly(reference, assembly, symbol)
    name = reference.chromosome(chromosome)
    if end > reference.lengths[name]:
        raise InvalidOption(
            f"{symbol} ends at {place_of(chromosome, start, end)}, beyond {name} of {reference.path.name} with "
            f"{reference.lengths[name]:,} bases.",
            value=symbol,
            next_step=f"Give a reference of the assembly {assembly or 'of the pack'}.",
        )
    note = f"{symbol} is {place_of(name, start, end)} in {assembly or 'the assembly'} of {pack.name} {pack.release}"
    return Region(name, start - 1, end, symbol, (note,))


def _same_assembly(reference: Reference, assembly: str, symbol: str) -> None:
    """Raise if the reference is known to be another assembly than that which genes are placed on."""
    first = reference.lengths.get(reference.chromosome("1")) if "1" in reference else None
    known = _ASSEMBLIES.get(first or 0, "")
    if known and assembly and assembly.partition(".")[0] != known:
        raise InvalidOption(
            f"{reference.path.name} is {known}, and the places of genes are of {assembly}.",
            value=symbol,
            next_step=f"Give a reference of {assembly}, or the place of {symbol} in {known}.",
        )
