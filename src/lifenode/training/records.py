"""What the portal keeps: events and materials, with the people, topics and links they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from lifenode.training.moments import Moment, iana_name


@dataclass(slots=True)
class Person:
    """A person as credited: a name, and an ORCID iD (16 digits with hyphens) where it is known."""

    name: str
    orcid: str = ""


@dataclass(slots=True)
class Topic:
    """A term of an ontology: its label, and its IRI where it is known."""

    label: str = ""
    iri: str = ""


@dataclass(slots=True)
class ExternalResource:
    """A resource a record mentions."""

    title: str
    url: str

    @property
    def kind(self) -> str:
        """``tool`` for bio.tools, ``fairsharing`` for FAIRsharing, ``other`` for the rest."""
        if self.url.startswith(("https://bio.tools", "http://bio.tools")):
            return "tool"
        return "fairsharing" if self.url.startswith("https://fairsharing.org") else "other"


@dataclass(slots=True)
class Record:
    """What events and materials share.

    ``notes`` says what of the source could not be kept and why; it is no part of the record's content. ``source_url``
    is the page it was read from.
    """

    title: str = ""
    url: str = ""
    description: str = ""
    external_id: str = ""
    keywords: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    target_audience: list[str] = field(default_factory=list)
    contact: str = ""
    learning_objectives: str = ""
    prerequisites: str = ""
    contributors: list[Person] = field(default_factory=list)
    scientific_topics: list[Topic] = field(default_factory=list)
    operations: list[Topic] = field(default_factory=list)
    external_resources: list[ExternalResource] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    language: str = ""
    origin_uri: str = ""
    source_url: str = ""
    notes: list[str] = field(default_factory=list)

    def filled(self) -> int:
        """Return how many fields of content say something."""
        return sum(bool(value) for name, value in self.content())

    def content(self) -> Iterator[tuple[str, Any]]:
        """Yield the fields that are content, by name."""
        for known in fields(self):
            if known.name not in ("notes", "source_url"):
                yield known.name, getattr(self, known.name)


@dataclass(slots=True)
class Event(Record):
    """Something that takes place: a course, a workshop, a conference.

    ``presence`` is ``onsite``, ``online``, ``hybrid`` or nothing where the source does not say. ``status`` is
    ``cancelled`` for one that was called off. ``occurrence`` names one date of a series that shares a URL.
    The last day of an all-day event is its ``end``, as people write it.
    """

    subtitle: str = ""
    start: Moment | None = None
    end: Moment | None = None
    duration: str = ""
    presence: str = ""
    status: str = ""
    occurrence: str = ""
    organizer: str = ""
    sponsors: list[str] = field(default_factory=list)
    host_institutions: list[str] = field(default_factory=list)
    instructors: list[Person] = field(default_factory=list)
    venue: str = ""
    city: str = ""
    county: str = ""
    country: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    capacity: int | None = None
    cost_basis: str = ""
    cost_value: float | None = None
    cost_currency: str = ""
    eligibility: list[str] = field(default_factory=list)
    event_types: list[str] = field(default_factory=list)
    open_science: list[str] = field(default_factory=list)
    tech_requirements: str = ""
    recognition: str = ""

    @property
    def timezone(self) -> str:
        """IANA name of the zone the event takes place in, where known."""
        return iana_name(self.start) or iana_name(self.end)

    @property
    def key(self) -> tuple[str, str]:
        """What tells one event of a read from another: the URL, and the date within a series."""
        return self.url, self.occurrence


@dataclass(slots=True)
class Material(Record):
    """Something to learn from at any time: a tutorial, slides, a recording. Dates are ISO days."""

    doi: str = ""
    version: str = ""
    status: str = ""
    licence: str = ""
    difficulty_level: str = ""
    resource_type: list[str] = field(default_factory=list)
    other_types: str = ""
    subsets: list[str] = field(default_factory=list)
    syllabus: str = ""
    date_created: str = ""
    date_modified: str = ""
    date_published: str = ""
    authors: list[Person] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What tells one material of a read from another."""
        return self.url, ""


def to_dict(record: Event | Material) -> dict[str, Any]:
    """Return a record as JSON takes it.

    An event's ``start`` and ``end`` are the instants lists use (a day counts from 09:00 to 17:00), ``start_local`` and
    ``end_local`` what was given, ``all_day`` whether that was a day; ``online`` is unset where the source says nothing.
    """
    shown: dict[str, Any] = {"type": "event" if isinstance(record, Event) else "material"}
    for name, value in record.content():
        shown[name] = _plain(value)
    for resource, made in zip(shown["external_resources"], record.external_resources, strict=True):
        resource["kind"] = made.kind
    if isinstance(record, Event):
        shown |= _times(record)
        shown["online"] = None if not record.presence else record.presence != "onsite"
    shown["source_url"], shown["notes"] = record.source_url, list(record.notes)
    return shown


def from_dict(shown: dict[str, Any]) -> Event | Material:
    """Return the record that `to_dict` was given; the two are inverse."""
    kind = Event if shown["type"] == "event" else Material
    known = {made.name for made in fields(kind)}
    values = {name: value for name, value in shown.items() if name in known}
    for name, of in (("contributors", Person), ("instructors", Person), ("authors", Person)):
        if name in values:
            values[name] = [of(**given) for given in values[name]]
    for name in ("scientific_topics", "operations"):
        values[name] = [Topic(**given) for given in values[name]]
    values["external_resources"] = [
        ExternalResource(given["title"], given["url"]) for given in shown["external_resources"]
    ]
    if kind is Event:
        for name in ("start", "end"):
            values[name] = _moment(shown, name)
    return kind(**values)


def _times(event: Event) -> dict[str, Any]:
    start, end = event.start, event.end
    return {
        "start": start and _instant(start, ends=False),
        "end": end and _instant(end, ends=True),
        "start_local": start and start.local_text(),
        "end_local": end and end.local_text(),
        "start_zone": start and start.zone,
        "end_zone": end and end.zone,
        "timezone": event.timezone,
        "all_day": bool(start and start.all_day),
        "end_all_day": bool(end and end.all_day),
    }


def _instant(moment: Moment, *, ends: bool) -> str:
    return moment.assumed(ends=ends).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(shown: dict[str, Any], name: str) -> Moment | None:
    if shown[name] is None:
        return None
    all_day = shown["all_day" if name == "start" else "end_all_day"]
    if all_day:
        return Moment.of_wall(datetime.fromisoformat(shown[f"{name}_local"]), shown[f"{name}_zone"], all_day=True)
    return Moment(datetime.fromisoformat(shown[name]), shown[f"{name}_zone"])


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Person | Topic | ExternalResource):
        return {known.name: getattr(value, known.name) for known in fields(value)}
    return None if isinstance(value, Moment) else value
