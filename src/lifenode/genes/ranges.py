"""Genomic ranges: ``X:1000:1000000``, ``chrX:1,000-1,000,000``, ``X:1000..1000000``.

Positions are 1-based and both ends belong to the range. A gene belongs to a range when they share at least one base.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.packs import positions
from lifenode.packs.arrays import Arrays
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "ranges-1"
"""Name and layout version of the arrays in the cache."""

_RANGE = re.compile(r"([A-Za-z0-9_.]{1,60}):([\d,]{1,15})(?:[-–:]|\.\.)([\d,]{1,15})")


def parse_range(text: str) -> tuple[str, int, int] | None:
    """Return chromosome, start and end as written, or None where `text` is not a range.

    Examples
    --------
    >>> parse_range("chrX:1,000-1,000,000")
    ('chrX', 1000, 1000000)
    >>> parse_range("HGNC:5") is None
    True
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    start, end = found[2].replace(",", ""), found[3].replace(",", "")
    return (found[1], int(start), int(end)) if start and end else None


def build_arrays(pack: Pack) -> Arrays:
    """Return the genes of `pack` by position; see `lifenode.packs.positions.build_arrays`."""
    return positions.build_arrays(pack.table("genes"))


class Ranges:
    """Finds genes by position.

    Parameters
    ----------
    arrays
        What `build_arrays` returned.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.placed = positions.PlacedGenes(arrays)
        self.chromosomes: tuple[str, ...] = self.placed.chromosomes.names

    def overlapping(self, chromosome: str, start: int, end: int) -> tuple[npt.NDArray[np.int32], str]:
        """Return the genes that overlap a range, by start, and why there is none."""
        none = np.zeros(0, dtype=np.int32)
        number = self.placed.chromosomes.number(chromosome)
        if not self.chromosomes:
            return none, "a genomic range, but this release has no gene positions"
        if number is None:
            return none, f"a genomic range, but this release has no chromosome {chromosome}"
        longest = settings().max_range_length
        if start < 1 or end < start:
            return none, "a genomic range that ends before it starts; positions count from 1"
        if end - start >= longest:
            return none, f"a genomic range longer than {longest:,} bases"
        within = self.placed.overlapping(number, start, end)
        return within, "" if len(within) else "a genomic range without a gene in this release"
