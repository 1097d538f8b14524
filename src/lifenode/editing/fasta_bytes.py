"""Bytes of a FASTA file at any place, plain or packed with bgzip, without holding the file in memory."""

from __future__ import annotations

import mmap
import struct
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from lifenode.errors import UnreadableInput

_PIECE = 1 << 23
_GZIP = b"\x1f\x8b"
_BLOCK = struct.Struct("<HBBIBBH")
_FIELD = struct.Struct("<BBHH")
_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_KEPT_BLOCKS = 64


class FastaBytes(Protocol):
    """Bytes by their place in the unpacked file, counted from 0."""

    size: int
    """Bytes of the unpacked file."""

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes of a stretch, end not included."""
        ...

    def pieces(self) -> Iterator[bytes]:
        """Return the whole file piece by piece."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...


def open_bytes(path: Path) -> FastaBytes:
    """Open a file.

    Raises
    ------
    UnreadableInput
        It is missing, empty, a folder, forbidden, packed in another way than bgzip, or cut off.
    """
    try:
        with path.open("rb") as handle:
            first = handle.read(2)
            content = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) if first else None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableInput(
            f"{path} cannot be read: {reason}.", value=path, next_step="Name the FASTA file of a genome."
        ) from error
    if content is None:
        raise UnreadableInput(f"{path} is empty.", value=path, next_step="Name the FASTA file of a genome.")
    return _Packed(path, content) if first == _GZIP else _Plain(content)


class _Plain:
    """A file as it is."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content
        self.size = len(content)

    def read(self, start: int, end: int) -> bytes:
        return self._content[start:end]

    def pieces(self) -> Iterator[bytes]:
        for start in range(0, self.size, _PIECE):
            yield self._content[start : start + _PIECE]

    def close(self) -> None:
        self._content.close()


class _Packed:
    """A file of blocks that are packed one by one (bgzip), of which the last ones read are kept unpacked."""

    def __init__(self, path: Path, content: mmap.mmap) -> None:
        self._path = path
        self._content = content
        self._packed, self._starts = self._blocks()
        self.size = self._starts[-1]
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def read(self, start: int, end: int) -> bytes:
        first, parts = bisect_right(self._starts, start) - 1, []
        for number in range(first, len(self._packed) - 1):
            if self._starts[number] >= end:
                break
            parts.append(self._block(number))
        skipped = start - self._starts[first]
        return b"".join(parts)[skipped : skipped + end - start]

    def pieces(self) -> Iterator[bytes]:
        for number in range(len(self._packed) - 1):
            yield self._unpacked(number)

    def close(self) -> None:
        self._content.close()

    def _block(self, number: int) -> bytes:
        if number in self._kept:
            self._kept.move_to_end(number)
        else:
            self._kept[number] = self._unpacked(number)
            if len(self._kept) > _KEPT_BLOCKS:
                self._kept.popitem(last=False)
        return self._kept[number]

    def _unpacked(self, number: int) -> bytes:
        start, end = self._packed[number : number + 2]
        try:
            return zlib.decompress(self._content[start:end], 31)
        except zlib.error as error:
            raise UnreadableInput(
                f"{self._path} is damaged at byte {start:,}: {error}.",
                value=self._path,
                next_step="Fetch it again, or compare its checksum with that of the original.",
            ) from error

    def _blocks(self) -> tuple[list[int], list[int]]:
        """Return where each block begins, packed and unpacked, and the two ends.

        A block says its own packed length in its header, in the extra field BC, and its unpacked one in its last four
        bytes (SAM specification, section 4.1).
        """
        packed, starts, size = [0], [0], len(self._content)
        while packed[-1] < size:
            length = self._length(packed[-1])
            if packed[-1] + length > size:
                raise self._cut()
            packed.append(packed[-1] + length)
            starts.append(starts[-1] + int.from_bytes(self._content[packed[-1] - 4 : packed[-1]], "little"))
        if self._content[-len(_END) :] != _END:
            raise self._cut()
        return packed, starts

    def _length(self, start: int) -> int:
        head = self._content[start : start + _BLOCK.size + _FIELD.size]
        if len(head) < _BLOCK.size + _FIELD.size and start:
            raise self._cut()
        if len(head) == _BLOCK.size + _FIELD.size and head[:2] == _GZIP and head[3] & 4:
            one, other, _, length = _FIELD.unpack_from(head, _BLOCK.size)
            if (one, other) == (ord("B"), ord("C")):
                return int(length) + 1
        raise UnreadableInput(
            f"{self._path} is packed with gzip, of which no part can be read by itself.",
            value=self._path,
            next_step="Unpack it, or pack it anew with bgzip.",
        )

    def _cut(self) -> UnreadableInput:
        return UnreadableInput(
            f"{self._path} is cut off: it ends at byte {len(self._content):,} without the mark that closes it.",
            value=self._path,
            next_step="Fetch it again.",
        )
