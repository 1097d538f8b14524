"""GAF 2.0, 2.1 and 2.2: Gene Ontology annotations with 15 to 17 columns.

Version 2.2 always states the relation in the qualifier; before, only the unusual ones were written. Columns 16 and 17
may be missing altogether. See https://geneontology.org/docs/go-annotation-file-gaf-format-2.2/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame
from lifenode.packs.readers.qualifiers import SOURCES, joined_qualifier, split_qualifier

VERSIONS = ("2.0", "2.1", "2.2")
"""Versions understood. A file without a version line is read as one of them, which they all fit."""


class Annotation(NamedTuple):
    """One row."""

    database: str
    object_id: str
    symbol: str
    """May be "": some databases have nothing to put here, though the format asks for it."""
    negated: bool
    relations: tuple[str, ...]
    term_id: str
    references: tuple[str, ...]
    evidence: str
    with_from: str
    source: str
    """``GO:MF``, ``GO:BP`` or ``GO:CC``, by the aspect."""
    name: str
    synonyms: tuple[str, ...]
    object_type: str
    taxon: int
    """Taxonomy id of the organism the product is encoded by."""
    interacting_taxon: int
    """Taxonomy id of the other organism, 0 where there is none."""
    date: str
    assigned_by: str
    extension: str
    product_form: str
    line: int


def header(path: Path | str) -> dict[str, str]:
    """Return the ``!key: value`` lines at the top, such as ``gaf-version`` and ``date-generated``."""
    return text.header_comments(path, "!")


def read(path: Path | str) -> Iterator[Annotation]:
    """Yield every annotation, negated ones too.

    Raises
    ------
    FormatError
        A version that is not understood, a row that has not 15 to 17 columns, or lacks what cannot be done without:
        database, object, term, evidence, aspect, taxon.
    """
    for number, line in text.lines(path):
        if line.startswith("!"):
            _check_version(path, number, line)
        elif line and not line.isspace():
            yield _annotation(path, number, line)


def annotations_frame(path: Path | str) -> pl.DataFrame:
    """Return the annotations with the columns `lifenode.packs.readers.frames.ANNOTATION_COLUMNS`, negated ones too."""
    return frame(
        read(path),
        {
            "source": lambda row: row.source,
            "key": lambda row: row.object_id,
            "symbol": lambda row: row.symbol,
            "term_id": lambda row: row.term_id,
            "qualifier": lambda row: joined_qualifier(row.negated, row.relations),
            "evidence": lambda row: row.evidence,
            "taxon": lambda row: str(row.taxon),
        },
    )


def _check_version(path: Path | str, number: int, line: str) -> None:
    key, _, value = line.lstrip("! ").partition(":")
    if key.strip().casefold() == "gaf-version" and value.strip() not in VERSIONS:
        problem = f"GAF version {value.strip()!r}; understood are {', '.join(VERSIONS)}"
        raise FormatError.at(path, number, problem, value=value.strip())


_TERM = re.compile(r"[A-Za-z_]+:\S+")
_TAXON = re.compile(r"(?:taxon|NCBITaxon):([0-9]{1,9})", re.IGNORECASE)
_NEEDED = {0: "DB", 1: "DB object id", 4: "GO id", 6: "evidence code", 8: "aspect", 12: "taxon"}


def _annotation(path: Path | str, number: int, line: str) -> Annotation:
    cells = line.split("\t")
    if not 15 <= len(cells) <= 17:
        raise FormatError.at(path, number, f"{len(cells)} columns, not 15 to 17", value=line[:80])
    cells = [cell.strip() for cell in cells] + [""] * (17 - len(cells))
    for place, what in _NEEDED.items():
        if not cells[place]:
            raise FormatError.at(path, number, f"column {place + 1}, {what}, is empty", value=line[:80])
    if not _TERM.fullmatch(cells[4]):
        raise FormatError.at(path, number, f"{cells[4]!r} in column 5 is not a term id", value=cells[4])
    if cells[8] not in SOURCES:
        raise FormatError.at(path, number, f"the aspect {cells[8]!r} is not P, F or C", value=cells[8])
    taxa = [_TAXON.fullmatch(part.strip()) for part in cells[12].split("|")]
    if not all(taxa) or len(taxa) > 2:
        raise FormatError.at(path, number, f"{cells[12]!r} in column 13 is not taxon:N or taxon:N|taxon:N", value=line)
    negated, relations = split_qualifier(cells[3])
    numbers = [int(found[1]) for found in taxa if found]
    return Annotation(
        database=cells[0],
        object_id=cells[1],
        symbol=cells[2],
        negated=negated,
        relations=relations,
        term_id=cells[4],
        references=text.many(cells[5]),
        evidence=cells[6],
        with_from=cells[7],
        source=SOURCES[cells[8]],
        name=cells[9],
        synonyms=text.many(cells[10]),
        object_type=cells[11],
        taxon=numbers[0],
        interacting_taxon=numbers[1] if len(numbers) == 2 else 0,
        date=cells[13],
        assigned_by=cells[14],
        extension=cells[15],
        product_form=cells[16],
        line=number,
    )
