"""Arrays on disk that a process maps instead of reading, and many strings in two of them.

A file holds any number of named arrays: one line of JSON that says where each lies, then their bytes, each on a
64-byte boundary. Reading maps the file read-only, so that processes share its pages and opening costs microseconds
whatever the size.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

LAYOUT = 1
"""Version of the file layout; part of every file's name."""

_ALIGNMENT = 64
_KINDS = frozenset("biuf")


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write `arrays` to `path`, whole or not at all; of several processes that do so at once, any may win.

    Parameters
    ----------
    path
        The file; its folder is made when missing.
    arrays
        Boolean, integer or floating-point arrays of any shape.

    Raises
    ------
    OSError
        The disk refuses; nothing is left behind.
    """
    contiguous = {name: np.ascontiguousarray(array).reshape(np.shape(array)) for name, array in arrays.items()}
    header = _header(contiguous)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        with part.open("xb") as handle:
            handle.write(header)
            for array in contiguous.values():
                handle.write(array.reshape(-1).view(np.uint8).data)
                handle.write(bytes(-array.nbytes % _ALIGNMENT))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]] | None:
    """Map the arrays that `write_arrays` put at `path`; None when there is no such file or it is not whole."""
    try:
        with path.open("rb") as handle:
            line = handle.readline()
            facts = json.loads(line)
            whole = facts["bytes"] == os.fstat(handle.fileno()).st_size - len(line)
            if facts["layout"] != LAYOUT or not whole:
                return None
            memory = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            return {name: _view(memory, len(line), *place) for name, place in facts["arrays"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        # Any of these means a missing or foreign file: the index is built again.
        return None


def _header(arrays: Arrays) -> bytes:
    places, offset = {}, 0
    for name, array in arrays.items():
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"The array {name} is of the type {array.dtype}, which cannot be mapped.")
        places[name] = [array.dtype.str, list(array.shape), offset]
        offset += array.nbytes + -array.nbytes % _ALIGNMENT
    line = json.dumps({"layout": LAYOUT, "bytes": offset, "arrays": places}).encode()
    return line + b" " * (-(len(line) + 1) % _ALIGNMENT) + b"\n"


def _view(memory: mmap.mmap, start: int, dtype: str, shape: list[int], offset: int) -> npt.NDArray[Any]:
    count = int(np.prod(shape, dtype=np.int64))
    if count == 0:
        return frozen(np.zeros(shape, dtype))
    return np.frombuffer(memory, dtype, count, start + offset).reshape(shape)


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a view of `array` that cannot be written to, as a mapped array cannot."""
    view = array.view()
    view.flags.writeable = False
    return view


class Strings(Sequence[str]):
    """Many strings in one array of UTF-8 bytes.

    Parameters
    ----------
    blob
        The bytes of all strings, one after the other.
    offsets
        Where each string starts, and the length of `blob` at the end.
    """

    __slots__ = ("_bytes", "_offsets")

    def __init__(self, blob: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> None:
        self._bytes = memoryview(blob.data)
        self._offsets = offsets

    @staticmethod
    def from_list(values: Sequence[str], name: str = "") -> dict[str, npt.NDArray[Any]]:
        """Return the arrays ``blob`` and ``offsets`` of `values`; with a `name`, ``name.blob`` and ``name.offsets``."""
        text = "".join(values)
        encoded = text.encode()
        plain = len(encoded) == len(text)
        lengths = [len(value) for value in values] if plain else [len(value.encode()) for value in values]
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        prefix = f"{name}." if name else ""
        return {f"{prefix}blob": np.frombuffer(encoded, np.uint8), f"{prefix}offsets": offsets}

    @classmethod
    def of(cls, arrays: Arrays, name: str) -> Strings:
        """Return the strings that ``from_list(values, name)`` put among `arrays`."""
        return cls(arrays[f"{name}.blob"], arrays[f"{name}.offsets"])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | np.integer[Any] | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self.take(np.arange(len(self))[index])
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"There is no string {index} among {len(self)}.")
        return str(self._bytes[self._offsets[place] : self._offsets[place + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_list())

    def take(self, indices: npt.NDArray[np.integer[Any]] | Sequence[int]) -> list[str]:
        """Return the strings at `indices`, which must not be negative."""
        rows = np.asarray(indices, np.int64)
        data = self._bytes
        spans = zip(self._offsets[rows].tolist(), self._offsets[rows + 1].tolist(), strict=True)
        return [str(data[start:end], "utf-8") for start, end in spans]

    def to_list(self) -> list[str]:
        """Return all strings."""
        text = str(self._bytes, "utf-8")
        if len(text) != len(self._bytes):
            return self.take(np.arange(len(self)))
        edges = self._offsets.tolist()
        return [text[start:end] for start, end in pairwise(edges)]
