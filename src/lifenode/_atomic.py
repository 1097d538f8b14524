"""Write a file whole or not at all, and bytes to any handle."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lifenode.errors import InvalidOption, OutputError


def write_atomically(path: str | Path, content: bytes) -> Path:
    """Put `content` at `path` so that a reader sees the old file or the new one, never a part.

    A link is followed; a device or a pipe (``/dev/stdout``) is written to directly, since it cannot be replaced.

    Raises
    ------
    OutputError
        The folder is missing, the disk is full, or the place may not be written.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(Path(os.path.realpath(target)), content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}.",
            value=target,
            next_step="Choose a folder that exists, that you may write to and that has room.",
        ) from error
    return target


def write_handle(handle: IO[Any], content: bytes) -> None:
    """Write `content` to an open text or binary handle.

    The bytes go to what lies below a text handle where there is one, so that neither its encoding nor its line ends
    change them.

    Raises
    ------
    InvalidOption
        The content is not text and the handle takes nothing else.
    OutputError
        The disk is full, or the handle may not be written.
    """
    try:
        text: object = handle
        if not isinstance(text, io.TextIOBase):
            handle.write(content)
        elif hasattr(handle, "buffer"):
            handle.flush()
            handle.buffer.write(content)
            handle.buffer.flush()
        else:
            handle.write(content.decode())
    except UnicodeDecodeError as error:
        raise InvalidOption(
            "A binary format cannot be written to a text handle.", value=handle, next_step="Open the file with 'wb'."
        ) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"The result cannot be written: {error.strerror or error}.", value=handle) from error


@contextmanager
def put_in_place(target: Path) -> Iterator[Path]:
    """Give a place to write a file to, which takes the place of `target` at the end, or is removed after an error."""
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _replace(target: Path, content: bytes) -> None:
    with put_in_place(target) as part, part.open("xb") as handle:
        handle.write(content)
