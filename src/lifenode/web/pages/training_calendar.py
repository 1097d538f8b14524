"""Events of a month, day by day; those longer than five days are listed apart."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import InvalidOption
from lifenode.training.portal import Listed, Portal
from lifenode.training.records import Event
from lifenode.training.search_question import Question
from lifenode.web.pages.frame import render
from lifenode.web.pages.training_portal import address, at_work, question_of

_LONG_DAYS = 5
_MOST_A_DAY = 5
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/training/calendar", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    question = replace(question_of(request, "event", "month"), page=1)
    first = _first_day(request.query_params.get("month", ""))
    return render(request, "training_calendar.html", **await at_work(request, _view, question, first))


def _first_day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date().replace(day=1)
    found = _MONTH.fullmatch(text)
    if found is None or not 1 < int(found[1]) < 9999:
        raise InvalidOption(f"month is {text[:20]!r}, which is not a month.", value=text, next_step="Write 2026-03.")
    return date(int(found[1]), int(found[2]), 1)


def _view(portal: Portal, question: Question, first: date) -> dict[str, Any]:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    asked = replace(question, running_during=(weeks[0][0], weeks[-1][-1]), include_expired=True)
    found = portal.search(asked, most_values=0)
    by_day: dict[date, list[dict[str, str]]] = {}
    apart = []
    for listed in portal.each([int(one) for one in found.ids]):
        days = _days(listed)
        shown = _shown(listed)
        if len(days) > _LONG_DAYS:
            apart.append({**shown, "span": f"{days[0].isoformat()} to {days[-1].isoformat()}"})
            continue
        for day in days:
            by_day.setdefault(day, []).append(shown)
    plain = replace(question, running_during=None)
    return {
        "name": f"{first:%B} {first.year}",
        "weeks": [[_day(day, first, by_day.get(day, []), plain) for day in week] for week in weeks],
        "apart": apart,
        "total": found.total,
        "previous": _month_address(plain, first - timedelta(days=1)),
        "next": _month_address(plain, first + timedelta(days=31)),
        "list": address("/training/events", replace(plain, running_during=(weeks[0][0], weeks[-1][-1]))),
    }


def _days(listed: Listed) -> list[date]:
    event = listed.record
    if not isinstance(event, Event) or event.start is None:
        return []
    first = event.start.wall().date()
    last = max((event.end or event.start).wall().date(), first)
    return [first + timedelta(days=number) for number in range(min((last - first).days, 366) + 1)]


def _shown(listed: Listed) -> dict[str, str]:
    event = listed.record
    start = event.start if isinstance(event, Event) else None
    timed = start is not None and not start.all_day
    clock = f"{start.wall():%H:%M}" if start is not None and timed else ""
    return {"title": event.title, "href": listed.path, "time": clock, "zone": start.zone if start and timed else ""}


def _day(day: date, month: date, events: list[dict[str, str]], question: Question) -> dict[str, Any]:
    return {
        "number": day.day,
        "iso": day.isoformat(),
        "inside": day.month == month.month,
        "today": day == datetime.now(UTC).date(),
        "events": events[:_MOST_A_DAY],
        "more": max(0, len(events) - _MOST_A_DAY),
        "href": address("/training/events", replace(question, running_during=(day, day), include_expired=True)),
    }


def _month_address(question: Question, day: date) -> str:
    found = address("/training/calendar", question)
    return f"{found}{'&' if '?' in found else '?'}month={day.year:04}-{day.month:02}"
