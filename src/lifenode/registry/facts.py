"""Resources and their dated facts: who had which status on a day, and who says so."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifenode.errors import FormatError, InvalidOption, UnknownName, UnreadableInput, nearest
from lifenode.registry.build_facts import slug
from lifenode.registry.tables import FOLDER, manifest, table
from lifenode.table import Column, Table

STATUSES = (
    "core-data-resource", "deposition-database", "recommended-interoperability-resource", "service-delivery-plan",
    "node-service", "community-database", "global-core-biodata-resource",
)  # fmt: skip
"""Statuses a fact may state; the plan of a node and the services it runs are kept apart."""

FACT_COLUMNS = ("resource", "status", "from_earliest", "from_latest", "to", "source", "retrieved", "inferred", "note")
"""Columns of a file of further facts; `resource` and `status`, `from_latest`, `source` and `retrieved` are needed."""

_NEEDED = ("resource", "status", "from_latest", "source", "retrieved")


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated statement about a resource.

    Attributes
    ----------
    fact
        Its identifier: status and resource.
    from_earliest, from_latest
        First and last day on which the status may have begun; "" for no earliest day. They are the same day where
        the source states it.
    to
        Last day on which it held; "" while it does.
    source, retrieved
        Who says so, and the day it was read there.
    inferred
        Whether a date follows from other facts and is not stated by the source.
    """

    fact: str
    resource: str
    status: str
    from_earliest: str
    from_latest: str
    to: str
    source: str
    retrieved: str
    inferred: bool
    note: str

    def holds(self, day: str) -> str:
        """Return ``yes``, ``no`` or ``uncertain`` for a day: uncertain where it may not have begun yet."""
        if self.to and day > self.to:
            return "no"
        if day >= self.from_latest:
            return "yes"
        return "no" if self.from_earliest and day < self.from_earliest else "uncertain"

    @property
    def since(self) -> str:
        """Return in words when the status began."""
        if self.from_earliest == self.from_latest:
            return self.from_latest
        if not self.from_earliest:
            return f"by {self.from_latest}"
        if (self.from_earliest[4:], self.from_latest[4:]) == ("-01-01", "-12-31"):
            first, last = self.from_earliest[:4], self.from_latest[:4]
            return first if first == last else f"{first} to {last}"
        return f"{self.from_earliest} to {self.from_latest}"


def shipped_facts(folder: Path = FOLDER) -> list[Fact]:
    """Return the facts that ship with the package."""
    return [_fact(dict(row)) for row in table("facts.tsv", folder)]


def read_facts(path: Path) -> list[Fact]:
    """Read further facts from a table of comma- or tab-separated text with `FACT_COLUMNS`.

    Raises
    ------
    UnreadableInput
        The file is missing or not text.
    FormatError
        A column or a value is missing, a date is none, or a status is unknown; with the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    lines = text.splitlines()
    reader = csv.DictReader(lines, delimiter="\t" if lines and "\t" in lines[0] else ",")
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise FormatError.at(path, 1, f"the columns {', '.join(missing)} are missing")
    return [_checked(path, reader.line_num, {str(k): (v or "").strip() for k, v in row.items()}) for row in reader]


def _checked(path: Path, line: int, row: dict[str, str]) -> Fact:
    for name in _NEEDED:
        if not row[name]:
            raise FormatError.at(path, line, f"the {name} is missing")
    if row["status"] not in STATUSES:
        raise FormatError.at(path, line, f"there is no status {row['status']!r}", value=row["status"])
    for name in ("from_earliest", "from_latest", "to", "retrieved"):
        if row.get(name):
            try:
                row[name] = _day(row[name])
            except InvalidOption as error:
                raise FormatError.at(path, line, f"{name} is {row[name]!r}, which is not a date") from error
    row["resource"] = slug(row["resource"])
    return _fact({**dict.fromkeys(FACT_COLUMNS, ""), "fact": f"{row['status']}/{row['resource']}", **row})


def _fact(row: dict[str, str]) -> Fact:
    texts = {name: row[name] for name in ("fact", *FACT_COLUMNS) if name != "inferred"}
    return Fact(**texts, inferred=row["inferred"].lower() in ("yes", "true", "1"))


def _day(text: str) -> str:
    if text.lower() == "today":
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InvalidOption(
            f"{text!r} is not a date.", value=text, next_step="Write year-month-day, such as 2023-12-31."
        ) from error


_COLUMNS = (
    Column("resource", "text", "identifier of the resource"),
    Column("name", "text", "its name"),
    Column("status", "text", "what it is"),
    Column("since", "text", "when the status began, as exactly as is known"),
    Column("to", "text", "last day on which the status held; empty while it does"),
    Column("inferred", "boolean", "whether a date is inferred and not stated by the source"),
    Column("certain", "boolean", "whether the status held on the day for certain"),
    Column("fact", "text", "identifier of the fact"),
    Column("from_earliest", "text", "first day on which the status may have begun"),
    Column("from_latest", "text", "last day on which the status may have begun"),
    Column("source", "text", "who says so"),
    Column("retrieved", "text", "day on which the source was read"),
    Column("note", "text", "what else there is to know"),
    Column("url", "text", "address of the resource"),
    Column("node", "text", "node that runs it, where known"),
)


def resources(
    status: str | None = None,
    at: str | datetime.date | None = None,
    *,
    facts: Iterable[Fact] = (),
    uncertain: bool = False,
    folder: Path = FOLDER,
) -> Table:
    """Return the facts that hold on a day, a row each.

    Parameters
    ----------
    status
        One of `STATUSES`; all by default.
    at
        A day, as ``YYYY-MM-DD``; today by default.
    facts
        Facts besides those that are shipped.
    uncertain
        Also return facts that may have held, since the day of their beginning is not known exactly.
    folder
        Folder of the shipped tables.

    Returns
    -------
    Table
        A row for each fact that holds on the day. ``meta`` has for each status the number of resources (``count``)
        and the facts behind it, the facts that may have held (``uncertain``), and how many dates are inferred.

    Raises
    ------
    InvalidOption
        `at` is not a date.
    UnknownName
        There is no such status.
    """
    if status is not None and status not in STATUSES:
        close = nearest(status, STATUSES, 1)
        hint = f"Did you mean {close[0]}?" if close else f"Statuses: {', '.join(STATUSES)}."
        raise UnknownName(f"There is no status {status!r}.", value=status, next_step=hint)
    day = _day(at.isoformat() if isinstance(at, datetime.date) else at or "today")
    known = [*shipped_facts(folder), *facts]
    found = [(fact, fact.holds(day)) for fact in known if status in (None, fact.status)]
    found = [(fact, held) for fact, held in found if held != "no"]
    found.sort(key=lambda one: (STATUSES.index(one[0].status), one[0].resource))
    return _as_table(found, day, folder, [pair for pair in found if uncertain or pair[1] == "yes"])


def resource(name: str, *, facts: Iterable[Fact] = (), folder: Path = FOLDER) -> Table:
    """Return all facts of one resource, whenever they held.

    Raises
    ------
    UnknownName
        No fact is about it; the nearest names are offered.
    """
    known = [*shipped_facts(folder), *facts]
    wanted = slug(name)
    found = [(fact, fact.holds(_day("today"))) for fact in known if fact.resource == wanted]
    if not found:
        titles = {row["resource"]: row["name"] for row in table("resources.tsv", folder)}
        close = nearest(name, sorted({titles.get(fact.resource, fact.resource) for fact in known}))
        hint = f"Did you mean {' or '.join(close)}?" if close else "`lifenode resources list` shows all."
        raise UnknownName(f"There is no resource {name!r}.", value=name, next_step=hint)
    return _as_table(found, _day("today"), folder, found)


def _as_table(found: Sequence[tuple[Fact, str]], day: str, folder: Path, shown: Sequence[tuple[Fact, str]]) -> Table:
    about = {row["resource"]: row for row in table("resources.tsv", folder)}
    data: dict[str, list[object]] = {column.name: [] for column in _COLUMNS}
    for fact, held in shown:
        row = about.get(fact.resource, {"name": fact.resource, "url": "", "node": ""})
        values = {"name": row["name"], "url": row["url"], "node": row["node"], "certain": held == "yes"}
        for column in _COLUMNS:
            data[column.name].append(values[column.name] if column.name in values else getattr(fact, column.name))
    return Table(_COLUMNS, data, lambda: _meta(found, day, folder), len(shown))


def _meta(found: Sequence[tuple[Fact, str]], day: str, folder: Path) -> dict[str, object]:
    counts = {}
    for status in STATUSES:
        of_status = [(fact, held) for fact, held in found if fact.status == status]
        held = [fact for fact, answer in of_status if answer == "yes"]
        if of_status:
            counts[status] = {
                "count": len({fact.resource for fact in held}),
                "inferred": sum(fact.inferred for fact in held),
                "facts": [fact.fact for fact in held],
                "uncertain": [fact.fact for fact, answer in of_status if answer == "uncertain"],
            }
    return {
        "at": day,
        "known_until": max((fact.retrieved for fact, _ in found), default=""),
        "counts": counts,
        "sources": [one for one in manifest(folder)["sources"] if "facts.tsv" in one["tables"].split()],
    }
