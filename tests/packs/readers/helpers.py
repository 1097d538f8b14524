"""Files for the tests of readers."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from lifenode.errors import FormatError

PACKINGS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "bzip2": bz2.compress}


def put(folder: Path, content: str | bytes, packing: str = "plain", name: str = "file.txt") -> Path:
    """Write `content` under a name that tells nothing of how it is packed."""
    path = folder / name
    path.write_bytes(PACKINGS[packing](content.encode() if isinstance(content, str) else content))
    return path


def rows(*cells: str) -> str:
    """Lines of cells that are written with blanks for the tabs between them; `_` is an empty cell."""
    lines = ("\t".join("" if cell == "_" else cell for cell in line.split()) for line in cells)
    return "".join(f"{line}\n" for line in lines)


def assert_fault(caught: pytest.ExceptionInfo[FormatError], path: Path, line: int, *parts: str) -> None:
    """The error must name the file, the line and every one of `parts`."""
    text = str(caught.value)
    assert text.startswith(f"{path}, line {line}: "), text
    for part in parts:
        assert part in text
