"""Indico: the calendars behind its event and category pages."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from lifenode.training.ingest.ical import read_ical
from lifenode.training.ingest.reading import Reading
from lifenode.training.presence import presence_in

_PAGE = re.compile(r"(?P<place>.*/(?P<kind>event|category)/[^/]+)(?:/.*)?")


def calendar_address(url: str) -> str:
    """Return where the calendar of an Indico page is; other addresses stay as they are.

    >>> calendar_address("https://indico.cern.ch/category/19377/")
    'https://indico.cern.ch/category/19377/events.ics'
    """
    parts = urlsplit(url)
    found = _PAGE.fullmatch(parts.path)
    if found is None or parts.path.endswith(".ics"):
        return url
    name = "event.ics" if found["kind"] == "event" else "events.ics"
    return urlunsplit(parts._replace(path=f"{found['place']}/{name}", fragment=""))


def read_indico(content: bytes, base: str, *, today: date | None = None) -> Reading:
    """Return the events of an Indico calendar; what the text says of Zoom or a hybrid meeting counts.

    Raises
    ------
    UnreadableInput
        It is no calendar.
    """
    reading = read_ical(content, base, today=today)
    for event in reading.events:
        found = presence_in(event.description, event.venue, look_for_hybrid=True)
        event.presence = found or event.presence
    return reading
