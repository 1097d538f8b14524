"""Genes by position: which of them overlap a stretch of a chromosome.

Positions are 1-based and both ends belong to a stretch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.packs.arrays import Arrays, Strings

if TYPE_CHECKING:
    import polars as pl

_MITOCHONDRION = ("mt", "m", "mito", "mtdna", "mitochondrion", "mitochondrion_genome")


class Chromosomes:
    """Names of chromosomes as a pack spells them, found under any usual spelling.

    Parameters
    ----------
    names
        The pack's names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._by_name: Mapping[str, int] = {name.casefold(): number for number, name in enumerate(self.names)}

    def number(self, name: str) -> int | None:
        """Return the number of a chromosome named with or without ``chr``, in any case."""
        folded = name.casefold()
        bare = folded.removeprefix("chr")
        for spelled in (folded, bare):
            if spelled in self._by_name:
                return self._by_name[spelled]
        if bare in _MITOCHONDRION:
            return next((self._by_name[spelled] for spelled in _MITOCHONDRION if spelled in self._by_name), None)
        return None


def build_arrays(genes: pl.DataFrame) -> Arrays:
    """Return the genes with known positions, sorted by chromosome and start.

    ``reach`` is the largest end so far on the chromosome: it never falls, so both limits of the genes that may overlap
    a stretch are found by binary search.

    Parameters
    ----------
    genes
        The table ``genes`` of a pack.
    """
    import polars as pl

    table = genes.with_columns(pl.col("chromosome").cast(pl.String)).with_row_index("gene")
    placed = table.filter((pl.col("chromosome") != "") & (pl.col("end") > 0))
    placed = placed.sort("chromosome", "start", "end", "gene")
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


class PlacedGenes:
    """Finds genes by position.

    Parameters
    ----------
    arrays
        What `build_arrays` returned.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.chromosomes = Chromosomes(tuple(Strings.of(arrays, "chromosomes")))
        self._first = arrays["first"]
        self._gene, self._start = arrays["gene"], arrays["start"]
        self._end, self._reach = arrays["end"], arrays["reach"]

    def overlapping(self, chromosome: int, start: int, end: int) -> npt.NDArray[np.int32]:
        """Return the genes that share a base with a stretch of the chromosome with this number, by start."""
        first, last = self._first[chromosome], self._first[chromosome + 1]
        low = first + np.searchsorted(self._reach[first:last], start, side="left")
        high = first + np.searchsorted(self._start[first:last], end, side="right")
        within: npt.NDArray[np.int32] = self._gene[low:high][self._end[low:high] >= start]
        return within

    def last_base(self, chromosome: int) -> int:
        """Return where the last gene of a chromosome ends."""
        return int(self._reach[self._first[chromosome + 1] - 1])
