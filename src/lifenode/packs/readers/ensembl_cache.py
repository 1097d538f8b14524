"""Slices of the variation cache that comes with Ensembl VEP: one space-separated line a variant.

The columns used are name, failed, somatic, start, end, alleles and strand; columns at the end of a line that would be
blank are not written. Positions are 1-based; an insertion has its start one base after its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.variant import BAD_ALLELE, Variant, are_alleles, fit, rsids

_FAILED = "failed the checks of the source"
_MISFIT = "alleles that do not fit the position"
_COLUMNS = 7
_FEWEST = 6
_COMPLEMENT = str.maketrans("ACGTRYKMBVDHacgtrykmbvdh", "TGCAYRMKVBHDtgcayrmkvbhd")


def read(path: Path | str, chromosome: str, refused: Counter[str]) -> Iterator[Variant]:
    """Yield the variants, without genes and consequences, of which the cache says nothing.

    Parameters
    ----------
    path
        The slice.
    chromosome
        Where its variants lie.
    refused
        Gets the number of rows left out, by reason.

    Raises
    ------
    FormatError
        A row with too few columns, or a position that is no number.
    """
    for number, line in text.data_lines(path):
        cells = line.split(" ")
        if len(cells) < _FEWEST:
            problem = f"{len(cells)} columns where a variant has at least {_FEWEST}, separated by blanks"
            raise FormatError.at(path, number, problem, value=line[:80])
        found = _variant(path, number, [*cells, ""][:_COLUMNS], chromosome)
        if isinstance(found, str):
            refused[found] += 1
        else:
            yield found


def _variant(path: Path | str, number: int, cells: list[str], chromosome: str) -> Variant | str:
    """Return the variant of a row, or why it is left out."""
    name, failed, _, first, last, alleles, strand = cells
    position = text.integer(path, number, first, "start")
    end = text.integer(path, number, last, "end") if last else position
    if failed == "1":
        return _FAILED
    if not are_alleles(alleles):
        return BAD_ALLELE
    if strand == "-1":
        alleles = "/".join(allele.translate(_COMPLEMENT)[::-1] for allele in alleles.split("/"))
    if end == position - 1:
        position, end = end, position
    if position < 1 or not fit(alleles, position, end):
        return _MISFIT
    return Variant(rsids([name]), chromosome, position, end, alleles, None, (), number)
