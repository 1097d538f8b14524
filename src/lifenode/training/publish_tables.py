"""Records as tables with the headings of TeSS's templates, and some more, that a harvest reads back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import time
from typing import Any

from lifenode.training.moments import Moment
from lifenode.training.portal import Listed
from lifenode.training.records import Event, Material, Person
from lifenode.training.spreadsheet import write_sheet

_PARTED = re.compile(r"[,;\n\"]|\s{2,}|^\[")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
Column = tuple[str, Callable[[Any], str]]


def event_rows(events: Iterable[Listed]) -> Iterator[list[str]]:
    """Yield the headings and a row for each event; other records are left out."""
    yield [heading for heading, _ in _EVENT]
    for listed in events:
        if isinstance(listed.record, Event):
            yield [cell(listed.record) for _, cell in _EVENT]


def material_rows(materials: Iterable[Listed]) -> Iterator[list[str]]:
    """Yield the headings and a row for each material; other records are left out."""
    yield [heading for heading, _ in _MATERIAL]
    for listed in materials:
        if isinstance(listed.record, Material):
            yield [cell(listed.record) for _, cell in _MATERIAL]


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would run as a formula has an apostrophe before it."""
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return held.getvalue()


def xlsx_bytes(rows: Iterable[Sequence[str]], name: str) -> bytes:
    """Return rows as a workbook; its cells are texts, so that none is a formula."""
    return write_sheet(rows, name)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _field(name: str) -> Callable[[Any], str]:
    def cell(record: Any) -> str:
        value = getattr(record, name)
        if isinstance(value, list):
            return _list([str(item) for item in value])
        return "" if value is None else str(value)

    return cell


def _list(values: Sequence[str]) -> str:
    """Return a list as a cell; as JSON where a value holds what parts values."""
    if any(_PARTED.search(value) for value in values):
        return json.dumps(list(values), ensure_ascii=False)
    return "; ".join(values)


def _people(name: str) -> Callable[[Any], str]:
    def cell(record: Any) -> str:
        people: list[Person] = getattr(record, name)
        return _list([f"{person.name} ({person.orcid})" if person.orcid else person.name for person in people])

    return cell


def _time(name: str) -> Callable[[Any], str]:
    def cell(record: Any) -> str:
        moment: Moment | None = getattr(record, name)
        if moment is None:
            return ""
        # A midnight without an offset would be read as a day; so would one of another zone than the table's.
        bare = moment.all_day or (moment.wall().time() != time() and moment.zone == _zone(record))
        return moment.local_text().replace("T", " ") if bare or not moment.zone else moment.to_text()

    return cell


def _zone(event: Event) -> str:
    return next((moment.zone for moment in (event.start, event.end) if moment is not None and moment.zone), "")


def _online(event: Event) -> str:
    return {"online": "true", "onsite": "false", "hybrid": "hybrid"}.get(event.presence, "")


_EVENT: tuple[Column, ...] = (
    ("Title", _field("title")), ("URL", _field("url")), ("Description", _field("description")),
    ("Start", _time("start")), ("End", _time("end")), ("Timezone", _zone), ("Contact", _field("contact")),
    ("Organizer", _field("organizer")), ("Eligibility", _field("eligibility")),
    ("Host Institutions", _field("host_institutions")), ("Online", _online), ("City", _field("city")),
    ("Country", _field("country")), ("Venue", _field("venue")), ("Postcode", _field("postcode")),
    ("Subtitle", _field("subtitle")), ("Duration", _field("duration")), ("Recognition", _field("recognition")),
    ("Types", _field("event_types")), ("Cost Basis", _field("cost_basis")), ("Currency", _field("cost_currency")),
    ("Cost", _field("cost_value")), ("Capacity", _field("capacity")), ("Fields", _field("fields")),
    ("Keywords", _field("keywords")), ("Audiences", _field("target_audience")),
    ("Objectives", _field("learning_objectives")), ("Prerequisites", _field("prerequisites")),
    ("Requirements", _field("tech_requirements")), ("Region", _field("county")), ("Latitude", _field("latitude")),
    ("Longitude", _field("longitude")), ("Sponsors", _field("sponsors")), ("Instructors", _people("instructors")),
    ("Contributors", _people("contributors")), ("Nodes", _field("nodes")), ("Language", _field("language")),
    ("State", _field("status")),
)  # fmt: skip
_MATERIAL: tuple[Column, ...] = (
    ("Title", _field("title")), ("URL", _field("url")), ("Description", _field("description")),
    ("Keywords", _field("keywords")), ("Contact", _field("contact")), ("Licence", _field("licence")),
    ("Status", _field("status")), ("Authors", _people("authors")), ("Contributors", _people("contributors")),
    ("DOI", _field("doi")), ("Version", _field("version")), ("Published", _field("date_published")),
    ("Modified", _field("date_modified")), ("Competency", _field("difficulty_level")), ("Fields", _field("fields")),
    ("Audiences", _field("target_audience")), ("Types", _field("resource_type")),
    ("Other Types", _field("other_types")), ("Objectives", _field("learning_objectives")),
    ("Prerequisites", _field("prerequisites")), ("Syllabus", _field("syllabus")), ("Nodes", _field("nodes")),
    ("Language", _field("language")),
)  # fmt: skip
