"""The variants of a pack by rsID and by place, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.packs.arrays import Arrays, Strings
from lifenode.packs.positions import Chromosomes

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "variants-1"
"""Name and layout version of the arrays in the cache."""

UNKNOWN_RSID = "an rsID that this release does not hold"
NO_VARIANTS = "an rsID, but this release has no variants"

Rows = npt.NDArray[np.int64]


def variant_index(pack: Pack) -> VariantIndex | None:
    """Return the variants of a pack, or None where it has no table of them."""
    if not pack.has_table("variants"):
        return None
    return VariantIndex(pack.arrays(ARRAYS, lambda: build_arrays(pack)))


def build_arrays(pack: Pack) -> Arrays:
    """Return the table of variants as arrays; it is sorted by chromosome and position.

    ``reach`` is the largest end so far on the chromosome, as in `lifenode.packs.positions`.
    """
    import polars as pl

    table = pack.table("variants").with_columns(pl.col("chromosome").cast(pl.String))
    table = table.with_columns(number=pl.col("rsid").str.strip_prefix("rs").cast(pl.Int64, strict=False).fill_null(0))
    by_number = table.with_row_index("row").filter(pl.col("number") > 0).sort("number", "row")
    chromosomes = table["chromosome"].rle().struct
    stated = table.select(pl.col("consequences").explode().drop_nulls()).to_series().struct.unnest()
    terms = stated["term"].unique().sort()
    return {
        **Strings.from_list(chromosomes.field("value").to_list(), "chromosomes"),
        **Strings.from_list(table["alleles"].to_list(), "alleles"),
        **Strings.from_list(terms.to_list(), "terms"),
        "first": _edges(chromosomes.field("len").to_numpy()),
        "number": table["number"].to_numpy(),
        "start": table["position"].to_numpy(),
        "end": table["end"].to_numpy(),
        "reach": table.select(pl.col("end").cum_max().over("chromosome"))["end"].to_numpy(),
        "by_source": (table["genes_by"].cast(pl.String) == "source").to_numpy(),
        "sorted_number": by_number["number"].to_numpy(),
        "sorted_row": by_number["row"].to_numpy().astype(np.int64),
        "genes_first": _edges(table["genes"].list.len().to_numpy()),
        "genes": table["genes"].explode().drop_nulls().to_numpy().astype(np.int32),
        "stated_first": _edges(table["consequences"].list.len().to_numpy()),
        "stated_gene": stated["gene"].to_numpy().astype(np.int32),
        "stated_term": terms.search_sorted(stated["term"]).to_numpy().astype(np.int32),
        "stated_times": stated["times"].to_numpy().astype(np.int32),
    }


def _edges(lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


class VariantIndex:
    """Finds variants; rows are those of the pack's table.

    Parameters
    ----------
    arrays
        What `build_arrays` returned.

    Attributes
    ----------
    chromosomes
        Chromosomes that have a variant.
    number, start, end
        Number of the rsID (0 for none), first and last base (1-based, inclusive) of each row.
    by_source
        Whether the genes of a row are those the source states.
    alleles
        Alleles of each row, ``""`` where unknown.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.chromosomes = Chromosomes(tuple(Strings.of(arrays, "chromosomes")))
        self.alleles = Strings.of(arrays, "alleles")
        self.number, self.start, self.end = arrays["number"], arrays["start"], arrays["end"]
        self.by_source: npt.NDArray[np.bool_] = arrays["by_source"]
        self._arrays = arrays
        self._first, self._reach = arrays["first"], arrays["reach"]
        self._terms = Strings.of(arrays, "terms").to_list()

    def __len__(self) -> int:
        return len(self.number)

    def rows_of(self, numbers: Sequence[int]) -> list[list[int]]:
        """Return the rows with each of some rsIDs, given by their numbers."""
        known = self._arrays["sorted_number"]
        wanted = np.asarray(numbers, dtype=np.int64)
        first, last = np.searchsorted(known, wanted, "left"), np.searchsorted(known, wanted, "right")
        return _slices(self._arrays["sorted_row"], first, last)

    def overlapping(self, chromosome: int, start: int, end: int) -> list[int]:
        """Return the rows that share a base with a stretch of a chromosome, in the order of the table."""
        first, last = int(self._first[chromosome]), int(self._first[chromosome + 1])
        low = first + int(np.searchsorted(self._reach[first:last], start, side="left"))
        high = first + int(np.searchsorted(self.start[first:last], end, side="right"))
        rows: list[int] = (low + np.flatnonzero(self.end[low:high] >= start)).tolist()
        return rows

    def rows_in(self, gene: int) -> Rows:
        """Return the rows of the variants that lie in a gene, in the order of the table."""
        places = np.flatnonzero(self._arrays["genes"] == gene)
        rows = np.searchsorted(self._arrays["genes_first"], places, side="right") - 1
        return np.unique(rows).astype(np.int64)

    def last_base(self, chromosome: int) -> int:
        """Return where the last variant of a chromosome ends."""
        return int(self._reach[self._first[chromosome + 1] - 1])

    def chromosomes_of(self, rows: Rows) -> list[str]:
        """Return the chromosome of each row."""
        numbers = np.searchsorted(self._first, rows, side="right") - 1
        return [self.chromosomes.names[number] for number in numbers.tolist()]

    def genes_of(self, rows: Rows) -> list[list[int]]:
        """Return the genes each variant lies in."""
        edges = self._arrays["genes_first"]
        return _slices(self._arrays["genes"], edges[rows], edges[rows + 1])

    def consequences_of(self, rows: Rows) -> list[list[tuple[int, str, int]]]:
        """Return gene (-1: the variant as a whole), term and how often it is stated, for each variant."""
        edges = self._arrays["stated_first"]
        genes, terms, times = (
            _slices(self._arrays[f"stated_{name}"], edges[rows], edges[rows + 1]) for name in ("gene", "term", "times")
        )
        return [
            [(gene, self._terms[term], count) for gene, term, count in zip(*stated, strict=True)]
            for stated in zip(genes, terms, times, strict=True)
        ]


def _slices(values: npt.NDArray[np.integer], first: Rows, last: Rows) -> list[list[int]]:
    """Return ``values[first:last]`` for each pair; taken at once, since a small slice of an array is slow."""
    lengths = last - first
    ends = np.cumsum(lengths)
    flat = values[np.arange(ends[-1] if len(ends) else 0) + np.repeat(last - ends, lengths)].tolist()
    return [flat[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]
