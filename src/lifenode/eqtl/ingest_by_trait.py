"""Statistics of a chromosome brought into the order of traits, in runs on disk where they are too many for memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

ROW_TYPE = np.dtype([
    ("trait", "u4"), ("variant", "u4"), ("pvalue", "f8"), ("beta", "f8"), ("se", "f8"), ("nlog10p", "f4"),
])  # fmt: skip
_RUN_ROWS = 2_000_000
_PART_ROWS = 1_000_000


class TraitSorter:
    """Takes the rows of a chromosome in the order of positions and gives them back in the order of traits.

    Parameters
    ----------
    folder
        Where runs are kept meanwhile.
    name_of
        Returns the molecular trait of a number; rows are ordered by it.
    run_rows
        Rows held in memory.
    """

    def __init__(self, folder: Path, name_of: Callable[[int], str], run_rows: int = _RUN_ROWS) -> None:
        self._folder = folder
        self._name_of = name_of
        self._run_rows = run_rows
        self._chunks: list[npt.NDArray[np.void]] = []
        self._held = 0
        # Of each run: the traits in order, where the rows of each start, and its file, or the rows themselves.
        self._runs: list[tuple[list[int], npt.NDArray[np.int64], Path | npt.NDArray[np.void]]] = []

    def add(self, rows: npt.NDArray[np.void]) -> None:
        """Take more rows, of `ROW_TYPE`."""
        self._chunks.append(rows)
        self._held += len(rows)
        if self._held >= self._run_rows:
            self._end_run(keep=False)

    def parts(self) -> Iterator[tuple[pl.DataFrame, list[tuple[int, int, int]]]]:
        """Iterate over frames of some million rows, each with (trait, first row, rows) of its traits; then forget all.

        All rows of a trait are in one frame, by position.
        """
        if self._chunks:
            self._end_run(keep=not self._runs)
        counts: dict[int, int] = {}
        for traits, starts, _ in self._runs:
            for trait, rows in zip(traits, np.diff(starts).tolist(), strict=True):
                counts[trait] = counts.get(trait, 0) + rows
        group: list[int] = []
        size = 0
        for trait in sorted(counts, key=lambda number: (self._name_of(number), number)):
            if group and size + counts[trait] > _PART_ROWS:
                yield self._part(group, counts)
                group, size = [], 0
            group.append(trait)
            size += counts[trait]
        if group:
            yield self._part(group, counts)
        for _, _, rows in self._runs:
            if isinstance(rows, Path):
                rows.unlink()
        self._runs = []

    def _end_run(self, *, keep: bool) -> None:
        rows = np.concatenate(self._chunks)
        self._chunks, self._held = [], 0
        present, code = np.unique(rows["trait"], return_inverse=True)
        ordered = sorted(range(len(present)), key=lambda at: (self._name_of(int(present[at])), int(present[at])))
        rank = np.empty(len(present), np.uint16 if len(present) < 1 << 16 else np.uint32)
        rank[ordered] = np.arange(len(present))
        ranks = rank[code]
        rows = rows[np.argsort(ranks, kind="stable")]
        starts = np.concatenate([[0], np.cumsum(np.bincount(ranks, minlength=len(present)))])
        held: Path | npt.NDArray[np.void] = rows
        if not keep:
            held = self._folder / f"run-{len(self._runs)}.bin"
            rows.tofile(held)
        self._runs.append(([int(present[at]) for at in ordered], starts, held))

    def _part(self, group: list[int], counts: dict[int, int]) -> tuple[pl.DataFrame, list[tuple[int, int, int]]]:
        place = {trait: at for at, trait in enumerate(group)}
        pieces = []
        for traits, starts, held in self._runs:
            inside = [at for at, trait in enumerate(traits) if trait in place]
            if inside:  # they lie together, since runs and parts have one order
                begin, end = int(starts[inside[0]]), int(starts[inside[-1] + 1])
                pieces.append(_rows(held, begin, end))
        rows = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        found = np.unique(rows["trait"])
        rank = np.array([place[trait] for trait in found.tolist()])
        ranks = rank[np.searchsorted(found, rows["trait"])]
        if len(pieces) > 1:
            order = np.argsort(ranks, kind="stable")
            rows, ranks = rows[order], ranks[order]
        starts_of = np.concatenate([[0], np.cumsum([counts[trait] for trait in group])]).tolist()
        frame = pl.DataFrame({
            "molecular_trait_id": pl.Series([self._name_of(trait) for trait in group], dtype=pl.String).gather(ranks),
            "variant_index": np.ascontiguousarray(rows["variant"]),
            **{name: np.ascontiguousarray(rows[name]) for name in ("pvalue", "beta", "se", "nlog10p")},
        })  # fmt: skip
        return frame, [(trait, starts_of[at], counts[trait]) for at, trait in enumerate(group)]


def _rows(held: Path | npt.NDArray[np.void], begin: int, end: int) -> npt.NDArray[np.void]:
    if isinstance(held, Path):
        return np.fromfile(held, dtype=ROW_TYPE, count=end - begin, offset=begin * ROW_TYPE.itemsize)
    return held[begin:end]
