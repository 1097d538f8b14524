"""HCOP: orthologs of human genes, with the databases that support each pair.

Read are the files of HGNC (``human_<species>_hcop_fifteen_column.txt`` and ``human_all_hcop_sixteen_column.txt``) and
the narrower table with columns human_symbol, human_entrez, human_ensembl, taxon_id, symbol, entrez, ensembl, support.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame

TAXA = {
    "anole_lizard": 28377,
    "c.elegans": 6239,
    "cat": 9685,
    "chicken": 9031,
    "chimpanzee": 9598,
    "cow": 9913,
    "dog": 9615,
    "fruitfly": 7227,
    "horse": 9796,
    "macaque": 9544,
    "mouse": 10090,
    "opossum": 13616,
    "pig": 9823,
    "platypus": 9258,
    "rat": 10116,
    "s.cerevisiae": 4932,
    "s.pombe": 4896,
    "xenopus": 8364,
    "zebrafish": 7955,
}
"""NCBI taxonomy id of HCOP's species names, which prefix the columns of its files."""


class Pair(NamedTuple):
    """A human gene and one ortholog; "" for what HCOP does not know."""

    human_symbol: str
    human_entrez: str
    human_ensembl: str
    human_hgnc: str
    taxonomy_id: int
    symbol: str
    entrez: str
    ensembl: str
    database_id: str
    """Id in the organism's own database, such as ``MGI:97490``."""
    support: tuple[str, ...]
    line: int


class _Places(NamedTuple):
    human_symbol: int
    human_entrez: int
    human_ensembl: int
    human_hgnc: int | None
    taxon: int | None
    symbol: int
    entrez: int
    ensembl: int
    database_id: int | None
    support: int
    taxonomy_id: int


def read(path: Path | str) -> Iterator[Pair]:
    """Yield the pairs.

    Raises
    ------
    FormatError
        A header of neither layout or of an unknown species, a row with another number of columns, a taxonomy id that
        is no number.
    """
    columns = None
    for number, line in text.data_lines(path):
        if columns is None:
            columns = text.Columns(path, number, line.lstrip("#").split("\t"))
            places = _places(path, number, columns)
            continue
        cells = columns.split(number, line)
        taxon = places.taxonomy_id
        if places.taxon is not None:
            taxon = text.integer(path, number, cells[places.taxon], "the taxonomy id")
        support = cells[places.support]
        yield Pair(
            human_symbol=text.place_of(cells, places.human_symbol),
            human_entrez=text.place_of(cells, places.human_entrez),
            human_ensembl=text.place_of(cells, places.human_ensembl),
            human_hgnc=text.place_of(cells, places.human_hgnc),
            taxonomy_id=taxon,
            symbol=text.place_of(cells, places.symbol),
            entrez=text.place_of(cells, places.entrez),
            ensembl=text.place_of(cells, places.ensembl),
            database_id=text.place_of(cells, places.database_id),
            support=text.many(support, "," if "," in support else "|"),
            line=number,
        )
    if columns is None:
        raise FormatError.at(path, 1, "no header line; the file is empty", value=path)


def pairs_frame(path: Path | str) -> pl.DataFrame:
    """Return the fields of `Pair` less the line; ``taxonomy_id`` is Int32, ``support`` a list."""
    columns = {name: (lambda pair, name=name: getattr(pair, name)) for name in Pair._fields if name != "line"}
    return frame(read(path), columns, taxonomy_id=pl.Int32, support=pl.List(pl.String))


def _places(path: Path | str, number: int, columns: text.Columns) -> _Places:
    other, taxonomy_id, taxon = "", 0, columns.find("taxon_id", "ortholog_species")
    if taxon is None:
        symbols = [name for name in columns.names if name.endswith("_symbol") and name != "human_symbol"]
        other = symbols[0].removesuffix("symbol") if symbols else ""
        taxonomy_id = TAXA.get(other.rstrip("_").casefold(), 0)
        if not taxonomy_id:
            problem = f"the header names no species of HCOP ({', '.join(columns.names)[:200]})"
            raise FormatError.at(path, number, problem, value=other)
    elif columns.find("ortholog_species") is not None:
        other = "ortholog_species_"
    return _Places(
        human_symbol=columns.need("human_symbol"),
        human_entrez=columns.need("human_entrez_gene", "human_entrez"),
        human_ensembl=columns.need("human_ensembl_gene", "human_ensembl"),
        human_hgnc=columns.find("hgnc_id"),
        taxon=taxon,
        symbol=columns.need(f"{other}symbol"),
        entrez=columns.need(f"{other}entrez_gene", f"{other}entrez"),
        ensembl=columns.need(f"{other}ensembl_gene", f"{other}ensembl"),
        database_id=_own_database(columns, other),
        support=columns.need("support"),
        taxonomy_id=taxonomy_id,
    )


def _own_database(columns: text.Columns, other: str) -> int | None:
    """The official layouts have it between the Ensembl gene and the name, under a name that differs by species."""
    before, after = columns.find(f"{other}ensembl_gene"), columns.find(f"{other}name")
    return before + 1 if before is not None and after == before + 2 else None
