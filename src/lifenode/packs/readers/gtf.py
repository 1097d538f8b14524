"""Ensembl GTF: the genes, and what the file says of its assembly. GENCODE's dialect is read as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame


class Gene(NamedTuple):
    """One row of feature type ``gene``."""

    gene_id: str
    """Without version."""
    version: str
    symbol: str
    """"" where the gene has no name."""
    biotype: str
    chromosome: str
    start: int
    """1-based, inclusive; start <= end on either strand."""
    end: int
    strand: int
    """1, -1 or, where unknown, 0."""
    attributes: tuple[tuple[str, str], ...]
    """All of the last column in order; keys such as ``tag`` may come more than once."""
    line: int


_STRANDS = {"+": 1, "-": -1, ".": 0, "?": 0}
_ATTRIBUTE = re.compile(r'\s*([\w.-]+)\s+(?:"([^"]*)"|([^\s";]+))\s*(?:;|$)')


def header(path: Path | str) -> dict[str, str]:
    """Return the ``#!key value`` lines at the top, such as ``genome-build``."""
    found: dict[str, str] = {}
    for _, line in text.lines(path):
        if not line.startswith("#"):
            break
        key, _, value = line.lstrip("#!").strip().partition(" ")
        if key:
            found.setdefault(key.rstrip(":"), value.strip())
    return found


def read(path: Path | str) -> Iterator[Gene]:
    """Yield the genes.

    Raises
    ------
    FormatError
        A row that has not nine columns, a gene without id or with impossible coordinates, a file without any gene row.
    """
    number, genes = 1, 0
    for number, line in text.data_lines(path, "#"):
        cells = line.split("\t")
        if len(cells) != 9:
            raise FormatError.at(path, number, f"{len(cells)} columns, not 9", value=line[:80])
        if cells[2] == "gene":
            genes += 1
            yield _gene(path, number, cells)
    if not genes:
        raise FormatError.at(path, number, "the file ends without any row of feature type gene", value=path)


def genes_frame(path: Path | str) -> pl.DataFrame:
    """Return gene_id, symbol, biotype, chromosome, start, end, strand."""
    return frame(
        read(path),
        {
            "gene_id": lambda gene: gene.gene_id,
            "symbol": lambda gene: gene.symbol,
            "biotype": lambda gene: gene.biotype,
            "chromosome": lambda gene: gene.chromosome,
            "start": lambda gene: gene.start,
            "end": lambda gene: gene.end,
            "strand": lambda gene: gene.strand,
        },
        start=pl.Int32,
        end=pl.Int32,
        strand=pl.Int8,
    )


def _gene(path: Path | str, number: int, cells: list[str]) -> Gene:
    attributes = _attributes(path, number, cells[8])
    known = dict(reversed(attributes))
    gene_id = known.get("gene_id", "")
    if not gene_id:
        raise FormatError.at(path, number, "the gene has no gene_id", value=cells[8][:80])
    start, end = (text.integer(path, number, cells[place], name) for place, name in ((3, "the start"), (4, "the end")))
    if not 1 <= start <= end:
        raise FormatError.at(path, number, f"the range {start}-{end} is impossible", value=gene_id)
    if cells[6] not in _STRANDS:
        raise FormatError.at(path, number, f"the strand is {cells[6]!r}, not + or -", value=gene_id)
    version = known.get("gene_version", "")
    if not version and gene_id.startswith("ENS"):
        # GENCODE writes ENSG00000141510.18 and, for pseudoautosomal copies, ENSG00000182378.15_PAR_Y.
        gene_id, _, version = gene_id.partition(".")
    return Gene(
        gene_id=gene_id,
        version=version,
        symbol=known.get("gene_name", ""),
        biotype=known.get("gene_biotype") or known.get("gene_type", ""),
        chromosome=cells[0],
        start=start,
        end=end,
        strand=_STRANDS[cells[6]],
        attributes=tuple(attributes),
        line=number,
    )


def _attributes(path: Path | str, number: int, cell: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(cell.rstrip())
    while place < end:
        match = _ATTRIBUTE.match(cell, place)
        if match is None:
            problem = f'{cell[place : place + 40].strip()!r} in the last column is not of the form key "value";'
            raise FormatError.at(path, number, problem, value=cell[:80])
        found.append((match[1], match[2] if match[2] is not None else match[3]))
        place = match.end()
    return found
