"""NCBI Gene's gene_info and gene2go, by the names in their header line.

Both the official files (``#tax_id  GeneID ...``, and the older ``#Format: tax_id GeneID ... (tab is used ...)``) and
tables with fewer columns under the same names are read. ``-`` stands for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame
from lifenode.packs.readers.qualifiers import SOURCES, joined_qualifier, split_qualifier


class Gene(NamedTuple):
    """One row of gene_info."""

    taxonomy_id: int
    gene_id: str
    """Entrez gene id, digits."""
    symbol: str
    locus_tag: str
    synonyms: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    """Database and id; of ``HGNC:HGNC:5`` the database is HGNC and the id HGNC:5."""
    chromosome: str
    description: str
    kind: str
    official_symbol: str
    """As given by the nomenclature authority."""
    official_name: str
    modified: str
    line: int


class Annotation(NamedTuple):
    """One row of gene2go."""

    taxonomy_id: int
    """0 where the table has no such column."""
    gene_id: str
    symbol: str
    """"" in the official file, which has no such column."""
    term_id: str
    evidence: str
    negated: bool
    relations: tuple[str, ...]
    source: str
    """``GO:MF``, ``GO:BP`` or ``GO:CC``."""
    references: tuple[str, ...]
    """PubMed ids."""
    line: int


def gene_info(path: Path | str, taxa: Collection[int] | None = None) -> Iterator[Gene]:
    """Yield the genes of a gene_info file, of the given `taxa` only where named.

    Raises
    ------
    FormatError
        A header without tax_id, GeneID or Symbol; a row with another number of columns or an id that is no number.
    """
    found = _rows(path, taxa)
    columns = next(found)[2]
    taxon, gene, symbol = (columns.need(name) for name in ("tax_id", "GeneID", "Symbol"))
    tag, synonyms, xrefs = (columns.find(name) for name in ("LocusTag", "Synonyms", "dbXrefs"))
    chromosome, description, kind = (columns.find(name) for name in ("chromosome", "description", "type_of_gene"))
    own, full = (columns.find(f"{name}_from_nomenclature_authority") for name in ("Symbol", "Full_name"))
    modified = columns.find("Modification_date")
    for number, cells, _ in found:
        text.integer(path, number, cells[gene], "GeneID")
        yield Gene(
            taxonomy_id=int(cells[taxon]),
            gene_id=cells[gene],
            symbol=text.place_of(cells, symbol),
            locus_tag=text.place_of(cells, tag),
            synonyms=text.many(text.place_of(cells, synonyms)),
            references=_references(text.place_of(cells, xrefs)),
            chromosome=text.place_of(cells, chromosome),
            description=text.place_of(cells, description),
            kind=text.place_of(cells, kind),
            official_symbol=text.place_of(cells, own),
            official_name=text.place_of(cells, full),
            modified=text.place_of(cells, modified),
            line=number,
        )


def gene2go(path: Path | str, taxa: Collection[int] | None = None) -> Iterator[Annotation]:
    """Yield the rows of a gene2go file, negated ones too, of the given `taxa` only where named.

    Raises
    ------
    FormatError
        A header without GeneID, GO_ID, Evidence or Category; a row with another number of columns, an id that is no
        number, or a category that is none of the three branches.
    """
    found = _rows(path, taxa)
    columns = next(found)[2]
    gene, term, evidence, category = (columns.need(name) for name in ("GeneID", "GO_ID", "Evidence", "Category"))
    taxon, symbol, qualifier, pubmed = (columns.find(name) for name in ("tax_id", "symbol", "Qualifier", "PubMed"))
    for number, cells, _ in found:
        text.integer(path, number, cells[gene], "GeneID")
        if not cells[term].startswith("GO:"):
            raise FormatError.at(path, number, f"{cells[term]!r} is not a GO id", value=cells[term])
        if cells[category] not in SOURCES:
            problem = f"the category {cells[category]!r} is not Function, Process or Component"
            raise FormatError.at(path, number, problem, value=cells[category])
        negated, relations = split_qualifier(text.place_of(cells, qualifier))
        yield Annotation(
            taxonomy_id=0 if taxon is None else int(cells[taxon]),
            gene_id=cells[gene],
            symbol=text.place_of(cells, symbol),
            term_id=cells[term],
            evidence=cells[evidence],
            negated=negated,
            relations=relations,
            source=SOURCES[cells[category]],
            references=text.many(text.place_of(cells, pubmed)),
            line=number,
        )


def gene2go_frame(path: Path | str, taxa: Collection[int] | None = None) -> pl.DataFrame:
    """Return the annotations with the columns `lifenode.packs.readers.frames.ANNOTATION_COLUMNS`, negated ones too."""
    return frame(
        gene2go(path, taxa),
        {
            "source": lambda row: row.source,
            "key": lambda row: row.gene_id,
            "symbol": lambda row: row.symbol,
            "term_id": lambda row: row.term_id,
            "qualifier": lambda row: joined_qualifier(row.negated, row.relations),
            "evidence": lambda row: row.evidence,
            "taxon": lambda row: str(row.taxonomy_id or ""),
        },
    )


def gene_info_frame(path: Path | str, taxa: Collection[int] | None = None) -> pl.DataFrame:
    """Return gene_info as text under NCBI's own column names, ``-`` kept; lists stay joined by ``|``."""
    found = _rows(path, taxa)
    columns = next(found)[2]
    schema = dict.fromkeys(columns.names, pl.String)
    return pl.DataFrame([cells for _, cells, _ in found], schema=schema, orient="row")


def _rows(path: Path | str, taxa: Collection[int] | None) -> Iterator[tuple[int, list[str], text.Columns]]:
    """Yield the header once (with its cells), then every row, each with line number and columns."""
    wanted = None if taxa is None else {str(taxon) for taxon in taxa}
    columns, taxon = None, None
    for number, line in text.data_lines(path):
        if columns is None:
            columns = _header(path, number, line)
            taxon = columns.find("tax_id")
            if wanted is not None:
                columns.need("tax_id")
            yield number, list(columns.names), columns
            continue
        # The file of all organisms has tens of millions of rows: look at the first cell before splitting the line.
        if wanted is not None and taxon == 0 and line[: line.find("\t")] not in wanted:
            continue
        cells = columns.split(number, line)
        if taxon is not None:
            text.integer(path, number, cells[taxon], "tax_id")
            if wanted is not None and cells[taxon] not in wanted:
                continue
        yield number, cells, columns
    if columns is None:
        raise FormatError.at(path, 1, "no header line; the file is empty", value=path)


def _header(path: Path | str, number: int, line: str) -> text.Columns:
    bare = line.lstrip("#").strip()
    if bare.startswith("Format:"):
        return text.Columns(path, number, bare.removeprefix("Format:").partition("(")[0].split())
    return text.Columns(path, number, [name.strip() for name in bare.split("\t")])


def _references(cell: str) -> tuple[tuple[str, str], ...]:
    pairs = (entry.partition(":") for entry in text.many(cell))
    return tuple((database, identifier) for database, _, identifier in pairs if identifier)
