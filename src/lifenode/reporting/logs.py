"""Access logs as blocks of scanned lines: plain or packed with gzip, in bounded memory, from any place on."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from lifenode.errors import UnreadableInput
from lifenode.reporting.log_fields import FAULT, FAULTS, FIELDS, FINE, TIME, Bytes, Integers
from lifenode.reporting.log_lines import scan

BLOCK_BYTES = 4 * 1024 * 1024
# A longer line is cut; what is left of it is no log line.
LONGEST_LINE = 64 * 1024
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 4096

_SHOWN = 120
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}\b")
_PROBLEMS = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class Block:
    """Whole lines of a log, scanned.

    Attributes
    ----------
    letters
        The bytes.
    starts, ends
        Where each line that is not blank begins and ends; 0-based, half-open.
    rows
        Shape (lines, `log_fields.FIELDS`).
    numbers
        1-based number of each line within what was read.
    end
        Place in the unpacked log after the block, in bytes.
    blank
        Lines with nothing in them.
    tail
        The last bytes of the block as they are in the log.
    """

    letters: Bytes
    starts: Integers
    ends: Integers
    rows: Integers
    numbers: Integers
    end: int
    blank: int
    tail: bytes

    def text(self, line: int) -> str:
        """Return a line as it may be shown: shortened, and with network addresses masked."""
        piece = self.letters[self.starts[line] : min(self.ends[line], self.starts[line] + 4 * _SHOWN)].tobytes()
        shown = _ADDRESS.sub("x.x.x.x", piece.decode("utf-8", "replace"))
        return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"

    def broken(self) -> Iterator[tuple[int, str, str]]:
        """Yield number, reason and text of each line that could not be used."""
        for line in np.flatnonzero(self.rows[:, FAULT] != FINE):
            yield int(self.numbers[line]), FAULTS[self.rows[line, FAULT]], self.text(int(line))


@contextmanager
def open_log(path: Path) -> Iterator[IO[bytes]]:
    """Open a log, unpacking it if it begins like gzip.

    Raises
    ------
    UnreadableInput
        The file is missing, may not be read, or is a broken archive; also while it is read.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if packed:
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield raw
    except _PROBLEMS as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(
            f"{path} cannot be read: {reason}.", value=path, next_step="Check that the file is complete."
        ) from error


def blocks(stream: IO[bytes], start: int, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the lines of a log from the byte `start` of its unpacked form on.

    The last line of a log that is still being written has no line end yet: it counts if it is a whole log line, and is
    left for the next time otherwise.
    """
    _skip(stream, start)
    rest, done, lines = b"", start, 0
    while True:
        read = stream.read(block_bytes)
        data = rest + read
        cut = data.rfind(b"\n") + 1 if read else len(data)
        if not cut and read and len(data) <= LONGEST_LINE + block_bytes:
            rest = data
            continue
        whole, rest = (data[:cut], data[cut:]) if cut else (data, b"")
        if not whole:
            return
        block = _scanned(whole, lines, done)
        if not read and not whole.endswith(b"\n") and block.rows[-1:, FAULT].any():
            block = _scanned(whole[: whole.rfind(b"\n") + 1], lines, done)
        lines += len(block.starts) + block.blank
        done = block.end
        yield block
        if not read:
            return


def _skip(stream: IO[bytes], count: int) -> None:
    while count > 0:
        count -= len(stream.read(min(count, BLOCK_BYTES))) or count


def _scanned(data: bytes, lines_before: int, bytes_before: int) -> Block:
    end, tail = bytes_before + len(data), data[-TAIL_BYTES:]
    if b"\\/" in data:
        # Some writers of JSON put a backslash before each slash; paths are compared without it.
        data = data.replace(b"\\/", b"/")
    letters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(letters == 10).astype(np.int64)
    if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    starts = np.append(0, ends[:-1] + 1)[: len(ends)].astype(np.int64)
    numbers = np.arange(lines_before + 1, lines_before + 1 + len(ends), dtype=np.int64)
    if len(ends):
        ends = ends - ((ends > starts) & (letters[np.maximum(ends - 1, 0)] == 13))
    ends = np.minimum(ends, starts + LONGEST_LINE)
    filled = ends > starts
    starts, ends, numbers = starts[filled], ends[filled], numbers[filled]
    rows = np.zeros((len(starts), FIELDS), np.int64)
    scan(letters, starts, ends, rows)
    return Block(letters, starts, ends, rows, numbers, end, int(len(filled) - filled.sum()), tail)


@dataclass(frozen=True)
class Head:
    """How a log begins: what tells it from others whatever its name, and the time of its first line."""

    bytes: bytes
    first_time: int

    def digest(self, length: int) -> str:
        """Return the SHA-256 of the first `length` bytes, or an empty text if there are fewer."""
        return hashlib.sha256(self.bytes[:length]).hexdigest() if length <= len(self.bytes) else ""


def read_head(path: Path) -> Head:
    """Return how a log begins.

    Raises
    ------
    UnreadableInput
        As in `open_log`.
    """
    with open_log(path) as stream:
        start = stream.read(HEAD_BYTES)
    whole = start[: start.rfind(b"\n") + 1] or start
    rows = _scanned(whole, 0, 0).rows
    times = rows[rows[:, FAULT] == FINE, TIME]
    return Head(start, int(times[0]) if len(times) else 0)
