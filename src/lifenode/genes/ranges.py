"""Genomic ranges: ``X:1000:1000000``, ``chrX:1,000-1,000,000``, ``X:1000..1000000``.

Positions are 1-based and both ends belong to the range. A gene belongs to a range when they share at least one base.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.packs.arrays import Arrays, Strings
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "ranges-1"
"""Name and layout version of the arrays in the cache."""

_RANGE = re.compile(r"([A-Za-z0-9_.]{1,60}):([\d,]{1,15})(?:[-–:]|\.\.)([\d,]{1,15})")
_MITOCHONDRION = ("mt", "m", "mito", "mtdna", "mitochondrion", "mitochondrion_genome")


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
    """Return the genes with known positions, sorted by chromosome and start.

    ``reach`` is the largest end so far on the chromosome: it never falls, so both limits of the genes that may overlap
    a range are found by binary search.
    """
    import polars as pl

    table = pack.table("genes").with_columns(pl.col("chromosome").cast(pl.String))
    genes = table.with_row_index("gene").filter((pl.col("chromosome") != "") & (pl.col("end") > 0))
    placed = genes.sort("chromosome", "start", "end", "gene")
    names = placed["chromosome"].unique(maintain_order=True).to_list()
    reach = placed.select(pl.col("end").cum_max().over("chromosome"))["end"]
    lengths = placed["chromosome"].rle().struct.field("len").to_numpy().astype(np.int64)
    return {
        **Strings.from_list(names, "chromosomes"),
        "first": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        "gene": placed["gene"].to_numpy().astype(np.int32),
        "start": placed["start"].to_numpy(),
        "end": placed["end"].to_numpy(),
        "reach": reach.to_numpy(),
    }


class Ranges:
    """Finds genes by position.

    Parameters
    ----------
    arrays
        What `build_arrays` returned.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.chromosomes: tuple[str, ...] = tuple(Strings.of(arrays, "chromosomes"))
        self._by_name = {name.casefold(): number for number, name in enumerate(self.chromosomes)}
        self._first = arrays["first"]
        self._gene, self._start = arrays["gene"], arrays["start"]
        self._end, self._reach = arrays["end"], arrays["reach"]

    def overlapping(self, chromosome: str, start: int, end: int) -> tuple[npt.NDArray[np.int32], str]:
        """Return the genes that overlap a range, by start, and why there is none."""
        none = np.zeros(0, dtype=np.int32)
        number = self._number(chromosome)
        if not self.chromosomes:
            return none, "a genomic range, but this release has no gene positions"
        if number is None:
            return none, f"a genomic range, but this release has no chromosome {chromosome}"
        longest = settings().max_range_length
        if start < 1 or end < start:
            return none, "a genomic range that ends before it starts; positions count from 1"
        if end - start >= longest:
            return none, f"a genomic range longer than {longest:,} bases"
        first, last = self._first[number], self._first[number + 1]
        low = first + np.searchsorted(self._reach[first:last], start, side="left")
        high = first + np.searchsorted(self._start[first:last], end, side="right")
        within = self._gene[low:high][self._end[low:high] >= start]
        return within, "" if len(within) else "a genomic range without a gene in this release"

    def _number(self, chromosome: str) -> int | None:
        """Return the number of a chromosome named with or without ``chr``, in any case."""
        name = chromosome.casefold()
        for spelled in (name, name.removeprefix("chr")):
            if spelled in self._by_name:
                return self._by_name[spelled]
        if name.removeprefix("chr") in _MITOCHONDRION:
            return next((self._by_name[spelled] for spelled in _MITOCHONDRION if spelled in self._by_name), None)
        return None
