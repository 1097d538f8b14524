"""Lines of a text file, packed or not, with their numbers.

How a file is packed is told by its first bytes, never by its name. Every fault names the line it is on: bytes that are
not UTF-8, a stream that ends early, a checksum that differs.
"""

from __future__ import annotations

import bz2
import codecs
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Protocol

from lifenode.errors import FormatError, UnreadableInput

_BLOCK = 1 << 18
# No line of any format read here comes near; a file without line ends would otherwise be taken into memory whole.
LONGEST_LINE = 64 * 1024 * 1024
"""Longest line accepted, in bytes."""

_LARGEST = 2**31 - 1
_GZIP = b"\x1f\x8b"
# The digit between the two halves is the block size; a text may well begin with "BZh".
_BZIP2 = b"BZh"
_BZIP2_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")
_OTHER_PACKINGS = {b"PK\x03\x04": "zip", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"SQLi": "SQLite"}


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def lines(path: Path | str) -> Generator[tuple[int, str]]:
    """Yield the 1-based number and the text of every line of a file, without line ends and byte order mark.

    Parameters
    ----------
    path
        A text file in UTF-8; plain, gzip (of any number of members, so bgzip too) or bzip2.

    Raises
    ------
    UnreadableInput
        The file cannot be opened.
    FormatError
        Bytes that are not UTF-8 text or a packed stream that is broken, with the line.
    """
    number = 0
    try:
        with Path(path).open("rb") as handle:
            for number, raw in enumerate(_raw_lines(path, handle), 1):
                yield number, _decoded(path, number, raw)
    except OSError as error:
        raise _unopened(path, error) from error


def data_lines(path: Path | str, comment: str = "") -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are neither blank nor begin with `comment`."""
    for number, line in lines(path):
        if line and not (comment and line.startswith(comment)) and not line.isspace():
            yield number, line


def header_comments(path: Path | str, mark: str) -> dict[str, str]:
    """Return the ``key: value`` pairs of the lines with which a file begins, each marked with `mark`.

    A key given twice keeps its first value.
    """
    found: dict[str, str] = {}
    for _, line in lines(path):
        if not line.startswith(mark):
            break
        key, colon, value = line.lstrip(mark).partition(":")
        if colon:
            found.setdefault(key.strip(), value.strip())
    return found


class Columns:
    """Where the columns of a table with a header line are.

    Parameters
    ----------
    path, line
        Where the header stands.
    names
        Its cells, as given.
    """

    def __init__(self, path: Path | str, line: int, names: Sequence[str]) -> None:
        self._path = path
        self._line = line
        self.names = tuple(names)
        self._places = {_folded(name): place for place, name in reversed(list(enumerate(names)))}

    def find(self, *spellings: str) -> int | None:
        """Return the place of the first of the `spellings` that is a column; case, ``_``, ``-`` and space are alike."""
        return next((self._places[name] for name in map(_folded, spellings) if name in self._places), None)

    def need(self, *spellings: str) -> int:
        """Return the place of a column.

        Raises
        ------
        FormatError
            When none of the `spellings` is in the header.
        """
        place = self.find(*spellings)
        if place is None:
            raise self.missing(spellings[0])
        return place

    def missing(self, name: str) -> FormatError:
        """Return the error that says a column is not there."""
        problem = f"the column {name} is missing; the header has {', '.join(self.names)[:300]}"
        return FormatError.at(self._path, self._line, problem, value=name)

    def split(self, number: int, line: str) -> list[str]:
        """Return the cells of a line, which must be as many as the header has."""
        cells = line.split("\t")
        if len(cells) != len(self.names):
            problem = f"{len(cells)} columns where the header has {len(self.names)}"
            raise FormatError.at(self._path, number, problem, value=line[:80])
        return cells


def integer(path: Path | str, number: int, cell: str, what: str) -> int:
    """Return `cell` as a whole number of 32 bits; the error for anything else names `what` it should have been."""
    # int() would accept "1_000" and " 7 ", and balk at thousands of digits.
    if not cell.isascii() or not cell.removeprefix("-").isdigit() or len(cell) > 11:
        raise FormatError.at(path, number, f"{what} is {cell[:40]!r}, not a whole number", value=cell)
    if abs(int(cell)) > _LARGEST:
        raise FormatError.at(path, number, f"{what} is {cell}, beyond {_LARGEST}", value=cell)
    return int(cell)


def many(cell: str, separator: str = "|") -> tuple[str, ...]:
    """Return the distinct members of a cell, in order, without blanks and the ``-`` that stands for nothing."""
    if cell in ("", "-"):
        return ()
    return tuple(dict.fromkeys(part for piece in cell.split(separator) if (part := piece.strip()) and part != "-"))


def place_of(cells: Sequence[str], place: int | None) -> str:
    """Return the cell of a column that may be absent, "" then; ``-`` counts as nothing."""
    if place is None:
        return ""
    cell = cells[place].strip()
    return "" if cell == "-" else cell


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def _unopened(path: Path | str, error: OSError) -> UnreadableInput:
    return UnreadableInput(
        f"{path} cannot be read: {error.strerror or error}.",
        value=path,
        next_step="Check the path and its permissions.",
    )


def _decoded(path: Path | str, number: int, raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} of the line, {raw[error.start]:#04x}, is not UTF-8"
        raise FormatError.at(path, number, problem, value=raw[:40]) from error
    if "\0" in text:
        raise FormatError.at(path, number, "a NUL byte, which no text file has", value=raw[:40])
    return text


def _raw_lines(path: Path | str, handle: IO[bytes]) -> Iterator[bytes]:
    """Split blocks at LF.

    Lines are handed out as soon as they are whole, so that the fault of a later block is counted from the right one.
    """
    number, rest = 0, b""
    try:
        for block in _blocks(path, handle):
            *complete, rest = (rest + block).split(b"\n")
            for line in complete:
                number += 1
                yield line.removesuffix(b"\r")
            if len(rest) > LONGEST_LINE:
                raise FormatError.at(path, number + 1, f"longer than {LONGEST_LINE} bytes")
    except _Broken as error:
        raise FormatError.at(path, number + 1, str(error), value=path) from error
    if rest:
        yield rest.removesuffix(b"\r")


class _Broken(Exception):
    """A packed stream that cannot be unpacked further."""


def _blocks(path: Path | str, handle: IO[bytes]) -> Iterator[bytes]:
    first = handle.read(_BLOCK)
    for magic, name in _OTHER_PACKINGS.items():
        if first.startswith(magic):
            raise FormatError.at(path, 1, f"a {name} file, not text, gzip or bzip2", value=path)
    raw = _chain(first, handle)
    if first.startswith(_GZIP):
        raw = _unpacked(raw, "gzip", lambda: zlib.decompressobj(wbits=31))
    elif first.startswith(_BZIP2) and first[4:10] in _BZIP2_BLOCK:
        raw = _unpacked(raw, "bzip2", bz2.BZ2Decompressor)
    yield from _without_mark(raw)


def _chain(first: bytes, handle: IO[bytes]) -> Iterator[bytes]:
    yield first
    while block := handle.read(_BLOCK):
        yield block


def _without_mark(blocks: Iterator[bytes]) -> Iterator[bytes]:
    start = b""
    for block in blocks:
        start += block
        if len(start) >= len(codecs.BOM_UTF8) or not codecs.BOM_UTF8.startswith(start):
            break
    yield start.removeprefix(codecs.BOM_UTF8)
    yield from blocks


def _unpacked(blocks: Iterable[bytes], name: str, start: Callable[[], _Unpacker]) -> Iterator[bytes]:
    unpacker = start()
    fresh = True  # nothing of this member has been read: the stream may end here
    for block in blocks:
        data = block
        while data:
            try:
                yield unpacker.decompress(data)
            except (zlib.error, OSError, ValueError) as error:
                raise _Broken(f"the {name} stream is damaged, on this line or a later one ({error})") from error
            fresh, data = False, b""
            if unpacker.eof:
                # Archivers may pad the end of a gzip file with zero bytes.
                data = unpacker.unused_data.lstrip(b"\0")
                unpacker, fresh = start(), True
    if not fresh:
        raise _Broken(f"the {name} stream ends early; the file is not complete")
