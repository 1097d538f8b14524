"""Answers kept for a repetition: bounded by bytes, the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer as bytes; all but the time of day depends on the request and the pack alone.

    Attributes
    ----------
    head, tail
        What comes before and after the time.
    """

    head: bytes
    tail: bytes

    def stamped(self) -> bytes:
        """Return the answer with the present time."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        return b"".join([self.head, now.encode(), self.tail])


class ByteCache:
    """Encoded answers by key.

    Parameters
    ----------
    limit
        Most bytes kept; 0 keeps nothing.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[bytes, tuple[str, str, Encoded]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> tuple[str, str, Encoded] | None:
        """Return organism, fingerprint of its pack, and answer; None where nothing is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: bytes, organism: str, fingerprint: str, answer: Encoded) -> None:
        """Keep an answer, unless it alone would take a quarter of the room."""
        if _size(answer) > self._limit // 4:
            return
        self._drop(key)
        self._kept[key] = (organism, fingerprint, answer)
        self._size += _size(answer)
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._size -= _size(gone[2])


def _size(answer: Encoded) -> int:
    return len(answer.head) + len(answer.tail)
