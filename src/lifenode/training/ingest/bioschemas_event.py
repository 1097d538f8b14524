"""Events in Bioschemas mark-up."""

from __future__ import annotations

import re
from datetime import timedelta

from lifenode.training.clean import number, one_line, unique, whole_number
from lifenode.training.ingest.bioschemas_common import Facts, fill_common, organisations, people
from lifenode.training.ingest.linked_data import Node, label_of
from lifenode.training.moments import Moment, first_moment
from lifenode.training.records import Event
from lifenode.training.vocabulary import country_name

EVENT_TYPES = ("Event", "CourseInstance", "EducationEvent", "TrainingEvent", "BusinessEvent", "Hackathon")
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?"
)


def event_of(node: Node, course: Node | None, base: str) -> Event:
    """Return the event a node describes, completed by the course it is a date of."""
    facts = Facts(node, course, base)
    event = Event()
    fill_common(event, facts)
    event.subtitle = facts.text("alternateName")
    event.start = first_moment(facts.texts("startDate"))
    event.end = first_moment(facts.texts("endDate")) or _after(event.start, facts.text("duration"))
    event.duration = facts.text("duration")
    _unread_times(event, facts)
    event.organizer = ", ".join(organisations(facts.get("organizer")))
    event.sponsors = unique([*facts.texts("sponsor"), *facts.texts("funder")])
    event.host_institutions = facts.texts("hostInstitution")
    event.instructors = people(facts.get("instructor", "performer"))
    event.capacity = whole_number(facts.text("maximumAttendeeCapacity", "maximumPhysicalAttendeeCapacity"))
    event.prerequisites = facts.listed("competencyRequired", "coursePrerequisites", "prerequisite", "prerequisites")
    event.eligibility = facts.texts("eligibility")
    event.event_types = facts.texts("eventType")
    if not event.event_types and (course is not None or "CourseInstance" in node.types):
        event.event_types = ["workshops_and_courses"]
    event.presence = _presence(facts)
    event.status = "cancelled" if "cancel" in facts.text("eventStatus").lower() else ""
    for value in facts.get("location"):
        _place(event, value)
    return event


def _unread_times(event: Event, facts: Facts) -> None:
    for name, moment in (("startDate", event.start), ("endDate", event.end)):
        given = facts.text(name)
        if given and moment is None:
            event.notes.append(f"{name} {given!r} cannot be told for certain; write it as 2026-03-09T08:00:00+01:00.")


def _after(start: Moment | None, duration: str) -> Moment | None:
    """Return the end of something that lasts; only the part of days counts, as hours of a course are not a time."""
    found = _DURATION.fullmatch(duration)
    if start is None or found is None or not any(found.groups()):
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups()[:4])
    later = start.wall() + timedelta(days=years * 365 + months * 30 + weeks * 7 + days)
    return Moment.of_wall(later, start.zone, all_day=start.all_day)


def _presence(facts: Facts) -> str:
    modes = [text.lower() for text in facts.texts("courseMode", "eventAttendanceMode")]
    if not modes:
        return ""
    words = " ".join(modes)
    online = "online" in words
    present = any(
        known in words for known in ("onsite", "on-site", "face-to-face", "offline", "in-person", "in person")
    )
    if "blended" in words or "hybrid" in words or "mixed" in words or (online and present):
        return "hybrid"
    return "online" if online else "onsite"


def _place(event: Event, value: str | Node) -> None:
    if isinstance(value, str):
        _add_venue(event, value)
    elif "VirtualLocation" in value.types:
        _add_venue(event, *value.texts("name"), *value.texts("url"))
        event.presence = event.presence or "online"
    elif "PostalAddress" in value.types:
        _address(event, value, "")
    else:
        addresses = value.get("address")
        held = [part for part in addresses if isinstance(part, Node)]
        name = one_line(value.text("name"))
        for part in held:
            _address(event, part, name)
        if not held:
            _add_venue(event, name, *(label_of(part) for part in addresses))
        _coordinates(event, value)


def _address(event: Event, address: Node, place: str) -> None:
    _add_venue(event, place, *address.texts("streetAddress"))
    event.city = event.city or one_line(address.text("addressLocality"))
    event.county = event.county or one_line(address.text("addressRegion"))
    event.postcode = event.postcode or one_line(address.text("postalCode"))
    event.country = event.country or country_name(one_line(address.text("addressCountry")))
    _coordinates(event, address)


def _add_venue(event: Event, *parts: str) -> None:
    known = [event.venue] if event.venue else []
    event.venue = ", ".join(unique([*known, *(one_line(part) for part in parts)]))


def _coordinates(event: Event, place: Node) -> None:
    for held in (place, *place.nodes("geo")):
        latitude, longitude = number(held.text("latitude")), number(held.text("longitude"))
        if latitude is not None and longitude is not None:
            event.latitude, event.longitude = latitude, longitude
