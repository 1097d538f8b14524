"""Output of Ensembl VEP: its own tab-separated tables (``--tab`` or the default), and the ``CSQ`` entry of a VCF.

Counted are transcripts: a variant whose five transcripts have the consequence ``intron_variant`` in a gene has it five
times there, whichever of its alleles does it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from lifenode.packs.readers import text
from lifenode.packs.readers.variant import (
    BAD_ALLELE,
    NO_POSITION,
    Consequence,
    Variant,
    are_alleles,
    fit,
    genes_inside,
    is_term,
    rsids,
)

_BANNER = "## ENSEMBL VARIANT EFFECT PREDICTOR"
_HEADER = "#Uploaded_variation\t"
_LOCATION = re.compile(r"([^\s:]{1,60}):([1-9]\d{0,9})(?:-([1-9]\d{0,9}))?")
# What VEP calls a variant that came without a name: 22_17181903_A/G.
_MADE_NAME = re.compile(r".+_\d+_([^_\s]+/[^_\s]+)")
_LARGEST = 2**31 - 1


class Effect(NamedTuple):
    """What an allele does to one transcript or other feature."""

    gene: str
    feature: str
    terms: tuple[str, ...]


def begins(line: str) -> bool:
    """Return whether `line` is one with which a table of VEP begins."""
    return line.startswith((_BANNER, _HEADER))


def counted(effects: Iterable[Effect]) -> tuple[Consequence, ...]:
    """Return in how many transcripts of each gene a consequence is found, however many alleles have it there."""
    pairs = dict.fromkeys((one.gene, term, one.feature) for one in effects for term in one.terms)
    counts = Counter((gene, term) for gene, term, _ in pairs)
    return tuple(Consequence(gene, term, count) for (gene, term), count in counts.items())


def terms_of(cell: str) -> tuple[str, ...]:
    """Return the consequences of a cell; VEP joins them by ``,`` in tables and by ``&`` in VCF."""
    return tuple(term for term in re.split("[,&]", cell) if is_term(term))


class _Columns(NamedTuple):
    uploaded: int
    location: int
    allele: int
    gene: int
    feature: int
    consequence: int
    existing: int | None
    extra: int | None
    names: tuple[str, ...]


class _Row(NamedTuple):
    line: int
    uploaded: str
    location: str
    cells: list[str]


def read(path: Path | str, refused: Counter[str]) -> Iterator[Variant]:
    """Yield the variants, each from the rows that stand together for it.

    Parameters
    ----------
    path
        The table.
    refused
        Gets the number of variants left out, by reason.

    Raises
    ------
    FormatError
        A missing column, or a row with another number of columns than the header.
    """
    header: list[_Columns] = []
    for _, together in groupby(_rows(path, header), key=lambda row: (row.uploaded, row.location)):
        found = _variant(list(together), header[0])
        if isinstance(found, str):
            refused[found] += 1
        else:
            yield found


def _rows(path: Path | str, header: list[_Columns]) -> Iterator[_Row]:
    columns = None
    for number, line in text.data_lines(path, "##"):
        if columns is None:
            columns = text.Columns(path, number, line.lstrip("#").split("\t"))
            places = _places(columns)
            header.append(places)
            continue
        cells = columns.split(number, line)
        yield _Row(number, cells[places.uploaded], cells[places.location], cells)


def _places(columns: text.Columns) -> _Columns:
    return _Columns(
        uploaded=columns.need("Uploaded_variation"),
        location=columns.need("Location"),
        allele=columns.need("Allele"),
        gene=columns.need("Gene"),
        feature=columns.need("Feature"),
        consequence=columns.need("Consequence"),
        existing=columns.find("Existing_variation"),
        extra=columns.find("Extra"),
        names=columns.names,
    )


def _variant(rows: Sequence[_Row], columns: _Columns) -> Variant | str:
    """Return the variant of some rows, or why it is left out."""
    first = rows[0]
    match = _LOCATION.fullmatch(first.location)
    if match is None:
        return NO_POSITION
    position, end = int(match[2]), int(match[3] or match[2])
    if not position <= end <= _LARGEST:
        return NO_POSITION
    known = text.place_of(first.cells, columns.existing) or _extras(first, columns).get("Existing_variation", "")
    alleles = _alleles(rows, columns, position, end)
    if alleles and not are_alleles(alleles):
        return BAD_ALLELE
    consequences = counted(_effect(row.cells, columns) for row in rows)
    genes = genes_inside(consequences) if consequences else None
    ids = rsids([first.uploaded]) or rsids(known.split(","))
    return Variant(ids, match[1], position, end, alleles, genes, consequences, first.line)


def _effect(cells: Sequence[str], columns: _Columns) -> Effect:
    gene, feature = (text.place_of(cells, place) for place in (columns.gene, columns.feature))
    return Effect(gene, feature, terms_of(cells[columns.consequence]))


def _alleles(rows: Sequence[_Row], columns: _Columns, position: int, end: int) -> str:
    """Return the alleles where the output tells the reference and it is as long as the place; nothing otherwise."""
    made = _MADE_NAME.fullmatch(rows[0].uploaded)
    extras = _extras(rows[0], columns)
    reference = next((extras[name] for name in ("USED_REF", "GIVEN_REF", "REF_ALLELE") if extras.get(name)), "")
    alternatives = dict.fromkeys(row.cells[columns.allele] or "-" for row in rows)
    told = made[1] if made else extras.get("UPLOADED_ALLELE", "")
    alleles = told or ("/".join((reference, *alternatives)) if reference else "")
    return alleles if alleles and fit(alleles, position, end) else ""


def _extras(row: _Row, columns: _Columns) -> dict[str, str]:
    """Return the fields of the column Extra, or the columns that ``--tab`` makes of them."""
    if columns.extra is None:
        return {name: "" if cell == "-" else cell for name, cell in zip(columns.names, row.cells, strict=True)}
    pairs = (field.partition("=") for field in row.cells[columns.extra].split(";"))
    return {name: value for name, _, value in pairs}
