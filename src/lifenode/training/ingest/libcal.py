"""LibCal, the calendar of libraries: what its public list says."""

from __future__ import annotations

import html
from typing import Any

from lifenode.errors import UnreadableInput
from lifenode.training.clean import split_list, whole_number
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event


def read_libcal(content: bytes, base: str, *, zone: str = "") -> Reading:
    """Return the events of a list.

    Parameters
    ----------
    content
        JSON with ``results`` (``/ajax/calendar/list``) or ``events`` (the API).
    base
        The address it came from.
    zone
        The zone of the calendar, an IANA name; the list does not say it.

    Raises
    ------
    UnreadableInput
        It is no such list.
    """
    answer = json_of(content, base or "LibCal")
    held = (answer.get("results") or answer.get("events")) if isinstance(answer, dict) else None
    if not isinstance(held, list) and not (isinstance(answer, dict) and answer.get("total_results") == 0):
        raise UnreadableInput(f"{base or 'This'} is no list of LibCal: it has no results.", value=base)
    return Reading(records=[_event(item, base, zone_name(zone)) for item in dicts(held or [])])


def _event(item: dict[str, Any], base: str, zone: str) -> Event:
    event = Event(title=word(item.get("title")), source_url=base)
    place = item.get("url")
    event.url = word(place.get("public")) if isinstance(place, dict) else word(place)
    event.external_id = word(item.get("id"))
    event.description = word(item.get("description")) or word(item.get("shortdesc"))
    all_day = item.get("all_day") is True or item.get("allday") is True
    event.start = _time(item, ("startdt", "start"), zone, all_day=all_day)
    event.end = _time(item, ("enddt", "end"), zone, all_day=all_day)
    location = item.get("location")
    event.venue = word(location.get("name")) if isinstance(location, dict) else word(location)
    campus = item.get("campus")
    event.city = "" if isinstance(campus, dict) else word(campus)
    event.organizer = word(item.get("org")) or word(item.get("presenter"))
    event.host_institutions = [name] if (name := _calendar(item.get("calendar"))) else []
    held = item.get("categories_arr") or item.get("category")
    names = [word(part.get("name")) for part in dicts(held)] or split_list(word(item.get("categories")))
    event.keywords = [html.unescape(text).strip() for name in names for text in name.split(">") if text.strip()]
    event.target_audience = [text for part in dicts(item.get("audiences")) if (text := word(part.get("name")))]
    event.capacity = whole_number(word(item.get("seats"))) or None
    event.presence = "online" if item.get("online_event") is True else "onsite" if event.venue else ""
    return event


def _time(item: dict[str, Any], names: tuple[str, ...], zone: str, *, all_day: bool) -> Moment | None:
    for name in names:
        moment = parse_moment(word(item.get(name)), zone)
        if moment is not None:
            return Moment.of_day(moment.wall().date(), zone) if all_day else moment
    return None


def _calendar(given: Any) -> str:
    return word(given.get("name")) if isinstance(given, dict) else word(given)
