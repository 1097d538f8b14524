"""Search for courses and materials: the form at the left, what is found at the right, and the same in other forms."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import Busy, LifenodeError
from lifenode.training.portal import Portal
from lifenode.training.publish import FORMS, VALUES, WHOLE, asked_for, publish
from lifenode.training.publish_feeds import Channel
from lifenode.training.search import Found
from lifenode.training.search_facets import FACETS, facets_of
from lifenode.training.search_question import AGES, FLAGS, PAGE_SIZES, SORTS, Question
from lifenode.web.api.answers import REVALIDATED
from lifenode.web.api.representations import NotAcceptable
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake
from lifenode.web.pages.training_portal import (
    KINDS,
    address,
    at_work,
    base_of,
    card,
    counted,
    question_of,
    search_path,
)

_OPEN_FACETS = 5
_VALUES_SHOWN = 40
_WAITING_SECONDS = 5.0
_whole = threading.BoundedSemaphore(2)
_TITLES = {"": "Courses and materials", "event": "Events", "material": "Materials"}
_PLAIN = ("q", "sort", "per_page", "max_age", "elixir", "start", "running_during", "days_since_scrape", *FLAGS)


def install(app: FastAPI) -> None:
    """Add the routes."""
    for kind in ("", *KINDS.values()):
        path = search_path(kind)
        app.add_route(path, _page, methods=["GET"], include_in_schema=False)
        app.add_route(f"{path}.{{format}}", _twin, methods=["GET"], include_in_schema=False)


def _kind(request: Request) -> str:
    return KINDS.get(request.url.path.removeprefix("/training").lstrip("/").partition(".")[0], "")


async def _page(request: Request) -> Response:
    if request.query_params.get("format", ""):
        return await _twin(request)
    kind = _kind(request)
    errors = []
    try:
        question = question_of(request, kind, "format")
    except LifenodeError as error:
        told = str(error.detail).split()
        field = next((word for word in told if word in _PLAIN), "q")
        errors = [Mistake(field, error.detail, error.next_step)]
        question = Question(kind=kind)
    answer = None if errors else await at_work(request, _answer, question)
    return render(
        request,
        "training.html",
        status=422 if errors else 200,
        title=_TITLES[kind],
        kind=kind,
        here=search_path(kind),
        question=question,
        given=request.query_params,
        errors=errors,
        answer=answer,
        kept=[pair for pair in request.query_params.multi_items() if errors and pair[0] in FACETS],
        kinds=[(name, search_path(one), one == kind) for one, name in _TITLES.items()],
        sorts=[(name, words) for name, words in SORTS.items() if kind != "material" or name not in ("early", "late")],
        sizes=[(str(size), str(size)) for size in PAGE_SIZES],
        ages=[("", "any time"), *((age, f"the last {age}") for age in AGES)],
        twins=[(form.label, twin(question, name)) for name, form in FORMS.items() if kind or name not in _TABLES],
        feeds=[(FORMS[name].media_type.partition(";")[0], twin(question, name)) for name in ("atom", "rss", "feed")],
        calendar=address("/training/calendar", replace(question, kind="event", page=1)) if kind == "event" else "",
        map=address("/training/map", replace(question, kind="event", page=1)) if kind == "event" else "",
    )


_TABLES = ("csv", "xlsx")


def twin(question: Question, form: str) -> str:
    """Return where a question is answered in a form."""
    return address(f"{search_path(question.kind)}.{form}", question)


async def _twin(request: Request) -> Response:
    form = request.path_params.get("format") or request.query_params.get("format", "")
    if form not in FORMS:
        raise NotAcceptable(
            f'There is no form "{form[:20]}" of this answer.', value=form, next_step=f"There are {', '.join(FORMS)}."
        )
    question = question_of(request, _kind(request), "format")
    base = base_of(request)
    title = _TITLES[question.kind] + (f": {question.text}" if question.text else "")
    channel = Channel(title, base + twin(question, form), base + address(search_path(question.kind), question), base)
    content = await at_work(request, _published, question, form, channel)
    headers = {"Cache-Control": REVALIDATED, "Vary": "Accept"}
    if form in (*_TABLES, "ics"):
        headers["Content-Disposition"] = f'attachment; filename="{question.kind or "training"}s.{FORMS[form].ending}"'
    return Response(content, media_type=FORMS[form].media_type, headers=headers)


def _published(portal: Portal, question: Question, form: str, channel: Channel) -> bytes:
    """Return what a question finds in a form; what is whole takes long, so that only two are made at a time."""
    found = portal.search(asked_for(question, form), most_values=VALUES if form == "json" else 0)
    if form not in WHOLE:
        return publish(portal, found, form, channel)
    if not _whole.acquire(timeout=_WAITING_SECONDS):
        raise Busy("Other whole lists are being written.", next_step="Try again in a few seconds, or ask for less.")
    try:
        return publish(portal, found, form, channel)
    finally:
        _whole.release()


def _answer(portal: Portal, question: Question) -> dict[str, Any]:
    """Return what a question finds as the template shows it."""
    found = portal.search(question, most_values=_VALUES_SHOWN)
    path = search_path(question.kind)
    return {
        "total": found.total,
        "past": 0 if question.include_expired else found.past,
        "with_past": address(path, replace(question, include_expired=True, page=1)),
        "cards": [card(listed) for listed in portal.records(found.shown)],
        "first": (question.page - 1) * question.per_page + 1,
        "facets": _facets(found),
        "chosen": _chosen(question, path),
        "read_as": found.read_as,
        "synonyms": found.synonyms,
        "pages": _pages(found, path),
        "held": counted(portal),
    }


def _facets(found: Found) -> list[dict[str, Any]]:
    shown = []
    for place, facet in enumerate(facets_of(found.question.kind)):
        values = found.facets.get(facet.name, [])
        if values:
            shown.append(
                {
                    "name": facet.name,
                    "label": facet.label,
                    "values": values,
                    "more": found.more[facet.name],
                    "open": place < _OPEN_FACETS or any(value.chosen for value in values),
                }
            )
    return shown


def _chosen(question: Question, path: str) -> list[tuple[str, str]]:
    """Return what narrows the search: in words, and where it does not."""
    labels = {facet.name: facet.label for facet in facets_of(question.kind)}
    found = []
    for name, values in question.facets.items():
        for value in values:
            rest = [other for other in values if other != value]
            found.append((f"{labels[name]}: {value}", address(path, question.with_facet(name, rest))))
    told: dict[str, tuple[str, Any]] = {
        "include_expired": ("with events that are over", False),
        "include_archived": ("with archived materials", False),
        "elixir": ("of ELIXIR nodes" if question.elixir else "of others than ELIXIR nodes", None),
        "max_age": (f"new within {question.max_age} days", None),
        "days_since_scrape": (f"not seen for {question.days_since_scrape} days", None),
        "start": ("by the day of the start", None),
        "running_during": ("by the days it runs", None),
    }
    for name, (words, blank) in told.items():
        if getattr(question, name) not in (None, False):
            changes: dict[str, Any] = {name: blank, "page": 1}
            found.append((words, address(path, replace(question, **changes))))
    return found


def _pages(found: Found, path: str) -> dict[str, Any]:
    question = found.question

    def to(page: int) -> str:
        return address(path, replace(question, page=page)) if 1 <= page <= found.pages else ""

    return {
        "page": question.page,
        "last": found.pages,
        "previous": to(question.page - 1),
        "next": to(question.page + 1),
    }
