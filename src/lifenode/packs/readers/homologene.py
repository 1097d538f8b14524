"""HomoloGene: groups of homologous genes.

Read are NCBI's ``homologene.data`` (no header; group, taxonomy id, Entrez id, symbol, protein gi, protein accession)
and tables with the columns HID, Gene.Symbol, Taxonomy and Gene.ID, which bring its gene ids up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame

_HEADER = ("HID", "Taxonomy", "Gene.ID", "Gene.Symbol")
_OFFICIAL = 6


class Member(NamedTuple):
    """A gene of a group."""

    group: str
    """Number of the group, digits."""
    taxonomy_id: int
    entrez: str
    """Entrez gene id, digits."""
    symbol: str
    line: int


def read(path: Path | str) -> Iterator[Member]:
    """Yield the members of all groups.

    Raises
    ------
    FormatError
        A header of neither layout, a row with another number of columns, an id that is no number.
    """
    columns, places = None, (0, 1, 2, 3)
    for number, line in text.data_lines(path):
        cells = line.split("\t") if columns is None else columns.split(number, line)
        if columns is None:
            official = len(cells) == _OFFICIAL and cells[0].isdigit()
            columns = text.Columns(path, number, [str(place) for place in range(_OFFICIAL)] if official else cells)
            if not official:
                group, taxon, entrez, symbol = (columns.need(name) for name in _HEADER)
                places = (group, taxon, entrez, symbol)
                continue
        yield _member(path, number, cells, places)
    if columns is None:
        raise FormatError.at(path, 1, "no group; the file is empty", value=path)


def groups_frame(path: Path | str) -> pl.DataFrame:
    """Return the fields of `Member` less the line; ``taxonomy_id`` is Int32."""
    columns = {name: (lambda member, name=name: getattr(member, name)) for name in Member._fields if name != "line"}
    return frame(read(path), columns, taxonomy_id=pl.Int32)


def _member(path: Path | str, number: int, cells: list[str], places: tuple[int, int, int, int]) -> Member:
    group, taxon, entrez, symbol = (text.place_of(cells, place) for place in places)
    text.integer(path, number, group, "the group")
    text.integer(path, number, entrez, "the Entrez id")
    return Member(group, text.integer(path, number, taxon, "the taxonomy id"), entrez, symbol, number)
