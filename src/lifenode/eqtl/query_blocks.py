"""Stretches of rows of Parquet files, kept unpacked while there is room: neighbouring questions share them.

Files are never changed, only replaced by others with other names, so that what is kept holds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import polars as pl

from lifenode.eqtl.layout import ROW_GROUP
from lifenode.settings import settings

# A question that needs more than this at a time would only push out what others share.
_MOST_BLOCKS = 4


class Blocks:
    """Row groups of Parquet files, those used last.

    Parameters
    ----------
    room
        Bytes they may take; None: what the settings say at the time.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._held: OrderedDict[tuple[str, int, tuple[str, ...] | None], pl.DataFrame] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def rows(self, file: Path, start: int, count: int, columns: tuple[str, ...] | None = None) -> pl.DataFrame:
        """Return `count` rows of a file from row `start` on, counted from 0; all columns, or some."""
        first, last = start // ROW_GROUP, (start + count - 1) // ROW_GROUP
        if count <= 0 or last - first >= _MOST_BLOCKS:
            return _lazy(file, columns).slice(start, max(count, 0)).collect()
        frames = []
        for block in range(first, last + 1):
            begin = max(start - block * ROW_GROUP, 0)
            frames.append(self._block(file, block, columns)[begin : start + count - block * ROW_GROUP])
        return frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=False)

    def _block(self, file: Path, block: int, columns: tuple[str, ...] | None) -> pl.DataFrame:
        key = str(file), block, columns
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held
        frame = _lazy(file, columns).slice(block * ROW_GROUP, ROW_GROUP).collect()
        room = settings().eqtl_cache_bytes if self._room is None else self._room
        with self._lock:
            if key not in self._held:
                self._held[key] = frame
                self._bytes += _size(frame)
            while self._bytes > room:
                self._bytes -= _size(self._held.popitem(last=False)[1])
        return frame


def _lazy(file: Path, columns: tuple[str, ...] | None) -> pl.LazyFrame:
    lazy = pl.scan_parquet(file)
    return lazy if columns is None else lazy.select(columns)


def _size(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size())


BLOCKS = Blocks()
"""Those of this process."""
