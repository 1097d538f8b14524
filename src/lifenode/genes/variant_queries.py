"""What people write for a variant: ``rs699``, ``1:230710048:A:G``, ``19:44,900,000-44,910,000``, ``19:44908684``."""

from __future__ import annotations

import re
from typing import NamedTuple

from lifenode.genes.ranges import parse_range

_RSID = re.compile(r"rs([1-9]\d{0,17})", re.IGNORECASE)
_CHROMOSOME = r"([A-Za-z0-9][A-Za-z0-9_.]{0,59}?)"
_POSITION = r"([\d,]{1,15})"
_ALLELE = r"([ACGTN]{1,1000}|-)"
_CHANGE = re.compile(rf"{_CHROMOSOME}[:_-](?:g\.)?{_POSITION}[:_-]?{_ALLELE}[:_/>|-]{_ALLELE}", re.IGNORECASE)
_BASE = re.compile(rf"{_CHROMOSOME}:(?:g\.)?{_POSITION}")


class Place(NamedTuple):
    """A stretch of a chromosome, or a change at one; 1-based, both ends included."""

    chromosome: str
    start: int
    end: int
    reference: str = ""
    """Reference allele in capitals, ``-`` for none; empty where only a stretch was asked for."""
    alternative: str = ""

    @property
    def alleles(self) -> str:
        """The alleles as the pack writes them: ``A/G``."""
        return f"{self.reference}/{self.alternative}" if self.reference else ""


class Change(NamedTuple):
    """A change without the bases that both alleles share, so that different spellings of it are equal."""

    position: int
    """1-based; where the bases of `reference` begin, or before which those of `alternative` are put."""
    reference: str
    alternative: str


def parse_rsid(text: str) -> int | None:
    """Return the number of an rsID in any case, or None.

    Examples
    --------
    >>> parse_rsid("RS699")
    699
    """
    found = _RSID.fullmatch(text)
    return int(found[1]) if found else None


def parse_place(text: str) -> Place | None:
    """Return the place or change that `text` names, or None.

    Examples
    --------
    >>> parse_place("chr1-230710048-A-G").alleles
    'A/G'
    >>> parse_place("19:44908684")
    Place(chromosome='19', start=44908684, end=44908684, reference='', alternative='')
    """
    if (found := _CHANGE.fullmatch(text)) and (position := found[2].replace(",", "")):
        reference, alternative = found[3].upper(), found[4].upper()
        # An insertion without bases around it lies between two: the one before its position and that itself.
        start = int(position) - (reference == "-")
        end = start + 1 if reference == "-" else start + len(reference) - 1
        return Place(found[1], start, end, reference, alternative)
    if (stretch := parse_range(text)) is not None:
        return Place(*stretch)
    if (found := _BASE.fullmatch(text)) and (position := found[2].replace(",", "")):
        return Place(found[1], int(position), int(position))
    return None


def changes(start: int, alleles: str) -> set[Change]:
    """Return the changes that alleles (``A/G/T``) stand for; symbolic ones are left out.

    Parameters
    ----------
    start
        First base of the reference allele; with the reference ``-``, the base before the insertion.

    Examples
    --------
    >>> changes(100, "A/AT") == changes(100, "-/T")
    True
    """
    reference, *alternatives = alleles.upper().split("/")
    first = start + (reference == "-")
    return {_change(first, reference, other) for other in alternatives if re.fullmatch(r"[A-Z]+|-", other)}


def _change(position: int, reference: str, alternative: str) -> Change:
    old, new = reference.replace("-", ""), alternative.replace("-", "")
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    old, new = old[shared:], new[shared:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return Change(position + shared, old, new)
