"""Manifests and layers that were read before, so that only those that changed are read again."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from lifenode.eqtl.layout import Layer, Manifest

Described = TypeVar("Described", Manifest, Layer)
Known = dict[Path, tuple[tuple[int, int, int], Manifest | Layer]]
"""What was read before, with the state of its file; of a whole catalogue that is hundreds of megabytes."""


def read_known(path: Path, kind: type[Described], known: Known) -> Described:
    """Read a manifest or layer, unless it is known and its file still the same.

    Raises
    ------
    OSError, ValueError, TypeError, KeyError
        The file cannot be read.
    """
    about = path.stat()
    state = (about.st_ino, about.st_mtime_ns, about.st_size)
    before, held = known.get(path, (None, None))
    if before == state and isinstance(held, kind):
        return held
    read = kind.from_json(path.read_text(encoding="utf-8"))
    known[path] = (state, read)
    return read
