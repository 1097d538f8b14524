"""The folder a node keeps its facts in, read whole: what is there, what is missing, what cannot be used.

::

    node.toml          name, node (such as ELIXIR-EE), coordinator, and [sign_off] with the year
    logs/              access logs; counted into usage.sqlite, each once
    services.toml      which addresses belong to which service (optional)
    events.csv         training events, by the template
    responses/         answers to the surveys, by the templates (optional)
    participants.csv   event_code, organisation: one row a person, no names
    organisations.csv  name, organisation: what a person decided about a spelling (optional)
    ror.json           the dump of ROR, or a part of it (optional)
    registry.csv       resource, status, from, to, source, retrieved, inferred: dated facts
    series.csv         resource, indicator, year, value (optional)
    records.csv        kind, date, title, identifier, until: publications, projects, services, people
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lifenode.errors import LifenodeError, UnreadableInput
from lifenode.reporting.addresses import read_addresses
from lifenode.reporting.organisations import Registry, read_ror
from lifenode.reporting.responses import Response, read_responses
from lifenode.reporting.series import read_series
from lifenode.reporting.sheets import Row, Sheet, need, read_sheet
from lifenode.reporting.training_events import Event, merge_events, read_events
from lifenode.reporting.usage import broken_lines, ingest

NEEDED = {
    "logs": "access logs in logs/, or usage.sqlite",
    "events.csv": "training events",
    "participants.csv": "organisations of the participants",
    "registry.csv": "dated facts about resources",
    "records.csv": "publications, projects, services and people",
}


@dataclass
class Inputs:
    """What a folder holds.

    Attributes
    ----------
    node
        Contents of node.toml.
    usage
        Store of usage, if there is one.
    sheets
        Tables that were read, by name.
    problems
        Everything that could not be used, with place and reason.
    missing
        What a final report needs and is not there.
    """

    folder: Path
    node: dict[str, object] = field(default_factory=dict)
    usage: Path | None = None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    responses: list[Response] = field(default_factory=list)
    series: dict[tuple[str, str], dict[int, Decimal]] = field(default_factory=dict)
    registry: Registry | None = None
    decided: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def rows(self, name: str) -> Sequence[Row]:
        """Return the rows of a table, or none."""
        return self.sheets[name].rows if name in self.sheets else ()

    def text(self, name: str) -> str:
        """Return a text of node.toml, or an empty one."""
        value = self.node.get(name, "")
        return value if isinstance(value, str) else ""


def read_inputs(folder: Path) -> Inputs:
    """Return what a folder holds; logs that are new in it are counted first.

    Raises
    ------
    UnreadableInput
        There is no such folder.
    """
    if not folder.is_dir():
        raise UnreadableInput(f"There is no folder {folder}.", value=folder, next_step="Name the folder of the node.")
    found = Inputs(folder)
    _read_node(found)
    _read_usage(found)
    for name in ("events.csv", "participants.csv", "organisations.csv", "registry.csv", "series.csv", "records.csv"):
        _read_table(found, name)
    _read_training(found)
    _read_rest(found)
    waived = found.node.get("not_applicable", [])
    kept = [name for name in found.missing if not isinstance(waived, list) or name not in waived]
    found.missing = [f"{name}: {NEEDED[name]}" if name in NEEDED else name for name in kept]
    return found


def _read_node(found: Inputs) -> None:
    path = found.folder / "node.toml"
    try:
        found.node = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        found.problems.append("node.toml is missing")
    except ValueError as error:
        found.problems.append(f"node.toml: {error}")
    found.missing += [f"node.toml: {name}" for name in ("name", "node", "coordinator") if not found.text(name)]


def _read_usage(found: Inputs) -> None:
    store, logs = found.folder / "usage.sqlite", found.folder / "logs"
    given = sorted(path for path in logs.rglob("*") if path.is_file()) if logs.is_dir() else []
    rules = found.folder / "services.toml"
    try:
        if given:
            account = ingest(store, given, read_addresses(rules) if rules.exists() else None)
            found.problems += [f"{Path(path).name}: {reason}" for path, reason in account.refused.items()]
        if store.exists():
            found.problems += broken_lines(store)
    except LifenodeError as error:
        found.problems.append(str(error))
    if store.exists():
        found.usage = store
    else:
        found.missing.append("logs")


def _read_table(found: Inputs, name: str) -> None:
    path = found.folder / name
    try:
        if path.exists():
            found.sheets[name] = read_sheet(path)
            found.problems += map(str, found.sheets[name].problems)
    except LifenodeError as error:
        found.problems.append(str(error))
    if name in NEEDED and name not in found.sheets:
        found.missing.append(name)


def _read_training(found: Inputs) -> None:
    if "events.csv" in found.sheets:
        try:
            events, problems = read_events(found.sheets["events.csv"])
            found.events, refused = merge_events({}, events)
            found.problems += map(str, [*problems[len(found.sheets["events.csv"].problems) :], *refused])
        except LifenodeError as error:
            found.problems.append(str(error))
    seen: dict[str, str] = {}
    for path in sorted((found.folder / "responses").glob("*.csv")):
        try:
            sheet = read_sheet(path)
            if sheet.sha256 in seen:
                found.problems.append(f"{path.name} is {seen[sheet.sha256]} again; counted once")
                continue
            seen[sheet.sha256] = path.name
            read = read_responses(sheet, found.events)
        except LifenodeError as error:
            found.problems.append(str(error))
            continue
        found.sheets[f"responses/{path.name}"] = sheet
        found.responses += read.responses
        found.problems += map(str, read.problems)


def _read_rest(found: Inputs) -> None:
    ror = found.folder / "ror.json"
    try:
        found.registry = read_ror(ror) if ror.exists() else None
        if "series.csv" in found.sheets:
            found.series, problems = read_series(found.sheets["series.csv"])
            found.problems += map(str, problems[len(found.sheets["series.csv"].problems) :])
    except LifenodeError as error:
        found.problems.append(str(error))
    for row in found.rows("organisations.csv"):
        found.decided[row.get("name")] = row.get("organisation")
    _check_columns(found, {
        "participants.csv": ("event_code", "organisation"), "registry.csv": ("resource", "status", "from"),
        "records.csv": ("kind", "date", "title"),
    })  # fmt: skip


def _check_columns(found: Inputs, columns: Mapping[str, Sequence[str]]) -> None:
    """Drop tables that lack a column they need, and say so."""
    for name, needed in columns.items():
        if name not in found.sheets:
            continue
        try:
            for column in needed:
                need(found.sheets[name], column)
        except LifenodeError as error:
            found.problems.append(str(error))
            found.missing.append(name)
            del found.sheets[name]
