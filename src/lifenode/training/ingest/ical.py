"""Calendars (RFC 5545): single events, series, changed and cancelled dates, zones by name or by definition."""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Calendar, Component, Timezone
from icalendar.prop.broken import vBroken

from lifenode.errors import UnreadableInput
from lifenode.training.clean import number, one_line
from lifenode.training.ingest.ical_series import occurrences
from lifenode.training.ingest.reading import Reading, Rejected, text_of
from lifenode.training.moments import Moment, zone_info, zone_name
from lifenode.training.presence import presence_in
from lifenode.training.records import Event

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True)
class _Zones:
    defined: dict[str, tzinfo]
    floating: str


def read_ical(content: bytes, base: str, *, today: date | None = None) -> Reading:
    """Return the events of a calendar.

    Parameters
    ----------
    content
        One or more ``VCALENDAR``.
    base
        The address it came from.
    today
        Series without an end are listed to a year after this day; the present day by default.

    Raises
    ------
    UnreadableInput
        It is no calendar.
    """
    reading = Reading()
    horizon = (today or datetime.now(UTC).date()) + timedelta(days=366)
    for calendar in _calendars(content):
        zones = _defined_zones(calendar)
        parts = list(calendar.walk("VEVENT"))
        changed: dict[str, list[Component]] = {}
        for part in parts:
            if part.get("RECURRENCE-ID") is not None:
                changed.setdefault(str(part.get("UID", "")), []).append(part)
        for part in parts:
            if part.get("RECURRENCE-ID") is None:
                _read_part(reading, part, changed.pop(str(part.get("UID", "")), []), zones, base, horizon)
        for orphans in changed.values():
            for part in orphans:
                _read_part(reading, part, [], zones, base, horizon)
    return reading


def _calendars(content: bytes) -> list[Component]:
    text = _BLANK_LINES.sub("\n", text_of(content).replace("\r\n", "\n").replace("\r", "\n")).lstrip()
    if not text.upper().startswith("BEGIN:VCALENDAR"):
        raise UnreadableInput("This is no calendar: it does not begin with BEGIN:VCALENDAR.", value=text[:40])
    try:
        with warnings.catch_warnings():
            # What a zone of a vendor means is decided in `_moment`, not by the library's guess.
            warnings.simplefilter("ignore")
            return list(Calendar.from_ical(text, multiple=True))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise UnreadableInput(f"The calendar cannot be read: {error}.", value=text[:40]) from error


def _read_part(
    reading: Reading, part: Component, changed: list[Component], zones: _Zones, base: str, horizon: date
) -> None:
    event = _event(part, zones, base)
    if event.start is None:
        reasons = ("start can't be read", *(f"{name}: {why}" for name, why in part.errors))
        reading.rejected.append(Rejected(event.title, event.url, reasons))
        return
    if part.get("RRULE") is None and part.get("RDATE") is None:
        reading.records.append(event)
        return
    replacing = {_recurrence(other, zones): _event(other, zones, base) for other in changed}
    made, notes = occurrences(event, part, replacing, lambda given, named: _moment(given, named, zones), horizon)
    reading.records += made
    reading.notes += notes


def _event(part: Component, zones: _Zones, base: str) -> Event:
    event = Event(title=one_line(_text(part, "SUMMARY")), source_url=base)
    event.url = _text(part, "URL")
    event.external_id = _text(part, "UID")
    event.description = _text(part, "DESCRIPTION")
    event.contact = one_line(_text(part, "CONTACT")) or _organizer_address(part)
    event.organizer = _parameter(part, "ORGANIZER", "CN")
    event.venue = one_line(_text(part, "LOCATION"))
    event.keywords = _categories(part)
    event.status = "cancelled" if _text(part, "STATUS").upper() == "CANCELLED" else ""
    event.presence = presence_in(event.description, event.venue) or ("onsite" if event.venue else "")
    event.start = _dated(part, "DTSTART", zones)
    event.end = _end(part, event.start, zones)
    if part.get("RECURRENCE-ID") is not None:
        event.occurrence = _recurrence(part, zones)
    _coordinates(event, part)
    event.notes = [f"{name} cannot be read: {why}." for name, why in part.errors if name]
    return event


def _end(part: Component, start: Moment | None, zones: _Zones) -> Moment | None:
    end = _dated(part, "DTEND", zones)
    if end is not None:
        if not end.all_day:
            return end
        # A calendar's end is the day after the last; people write the last.
        last = end.wall().date() - timedelta(days=1)
        return max(Moment.of_day(last, end.zone), start or end, key=lambda moment: moment.instant)
    duration = part.get("DURATION")
    length = None if isinstance(duration, vBroken) else getattr(duration, "dt", None)
    if start is None or not isinstance(length, timedelta):
        return None
    if start.all_day:
        return Moment.of_day(start.wall().date() + max(length - timedelta(days=1), timedelta()), start.zone)
    return Moment(start.instant + length, start.zone)


def _dated(part: Component, name: str, zones: _Zones) -> Moment | None:
    given = part.get(name)
    given = given[0] if isinstance(given, list) else given
    if given is None or isinstance(given, vBroken) or not hasattr(given, "dt"):
        return None
    return _moment(given.dt, str(given.params.get("TZID", "")), zones)


def _moment(given: Any, named: str, zones: _Zones) -> Moment | None:
    """Return the moment of a value and the zone it names; a name that is no zone is looked up in the calendar."""
    if not isinstance(given, datetime):
        return Moment.of_day(given) if isinstance(given, date) else None
    known = zone_name(named) if named else ""
    wall = given.replace(tzinfo=None)
    if known:
        return Moment.of_wall(wall, known)
    if named in zones.defined:
        return Moment.of_aware(wall.replace(tzinfo=zones.defined[named]))
    if given.tzinfo is None:
        return Moment.of_wall(given, zones.floating)
    return Moment.of_aware(given)


def _defined_zones(calendar: Component) -> _Zones:
    """Return the zones a calendar defines itself, and the one that its floating times are in."""
    zones: dict[str, tzinfo] = {}
    for part in calendar.walk("VTIMEZONE"):
        known = zone_name(str(part.get("X-LIC-LOCATION", "")))
        if known:
            zones[str(part.get("TZID", ""))] = zone_info(known)
        elif isinstance(part, Timezone):
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                zones[str(part.get("TZID", ""))] = part.to_tz(lookup_tzid=False)
    return _Zones(zones, zone_name(str(calendar.get("X-WR-TIMEZONE", ""))))


def _recurrence(part: Component, zones: _Zones) -> str:
    moment = _dated(part, "RECURRENCE-ID", zones)
    return moment.local_text() if moment else ""


def _text(part: Component, name: str) -> str:
    given = part.get(name)
    given = given[0] if isinstance(given, list) and given else given
    return "" if given is None else str(given).strip()


def _parameter(part: Component, name: str, parameter: str) -> str:
    given = part.get(name)
    return "" if given is None or isinstance(given, vBroken | list) else str(given.params.get(parameter, ""))


def _organizer_address(part: Component) -> str:
    text = _text(part, "ORGANIZER")
    return text[7:] if text.lower().startswith("mailto:") else ""


def _categories(part: Component) -> list[str]:
    given = part.get("CATEGORIES")
    held = given if isinstance(given, list) else [given] if given is not None else []
    return [str(text).strip() for group in held for text in _group(group) if str(text).strip()]


def _group(given: Any) -> list[Any]:
    return [given] if isinstance(given, str | vBroken) else list(given.cats)


def _coordinates(event: Event, part: Component) -> None:
    geo = None if isinstance(part.get("GEO"), vBroken) else part.get("GEO")
    latitude, longitude = number(str(getattr(geo, "latitude", ""))), number(str(getattr(geo, "longitude", "")))
    if latitude is not None and longitude is not None:
        event.latitude, event.longitude = latitude, longitude
