"""Eventbrite: the events of an organiser, as its API lists them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lifenode.errors import UnreadableInput
from lifenode.training.clean import number, whole_number
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event


def read_eventbrite(content: bytes, base: str) -> Reading:
    """Return the events of an answer; the next page, with the query as it was, is in ``more``.

    Raises
    ------
    UnreadableInput
        It is no answer of Eventbrite.
    """
    answer = json_of(content, base or "Eventbrite")
    if not isinstance(answer, dict) or not isinstance(answer.get("events"), list):
        raise UnreadableInput(f"{base or 'This'} is no answer of Eventbrite: it has no events.", value=base)
    reading = Reading(records=[_event(item, base) for item in dicts(answer["events"])])
    paging = answer.get("pagination")
    if isinstance(paging, dict) and paging.get("has_more_items") is True:
        reading.more.append(_next(base, paging))
    return reading


def _next(base: str, paging: dict[str, Any]) -> str:
    parts = urlsplit(base)
    query = dict(parse_qsl(parts.query))
    if word(paging.get("continuation")):
        query["continuation"] = word(paging.get("continuation"))
    else:
        query["page"] = str((whole_number(word(paging.get("page_number"))) or 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))


def _event(item: dict[str, Any], base: str) -> Event:
    event = Event(title=_text(item.get("name")), url=word(item.get("url")), source_url=base)
    event.external_id = word(item.get("id"))
    event.description = _text(item.get("description")) or word(item.get("summary"))
    event.subtitle = ""
    event.start, event.end = _time(item.get("start")), _time(item.get("end"))
    event.presence = "online" if item.get("online_event") is True else "onsite" if "online_event" in item else ""
    event.status = "cancelled" if word(item.get("status")) in ("canceled", "cancelled") else ""
    event.capacity = whole_number(word(item.get("capacity"))) or None
    event.language = word(item.get("locale")).split("_")[0].lower()
    if item.get("is_free") is True:
        event.cost_basis = "free"
    elif item.get("is_free") is False:
        event.cost_basis = "charge"
    event.cost_currency = word(item.get("currency")) if event.cost_basis == "charge" else ""
    event.organizer = _named(item.get("organizer"))
    event.keywords = [text for name in ("category", "subcategory") if (text := _named(item.get(name)))]
    venue = item.get("venue")
    if isinstance(venue, dict):
        _venue(event, venue)
    return event


def _venue(event: Event, venue: dict[str, Any]) -> None:
    address = venue.get("address")
    place = address if isinstance(address, dict) else {}
    event.venue = ", ".join(text for text in (word(venue.get("name")), word(place.get("address_1"))) if text)
    event.city, event.county = word(place.get("city")), word(place.get("region"))
    event.country, event.postcode = word(place.get("country")), word(place.get("postal_code"))
    event.latitude = number(word(venue.get("latitude") or place.get("latitude")))
    event.longitude = number(word(venue.get("longitude") or place.get("longitude")))


def _time(given: Any) -> Moment | None:
    if not isinstance(given, dict):
        return None
    zone = zone_name(word(given.get("timezone")))
    instant, local = parse_moment(word(given.get("utc"))), parse_moment(word(given.get("local")), zone)
    if instant is None:
        return local
    # Midnight here is a time, not a day: it is what the organiser set.
    return Moment(instant.instant, zone or "UTC")


def _text(given: Any) -> str:
    if not isinstance(given, dict):
        return word(given)
    return word(given.get("html")) or word(given.get("text"))


def _named(given: Any) -> str:
    return (word(given.get("name")) or word(given.get("short_name"))) if isinstance(given, dict) else ""
