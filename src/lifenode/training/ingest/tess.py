"""Another TeSS, by its JSON:API (``.json_api``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lifenode.errors import UnreadableInput
from lifenode.training.clean import absolute, doi_of, number, orcid_of, whole_number
from lifenode.training.ingest.bioschemas_material import day_of
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event, ExternalResource, Material, Person, Record, Topic

_LINES = ("title", "subtitle", "url", "organizer", "description", "venue", "city", "county", "country", "postcode",
    "contact", "learning-objectives", "prerequisites", "tech-requirements", "recognition", "cost-basis",
    "cost-currency", "duration", "language", "version", "status", "licence", "other-types", "syllabus")  # fmt: skip
_LISTS = ("keywords", "fields", "target-audience", "sponsors", "host-institutions", "eligibility", "event-types",
    "open-science", "resource-type", "subsets")  # fmt: skip


def api_address(url: str) -> str:
    """Return where the records of a page of a TeSS are to be had as JSON:API."""
    parts = urlsplit(url)
    if parts.path.endswith((".json_api", ".json")):
        return url
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}.json_api", fragment=""))


def read_tess(content: bytes, base: str) -> Reading:
    """Return the events and materials of an answer; the next page is in ``more``.

    Times are wall clocks of the record's zone, which a TeSS writes as if they were UTC.

    Raises
    ------
    UnreadableInput
        It is no JSON:API.
    """
    answer = json_of(content, base or "the TeSS")
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list | dict):
        raise UnreadableInput(f"{base or 'This'} is no JSON:API: there is no data.", value=base)
    reading = Reading()
    for item in dicts(answer["data"]):
        given = item.get("attributes")
        kind = {"events": Event, "materials": Material}.get(word(item.get("type")))
        if kind is None or not isinstance(given, dict):
            reading.notes.append(f"A record of the kind {word(item.get('type'))!r} is not read.")
            continue
        reading.records.append(_record(kind(), item, given, base))
    links = answer.get("links")
    following = word(links.get("next")) if isinstance(links, dict) else ""
    if following:
        reading.more.append(absolute(following, base))
    return reading


def _record(record: Event | Material, item: dict[str, Any], given: dict[str, Any], base: str) -> Event | Material:
    for name in _LINES:
        field = name.replace("-", "_")
        if hasattr(record, field):
            setattr(record, field, word(given.get(name)))
    for name in _LISTS:
        field = name.replace("-", "_")
        if hasattr(record, field) and isinstance(given.get(name), list):
            setattr(record, field, [text for value in given[name] if (text := word(value))])
    _common(record, item, given, base)
    if isinstance(record, Event):
        _event(record, given)
    else:
        record.doi = doi_of(word(given.get("doi")))
        record.authors = people(given.get("authors"))
        record.difficulty_level = word(given.get("difficulty-level"))
        for name in ("created", "modified", "published"):
            setattr(record, f"date_{name}", day_of(word(given.get(f"date-{name}")), record.notes))
    return record


def _common(record: Record, item: dict[str, Any], given: dict[str, Any], base: str) -> None:
    record.external_id = word(given.get("external-id")) or word(item.get("id"))
    record.scientific_topics = _topics(given.get("scientific-topics"))
    record.operations = _topics(given.get("operations"))
    record.contributors = people(given.get("contributors"))
    resources = [(word(held.get("title")), word(held.get("url"))) for held in dicts(given.get("external-resources"))]
    record.external_resources = [ExternalResource(title, url) for title, url in resources if url]
    links = item.get("links")
    own = word(links.get("self")) if isinstance(links, dict) else ""
    record.origin_uri = absolute(own, base) if own and base.startswith("http") else ""
    record.source_url = base


def _event(event: Event, given: dict[str, Any]) -> None:
    zone = zone_name(word(given.get("timezone")))
    event.start, event.end = _wall(given.get("start"), zone), _wall(given.get("end"), zone)
    event.instructors = people(given.get("instructors"))
    event.latitude, event.longitude = number(word(given.get("latitude"))), number(word(given.get("longitude")))
    event.capacity = whole_number(word(given.get("capacity")))
    event.cost_value = number(word(given.get("cost-value"))) or None
    event.presence = word(given.get("presence"))
    if not event.presence and given.get("online") is True:
        event.presence = "online"


def _wall(given: Any, zone: str) -> Moment | None:
    moment = parse_moment(word(given))
    return None if moment is None else Moment.of_wall(moment.wall(), zone, all_day=moment.all_day)


def _topics(given: Any) -> list[Topic]:
    made = [Topic(word(held.get("preferred-label")), word(held.get("uri"))) for held in dicts(given)]
    return [topic for topic in made if topic.label or topic.iri]


def people(given: Any) -> list[Person]:
    """Return people given as names or as objects with ``name`` and ``orcid``."""
    found = []
    for held in given if isinstance(given, Iterable) and not isinstance(given, str) else [given]:
        if isinstance(held, dict):
            name = word(held.get("name")) or f"{word(held.get('firstname'))} {word(held.get('lastname'))}".strip()
            found.append(Person(name, orcid_of(word(held.get("orcid")))))
        else:
            found.append(Person(word(held)))
    return [person for person in found if person.name]
