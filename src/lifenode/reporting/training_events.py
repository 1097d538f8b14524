"""Training events as the Training Metrics Database keeps them: read from its template or export, merged, checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lifenode.errors import BadTable
from lifenode.reporting.sheets import Problem, Row, Sheet, need
from lifenode.reporting.vocabulary import SEVERAL, match, match_several, nodes

# What an event is taken to be where its row says nothing (the database's own defaults on import).
DEFAULTS = {
    "funding": ("ELIXIR Node",),
    "location_city": "NA",
    "target_audience": ("Academia/ Research Institution",),
    "additional_platforms": ("NA",),
    "communities": ("NA",),
}
COURSES = ("Training - face to face", "Training - e-learning", "Training - blended")

# Headings of the template, and of the database's export, for each field.
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code", "event_code", "event code"),
    "title": ("title",),
    "node": ("elixir node", "node"),
    "node_main": ("node_main", "main node"),
    "date_start": ("start date", "date_start"),
    "date_end": ("end date", "date_end"),
    "duration": ("duration",),
    "type": ("event type", "type"),
    "funding": ("funding",),
    "organising_institution": ("organising institution/s", "organising_institution"),
    "location": ("location (city, country)",),
    "location_city": ("location_city",),
    "location_country": ("location_country",),
    "target_audience": ("target audience", "target_audience"),
    "additional_platforms": ("additional elixir platforms involved", "additional_platforms"),
    "communities": ("elixir communities involved", "communities"),
    "number_participants": ("no. of participants", "number_participants"),
    "number_trainers": ("no. of trainers/ facilitators", "number_trainers"),
    "url": ("url to event page/ agenda", "url"),
    "status": ("status",),
    "locked": ("locked",),
}


@dataclass(frozen=True)
class Event:
    """A training event.

    Attributes
    ----------
    code
        Unique; made of title, start and main node where none is given.
    node, node_main
        All nodes that take part, and the one that owns the entry.
    duration
        Days; last day minus first day plus one where none is given.
    number_participants, number_trainers
        None where nothing is said.
    status
        Complete or Incomplete; where nothing is said, Complete if both numbers are there.
    locked
        The entry is closed to changes.
    """

    code: str
    title: str
    date_start: date
    date_end: date
    type: str
    node_main: str
    node: tuple[str, ...] = ()
    duration: float = 1
    funding: tuple[str, ...] = ("ELIXIR Node",)
    organising_institution: tuple[str, ...] = ()
    location_city: str = "NA"
    location_country: str = ""
    target_audience: tuple[str, ...] = ("Academia/ Research Institution",)
    additional_platforms: tuple[str, ...] = ("NA",)
    communities: tuple[str, ...] = ("NA",)
    number_participants: int | None = None
    number_trainers: int | None = None
    url: str = ""
    status: str = "Incomplete"
    locked: bool = False
    place: str = field(default="", compare=False)

    @property
    def claim(self) -> tuple[str, ...]:
        """What two entries of one event share: address and first day, or title, place and first day."""
        address = re.sub(r"^https?://(www\.)?|/$", "", self.url.strip().lower())
        rest = (
            (address,)
            if address
            else (" ".join(self.title.casefold().split()), self.location_country, self.location_city)
        )
        return (self.date_start.isoformat(), *rest)


def read_events(sheet: Sheet) -> tuple[list[Event], list[Problem]]:
    """Return the events of a table and what of it could not be used.

    A row without title, start or type is left out; a value outside the vocabulary is reported, and the default taken.

    Raises
    ------
    BadTable
        It has no titles or no first days.
    """
    for name in ("title", "date_start"):
        need(sheet, *HEADINGS[name])
    problems = list(sheet.problems)
    events = [event for row in sheet.rows if (event := _event(row, problems)) is not None]
    return events, problems


def _event(row: Row, problems: list[Problem]) -> Event | None:
    title = row.get(*HEADINGS["title"])
    start = _date(row, "date_start", problems)
    kind = match("Event.type", row.get(*HEADINGS["type"]))
    if not title or start is None or kind is None:
        missing = "title" if not title else "type" if start is not None else "date_start"
        if missing != "date_start":
            reason = "is needed and none of the vocabulary; the event is left out"
            problems.append(row.problem(missing, row.get(*HEADINGS[missing]), reason))
        return None
    end = (_date(row, "date_end", problems) if row.get(*HEADINGS["date_end"]) else start) or start
    if end < start:
        problems.append(row.problem("date_end", end.isoformat(), "is before the first day, which is taken instead"))
        end = start
    names = _nodes(row, problems)
    values: dict[str, Any] = {name: _several(row, name, problems) for name in _LISTS}
    city, country = _location(row, problems)
    people, trainers = _number(row, "number_participants", problems), _number(row, "number_trainers", problems)
    whole = people is not None and trainers is not None
    status = match("Event.status", row.get(*HEADINGS["status"])) or ("Complete" if whole else "Incomplete")
    organisers = re.split(r"\s*[;,]\s*(?![^(]*\))", row.get(*HEADINGS["organising_institution"]))
    seal = f"{title}|{start}|{names[0]}"
    return Event(
        row.get(*HEADINGS["code"]) or f"E{hashlib.sha256(seal.encode()).hexdigest()[:8]}",
        title, start, end, kind, names[0], tuple(names),
        duration=float(_number(row, "duration", problems) or (end - start).days + 1),
        organising_institution=tuple(name for name in organisers if name), location_city=city,
        location_country=country, url=row.get(*HEADINGS["url"]), status=status,
        locked=row.get(*HEADINGS["locked"]).casefold() in ("1", "true", "yes"), place=f"{row.file}, line {row.line}",
        number_participants=people, number_trainers=trainers, **values,
    )  # fmt: skip


_LISTS = tuple(name.partition(".")[2] for name in sorted(SEVERAL))


def _date(row: Row, name: str, problems: list[Problem]) -> date | None:
    text = row.get(*HEADINGS[name])
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    try:
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        return date.fromisoformat(text)
    except ValueError:
        left_out = "the event is left out" if name == "date_start" else "the first day is taken"
        problems.append(row.problem(name, text, f"is no date like 2023-05-31 or 31.05.2023; {left_out}"))
        return None


def _nodes(row: Row, problems: list[Problem]) -> list[str]:
    """Return the nodes, the main one first."""
    known = {name.casefold(): name for name in nodes()} | {country.casefold(): n for n, country in nodes().items()}
    found = []
    for text in re.split(r"\s*[,;]\s*", f"{row.get(*HEADINGS['node_main'])};{row.get(*HEADINGS['node'])}"):
        name = known.get(text.casefold())
        if text and name is None:
            problems.append(row.problem("node", text, "is no node of the vocabulary; kept as it is"))
        if text:
            found.append(name or text)
    return list(dict.fromkeys(found)) or [""]


def _several(row: Row, name: str, problems: list[Problem]) -> tuple[str, ...]:
    found, unknown = match_several(f"Event.{name}", row.get(*HEADINGS[name]))
    problems += [row.problem(name, text, "is none of the vocabulary; left out") for text in unknown]
    return tuple(found) or tuple(DEFAULTS[name])


def _location(row: Row, problems: list[Problem]) -> tuple[str, str]:
    city, country = row.get(*HEADINGS["location_city"]), row.get(*HEADINGS["location_country"])
    if whole := row.get(*HEADINGS["location"]):
        before, _, country = whole.rpartition(",")
        city = before.strip()
    found = match("Event.location_country", country)
    if country.strip() and found is None:
        problems.append(row.problem("location_country", country.strip(), "is no country of the vocabulary; left out"))
    return city or str(DEFAULTS["location_city"]), found or ""


def _number(row: Row, name: str, problems: list[Problem]) -> int | None:
    text = row.get(*HEADINGS[name])
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}(\.0+)?", text):
        problems.append(row.problem(name, text, "is no whole number; taken as missing"))
        return None
    return int(float(text))


def merge_events(
    stored: Mapping[str, Event], upload: Iterable[Event], node: str | None = None
) -> tuple[dict[str, Event], list[Problem]]:
    """Add an upload to the events there are.

    An entry is changed by its main node alone, and not when it is locked; one event entered twice, under two codes or
    by two nodes, counts once.

    Parameters
    ----------
    stored
        Events by code.
    upload
        New or changed events.
    node
        Who uploads; None for the owner of each entry.

    Returns
    -------
    tuple
        The events by code, and what was refused, with the reason.
    """
    merged = dict(stored)
    claims = {event.claim: event for event in stored.values()}
    fresh: set[str] = set()
    problems = []
    for event in upload:
        reason = _refusal(event, merged, claims, fresh, node)
        if reason:
            file, _, line = event.place.partition(", line ")
            problems.append(Problem(file, int(line or 0), "code", event.code, f"{reason}; not counted"))
            continue
        merged[event.code] = event
        claims[event.claim] = event
        fresh.add(event.code)
    return merged, problems


def _refusal(
    event: Event,
    merged: Mapping[str, Event],
    claims: Mapping[tuple[str, ...], Event],
    fresh: set[str],
    node: str | None,
) -> str:
    """Return why an entry cannot be taken, or an empty text."""
    same = merged.get(event.code)
    other = claims.get(event.claim)
    owner = node or event.node_main
    if same is not None and same.locked:
        return "the entry is locked"
    if same is not None and same.node_main != owner:
        return f"the entry belongs to {same.node_main}, and {owner} claims it too"
    if same is not None and event.code in fresh:
        return f"the code is given twice, first in {same.place}"
    if other is not None and other.code != event.code:
        both = f"by {other.node_main} and {owner}" if other.node_main != owner else "twice"
        return f"the event is entered {both}, first as {other.code} in {other.place or 'the store'}"
    return ""


def event_from_tess(document: Mapping[str, Any], node_main: str, kind: str = "Training - face to face") -> Event:
    """Return an event from what TeSS answers to ``/events/<id>.json_api``: title, address, days, city and country.

    Raises
    ------
    BadTable
        The document has no title or no start.
    """
    data = document.get("data", {})
    found = data.get("attributes", {})
    try:
        title, start = found["title"], date.fromisoformat(found["start"][:10])
        end = date.fromisoformat((found.get("end") or found["start"])[:10])
    except (KeyError, TypeError, ValueError) as error:
        raise BadTable(f"The TeSS document has no usable title or start ({error}).", value=data.get("id")) from error
    event = Event(f"tess-{data.get('id', '')}", title, start, end, kind, node_main, (node_main,), place="TeSS")
    country = match("Event.location_country", found.get("country") or "") or ""
    return replace(
        event, duration=float((end - start).days + 1), url=found.get("url") or "",
        location_city=found.get("city") or str(DEFAULTS["location_city"]), location_country=country,
    )  # fmt: skip


def of_year(events: Sequence[Event], year: int) -> list[Event]:
    """Return the events whose first day is in a year."""
    return [event for event in events if event.date_start.year == year]
