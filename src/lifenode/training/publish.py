"""Any search in the form a reader wants it: JSON, tables, feeds, calendar, linked data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lifenode.errors import InvalidOption
from lifenode.training.portal import Listed, Portal
from lifenode.training.publish_bioschemas import json_ld
from lifenode.training.publish_feeds import Channel, atom, json_feed, rss
from lifenode.training.publish_ical import calendar
from lifenode.training.publish_tables import csv_text, event_rows, material_rows, xlsx_bytes
from lifenode.training.records import to_dict
from lifenode.training.search import Found
from lifenode.training.search_question import Question
from lifenode.training.spreadsheet import MEDIA_TYPE as XLSX

FEED_LENGTH = 100
"""Entries of a feed, which is read again and again; all other forms hold everything that was found."""

VALUES = 100
"""Values of a facet beside the records of a search; the facets alone are told whole."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its label, its media type, and the ending of a file."""

    label: str
    media_type: str
    ending: str


WHOLE = ("csv", "xlsx", "ics")
"""Forms that hold everything that was found, however much it is."""

FORMS: Mapping[str, Form] = {
    "json": Form("JSON", "application/json", "json"),
    "csv": Form("CSV", "text/csv; charset=utf-8", "csv"),
    "xlsx": Form("XLSX", XLSX, "xlsx"),
    "ics": Form("Calendar", "text/calendar; charset=utf-8", "ics"),
    "atom": Form("Atom", "application/atom+xml; charset=utf-8", "atom"),
    "rss": Form("RSS", "application/rss+xml; charset=utf-8", "rss"),
    "feed": Form("JSON Feed", "application/feed+json; charset=utf-8", "json"),
    "jsonld": Form("JSON-LD", "application/ld+json", "jsonld"),
}
"""Forms by the ending of an address."""


def asked_for(question: Question, form: str) -> Question:
    """Return the question as a form asks it: a feed by default tells the newest first, whenever an event starts."""
    return replace(question, sort="new") if form in _FEEDS and question.sort == "default" else question


def shown(listed: Listed, base: str = "") -> dict[str, Any]:
    """Return a record as JSON takes it, with what the portal knows of it; `base` is the address of the portal."""
    return {
        "slug": listed.slug,
        "page": base + listed.path,
        **to_dict(listed.record),
        "content_provider": listed.provider,
        "created_at": listed.created_at.isoformat(),
        "updated_at": listed.updated_at.isoformat(),
        "last_seen_at": listed.last_seen_at.isoformat(),
        "withdrawn_at": listed.withdrawn_at and listed.withdrawn_at.isoformat(),
    }


def facets_shown(found: Found) -> dict[str, list[dict[str, Any]]]:
    """Return the facets of a search as JSON takes them."""
    return {
        name: [{"value": value.value, "count": value.count, "chosen": value.chosen} for value in values]
        for name, values in found.facets.items()
    }


def page_shown(portal: Portal, found: Found, base: str = "") -> dict[str, Any]:
    """Return a page of a search as JSON takes it."""
    return {
        "result": [shown(listed, base) for listed in portal.records(found.shown)],
        "facets": facets_shown(found),
        "meta": {
            "total": found.total,
            "page": found.question.page,
            "per_page": found.question.per_page,
            "pages": found.pages,
            "sort": found.question.order,
            "past": found.past,
            "more_values": {name: others for name, others in found.more.items() if others},
            "read_as": dict(found.read_as),
            "synonyms": dict(found.synonyms),
            "question": [list(pair) for pair in found.question.pairs()],
        },
    }


def publish(portal: Portal, found: Found, form: str, channel: Channel) -> bytes:
    """Return what was found in a form of `FORMS`.

    JSON and JSON-LD are the page that was asked for, a feed the first hundred records, tables and calendars everything.

    Raises
    ------
    InvalidOption
        There is no such form, or a table was asked for that would hold events and materials.
    """
    if form == "json":
        return _json(page_shown(portal, found, channel.base))
    if form in _FEEDS:
        return _FEEDS[form](portal.records([int(one) for one in found.ids[:FEED_LENGTH]]), channel)
    if form == "jsonld":
        return _json({"@graph": [json_ld(one, channel.base + one.path) for one in portal.records(found.shown)]})
    listed = portal.each([int(one) for one in found.ids])
    if form == "ics":
        return calendar(listed, name=channel.title, base=channel.base)
    if form not in ("csv", "xlsx"):
        raise InvalidOption(f"There is no form {form[:20]!r}.", value=form, next_step=f"There are {', '.join(FORMS)}.")
    kind = found.question.kind
    if not kind:
        raise InvalidOption(
            "Events and materials have different columns.", value=form, next_step="Ask for one kind: event or material."
        )
    rows = event_rows(listed) if kind == "event" else material_rows(listed)
    return csv_text(rows).encode() if form == "csv" else xlsx_bytes(rows, f"{kind}s")


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


_FEEDS: Mapping[str, Callable[[Sequence[Listed], Channel], bytes]] = {
    "atom": atom,
    "rss": rss,
    "feed": lambda records, channel: _json(json_feed(records, channel)),
}
