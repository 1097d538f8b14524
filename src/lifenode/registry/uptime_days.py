"""What the uptime monitor keeps: a file a day, the state of each resource, and every change of it.

A day's file has for each resource one letter an hour (UTC): ``u`` up, ``c`` challenged, ``d`` down, ``-`` not
recorded. An hour is recorded once, so that running the monitor more often, or twice, counts nothing twice; an hour
in which it did not run stays unrecorded and never counts as up.
"""

from __future__ import annotations

import bisect
import datetime
import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lifenode._atomic import write_atomically
from lifenode.errors import FormatError, OutputError, UnreadableInput
from lifenode.registry.uptime_probe import Answer

LATENCY_MILLISECONDS = (250, 500, 1_000, 2_000, 5_000, 10_000)
"""Upper bounds of the classes of the latency histogram; a last class has what took longer."""

_LETTERS = {"up": "u", "challenged": "c", "down": "d"}
OUTCOME_OF = {letter: outcome for outcome, letter in _LETTERS.items()}
_EMPTY = "-" * 24


def record(folder: Path, answers: Mapping[str, tuple[str, Answer]], at: datetime.datetime) -> list[dict[str, Any]]:
    """Record what a round of checks found, and return the changes of state.

    Parameters
    ----------
    folder
        Where the monitor keeps its files.
    answers
        Address and answer by resource.
    at
        When the round began; the hour (UTC) it is recorded for.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    at = at.astimezone(datetime.UTC)
    with _locked(folder):
        day = read_day(folder, at.date())
        fresh = {name: one for name, one in answers.items() if _hours(day, name)[at.hour] == "-"}
        for name, (url, answer) in fresh.items():
            _enter(day.setdefault(name, {}), url, answer, at.hour)
        states = read_states(folder)
        changes = [change for name, (_, answer) in fresh.items() if (change := _change(states, name, answer, at))]
        _write(day_path(folder, at.date()), {"day": at.date().isoformat(), "interval_minutes": 60, "resources": day})
        _write(folder / "state.json", states)
        _append(folder / "events.jsonl", changes)
    return changes


def recorded(folder: Path, at: datetime.datetime) -> set[str]:
    """Return the resources whose hour is recorded already."""
    at = at.astimezone(datetime.UTC)
    day = read_day(folder, at.date())
    return {name for name in day if _hours(day, name)[at.hour] != "-"}


def read_day(folder: Path, day: datetime.date) -> dict[str, dict[str, Any]]:
    """Return what was recorded on a day, by resource.

    Raises
    ------
    FormatError
        The file of the day is damaged.
    """
    found = _read(day_path(folder, day))
    resources = found.get("resources", {})
    for name, entry in resources.items():
        hours = entry.get("hours") if isinstance(entry, dict) else None
        if not isinstance(hours, str) or len(hours) != 24 or set(hours) - set("ucd-"):
            raise FormatError(
                f"{day_path(folder, day)} is damaged at {name}: {str(hours)[:40]!r} are not 24 hours.",
                value=hours,
                next_step="Restore the file, or remove it: its hours then count as not recorded.",
            )
    return dict(resources)


def days(folder: Path, first: datetime.date, last: datetime.date) -> Iterator[tuple[datetime.date, dict[str, Any]]]:
    """Yield the days that have a file, with what was recorded on them."""
    for offset in range((last - first).days + 1):
        day = first + datetime.timedelta(days=offset)
        if day_path(folder, day).is_file():
            yield day, read_day(folder, day)


def read_states(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the last known state of every resource: outcome, since, first, last, reason, review, status."""
    return _read(folder / "state.json")


def read_events(folder: Path, resource: str | None = None) -> list[dict[str, Any]]:
    """Return the changes of state, the oldest first; a line cut off at the end is left out."""
    path = folder / "events.jsonl"
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    events = [json.loads(line) for line in lines if line]
    return [event for event in events if resource in (None, event["resource"])]


def day_path(folder: Path, day: datetime.date) -> Path:
    """Return where the file of a day is."""
    return folder / f"{day.year}" / f"{day.isoformat()}.json"


def _hours(day: Mapping[str, Mapping[str, Any]], name: str) -> str:
    return str(day[name]["hours"]) if name in day else _EMPTY


def _enter(entry: dict[str, Any], url: str, answer: Answer, hour: int) -> None:
    hours = entry.get("hours", _EMPTY)
    entry["url"] = url
    entry["hours"] = hours[:hour] + _LETTERS[answer.outcome] + hours[hour + 1 :]
    latency = entry.setdefault("latency", [0] * (len(LATENCY_MILLISECONDS) + 1))
    if answer.outcome == "up":
        latency[bisect.bisect_left(LATENCY_MILLISECONDS, answer.milliseconds)] += 1
    if answer.reason:
        entry.setdefault("reasons", {})[f"{hour:02}"] = answer.reason


def _change(
    states: dict[str, dict[str, Any]], name: str, answer: Answer, at: datetime.datetime
) -> dict[str, Any] | None:
    """Bring the state of a resource up to date; return what changed, if the outcome or its reason did."""
    time = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    before = states.get(name, {})
    same = before.get("outcome") == answer.outcome
    states[name] = {
        "outcome": answer.outcome,
        "since": before["since"] if same else time,
        "first": before.get("first", time),
        "last": time,
        "status": answer.status,
        "reason": answer.reason,
        "review": answer.review,
    }
    if same and before.get("reason") == answer.reason:
        return None
    return {
        "time": time,
        "resource": name,
        "from": before.get("outcome", ""),
        "to": answer.outcome,
        "reason": answer.reason,
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            f"{path} cannot be read: {error}.", value=path, next_step="Restore it, or remove it."
        ) from error
    if not isinstance(content, dict):
        raise FormatError(f"{path} is damaged: it holds no object.", value=path, next_step="Restore it, or remove it.")
    return content


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(content, ensure_ascii=False, sort_keys=True, indent=0).encode() + b"\n")


def _append(path: Path, entries: list[dict[str, Any]]) -> None:
    if not entries:
        return
    with path.open("a+b") as handle:
        handle.seek(0)
        content = handle.read()
        # A line that was cut off when the machine stopped must not swallow the next one.
        handle.truncate(content.rfind(b"\n") + 1)
        handle.write(b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in entries))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}.",
            value=folder,
            next_step="Choose a folder that you may write to.",
        ) from error
