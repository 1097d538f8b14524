"""Maps from array probes to genes: GSEA's ``.chip`` files and plain tables of two columns.

A ``.chip`` file has the columns ``Probe Set ID``, ``Gene Symbol`` and ``Gene Title`` under a header line
(https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats). A plain table has a probe and a
gene identifier of any kind a line; its header line is optional and is known by the names of its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lifenode.errors import FormatError
from lifenode.packs.readers import text

_PROBE = ("Probe Set ID", "Probe Set", "Probe ID", "Probe", "ID")
_GENE = (
    "Gene Symbol", "Symbol", "Gene ID", "Gene", "Gene Name", "Gene stable ID", "Ensembl Gene ID", "Ensembl ID",
    "Entrez Gene ID", "Entrez Gene", "Entrez ID", "NCBI Gene ID",
)  # fmt: skip
# How array makers say that a probe has no gene; a file may separate several genes by "///".
_NO_GENE = frozenset({"---", "NA", "null", "NULL"})
_SEPARATOR = "///"


class Probe(NamedTuple):
    """A probe and a gene identifier; a probe with several genes comes several times."""

    probe: str
    gene: str
    line: int


def read(path: Path | str) -> Iterator[Probe]:
    """Yield the pairs; rows of probes for which the file knows no gene are left out.

    Raises
    ------
    FormatError
        An empty file, a header without a column of probes or of genes, a row with another number of columns, a row
        without a probe.
    """
    places = None
    for number, line in text.data_lines(path, "#"):
        if places is None:
            columns = text.Columns(path, number, line.split("\t"))
            places, is_header = _places(path, number, columns)
            if is_header:
                continue
        cells = columns.split(number, line)
        probe = cells[places[0]].strip()
        if not probe:
            raise FormatError.at(path, number, "a row without a probe", value=line[:80])
        for gene in text.many(cells[places[1]], _SEPARATOR):
            if gene not in _NO_GENE:
                yield Probe(probe, gene, number)
    if places is None:
        raise FormatError.at(path, 1, "no line with a probe and a gene; the file is empty", value=path)


def _places(path: Path | str, number: int, columns: text.Columns) -> tuple[tuple[int, int], bool]:
    """Return the places of probe and gene, and whether the first line is a header."""
    probe, gene = columns.find(*_PROBE), columns.find(*_GENE)
    if probe is not None and gene is not None:
        return (probe, gene), True
    if len(columns.names) == 2:
        # One column of a header may have a name of the maker's own; the order tells what it is.
        if probe is not None:
            return (probe, 1 - probe), True
        return ((0, 1), False) if gene is None else ((1 - gene, gene), True)
    if probe is not None or gene is not None:
        raise columns.missing(_PROBE[0] if probe is None else _GENE[0])
    problem = (
        f"{len(columns.names)} columns separated by tabs where a probe and a gene are expected, or a header with the "
        f"columns {_PROBE[0]} and {_GENE[0]}"
    )
    raise FormatError.at(path, number, problem, value=columns.names[0][:80])
