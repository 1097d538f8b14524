"""Every term of a pack, also those without a gene: id, name, parents and children; memory-mapped."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.packs.arrays import Strings
from lifenode.packs.propagation import row_pointers, sorted_positions

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "terms-1"
"""Name and layout version of the arrays in the cache."""

_SOURCE_PREFIX = re.compile(r"^(?:REAC|WP):(?=R-|WP)", re.IGNORECASE)
_VERSION = re.compile(r"(?:\.\d+|_r\d+)$", re.IGNORECASE)
_GO = re.compile(r"(GO|HP):?(\d{1,7})", re.IGNORECASE)


class TermIndex:
    """The table of terms; rows are those of the table, sorted by source and id.

    Parameters
    ----------
    pack
        The pack.

    Attributes
    ----------
    ids, names, sources
        Id and name of each row; the sources in order.
    source_start
        First row of each source, and the number of rows at the end.
    number
        What `lifenode.packs.annotations.Annotations` calls each row; -1 for a term without a gene.
    """

    def __init__(self, pack: Pack) -> None:
        arrays = pack.arrays(ARRAYS, lambda: build_arrays(pack))
        self.ids, self.names = Strings.of(arrays, "ids"), Strings.of(arrays, "names")
        self.sources = tuple(Strings.of(arrays, "sources"))
        self.source_start: npt.NDArray[np.int64] = arrays["source_start"]
        self.number: npt.NDArray[np.int32] = arrays["number"]
        self._above = arrays["parent_indptr"], arrays["parents"]
        self._below = arrays["child_indptr"], arrays["children"]
        self._sizes = pack.annotations().term_sizes

    def row(self, term_id: str) -> int | None:
        """Return the row of a term, None where there is none.

        Ids are found in any case, with or without the name of their source (``REAC:R-HSA-168256``), and with a version
        (``R-HSA-168256.4``, ``WP554_r99``), which is taken off.
        """
        text = term_id.strip()
        bare = _SOURCE_PREFIX.sub("", text)
        forms = dict.fromkeys((text, text.upper(), bare, bare.upper(), _VERSION.sub("", bare.upper())))
        return next((row for form in forms if (row := self._exact(form)) is not None), None)

    def _exact(self, term_id: str) -> int | None:
        found = (self.row_in(source, term_id) for source in self.sources)
        return next((row for row in found if row is not None), None)

    def row_in(self, source: str, term_id: str) -> int | None:
        """Return the row of the term of a source that is spelled just so, None where there is none."""
        if source not in self.sources:
            return None
        first, last = self.source_start[self.sources.index(source) :][:2].tolist()
        row: int = first + bisect_left(range(first, last), term_id, key=self.ids.__getitem__)
        return row if row < last and self.ids[row] == term_id else None

    def near(self, term_id: str) -> list[int]:
        """Return the rows of ids that differ from a GO or HP id by missing zeros, one digit or two exchanged ones."""
        found = _GO.fullmatch(term_id.strip())
        if found is None:
            return []
        digits = found[2].zfill(7)
        swapped = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(6)]
        changed = [digits[:i] + digit + digits[i + 1 :] for i in range(7) for digit in "0123456789"]
        forms = dict.fromkeys(f"{found[1].upper()}:{one}" for one in (digits, *swapped, *changed))
        return [row for form in forms if (row := self._exact(form)) is not None]

    def source_of(self, row: int) -> str:
        """Return the source of a row."""
        return self.sources[int(np.searchsorted(self.source_start, row, side="right")) - 1]

    def size(self, row: int) -> int:
        """Return how many genes a row has, those of narrower terms included."""
        number = int(self.number[row])
        return int(self._sizes[number]) if number >= 0 else 0

    def parents(self, row: int) -> list[int]:
        """Return the rows directly above."""
        return _neighbours(self._above, row)

    def children(self, row: int) -> list[int]:
        """Return the rows directly below."""
        return _neighbours(self._below, row)

    def reached(self, row: int, *, up: bool) -> list[int]:
        """Return all rows above (or below) `row`, the nearest first."""
        seen, edge = {row: None}, [row]
        while edge:
            step = self.parents if up else self.children
            edge = list(dict.fromkeys(one for each in edge for one in step(each) if one not in seen))
            seen |= dict.fromkeys(edge)
        return list(seen)[1:]


@lru_cache(maxsize=24)
def term_index(pack: Pack) -> TermIndex:
    """Return the terms of a pack; made once per process, their index once per machine."""
    return TermIndex(pack)


def build_arrays(pack: Pack) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `TermIndex`."""
    import polars as pl

    terms = pack.table("terms").with_columns(pl.col("source").cast(pl.String))
    runs = terms["source"].rle().struct
    lengths = terms["parents"].list.len().to_numpy()
    filled = terms["parents"].filter(lengths > 0)
    parents = filled.explode().to_numpy().astype(np.int32)
    by_parent = sorted_positions(parents)
    number = np.full(terms.height, -1, np.int32)
    kept = pack.annotations().term_row
    number[kept] = np.arange(len(kept), dtype=np.int32)
    return {
        **Strings.from_list(terms["term_id"].to_list(), "ids"),
        **Strings.from_list(terms["name"].to_list(), "names"),
        **Strings.from_list(runs.field("value").to_list(), "sources"),
        "source_start": row_pointers(runs.field("len").to_numpy()),
        "number": number,
        "parent_indptr": row_pointers(lengths),
        "parents": parents,
        "child_indptr": row_pointers(np.bincount(parents, minlength=terms.height)),
        "children": np.repeat(np.arange(terms.height, dtype=np.int32), lengths)[by_parent],
    }


def _neighbours(graph: tuple[npt.NDArray[Any], npt.NDArray[Any]], row: int) -> list[int]:
    indptr, rows = graph
    found: list[int] = rows[indptr[row] : indptr[row + 1]].tolist()
    return found
