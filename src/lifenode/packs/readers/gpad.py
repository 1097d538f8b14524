"""GPAD 1.1, 1.2 and 2.0: Gene Ontology annotations with ECO evidence, without the facts of the product.

Version 1 has the database and the object in two columns and relations by name, ``NOT|enables``; version 2 joins them
to one id, moves the negation to a column of its own and names relations by id, ``RO:0002327``. The first lines must
say which, for both have twelve columns. See https://geneontology.org/docs/gene-product-association-data-gpad-format/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame
from lifenode.packs.readers.qualifiers import joined_qualifier, split_qualifier

VERSIONS = ("1.1", "1.2", "2.0")

EVIDENCE_CODES: Mapping[str, str] = {
    # The default of each GO evidence code in ECO's gaf-eco-mapping.txt ...
    "ECO:0000269": "EXP",
    "ECO:0007005": "HDA",
    "ECO:0007007": "HEP",
    "ECO:0007003": "HGI",
    "ECO:0007001": "HMP",
    "ECO:0006056": "HTP",
    "ECO:0000318": "IBA",
    "ECO:0000319": "IBD",
    "ECO:0000305": "IC",
    "ECO:0000314": "IDA",
    "ECO:0000501": "IEA",
    "ECO:0000270": "IEP",
    "ECO:0000317": "IGC",
    "ECO:0000316": "IGI",
    "ECO:0000320": "IKR",
    "ECO:0000315": "IMP",
    "ECO:0000353": "IPI",
    "ECO:0000321": "IRD",
    "ECO:0000247": "ISA",
    "ECO:0000255": "ISM",
    "ECO:0000266": "ISO",
    "ECO:0000250": "ISS",
    "ECO:0000303": "NAS",
    "ECO:0000307": "ND",
    "ECO:0000245": "RCA",
    "ECO:0000304": "TAS",
    # ... and the electronic ones of InterPro, UniProt keywords and Ensembl projections, from the derived mapping.
    "ECO:0000256": "IEA",
    "ECO:0000265": "IEA",
    "ECO:0007322": "IEA",
    "ECO:0007669": "IEA",
}
"""GO evidence code of the ECO classes that releases use most."""


class Annotation(NamedTuple):
    """One row."""

    database: str
    object_id: str
    """Without the database's prefix: ``S000002164`` of SGD, ``MGI:97490`` of MGI."""
    negated: bool
    relations: tuple[str, ...]
    """By name in version 1, by id in version 2."""
    term_id: str
    references: tuple[str, ...]
    eco: str
    with_from: str
    interacting_taxon: str
    date: str
    assigned_by: str
    extension: str
    properties: tuple[tuple[str, str], ...]
    line: int

    def evidence(self, codes: Mapping[str, str] = EVIDENCE_CODES) -> str:
        """Return the GO evidence code: the property ``go_evidence``, else by `codes`; "" where neither tells."""
        return dict(self.properties).get("go_evidence") or codes.get(self.eco, "")


def header(path: Path | str) -> dict[str, str]:
    """Return the ``!key: value`` lines at the top."""
    return text.header_comments(path, "!")


def read(path: Path | str) -> Iterator[Annotation]:
    """Yield every annotation, negated ones too.

    Raises
    ------
    FormatError
        No version or one that is not understood, a row that has not 10 to 12 columns, or lacks object, term or
        evidence.
    """
    version = ""
    for number, line in text.lines(path):
        if line.startswith("!"):
            version = _version(path, number, line) or version
        elif line and not line.isspace():
            if not version:
                problem = "no line '!gpa-version: ...' or '!gpad-version: ...' before the data"
                raise FormatError.at(path, number, problem, value=line[:80])
            yield _annotation(path, number, line, version)


def annotations_frame(path: Path | str, codes: Mapping[str, str] = EVIDENCE_CODES) -> pl.DataFrame:
    """Return the annotations with the columns `lifenode.packs.readers.frames.ANNOTATION_COLUMNS`, negated ones too.

    GPAD tells neither symbol, aspect nor taxon: ``symbol`` and ``taxon`` are "", ``source`` is ``GO``.
    """
    return frame(
        read(path),
        {
            "source": lambda row: "GO",
            "key": lambda row: row.object_id,
            "symbol": lambda row: "",
            "term_id": lambda row: row.term_id,
            "qualifier": lambda row: joined_qualifier(row.negated, row.relations),
            "evidence": lambda row: row.evidence(codes),
            "taxon": lambda row: "",
        },
    )


def evidence_codes(path: Path | str) -> dict[str, str]:
    """Read ECO's ``gaf-eco-mapping.txt`` or ``gaf-eco-mapping-derived.txt``: GO evidence code by ECO class.

    Rows for a particular reference are passed over; the ``Default`` ones remain.
    """
    codes: dict[str, str] = {}
    for number, line in text.data_lines(path, "#"):
        cells = line.split("\t")
        if len(cells) != 3:
            raise FormatError.at(path, number, f"{len(cells)} columns, not 3", value=line[:80])
        # The two files hold the same columns in opposite order.
        first, reference, last = cells
        eco, code = (first, last) if first.startswith("ECO:") else (last, first)
        if reference.casefold() == "default":
            codes.setdefault(eco.strip(), code.strip())
    return codes


def _version(path: Path | str, number: int, line: str) -> str:
    key, _, value = line.lstrip("! ").partition(":")
    if key.strip().casefold() not in ("gpa-version", "gpad-version"):
        return ""
    if value.strip() not in VERSIONS:
        problem = f"GPAD version {value.strip()!r}; understood are {', '.join(VERSIONS)}"
        raise FormatError.at(path, number, problem, value=value.strip())
    return value.strip()


def _annotation(path: Path | str, number: int, line: str, version: str) -> Annotation:
    cells = [cell.strip() for cell in line.split("\t")]
    if not 10 <= len(cells) <= 12:
        raise FormatError.at(path, number, f"{len(cells)} columns, not 10 to 12", value=line[:80])
    cells += [""] * (12 - len(cells))
    if version == "2.0":
        database, _, object_id = cells[0].partition(":")
        if cells[1] not in ("", "NOT"):
            raise FormatError.at(path, number, f"the negation is {cells[1]!r}, not NOT or nothing", value=cells[1])
        negated, relations = cells[1] == "NOT", text.many(cells[2])
    else:
        database, object_id = cells[0], cells[1]
        negated, relations = split_qualifier(cells[2])
    needed = (("object", database and object_id), ("term", cells[3]), ("evidence", cells[5]))
    for what, cell in needed:
        if not cell:
            raise FormatError.at(path, number, f"the {what} is empty", value=line[:80])
    if ":" not in cells[3]:
        raise FormatError.at(path, number, f"{cells[3]!r} in column 4 is not a term id", value=cells[3])
    pairs = (entry.partition("=") for entry in text.many(cells[11]))
    return Annotation(
        database=database,
        object_id=object_id,
        negated=negated,
        relations=relations,
        term_id=cells[3],
        references=text.many(cells[4]),
        eco=cells[5],
        with_from=cells[6],
        interacting_taxon=cells[7],
        date=cells[8],
        assigned_by=cells[9],
        extension=cells[10],
        properties=tuple((key.strip(), value.strip()) for key, _, value in pairs),
        line=number,
    )
