"""Events and materials in CSV and XLSX, with the headings of TeSS's templates and those we add."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

from lifenode.errors import UnreadableInput
from lifenode.training.clean import doi_of, number, one_line, orcid_of, split_list, unique, whole_number
from lifenode.training.ingest.bioschemas_material import day_of
from lifenode.training.ingest.reading import Reading, text_of
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event, Material, Person
from lifenode.training.spreadsheet import SIGNATURE, read_sheet

_SHEET = re.compile(r"https://docs\.google\.com/spreadsheets/d/([^/]+)(?:/[^#]*)?(?:#.*?gid=(\d+))?.*")
_YES = ("true", "yes", "y", "1", "online", "x")
_LARGEST_CELL = 1024 * 1024
_WITH_ORCID = re.compile(r"(.+?)\s*\((?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\)", re.ASCII)


def sheet_address(url: str) -> str:
    """Return where a Google sheet is to be had as CSV; other addresses stay as they are."""
    found = _SHEET.fullmatch(url)
    if found is None or "/export" in url:
        return url
    gid = found[2] or (re.search(r"[?&#]gid=(\d+)", url) or (None, "0"))[1]
    return f"https://docs.google.com/spreadsheets/d/{found[1]}/export?gid={gid}&exportFormat=csv"


def read_event_csv(content: bytes, base: str) -> Reading:
    """Return the events of a table; `Title`, `URL` and `Start` are needed.

    Raises
    ------
    UnreadableInput
        Headings are missing.
    """
    reading = Reading()
    for row in _rows(content, ("title", "url", "start")):
        reading.records.append(_event(row, base))
    return reading


def read_material_csv(content: bytes, base: str) -> Reading:
    """Return the materials of a table; `Title`, `URL` and `Description` are needed.

    Raises
    ------
    UnreadableInput
        Headings are missing.
    """
    reading = Reading()
    for row in _rows(content, ("title", "url", "description")):
        reading.records.append(_material(row, base))
    return reading


def headings_of(content: bytes) -> list[str]:
    """Return the headings of a table in lower case."""
    return [cell.strip().lower() for cell in next(_parsed(content), [])]


def _parsed(content: bytes) -> Iterator[list[str]]:
    if content.startswith(SIGNATURE):
        return iter(read_sheet(content))
    text = text_of(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LARGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _rows(content: bytes, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        rows = list(_parsed(content))
    except csv.Error as error:
        raise UnreadableInput(f"The table cannot be read: {error}.") from error
    headings = [cell.strip().lower() for cell in rows[0]] if rows else []
    missing = [name for name in needed if name not in headings]
    if missing:
        raise UnreadableInput(
            f"The table has no column {', '.join(name.title() for name in missing)}.",
            value=", ".join(headings)[:80],
            next_step="Begin it with the headings of the template; docs/training.md shows them.",
        )
    filled = (row for row in rows[1:] if any(cell.strip() for cell in row))
    blank = dict.fromkeys(headings, "")
    return [blank | dict(zip(headings, (_cell(cell) for cell in row), strict=False)) for row in filled]


def _cell(text: str) -> str:
    """Return a cell without blanks and the quotes that were quoted once more."""
    text = text.strip()
    while len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    # An apostrophe before what a spreadsheet would run as a formula is not part of it.
    return text[1:] if re.match(r"'[=+\-@\t\r']", text) else text


def _listed(text: str) -> list[str]:
    """Return the values of a cell: parted by commas, semicolons or lines, or a JSON list of texts."""
    if text.startswith("["):
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return unique(one_line(value) for value in values)
    return split_list(text)


def _people(text: str) -> list[Person]:
    found = []
    for name in _listed(text):
        known = _WITH_ORCID.fullmatch(name)
        found.append(Person(known[1], orcid_of(known[2])) if known else Person(name))
    return found


def _event(row: dict[str, str], base: str) -> Event:
    zone = zone_name(row.get("timezone", ""))
    event = Event(title=row["title"], url=row["url"], description=row.get("description", ""), source_url=base)
    if row.get("timezone") and not zone:
        event.notes.append(f'The timezone "{row["timezone"]}" is not known; write it as Europe/Tallinn.')
    event.start = _time(row, "start", zone, event.notes)
    event.end = _time(row, "end", zone, event.notes)
    online = row.get("online", "").lower()
    event.presence = "hybrid" if online == "hybrid" else "online" if online in _YES else "onsite" if online else ""
    for name in ("contact", "organizer", "city", "country", "venue", "postcode", "subtitle", "duration", "recognition"):
        setattr(event, name, row.get(name, ""))
    event.eligibility = _listed(row.get("eligibility", ""))
    event.host_institutions = _listed(row.get("host institutions", ""))
    event.event_types = _listed(row.get("types", ""))
    event.cost_basis, event.cost_currency = row.get("cost basis", ""), row.get("currency", "")
    event.cost_value = number(row.get("cost", "")) or None
    event.capacity = whole_number(row.get("capacity", ""))
    _lists(event, row)
    event.tech_requirements = row.get("requirements", "")
    event.county = row.get("region", "")
    event.status = "cancelled" if "cancel" in row.get("state", "").lower() else ""
    event.latitude, event.longitude = number(row.get("latitude", "")), number(row.get("longitude", ""))
    event.sponsors, event.instructors = _listed(row.get("sponsors", "")), _people(row.get("instructors", ""))
    return event


def _material(row: dict[str, str], base: str) -> Material:
    material = Material(title=row["title"], url=row["url"], description=row["description"], source_url=base)
    material.contact, material.licence = row.get("contact", ""), row.get("licence", "")
    material.status, material.version = row.get("status", ""), row.get("version", "")
    material.doi = doi_of(row.get("doi", ""))
    material.authors = _people(row.get("authors", ""))
    material.date_published = day_of(row.get("published", ""), material.notes)
    material.date_modified = day_of(row.get("modified", ""), material.notes)
    material.difficulty_level = row.get("competency", "")
    material.resource_type = _listed(row.get("types", ""))
    material.other_types = row.get("other types", "")
    material.syllabus = row.get("syllabus", "")
    _lists(material, row)
    return material


def _lists(record: Event | Material, row: dict[str, str]) -> None:
    record.fields = _listed(row.get("fields", ""))
    record.keywords = _listed(row.get("keywords", ""))
    record.target_audience = _listed(row.get("audiences", ""))
    record.learning_objectives = row.get("objectives", "")
    record.prerequisites = row.get("prerequisites", "")
    record.contributors = _people(row.get("contributors", ""))
    record.nodes, record.language = _listed(row.get("nodes", "")), row.get("language", "").lower()


def _time(row: dict[str, str], name: str, zone: str, notes: list[str]) -> Moment | None:
    text = one_line(row.get(name, ""))
    moment = parse_moment(text, zone) if text else None
    if text and moment is None:
        notes.append(f"{name} {text!r} cannot be told for certain; write it as 20260309T080000.")
    return moment
