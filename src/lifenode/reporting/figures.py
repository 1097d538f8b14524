"""The numbers of a year, each made by one function from the records of a node's folder."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from lifenode.reporting.indicators import Evidence, Indicator, evidence_of
from lifenode.reporting.inputs import Inputs
from lifenode.reporting.organisations import Matched, organisations
from lifenode.reporting.series import yearly_totals
from lifenode.reporting.sheets import Row
from lifenode.reporting.training_events import COURSES, Event, of_year
from lifenode.reporting.usage import QUERY_RULE, daily, visitors

_SERVED = ("human", "machine")


def figures(inputs: Inputs, year: int) -> list[Indicator]:
    """Return all numbers of a year that the folder has records for, in the order of the report."""
    parts: tuple[Callable[[Inputs, int], Iterator[Indicator]], ...] = (_usage, _training, _registry, _records, _series)
    return [indicator for part in parts for indicator in part(inputs, year)]


def _usage(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if inputs.usage is None:
        return
    rows = list(daily(inputs.usage, str(year), str(year)))
    people = [row for row in visitors(inputs.usage, str(year), str(year)) if row["class"] in _SERVED]
    period, days = str(year), len({row["day"] for row in rows})
    length = 365 + calendar.isleap(year)
    gaps = (f"counts of {days} of the {length} days of the year",) if days < length else ()
    queried = [row for row in rows if row["class"] in _SERVED and row["kind"] in ("page", "api")]
    evidence = (evidence_of("usage.sqlite", queried),)

    def total(name: str, **only: str) -> int:
        return sum(row[name] for row in queried if all(row[key] == value for key, value in only.items()))

    yield Indicator(
        "usage.queries", "queries served", period, total("queries"), QUERY_RULE, evidence, "Executions", gaps,
        ("service queries", "queries"),
    )  # fmt: skip
    for service in sorted({row["service"] for row in queried}):
        own = (evidence_of("usage.sqlite", [row for row in queried if row["service"] == service]),)
        value = total("queries", service=service)
        rule = f"{QUERY_RULE} Of the service {service}."
        yield Indicator(f"usage.queries.{service}", f"queries served by {service}", period, value, rule, own, "Executions", gaps)  # fmt: skip
    programs = "Queries of programs that people run, such as curl, R or Python; see the three classes."
    yield Indicator("usage.queries_by_programs", "queries by programs", period, total("queries", **{"class": "machine"}), programs, evidence, "Executions", gaps)  # fmt: skip
    views = total("queries", **{"class": "human", "kind": "page"})
    yield Indicator("usage.page_views", "page views", period, views, "Queries of people for pages.", evidence, "Pageviews", gaps)  # fmt: skip
    whole = [row for row in people if row["service"] == "all"]
    visits = "Queries of one visitor without 30 minutes of silence between them; people and their programs."
    yield Indicator("usage.visits", "visits", period, sum(row["visits"] for row in whole), visits, (evidence_of("usage.sqlite", whole),), "Visits", gaps)  # fmt: skip
    hits = "Lines of the access logs, of everybody and for everything."
    yield Indicator("usage.requests", "requests", period, sum(row["requests"] for row in rows), hits, (evidence_of("usage.sqlite", rows),), "Hits", gaps)  # fmt: skip


def _sheet_evidence(inputs: Inputs, name: str, records: int) -> Evidence:
    return Evidence(name, records, inputs.sheets[name].sha256)


def _training(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if "events.csv" not in inputs.sheets:
        return
    node, period = inputs.text("node"), str(year)
    events = of_year(list(inputs.events.values()), year)
    own = [event for event in events if event.node_main == node]
    courses = [event for event in own if event.type in COURSES]
    shared = [event for event in events if event.node_main != node and node in event.node]
    names = f"of {node} as main node that begin in the year"
    evidence = (_sheet_evidence(inputs, "events.csv", len(courses)),)
    yield Indicator("training.courses", "courses", period, len(courses), f"Events of type Training {names}.", evidence, words=("training courses", "trainings"))  # fmt: skip
    yield Indicator("training.events", "training events", period, len(own), f"Events of every type {names}.", (_sheet_evidence(inputs, "events.csv", len(own)),))  # fmt: skip
    rule = f"Events that begin in the year in which {node} takes part and another node is the main one."
    yield Indicator("training.co_organised", "co-organised events", period, len(shared), rule, (_sheet_evidence(inputs, "events.csv", len(shared)),))  # fmt: skip
    silent = sum(event.number_participants is None for event in courses)
    notes = (f"{silent} courses give no number and count as none",) if silent else ()
    taught = sum(event.number_participants or 0 for event in courses)
    yield Indicator("training.participants", "participants", period, taught, "Sum of the participants of the courses.", evidence, "Users", notes)  # fmt: skip
    trainers = sum(event.number_trainers or 0 for event in courses)
    yield Indicator("training.trainers", "trainers", period, trainers, "Sum of the trainers of the courses.", evidence)
    yield from _organisations(inputs, period, courses)


def _organisations(inputs: Inputs, period: str, courses: list[Event]) -> Iterator[Indicator]:
    if "participants.csv" not in inputs.sheets:
        return
    codes = {event.code for event in courses}
    rows = [row for row in inputs.rows("participants.csv") if row.get("event_code") in codes]
    written = [row.get("organisation") for row in rows]
    found = organisations(written, inputs.registry, inputs.decided)
    notes = []
    if blank := sum(not name for name in written):
        notes.append(f"{blank} participants without an organisation are in none")
    if found:
        how = Counter(match.how for match in found.values())
        notes.append(
            f"{len(found)} spellings: " + ", ".join(f"{count} by {name}" for name, count in sorted(how.items()))
        )
    expected = sum(event.number_participants or 0 for event in courses)
    if len(rows) != expected:
        notes.append(f"{len(rows)} participants are listed, the events say {expected}")
    distinct: set[Matched | str] = {match.ror_id or match.name for match in found.values()}
    rule = "Different organisations of the participants of the courses; spellings brought together by ROR, a person or the matcher."  # fmt: skip
    yield Indicator(
        "training.organisations", "organisations", period, len(distinct), rule,
        (_sheet_evidence(inputs, "participants.csv", len(rows)),), notes=tuple(notes), words=("organizations", "institutions"),
    )  # fmt: skip


def _registry(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if "registry.csv" not in inputs.sheets:
        return
    end = date(year, 12, 31)
    held: dict[str, dict[str, Row]] = {}
    for row in inputs.rows("registry.csv"):
        begin, until = _day(inputs, row, "from"), _day(inputs, row, "to") if row.get("to") else None
        if begin is not None and begin <= end and (until is None or until > end):
            held.setdefault(row.get("status"), {}).setdefault(row.get("resource"), row)
    for status in sorted(held):
        rows = list(held[status].values())
        inferred = sum(row.get("inferred").casefold() in ("1", "yes", "true") for row in rows)
        notes = (f"{inferred} of {len(rows)} first days are inferred",) if inferred else ()
        label = f"{status.replace('-', ' ')}s" if not status.endswith("s") else status.replace("-", " ")
        yield Indicator(
            f"registry.{status}", label, end.isoformat(), len(rows),
            f"Resources whose status {status} holds on {end}, by dated facts.",
            (evidence_of("registry.csv", [list(row.cells.values()) for row in rows]),), notes=notes,
        )  # fmt: skip


def _day(inputs: Inputs, row: Row, name: str) -> date | None:
    """Return a date of a row; what is none is reported once."""
    try:
        return date.fromisoformat(row.get(name))
    except ValueError:
        problem = str(row.problem(name, row.get(name), "is no date like 2023-05-31; the row is left out"))
        if problem not in inputs.problems:
            inputs.problems.append(problem)
        return None


# Kinds of records with the label, the RIMO indicator and the rule of each.
RECORDS = {
    "publication": ("publications", "Publications", "Publications dated in the year; one DOI counts once."),
    "project": (
        "projects",
        "Projects",
        "Projects that run on a day of the year: begun by its end and not ended before it.",
    ),
    "service": ("services launched or updated", "", "Services launched or updated in the year."),
    "person": ("staff changes", "", "People who joined or left in the year."),
    "collaboration": ("collaborations", "", "Collaborations that run on a day of the year."),
}
_RUNNING = ("project", "collaboration")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def records_of(inputs: Inputs, year: int) -> dict[str, list[Row]]:
    """Return the records of a year by kind, each once."""
    found: dict[str, dict[str, Row]] = {kind: {} for kind in RECORDS}
    for row in inputs.rows("records.csv"):
        kind, begin = row.get("kind").casefold(), _day(inputs, row, "date")
        if kind not in found:
            problem = str(row.problem("kind", kind, f"is none of {', '.join(RECORDS)}; the row is left out"))
            inputs.problems += [problem] if problem not in inputs.problems else []
            continue
        if begin is None:
            continue
        end = (_day(inputs, row, "until") if row.get("until") else None) or (date.max if kind in _RUNNING else begin)
        if begin.year <= year <= end.year and (kind in _RUNNING or begin.year == year):
            doi = _DOI.fullmatch(row.get("identifier"))
            found[kind].setdefault(doi[1].lower() if doi else row.get("title").casefold(), row)
    return {kind: list(rows.values()) for kind, rows in found.items()}


def _records(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if "records.csv" not in inputs.sheets:
        return
    for kind, rows in records_of(inputs, year).items():
        label, rimo, rule = RECORDS[kind]
        evidence = (evidence_of("records.csv", [list(row.cells.values()) for row in rows]),)
        yield Indicator(f"records.{kind}", label, str(year), len(rows), rule, evidence, rimo)


def _series(inputs: Inputs, year: int) -> Iterator[Indicator]:
    for total in yearly_totals(inputs.series, [year]):
        if not total.resources:
            continue
        rule = f"Sum over {total.resources} resources; a missing year is the year before carried forward."
        value = int(total.value) if total.value == int(total.value) else total.value
        name = re.sub(r"\W+", "_", total.indicator.casefold()).strip("_")
        evidence = (_sheet_evidence(inputs, "series.csv", total.resources),)
        yield Indicator(f"series.{name}", total.indicator, str(year), value, rule, evidence, notes=tuple(map(str, total.carried)))  # fmt: skip
