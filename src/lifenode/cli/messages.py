"""What goes to standard error: progress, accounts and errors. Standard output is for results alone."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lifenode.errors import LifenodeError

_PATIENCE = 1.0  # seconds of silence before a long computation says what it does


def tell(line: str) -> None:
    """Write a line for the person at the terminal."""
    sys.stderr.write(f"{line}\n")


def tell_error(error: LifenodeError, *, as_json: bool) -> None:
    """Write an error, as one line or as its JSON object."""
    if as_json:
        tell(json.dumps(error.to_dict(), ensure_ascii=False))
    else:
        tell(f"error: {error}")


@contextmanager
def patience(line: str) -> Iterator[None]:
    """Say what is going on if it takes more than a second and somebody is watching."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(_PATIENCE, tell, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def use_utf8() -> None:
    """Make both streams take any text, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
