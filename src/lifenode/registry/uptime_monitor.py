"""The uptime monitor: who is asked, a round of checks, and what it adds up to over time."""

from __future__ import annotations

import csv
import datetime
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from lifenode.errors import FormatError, InvalidOption, UnknownName, UnreadableInput, nearest
from lifenode.registry.build_facts import slug
from lifenode.registry.facts import Fact, resources
from lifenode.registry.uptime_days import LATENCY_MILLISECONDS, days, read_states, record, recorded
from lifenode.registry.uptime_probe import Answer, Limits, probe
from lifenode.table import Column, Table

TARGET = 0.99
"""Share of checks that must be up or challenged over a year of probation."""

ENOUGH = 0.9
"""Share of the expected checks that must have been recorded before uptime is judged."""

WINDOWS = (1, 7, 30, 90, 365)
"""Days that uptime is usually stated for."""

_TOGETHER = 8
_LIMITS = Limits()

_COLUMNS = (
    Column("resource", "text", "identifier of the resource"),
    Column("state", "text", "last known: up, challenged or down"),
    Column("since", "text", "when that state began (UTC)"),
    Column("uptime", "number", "share of the recorded checks that were up or challenged"),
    Column("coverage", "number", "share of the expected hourly checks that were recorded"),
    Column("up", "integer", "checks that were up"),
    Column("challenged", "integer", "checks that met a page asking the visitor to prove to be human"),
    Column("down", "integer", "checks that failed twice"),
    Column("recorded", "integer", "checks that were recorded"),
    Column("expected", "integer", "one an hour since the resource was first checked"),
    Column("p50_milliseconds", "number", "median time of an answer, from the histogram; 10,000 stands for longer"),
    Column("p95_milliseconds", "number", "time within which 95 of 100 answers came, from the histogram"),
    Column("target", "text", "met, not met or not assessable: 99 % of the checks, see `verdict`"),
    Column("review", "boolean", "whether the address is to be looked at: it has moved or is gone"),
    Column("reason", "text", "why the last check was not simply up"),
    Column("last", "text", "when it was last checked (UTC)"),
)


def targets(status: str | None = None, *, facts: Iterable[Fact] = ()) -> dict[str, str]:
    """Return the addresses of the resources that hold a status today, by resource.

    Those whose address is not known are left out.
    """
    table = resources(status, facts=facts, uncertain=True)
    return {row["resource"]: row["url"] for row in table.to_dicts() if row["url"]}


def read_targets(path: Path) -> dict[str, str]:
    """Read addresses from comma- or tab-separated text with the columns `resource` and `url`.

    Raises
    ------
    UnreadableInput
        The file is missing or not text.
    FormatError
        A column is missing, a line has no address, or a resource is named twice; with the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    reader = csv.DictReader(lines, delimiter="\t" if lines and "\t" in lines[0] else ",")
    missing = [name for name in ("resource", "url") if name not in (reader.fieldnames or ())]
    if missing:
        raise FormatError.at(path, 1, f"the columns {', '.join(missing)} are missing")
    found: dict[str, str] = {}
    for row in reader:
        name, url = slug(row["resource"] or ""), (row["url"] or "").strip()
        if not name or not url:
            raise FormatError.at(path, reader.line_num, "the resource or its address is missing")
        if name in found:
            raise FormatError.at(path, reader.line_num, f"{name} is named twice", value=name)
        found[name] = url
    return found


def check_all(
    addresses: Mapping[str, str],
    folder: Path,
    *,
    limits: Limits = _LIMITS,
    at: datetime.datetime | None = None,
    progress: Callable[[int], None] = lambda done: None,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[dict[str, Answer], list[dict[str, Any]]]:
    """Check addresses once, failures a second time after a pause, and record the outcomes for the hour.

    What is recorded for the hour already is not asked again.

    Parameters
    ----------
    addresses
        Address by resource.
    folder
        Where the monitor keeps its files.
    limits
        What one check may take.
    at
        When the round begins; now by default.
    progress
        Told the number of finished checks.
    wait
        How the pause before the second attempt passes.

    Returns
    -------
    tuple of dict and list
        Answer by resource, and the changes of state.
    """
    at = at or datetime.datetime.now(datetime.UTC)
    known = recorded(folder, at)
    wanted = {name: url for name, url in addresses.items() if name not in known}
    answers: dict[str, Answer] = {}
    with ThreadPoolExecutor(_TOGETHER) as pool:
        for name, answer in zip(wanted, pool.map(lambda url: probe(url, limits), wanted.values()), strict=True):
            answers[name] = answer
            progress(len(answers))
        again = [name for name, answer in answers.items() if answer.outcome == "down" and not answer.review]
        if again:
            wait(limits.retry)
        for name, answer in zip(again, pool.map(lambda one: probe(wanted[one], limits), again), strict=True):
            answers[name] = replace(answer, attempts=2)
    return answers, record(folder, {name: (wanted[name], answer) for name, answer in answers.items()}, at)


def uptime(
    folder: Path,
    window: int = 30,
    *,
    to: datetime.datetime | None = None,
    names: Iterable[str] | None = None,
) -> Table:
    """Add up what was recorded over the last days.

    Uptime is (up + challenged) / recorded; coverage is recorded / expected, one check an hour since the later of the
    first check and the beginning of the window. Hours without a check lower the coverage and are never taken for up.

    Parameters
    ----------
    folder
        Where the monitor keeps its files.
    window
        Number of days, the last one included.
    to
        End of the window; now by default.
    names
        Resources to state; all by default.

    Returns
    -------
    Table
        A row a resource, those that are down first. ``meta`` has the window, the rule, and the counts of states.

    Raises
    ------
    InvalidOption
        The window is not at least a day.
    UnknownName
        A resource was never checked.
    """
    if window < 1:
        raise InvalidOption(f"A window of {window} days is none.", value=window, next_step="Give 1 day or more.")
    to = (to or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    first = to.date() - datetime.timedelta(days=window - 1)
    states = read_states(folder)
    wanted = sorted(states) if names is None else [_known(name, states) for name in names]
    entries: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    for _, day in days(folder, first, to.date()):
        for name in wanted:
            if name in day:
                entries[name].append(day[name])
    rows = [_row(name, states[name], entries[name], first, to) for name in wanted]
    order = {"down": 0, "challenged": 1, "up": 2}
    rows.sort(key=lambda row: (order[row["state"]], row["resource"]))
    meta = {
        "from": first.isoformat(), "to": to.strftime("%Y-%m-%dT%H:%M:%SZ"), "days": window, "target": TARGET,
        "rule": "uptime = (up + challenged) / recorded; coverage = recorded / expected, one check an hour",
        "states": {state: sum(row["state"] == state for row in rows) for state in order},
    }  # fmt: skip
    return Table(_COLUMNS, {c.name: [row[c.name] for row in rows] for c in _COLUMNS}, lambda: meta, len(rows))


def verdict(good: int, recorded: int, expected: int) -> str:
    """Say whether the 99 % rule is met.

    ``not met`` as soon as it cannot be met any more, whatever the hours without a check held; else by the recorded
    share where at least `ENOUGH` of the expected checks were recorded; else ``not assessable``.
    """
    if expected and (good + expected - recorded) / expected < TARGET:
        return "not met"
    if not recorded or recorded < ENOUGH * expected:
        return "not assessable"
    return "met" if good / recorded >= TARGET else "not met"


def latency_quantile(counts: Iterable[int], quantile: float) -> float | None:
    """Return a quantile (milliseconds) of a histogram, linear within its class; None where nothing was counted.

    What lies beyond the last bound is stated as that bound.
    """
    classes = list(counts)
    wanted = quantile * sum(classes)
    if not wanted:
        return None
    below, lower = 0, 0
    for count, upper in zip(classes, LATENCY_MILLISECONDS, strict=False):
        if count and below + count >= wanted:
            return lower + (upper - lower) * (wanted - below) / count
        below, lower = below + count, upper
    return float(LATENCY_MILLISECONDS[-1])


def _row(
    name: str, state: Mapping[str, Any], entries: list[dict[str, Any]], first: datetime.date, to: datetime.datetime
) -> dict[str, Any]:
    letters = "".join(entry["hours"] for entry in entries)
    up, challenged, down = (letters.count(letter) for letter in "ucd")
    known = up + challenged + down
    expected = max(_expected(str(state["first"]), first, to), known)
    latency = [sum(column) for column in zip(*(entry["latency"] for entry in entries), strict=True)]
    return {
        "resource": name, "state": state["outcome"], "since": state["since"], "last": state["last"],
        "review": state["review"], "reason": state["reason"], "up": up, "challenged": challenged, "down": down,
        "recorded": known, "expected": expected,
        "uptime": (up + challenged) / known if known else None,
        "coverage": known / expected if expected else None,
        "p50_milliseconds": latency_quantile(latency, 0.5), "p95_milliseconds": latency_quantile(latency, 0.95),
        "target": verdict(up + challenged, known, expected),
    }  # fmt: skip


def _expected(begun: str, first: datetime.date, to: datetime.datetime) -> int:
    """Return the number of hours from the later of the first check and the window's beginning, the current included."""
    start = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    start = max(start, datetime.datetime.fromisoformat(begun).replace(minute=0, second=0))
    return max(int((to - start).total_seconds() // 3600) + 1, 0)


def _known(name: str, states: Mapping[str, object]) -> str:
    if slug(name) in states:
        return slug(name)
    close = nearest(name, sorted(states), 2)
    hint = f"Did you mean {' or '.join(close)}?" if close else "`lifenode resources uptime show` lists all."
    raise UnknownName(f"{name!r} was never checked.", value=name, next_step=hint)
