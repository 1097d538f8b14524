"""The Carpentries: the workshops of their public feed."""

from __future__ import annotations

from typing import Any

from lifenode.errors import UnreadableInput
from lifenode.training.clean import number
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.ingest.tess import people
from lifenode.training.moments import parse_moment, zone_name
from lifenode.training.records import Event, Person


def read_carpentries(content: bytes, base: str) -> Reading:
    """Return the workshops of a feed (a JSON list with ``slug``, ``start``, ``end``, ``venue``, ``country`` ...).

    Raises
    ------
    UnreadableInput
        It is no such feed.
    """
    answer = json_of(content, base or "the feed")
    held = answer.get("results", answer.get("workshops")) if isinstance(answer, dict) else answer
    workshops = list(dicts(held)) if isinstance(held, list) else []
    if held is None or (workshops and not any("slug" in item for item in workshops)):
        raise UnreadableInput(f"{base or 'This'} is no feed of The Carpentries: its items have no slug.", value=base)
    return Reading(records=[_event(item, base) for item in workshops])


def _event(item: dict[str, Any], base: str) -> Event:
    event = Event(external_id=word(item.get("slug")), source_url=base)
    tags = [text for text in _names(item.get("tags") or item.get("tag_name")) if text]
    event.title = word(item.get("title")) or _title(item, tags)
    event.url = word(item.get("url")) or word(item.get("website_url")) or word(item.get("website"))
    zone = zone_name(word(item.get("timezone")))
    event.start = parse_moment(word(item.get("start") or item.get("start_date")), zone)
    event.end = parse_moment(word(item.get("end") or item.get("end_date")), zone)
    event.venue, event.city = word(item.get("venue")), word(item.get("city"))
    event.country = word(item.get("country"))
    event.contact = ", ".join(_names(item.get("contact")))
    event.description = word(item.get("description"))
    event.latitude = number(word(item.get("latitude") or item.get("lat")))
    event.longitude = number(word(item.get("longitude") or item.get("lng")))
    event.keywords = [*tags, *_names(item.get("curricula") or item.get("curriculum"))]
    host = item.get("host") or item.get("host_name")
    event.host_institutions = _names([host])
    event.organizer = next(iter(_names([item.get("administrator") or item.get("organizer")])), "")
    event.instructors = [*people(item.get("instructors")), *_listed(item.get("instructor"))]
    event.language = word(item.get("language")).lower()[:2]
    event.event_types = ["workshops_and_courses"]
    online = item.get("online") is True or "online" in " ".join((event.venue, *tags)).lower()
    event.presence = (
        "online" if online or event.country.lower() in ("w3", "online") else "onsite" if event.venue else ""
    )
    event.country = "" if event.country.lower() in ("w3", "online") else event.country
    return event


def _title(item: dict[str, Any], tags: list[str]) -> str:
    place = word(item.get("venue")) or word(item.get("city"))
    kind = "/".join(tags) or word(item.get("slug"))
    return f"{kind} workshop, {place}" if place else kind


def _names(given: Any) -> list[str]:
    held = given if isinstance(given, list) else [given]
    found = ((word(p.get("name")) or word(p.get("fullname"))) if isinstance(p, dict) else word(p) for p in held)
    return [text for text in found if text]


def _listed(given: Any) -> list[Person]:
    return [Person(name.strip()) for name in word(given).split(",") if name.strip()]
