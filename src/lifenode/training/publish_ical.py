"""Events as a calendar (RFC 5545) that says what was meant: zones by name, days as days, series by their UID."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Calendar, Timezone, TimezoneStandard, vCalAddress, vText
from icalendar import Event as Part

import lifenode
from lifenode.training.moments import Moment, parse_moment, zone_info
from lifenode.training.portal import Listed
from lifenode.training.records import Event

_PRODUCT = f"-//lifenode//training {lifenode.__version__}//EN"
_FIRST_YEAR, _LAST_YEAR = 1970, 2038


def calendar(events: Iterable[Listed], *, name: str = "", base: str = "") -> bytes:
    """Return a calendar.

    Parameters
    ----------
    events
        Records; materials, and events without a start, have no place in a calendar and are left out.
    name
        What a reader's program may call it.
    base
        Address of the portal, to which each event leads back where it has no address of its own.
    """
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
    used: dict[str, list[int]] = {}
    parts = []
    for listed in events:
        event = listed.record
        if isinstance(event, Event) and event.start is not None:
            parts.append(_part(listed, event, event.start, base))
            for moment in (event.start, event.end):
                if moment is not None and moment.zone not in ("", "UTC") and not moment.all_day:
                    used.setdefault(moment.zone, []).append(moment.instant.year)
    for zone, years in sorted(used.items()):
        made.add_component(_zone(zone, min(years), max(years)))
    for part in parts:
        made.add_component(part)
    return bytes(made.to_ical())


def _part(listed: Listed, event: Event, start: Moment, base: str) -> Part:
    part = Part()
    part.add("uid", event.external_id or _uid(listed))
    part.add("dtstamp", listed.updated_at.astimezone(UTC))
    part.add("created", listed.created_at.astimezone(UTC))
    part.add("last-modified", listed.updated_at.astimezone(UTC))
    part.add("summary", event.title)
    _when(part, event, start)
    part.add("url", event.url or f"{base}{listed.path}")
    for name, text in (("description", event.description), ("location", _location(event)), ("contact", event.contact)):
        if text:
            part.add(name, text)
    if event.keywords:
        part.add("categories", event.keywords)
    if event.status == "cancelled" or listed.withdrawn_at is not None:
        part.add("status", "CANCELLED")
    if event.latitude is not None and event.longitude is not None:
        part.add("geo", (event.latitude, event.longitude))
    if event.organizer:
        _organizer(part, event)
    return part


def _uid(listed: Listed) -> str:
    """Return a name that stays the same, for an event whose source gives none."""
    told = f"{listed.provider}\n{listed.record.url}\n{getattr(listed.record, 'occurrence', '')}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, told))


def _when(part: Part, event: Event, start: Moment) -> None:
    _add_time(part, "dtstart", start)
    if event.occurrence:
        replaced = parse_moment(event.occurrence)
        if replaced is not None:
            # Midnights are days when read from text; here the series tells what they are.
            _add_time(part, "recurrence-id", Moment.of_wall(replaced.wall(), start.zone, all_day=start.all_day))
    if event.end is None:
        return
    if start.all_day:
        # A calendar's end is the day after the last.
        part.add("dtend", event.end.wall().date() + timedelta(days=1))
    elif event.end.all_day:
        _add_time(part, "dtend", Moment(event.end.assumed(ends=True), event.end.zone))
    else:
        _add_time(part, "dtend", event.end)


def _add_time(part: Part, name: str, moment: Moment) -> None:
    if moment.all_day:
        part.add(name, moment.wall().date())
    elif moment.zone == "UTC":
        part.add(name, moment.instant)
    elif moment.zone:
        part.add(name, moment.wall(), parameters={"TZID": moment.zone})
    else:
        part.add(name, moment.wall())


def _location(event: Event) -> str:
    more = [place for place in (event.city, event.country) if place not in event.venue]
    return ", ".join(place for place in (event.venue, *more) if place)


def _organizer(part: Part, event: Event) -> None:
    # An organiser needs an address, and none is known; this one is used by calendars for that.
    address = vCalAddress("invalid:nomail")
    address.params["CN"] = vText(event.organizer)
    part["organizer"] = address


@lru_cache(maxsize=256)
def _defined(zone: str, first: int, last: int) -> bytes:
    if zone[0] in "+-":
        return bytes(_fixed(zone).to_ical())
    return bytes(Timezone.from_tzid(zone, first_date=date(first, 1, 1), last_date=date(last, 1, 1)).to_ical())


def _zone(zone: str, first: int, last: int) -> Any:
    """Return the definition of a zone over the years that are used."""
    first, last = max(first - 1, _FIRST_YEAR), min(last + 2, _LAST_YEAR)
    return Timezone.from_ical(_defined(zone, min(first, last - 1), last))


def _fixed(zone: str) -> Timezone:
    made = Timezone()
    made.add("tzid", zone)
    standard = TimezoneStandard()
    offset = zone_info(zone).utcoffset(None)
    standard.add("dtstart", datetime(_FIRST_YEAR, 1, 1))  # noqa: DTZ001, RUF100 - the wall clock of the definition
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    made.add_component(standard)
    return made
