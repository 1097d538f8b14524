"""Rows of many data sets brought into one order of positions, each file decoded once a bin whatever its size.

A bin with more rows than memory should hold is cut into windows at positions where the counts say so; the rows of each
window gather in files aside until all data sets have been read, and only one window is sorted at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from lifenode.eqtl.ingest_aside import Aside
from lifenode.eqtl.layout import BIN_WIDTH, Part

WINDOW_ROWS = 250_000
"""Rows that are sorted at a time."""

_ORDER = ("position", "alt", "ref", "dataset_id")
Files = Sequence[tuple[str, Part]]
"""Data sets, each with a file of it that is sorted by position."""


def sorted_bins(store: Path, parts: Files, aside: Path) -> Iterator[tuple[int, pl.DataFrame]]:
    """Iterate over frames of one chromosome by position, alt, ref and data set, each with the number of its bin.

    Parameters
    ----------
    store
        Folder that the files lie below.
    parts
        Files of one chromosome.
    aside
        A folder for rows that wait; removed in the end.
    """
    if not parts:
        return
    first, last = min(part.first for _, part in parts), max(part.last for _, part in parts)
    for bin_ in range(first // BIN_WIDTH, last // BIN_WIDTH + 1):
        begin, end = bin_ * BIN_WIDTH, (bin_ + 1) * BIN_WIDTH
        own = [(name, part) for name, part in parts if part.first < end and part.last >= begin]
        borders = _borders(store, own, begin, end)
        whole = len(borders) == 2
        windows = _together(store, own, begin, end) if whole else _windows(store, own, borders, aside)
        for rows in windows:
            if rows.height:
                yield bin_, rows.sort(_ORDER, maintain_order=True)


def _borders(store: Path, parts: Files, begin: int, end: int) -> list[int]:
    """Cut a bin at positions so that no window has more than `WINDOW_ROWS`, one position apart."""
    if sum(part.rows for _, part in parts) <= WINDOW_ROWS:
        return [begin, end]
    counts = np.zeros(end - begin, np.int64)
    for _, part in parts:
        places = _rows_between(store, part, begin, end).select("position").collect()["position"].to_numpy() - begin
        counts += np.bincount(places, minlength=end - begin)
    before = np.concatenate([[0], np.cumsum(counts)])
    borders = [0]
    while before[-1] - before[borders[-1]] > WINDOW_ROWS:
        following = int(np.searchsorted(before, before[borders[-1]] + WINDOW_ROWS, side="right")) - 1
        borders.append(max(following, borders[-1] + 1))
    return [begin + border for border in borders] + [end]


def _together(store: Path, parts: Files, begin: int, end: int) -> Iterator[pl.DataFrame]:
    frames = [_named(_rows_between(store, part, begin, end), name).collect() for name, part in parts]
    if frames:
        yield pl.concat(frames)


def _windows(store: Path, parts: Files, borders: list[int], aside: Path) -> Iterator[pl.DataFrame]:
    """Read every file once and keep its rows by window; then give the windows back one by one."""
    with Aside(aside, WINDOW_ROWS) as waiting:
        for name, part in parts:
            rows = _named(_rows_between(store, part, borders[0], borders[-1]), name).collect()
            cuts = np.searchsorted(rows["position"].to_numpy(), borders).tolist()
            for window, (low, high) in enumerate(pairwise(cuts)):
                waiting.add(window, rows[low:high])
            waiting.settle()
        for window in range(len(borders) - 1):
            yield waiting.take(window)


def _rows_between(store: Path, part: Part, begin: int, end: int) -> pl.LazyFrame:
    return pl.scan_parquet(store / part.path).filter(pl.col("position") >= begin, pl.col("position") < end)


def _named(rows: pl.LazyFrame, dataset_id: str) -> pl.LazyFrame:
    return rows.with_columns(dataset_id=pl.lit(dataset_id))
