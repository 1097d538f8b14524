"""What goes to standard error: progress, accounts and errors. Standard output is for results alone."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lifenode.errors import LifenodeError

_PATIENCE = 1.0  # seconds of silence before a long computation says what it does

# What makes a terminal do something, or turns the direction of writing; line ends and tabs are left alone.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return text with control characters spelled out: names in files of strangers must not steer a terminal."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def tell(line: str) -> None:
    """Write a line for the person at the terminal; that nobody can read it must not cost the result."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"{visible(line)}\n")
        except OSError:
            abandon_streams()


def tell_error(error: LifenodeError, *, as_json: bool) -> None:
    """Write an error, as one line or as its JSON object."""
    if as_json:
        tell(json.dumps(error.to_dict(), ensure_ascii=False))
    else:
        tell(f"error: {error}")


def watched() -> bool:
    """Say whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def patience(line: str) -> Iterator[None]:
    """Say what is going on if it takes more than a second and somebody is watching."""
    if not watched():
        yield
        return
    timer = threading.Timer(_PATIENCE, tell, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def abandon_streams() -> None:
    """Let go what a stream cannot get rid of, so that it does not raise again when the process ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def use_utf8() -> None:
    """Make both streams take any text, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
