"""Rows gathered by key, in memory while they are few and in files aside when they are many."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

HELD_ROWS = 250_000
"""Rows of many columns that are in memory at a time."""

_BUCKETS = 32


class Aside:
    """Gathers rows by key and gives them back key by key, in the order they came.

    Parameters
    ----------
    folder
        Where rows lie meanwhile; removed in the end.
    most
        Rows held in memory before they are put there; by default `HELD_ROWS`.
    """

    def __init__(self, folder: Path, most: int | None = None) -> None:
        self._folder = folder
        self._most = HELD_ROWS if most is None else most
        self._held: dict[int | str, list[pl.DataFrame]] = {}
        self._rows = 0
        self._files: dict[int | str, list[Path]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, key: int | str, rows: pl.DataFrame) -> None:
        """Take rows of a key."""
        if rows.height:
            self._held.setdefault(key, []).append(rows)
            self._rows += rows.height

    def settle(self) -> None:
        """Put rows into files if there are too many in memory; called once a frame has been shared out."""
        if self._rows > self._most:
            for key, frames in self._held.items():
                files = self._files.setdefault(key, [])
                files.append(self._folder / str(key) / f"{len(files):06d}.arrow")
                files[-1].parent.mkdir(parents=True, exist_ok=True)
                pl.concat(frames).write_ipc(files[-1], compression="lz4")
            self._held, self._rows = {}, 0

    def take(self, key: int | str) -> pl.DataFrame:
        """Return the rows of a key, and forget them; an empty frame without columns if there are none."""
        files = self._files.pop(key, [])
        frames = [pl.concat([pl.read_ipc(path)]) for path in files] + self._held.pop(key, [])
        rows = pl.concat(frames, rechunk=True) if frames else pl.DataFrame()
        for path in files:
            path.unlink()
        return rows

    def held(self) -> list[int | str]:
        """Return the keys that have rows, in the order they came first."""
        return list(dict.fromkeys([*self._files, *self._held]))


def whole_traits(frames: Iterator[pl.DataFrame], folder: Path) -> Iterator[pl.DataFrame]:
    """Iterate over frames that each have all rows of their molecular traits; one frame if they are few."""
    first: list[pl.DataFrame] = []
    for frame in frames:
        first.append(frame)
        if sum(each.height for each in first) > HELD_ROWS:
            break
    else:
        if first:
            yield pl.concat(first)
        return
    with Aside(folder) as aside:
        for frame in chain(first, frames):
            first = []
            keyed = frame.with_columns(_bucket=pl.col("molecular_trait_id").hash(7) % _BUCKETS)
            for (bucket,), rows in keyed.partition_by("_bucket", as_dict=True, include_key=False).items():
                aside.add(int(str(bucket)), rows)
            aside.settle()
        for key in aside.held():
            yield aside.take(key)
