"""The audit log of selection rounds: lines are only ever added, and each holds the checksum of the one before.

What is known about rounds follows from the log alone, so that a change that is not in it does not exist. A line that
was altered, taken out or put in between breaks the chain and is named.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lifenode.errors import FormatError, OutputError, UnreadableInput

Event = Mapping[str, Any]


def read_log(path: Path) -> list[Event]:
    """Return the events of a log, the oldest first; none where there is no log yet.

    Raises
    ------
    UnreadableInput
        It cannot be read.
    FormatError
        A line is not what was written; with its number.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    return _parsed(path, content)


def append(path: Path, make: Callable[[list[Event]], Mapping[str, Any]]) -> Event:
    """Add the event that `make` draws from those so far, with number, time and the checksum of the last line.

    Nobody else adds an event in between. What `make` refuses leaves the log as it was.

    Raises
    ------
    OutputError
        The log cannot be written.
    FormatError
        It was altered.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            handle.seek(0)
            content = handle.read()
            whole = content[: content.rfind(b"\n") + 1]
            events = _parsed(path, whole)
            now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            event = {"number": len(events) + 1, "time": now, **make(events), "previous": _checksum(whole)}
            # A line that was cut off when the machine stopped was never confirmed to anybody.
            handle.truncate(len(whole))
            handle.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}.",
            value=path,
            next_step="Choose a folder that you may write to.",
        ) from error
    return event


def _parsed(path: Path, content: bytes) -> list[Event]:
    events: list[Event] = []
    before = b""
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            event = json.loads(line)
            sound = event["previous"] == _checksum(before) and event["number"] == number
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError.at(path, number, "it is not an event") from error
        if not sound:
            raise FormatError.at(path, number, "the log was altered here or in the line before")
        events.append(event)
        before = line + b"\n"
    return events


def _checksum(content: bytes) -> str:
    """Return the checksum of the last line of the content; "" for the first line."""
    lines = content.splitlines(keepends=True)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""
