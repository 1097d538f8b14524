"""The bytes of a file, unpacked block by block: plain, gzip or BGZF, told by content, and whole or refused."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from lifenode.errors import FormatError, UnreadableInput
from lifenode.settings import settings

_CHUNK = 1 << 20
_MOST_UNPACKED = 1 << 23
_MOST_THREADS = 8  # each holds some ten megabytes, and the rest of the work does not keep up with more
_GZIP = b"\x1f\x8b"
_BGZF_HEADER = 18
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
CUT_OFF = "cut off"


class Source:
    """A file that is read once, from its beginning.

    Parameters
    ----------
    path
        The file; gzip and BGZF are told by their first bytes.

    Attributes
    ----------
    packed_bytes
        Bytes of the file read so far, for progress.
    size
        Bytes of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed_bytes = 0
        self._digest = hashlib.sha256()
        try:
            self.size = path.stat().st_size
        except OSError as error:
            raise _unreadable(path, error) from error

    @property
    def sha256(self) -> str:
        """The checksum of what has been read: of the whole file when `blocks` has ended."""
        return self._digest.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Iterate over the unpacked content.

        Raises
        ------
        UnreadableInput
            The file is missing or may not be read.
        FormatError
            It is packed and ends in the middle, or a checksum inside differs; ``value`` is "cut off" for the first.
        """
        try:
            with self.path.open("rb") as handle:
                start = handle.read(_BGZF_HEADER)
                handle.seek(0)
                if start[:2] != _GZIP:
                    yield from self._chunks(handle)
                elif start[12:14] == b"BC" and start[10:12] == b"\x06\0":
                    yield from self._bgzf(handle)
                else:
                    yield from self._gzip(handle)
        except OSError as error:
            raise _unreadable(self.path, error) from error

    def _chunks(self, handle: BinaryIO) -> Iterator[bytes]:
        while chunk := handle.read(_CHUNK):
            self.packed_bytes += len(chunk)
            self._digest.update(chunk)
            yield chunk

    def _gzip(self, handle: BinaryIO) -> Iterator[bytes]:
        unpack = zlib.decompressobj(31)
        begun = False
        for chunk in self._chunks(handle):
            rest = chunk
            while rest:
                if unpack.eof:  # another member follows, or zeros that some tools pad with
                    rest = rest.lstrip(b"\0")
                    if not rest:
                        begun = False
                        break
                    unpack = zlib.decompressobj(31)
                begun = True
                try:
                    yield unpack.decompress(rest, _MOST_UNPACKED)
                except zlib.error as error:
                    raise self._broken() from error
                rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
        if begun and not unpack.eof:
            raise self._cut_off()

    def _bgzf(self, handle: BinaryIO) -> Iterator[bytes]:
        """Unpack groups of blocks in threads, which zlib lets run beside each other, and hand them on in order."""
        threads = min(settings().threads or os.cpu_count() or 1, _MOST_THREADS)
        waiting: deque[Future[bytes]] = deque()
        rest = b""
        ending = b""
        with ThreadPoolExecutor(threads, thread_name_prefix="bgzf") as pool:
            for chunk in self._chunks(handle):
                data = rest + chunk
                ends = self._block_ends(data)
                done = ends[-1] if ends else 0
                rest = data[done:]
                ending = data[max(0, done - len(_BGZF_END)) : done] or ending
                waiting.append(pool.submit(self._unpacked, data, ends))
                if len(waiting) > threads + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        if rest or ending != _BGZF_END:
            raise self._cut_off()

    def _block_ends(self, data: bytes) -> list[int]:
        """Return where each whole block of `data` ends."""
        ends: list[int] = []
        at = 0
        while at + _BGZF_HEADER <= len(data):
            if data[at : at + 2] != _GZIP or data[at + 12 : at + 14] != b"BC":
                raise self._broken()
            at += int.from_bytes(data[at + 16 : at + 18], "little") + 1
            if at > len(data):
                break
            ends.append(at)
        return ends

    def _unpacked(self, data: bytes, ends: list[int]) -> bytes:
        parts = []
        view = memoryview(data)
        start = 0
        for end in ends:
            checksum, size = struct.unpack_from("<II", data, end - 8)
            try:
                part = zlib.decompress(view[start + _BGZF_HEADER : end - 8], -15, size or 1)
            except zlib.error as error:
                raise self._broken() from error
            if len(part) != size or zlib.crc32(part) != checksum:
                raise self._broken()
            parts.append(part)
            start = end
        return b"".join(parts)

    def _cut_off(self) -> FormatError:
        return FormatError(
            f"{self.path.name} is cut off: it ends in the middle after {self.packed_bytes:,} bytes.",
            value=CUT_OFF,
            next_step="Fetch the file again.",
        )

    def _broken(self) -> FormatError:
        return FormatError(
            f"{self.path.name} is damaged: its packed content cannot be unpacked near byte {self.packed_bytes:,}.",
            value=self.path.name,
            next_step="Fetch the file again.",
        )


def sha256_of(path: Path) -> str:
    """Return the checksum of a file.

    Raises
    ------
    UnreadableInput
        The file is missing or may not be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UnreadableInput:
    return UnreadableInput(
        f"{path} cannot be read: {error.strerror or error}.", value=path, next_step="Check the path and its rights."
    )
