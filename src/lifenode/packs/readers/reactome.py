"""Reactome's mapping files, such as Ensembl2Reactome_All_Levels.txt: one line a pair of molecule and pathway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lifenode.errors import FormatError
from lifenode.packs.readers import text


class Member(NamedTuple):
    """One row."""

    identifier: str
    """In the database the file is named after."""
    pathway: str
    name: str
    evidence: str
    """TAS for curated pathways, IEA for those inferred from human ones."""
    species: str
    line: int


def read(path: Path | str, species: str | None = None) -> Iterator[Member]:
    """Yield the pairs, those of one `species` (``Homo sapiens``) where it is named. The file has no header.

    Raises
    ------
    FormatError
        A row that has not six columns, or names no molecule or pathway.
    """
    for number, line in text.data_lines(path):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 6:
            raise FormatError.at(path, number, f"{len(cells)} columns, not 6", value=line[:80])
        identifier, pathway, _, name, evidence, of = cells
        if not identifier or not pathway.startswith("R-"):
            raise FormatError.at(path, number, f"{identifier!r} and {pathway!r} are not a pair", value=line[:80])
        if species is None or of == species:
            yield Member(identifier, pathway, name, evidence, of, number)
