"""Frames to Parquet files, in a thread of its own while the next frame is made."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from lifenode.eqtl.layout import ROW_GROUP, Part
from lifenode.eqtl.readers_bytes import sha256_of
from lifenode.errors import OutputError

_WAITING = 2
_LEVEL = 1  # of zstd: 3 packs 2 % closer and costs a third more


class PartWriter:
    """Writes the files of one data set or layer into a folder aside.

    Parameters
    ----------
    folder
        Where to write.
    generation
        Part of every file's name.
    """

    def __init__(self, folder: Path, generation: str) -> None:
        self.folder = folder
        self.tables: dict[str, list[Part]] = {}
        self._generation = generation
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="parquet")
        self._waiting: deque[tuple[str, Future[Part]]] = deque()
        self._written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._settle(0)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def write(
        self, frame: pl.DataFrame, table: str, place: Path, *, chromosome: str = "", first: Any = None, last: Any = None
    ) -> None:
        """Write a frame as the next file of a table.

        Parameters
        ----------
        frame
            Its rows, in their order.
        table
            Name of the table.
        place
            Folder of the file, relative to the catalogue.
        chromosome, first, last
            See `lifenode.eqtl.layout.Part`.

        Raises
        ------
        OutputError
            The disk is full.
        """
        path = place / f"part-{self._generation}-{self._written:05d}.parquet"
        self._written += 1
        self._settle(_WAITING - 1)
        part = Part(str(path), frame.height, 0, "", chromosome, first, last)
        self._waiting.append((table, self._pool.submit(self._put, frame, part)))

    def forget(self) -> None:
        """Remove what has been written so far."""
        self._settle(0)
        for part in [part for parts in self.tables.values() for part in parts]:
            (self.folder / part.path).unlink()
        self.tables = {}

    def _put(self, frame: pl.DataFrame, part: Part) -> Part:
        target = self.folder / part.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(target, compression="zstd", compression_level=_LEVEL, row_group_size=ROW_GROUP)
        except (OSError, pl.exceptions.ComputeError) as error:
            raise OutputError(
                f"{target} cannot be written: {error}.", value=target, next_step="Make room on the disk."
            ) from error
        size, checksum = target.stat().st_size, sha256_of(target)
        return Part(part.path, part.rows, size, checksum, part.chromosome, part.first, part.last)

    def _settle(self, most: int) -> None:
        while len(self._waiting) > most:
            table, writing = self._waiting.popleft()
            self.tables.setdefault(table, []).append(writing.result())
