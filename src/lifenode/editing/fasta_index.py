"""Where each sequence of a FASTA file lies: the table of a ``.fai`` file, read or made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode._atomic import write_atomically
from lifenode.editing.fasta_bytes import FastaBytes
from lifenode.errors import LifenodeError, UnreadableInput
from lifenode.settings import settings

_NEWLINE, _RETURN, _MARK = b"\n\r>"
_LONGEST_HEADER = 65_536
_COLUMNS = 5


class Entry(NamedTuple):
    """One sequence: bases in all, place of the first in the file, bases a line, and bytes a line with its end."""

    length: int
    offset: int
    bases: int
    width: int


Index = dict[str, Entry]


def index_of(path: Path, content: FastaBytes) -> Index:
    """Return the index of a FASTA file: the ``.fai`` beside it, or one made at first use and kept in the cache.

    Raises
    ------
    UnreadableInput
        The file is no FASTA, or its lines cannot be indexed; the index is no index.
    """
    beside = path.with_name(f"{path.name}.fai")
    if beside.is_file() and beside.stat().st_mtime >= path.stat().st_mtime:
        return parse_index(beside)
    kept = _kept_place(path)
    if kept.is_file():
        return parse_index(kept)
    made = build_index(content.pieces(), str(path))
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, index_text(made).encode())
    except (OSError, LifenodeError):
        # An index that cannot be kept is made again the next time.
        pass
    return made


def index_text(index: Index) -> str:
    """Return an index as the text of a ``.fai`` file."""
    return "".join("\t".join((name, *map(str, entry))) + "\n" for name, entry in index.items())


def parse_index(path: Path) -> Index:
    """Return the index in a ``.fai`` file.

    Raises
    ------
    UnreadableInput
        It is none.
    """
    index: Index = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            name, *numbers = line.split("\t")
            entry = Entry(*map(int, numbers[: _COLUMNS - 1]))
            if min(entry) < 0 or not 0 < entry.bases < entry.width:
                raise ValueError(line)
            index[name] = entry
    except (OSError, ValueError, TypeError) as error:
        raise UnreadableInput(
            f"{path} is no index of a FASTA file: {error}.", value=path, next_step="Remove it; it is made anew."
        ) from error
    return index


def build_index(pieces: Iterable[bytes], name: str) -> Index:
    """Return the index of a FASTA file that is read piece by piece.

    Parameters
    ----------
    pieces
        The file.
    name
        What the file is called in errors.

    Raises
    ------
    UnreadableInput
        It does not begin with ``>``, names a sequence twice, or has lines of different lengths within a sequence.
    """
    builder = _Builder(name)
    for piece in pieces:
        builder.take(np.frombuffer(piece, np.uint8))
    return builder.finished()


def _kept_place(path: Path) -> Path:
    """Return where the index of a file is kept, which is another place when the file has changed."""
    full, stated = path.resolve(), path.stat()
    key = hashlib.sha256(f"{full}\n{stated.st_size}\n{stated.st_mtime_ns}".encode()).hexdigest()
    return settings().cache_dir / "references" / f"{key[:32]}.fai"


class _Builder:
    """Goes through the lines of a FASTA file, whatever pieces they come in."""

    def __init__(self, name: str) -> None:
        self._file = name
        self._index: Index = {}
        self._position = 0
        self._number = 0
        # The line that the last piece began and did not end.
        self._begun = 0
        self._is_header = False
        self._header = b""
        self._returns = False
        self._last = 0
        # The sequence that is being read.
        self._name = ""
        self._offset = self._length = self._width = 0
        self._short = False

    def take(self, piece: npt.NDArray[np.uint8]) -> None:
        """Go on with a piece."""
        if not len(piece):
            return
        if self._position == 0 and self._begun == 0 and piece[0] != _MARK:
            raise UnreadableInput(
                f"{self._file} is no FASTA: it does not begin with >.",
                value=self._file,
                next_step="Give the sequences of a genome, each under a line with > and its name.",
            )
        ends = np.flatnonzero(piece == _NEWLINE) + 1
        starts = np.concatenate([[0], ends])
        headers = starts[:-1][piece[starts[:-1]] == _MARK] if len(ends) else starts[:0]
        if self._begun:
            headers = headers[headers > 0]
            if self._is_header and len(ends):
                headers = np.concatenate([[0], headers])
        at = 0
        for header in [*headers.tolist(), -1]:
            line = len(ends) if header < 0 else int(np.searchsorted(starts, header))
            self._lines(ends[at:line], int(starts[at]))
            if header >= 0:
                self._head(piece[header : ends[line]].tobytes(), int(ends[line] - header))
                at = line + 1
        self._keep(piece, int(starts[-1]))

    def finished(self) -> Index:
        """Return the index."""
        if self._begun:
            if self._is_header:
                self._head(b"", 0)
            else:
                self._lines(np.array([0]), -1 - self._returns)
        self._close()
        return self._index

    def _keep(self, piece: npt.NDArray[np.uint8], start: int) -> None:
        """Remember the line that a piece leaves open."""
        rest = len(piece) - start
        if not rest:
            return
        if not self._begun:
            self._is_header = bool(piece[start] == _MARK)
            self._header = b""
        if self._is_header:
            self._header = (self._header + piece[start:].tobytes())[:_LONGEST_HEADER]
        self._begun += rest

    def _head(self, text: bytes, length: int) -> None:
        """Begin a sequence."""
        line = self._header + text if self._begun else text
        self._close()
        self._position += self._begun + length
        self._begun, self._header, self._is_header = 0, b"", False
        self._number += 1
        self._returns = line.endswith(b"\r\n")
        words = line[1:].decode("utf-8", "replace").split()
        self._name, self._offset = words[0] if words else "", self._position
        self._length = self._width = 0
        self._short = False
        if not words or self._name in self._index:
            what = f"names {self._name} twice" if words else "has a sequence without a name"
            raise UnreadableInput(
                f"{self._file} {what}, at line {self._number:,}.", value=self._name, next_step="Name each by itself."
            )

    def _lines(self, ends: npt.NDArray[np.int64], start: int) -> None:
        """Go on with lines of the sequence, which end behind the places `ends`."""
        if not len(ends):
            return
        widths = np.diff(ends, prepend=start)
        widths[0] += self._begun
        self._position += int(widths.sum())
        self._begun, self._is_header = 0, False
        if not self._width:
            self._width = int(widths[0])
        ending = 1 + self._returns
        shorter = np.concatenate([[self._short], widths[:-1] < self._width])
        bad = (widths > self._width) | (np.maximum.accumulate(shorter) & (widths > ending))
        if bad.any():
            line = self._number + int(bad.argmax()) + 1
            raise UnreadableInput(
                f"{self._file} has lines of different lengths within {self._name}, at line {line:,}.",
                value=self._name,
                next_step="Write it anew with lines of one length; only the last of a sequence may be shorter.",
            )
        self._short = bool(self._short or (widths < self._width).any())
        self._number += len(ends)
        self._length += int((widths - ending).sum())

    def _close(self) -> None:
        if self._name:
            bases = max(self._width - 1 - self._returns, 1)
            width = max(self._width, 2 + self._returns)
            self._index[self._name] = Entry(self._length, self._offset, bases, width)
        self._name = ""
