"""Texts put together from stretches of two buffers, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import engine

Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Column:
    """A stretch for each row.

    Attributes
    ----------
    starts, ends
        Where each begins and ends.
    mapped
        Whether they lie in the buffer that is given to `Scratch.joined`, not in the scratch.
    """

    starts: Integers
    ends: Integers
    mapped: bool = False


class Scratch:
    """The texts of one answer, which its rows refer to.

    Parameters
    ----------
    rows
        Number of rows.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._texts: list[bytes] = []
        self._size = 0

    def choice(self, texts: Sequence[bytes], which: Integers | int = 0) -> Column:
        """Return a column with one of a few `texts` in each row."""
        edges = self._add(texts)
        number = np.broadcast_to(np.asarray(which), (self._rows,))
        return Column(edges[number], edges[number + 1])

    def each(self, texts: Sequence[bytes]) -> Column:
        """Return a column with a text of its own in each row."""
        edges = self._add(texts)
        return Column(edges[:-1], edges[1:])

    def numbers(self, text: bytes) -> list[Column]:
        """Return the columns in `text`, a JSON array with all numbers of the first column first."""
        base = self._size
        self._texts.append(text)
        self._size += len(text)
        marks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(",")) + base
        starts = np.concatenate([[base + 1], marks + 1])
        ends = np.concatenate([marks, [base + len(text) - 1]])
        places = range(0, len(starts), self._rows)
        return [Column(starts[at : at + self._rows], ends[at : at + self._rows]) for at in places]

    def joined(self, columns: Sequence[Column], mapped: Bytes) -> memoryview:
        """Return the texts of all rows, one after the other."""
        scratch = np.frombuffer(b"".join(self._texts), np.uint8)
        starts, ends = np.stack([one.starts for one in columns]), np.stack([one.ends for one in columns])
        if engine.compiled_ready():
            from lifenode.web.compat.gprofiler_compiled import joined

            where = np.array([one.mapped for one in columns])
            return joined(mapped, scratch, where, starts, ends).data
        texts = [b""] * starts.size
        for place, one in enumerate(columns):
            buffer = memoryview((mapped if one.mapped else scratch).data)
            spans = zip(one.starts.tolist(), one.ends.tolist(), strict=True)
            texts[place :: len(columns)] = [buffer[start:end].tobytes() for start, end in spans]
        return memoryview(b"".join(texts))

    def _add(self, texts: Sequence[bytes]) -> Integers:
        edges = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(list(map(len, texts)), out=edges[1:])
        edges += self._size
        self._texts += texts
        self._size = int(edges[-1])
        return edges
