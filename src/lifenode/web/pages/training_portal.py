"""What the pages of the training portal share: questions of addresses, times in words, cards of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from lifenode.training.moments import Moment, zone_info
from lifenode.training.portal import Listed, Portal
from lifenode.training.records import Event
from lifenode.training.search_question import Question, read_question
from lifenode.web.node import node_of

Answer = TypeVar("Answer")
KINDS = {"events": "event", "materials": "material"}
_EXCERPT = 240


async def at_work(request: Request, work: Callable[..., Answer], /, *args: Any) -> Answer:
    """Return ``work(portal, *args)``, done in a thread, since it waits for the database."""
    node = node_of(request)

    def done() -> Answer:
        return work(node.portal, *args)

    return await run_in_threadpool(done)


def question_of(request: Request, kind: str, *besides: str) -> Question:
    """Return the question of an address, without the parameters `besides`, which are not about it."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in besides]
    return read_question(pairs, kind)


def base_of(request: Request) -> str:
    """Return the address of the node."""
    return str(request.base_url).rstrip("/")


def address(path: str, question: Question) -> str:
    """Return where a question is answered."""
    pairs = question.pairs()
    return f"{path}?{urlencode(pairs)}" if pairs else path


def search_path(kind: str) -> str:
    """Return the page that searches a kind."""
    return f"/training/{kind}s" if kind else "/training"


def value_link(kind: str, facet: str, value: str) -> str:
    """Return where all records of a kind with a value are."""
    return f"{search_path(kind)}?{facet}={quote(value, safe='')}"


def span_of(event: Event) -> dict[str, Any] | None:
    """Return when an event takes place, in words of its own zone, and the instants for a viewer's."""
    start, end = event.start, event.end
    if start is None:
        return None
    timed = not start.all_day and (end is None or not end.all_day)
    text = _words(start)
    if end is not None and end.wall() != start.wall():
        same_day = end.wall().date() == start.wall().date()
        text += f" to {_clock(end.wall()) if same_day and timed else _words(end)}"
    zone = f"UTC{start.zone}" if start.zone[:1] in ("+", "-") else start.zone or "zone not given"
    return {
        "text": text,
        "zone": zone if timed else "",
        "instant": start.instant.isoformat() if timed and start.zone else "",
        "until": end.instant.isoformat() if end is not None and timed and start.zone else "",
        "day": start.to_text(),
        "offset": _offset(start) if timed else "",
    }


def _words(moment: Moment) -> str:
    wall = moment.wall()
    day = f"{wall:%a} {wall.day} {wall:%b %Y}"
    return day if moment.all_day else f"{day}, {_clock(wall)}"


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M}"


def _offset(moment: Moment) -> str:
    if not moment.zone:
        return ""
    shown = moment.instant.astimezone(zone_info(moment.zone)).strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:]}"


def place_of(event: Event) -> str:
    """Return where an event takes place, in a few words."""
    where = ", ".join(part for part in (event.city, event.country) if part) or event.venue
    if event.presence == "online":
        return "online"
    return " and ".join(part for part in (where, "online" if event.presence == "hybrid" else "") if part)


def card(listed: Listed) -> dict[str, Any]:
    """Return a record as lists show it."""
    record = listed.record
    event = record if isinstance(record, Event) else None
    excerpt = " ".join(record.description.split())
    return {
        "kind": listed.kind,
        "title": record.title,
        "href": listed.path,
        "span": event and span_of(event),
        "place": place_of(event) if event else "",
        "facts": [] if event else _facts(record),
        "provider": listed.provider,
        "provider_href": f"/training/providers/{listed.provider_id}",
        "excerpt": excerpt if len(excerpt) <= _EXCERPT else f"{excerpt[:_EXCERPT].rsplit(' ', 1)[0]}…",
        "cancelled": bool(event and event.status == "cancelled"),
        "topics": [
            (topic.label, value_link(listed.kind, "scientific_topics", topic.label))
            for topic in record.scientific_topics
            if topic.label
        ],
    }


def _facts(record: Any) -> list[str]:
    authors = ", ".join(person.name for person in record.authors[:3])
    more = " and others" if len(record.authors) > 3 else ""
    level = record.difficulty_level.replace("notspecified", "")
    return [text for text in (", ".join(record.resource_type), level, record.licence, authors + more) if text]


def counted(portal: Portal) -> Mapping[str, int]:
    """Return how many events and materials the portal holds, those that are over and archived too."""
    index = portal.index
    events = int(index.is_event.sum())
    return {"events": events, "materials": len(index) - events}
