"""HGNC's complete set of human gene names, by the names in its header line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame


class Gene(NamedTuple):
    """One approved gene."""

    hgnc_id: str
    symbol: str
    name: str
    locus_group: str
    locus_type: str
    status: str
    location: str
    aliases: tuple[str, ...]
    previous: tuple[str, ...]
    """Symbols the gene had before."""
    entrez_id: str
    ensembl_gene_id: str
    refseq: tuple[str, ...]
    uniprot: tuple[str, ...]
    omim: tuple[str, ...]
    mgi: tuple[str, ...]
    rgd: tuple[str, ...]
    groups: tuple[str, ...]
    line: int


# Where each field stands; a spelling of an older release follows the current one.
_COLUMNS = {
    "name": ("name",),
    "locus_group": ("locus_group",),
    "locus_type": ("locus_type",),
    "status": ("status",),
    "location": ("location",),
    "aliases": ("alias_symbol",),
    "previous": ("prev_symbol",),
    "entrez_id": ("entrez_id",),
    "ensembl_gene_id": ("ensembl_gene_id",),
    "refseq": ("refseq_accession",),
    "uniprot": ("uniprot_ids",),
    "omim": ("omim_id",),
    "mgi": ("mgd_id",),
    "rgd": ("rgd_id",),
    "groups": ("gene_group", "gene_family"),
}
_LISTS = ("aliases", "previous", "refseq", "uniprot", "omim", "mgi", "rgd", "groups")


def read(path: Path | str) -> Iterator[Gene]:
    """Yield the genes. Only ``hgnc_id`` and ``symbol`` must be in the header; other columns may be missing.

    Raises
    ------
    FormatError
        A header without those two, a row with another number of columns, an id that is not ``HGNC:`` and digits.
    """
    columns = None
    for number, line in text.data_lines(path):
        if columns is None:
            columns = text.Columns(path, number, line.split("\t"))
            identifier, symbol = columns.need("hgnc_id"), columns.need("symbol")
            places = {name: columns.find(*spellings) for name, spellings in _COLUMNS.items()}
            continue
        cells = [_unquoted(cell) for cell in columns.split(number, line)]
        if not (cells[identifier].startswith("HGNC:") and cells[identifier][5:].isdigit()):
            raise FormatError.at(path, number, f"{cells[identifier]!r} is not an HGNC id", value=cells[identifier])
        if not cells[symbol]:
            raise FormatError.at(path, number, f"{cells[identifier]} has no symbol", value=cells[identifier])
        told = {name: text.place_of(cells, place) for name, place in places.items()}
        yield _gene(number, cells[identifier], cells[symbol], told)
    if columns is None:
        raise FormatError.at(path, 1, "no header line; the file is empty", value=path)


def genes_frame(path: Path | str) -> pl.DataFrame:
    """Return one row a gene: the fields of `Gene` less the line, those with several values as lists."""
    columns = {name: (lambda gene, name=name: getattr(gene, name)) for name in Gene._fields if name != "line"}
    return frame(read(path), columns, **dict.fromkeys(_LISTS, pl.List(pl.String)))


def _gene(line: int, hgnc_id: str, symbol: str, told: dict[str, str]) -> Gene:
    return Gene(
        hgnc_id=hgnc_id,
        symbol=symbol,
        name=told["name"],
        locus_group=told["locus_group"],
        locus_type=told["locus_type"],
        status=told["status"],
        location=told["location"],
        aliases=text.many(told["aliases"]),
        previous=text.many(told["previous"]),
        entrez_id=told["entrez_id"],
        ensembl_gene_id=told["ensembl_gene_id"],
        refseq=text.many(told["refseq"]),
        uniprot=text.many(told["uniprot"]),
        omim=text.many(told["omim"]),
        mgi=text.many(told["mgi"]),
        rgd=text.many(told["rgd"]),
        groups=text.many(told["groups"]),
        line=line,
    )


def _unquoted(cell: str) -> str:
    """Drop the quotation marks that HGNC puts around cells with several values."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
