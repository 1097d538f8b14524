"""TeSS's API for reading, under ``/tess``: JSON:API, the JSON before it, tables and calendars.

Clients of TeSS (its widget, the generated JavaScript client, the Training Metrics Database) work with their
base address changed to this node's. Parameters that are not known are passed over, as there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import LifenodeError, UnknownName
from lifenode.web.node import node_of, training_at_hand

JSON_API = "application/vnd.api+json; charset=utf-8"
_LISTED = 1_024
_EMPTY = ("workflows", "users", "collections")
"""Kinds that TeSS has and this portal does not: their lists are empty."""


def install(app: FastAPI) -> None:
    """Add the routes, where the portal's libraries are installed."""
    if not training_at_hand():
        return
    for kind in ("events", "materials"):
        _add(app, f"/{kind}.json_api", _collection(kind), JSON_API)
        _add(app, f"/{kind}/count", _count(kind), "application/json")
        _add(app, f"/{kind}/count.json", _count(kind), "application/json")
        _add(app, f"/{kind}.json", _legacy_list(kind), "application/json")
        _add(app, f"/{kind}/{{slug}}.json_api", _one(kind), JSON_API)
        _add(app, f"/{kind}/{{slug}}.json", _legacy_one(kind), "application/json")
        _add(app, f"/{kind}/{{slug}}.jsonld", _linked(kind), "application/ld+json")
    _add(app, "/events.ics", _calendar, "text/calendar; charset=utf-8")
    _add(app, "/events.csv", _table, "text/csv; charset=utf-8")
    app.add_route("/tess/events/{slug}/redirect", _redirect, methods=["GET"], include_in_schema=False)
    for kind, listing in (("content_providers", _providers), ("nodes", _nodes)):
        _add(app, f"/{kind}.json_api", _group(listing), JSON_API)
        _add(app, f"/{kind}/{{slug}}.json_api", _group_one(listing, kind), JSON_API)
    for kind in _EMPTY:
        _add(app, f"/{kind}.json_api", _group(lambda portal: []), JSON_API)


def _add(app: FastAPI, path: str, work: Callable[[Any, Request], bytes], media_type: str) -> None:
    async def handle(request: Request) -> Response:
        def done() -> bytes:
            return work(node_of(request).portal, request)

        try:
            return Response(await run_in_threadpool(done), media_type=media_type, headers={"Cache-Control": "no-cache"})
        except LifenodeError as problem:
            return _problem(problem, media_type)

    app.add_route(f"/tess{path}", handle, methods=["GET"], include_in_schema=False)


def _problem(problem: LifenodeError, media_type: str) -> Response:
    status = 404 if isinstance(problem, UnknownName) else min(problem.status, 503)
    if media_type == JSON_API:
        content: Any = {"errors": [{"status": str(status), "title": problem.title, "detail": str(problem)}]}
    else:
        content = {"error": {"message": str(problem), "code": status}}
    kind = media_type if media_type == JSON_API else "application/json"
    return Response(orjson.dumps(content), status, media_type=kind)


def _asked(request: Request, kind: str) -> Any:
    from lifenode.web.compat.tess_questions import question_of

    return question_of(request.query_params.multi_items(), kind.removesuffix("s"))


def _collection(kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import VERSION, resource
    from lifenode.web.compat.tess_questions import page_links

    def work(portal: Any, request: Request) -> bytes:
        question = _asked(request, kind)
        found = portal.search(question)
        base = str(request.base_url).rstrip("/")
        chosen = {name.replace("_", "-"): list(values) for name, values in question.facets.items()}
        available = {
            name.replace("_", "-"): [{"value": one.value, "count": one.count} for one in values]
            for name, values in found.facets.items()
        }
        return orjson.dumps({
            "data": [resource(one, base) for one in portal.records(found.shown)],
            "links": page_links(f"/tess/{kind}.json_api", request, question.page, found.pages),
            "meta": {
                "facets": chosen, "available-facets": available, "query": question.text or None,
                "results-count": found.total,
            },
            "jsonapi": VERSION,
        })  # fmt: skip

    return work


def _record(portal: Any, kind: str, request: Request) -> Any:
    """Return the record that an address names by slug or number, unless it was withdrawn."""
    name, single = request.path_params["slug"], kind.removesuffix("s")
    found = portal.numbered(single, int(name)) if name.isdecimal() and len(name) < 10 else portal.record(single, name)
    if found.withdrawn_at is not None:
        raise UnknownName(f"The {single} {name[:80]!r} was withdrawn.", value=name)
    return found


def _one(kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import VERSION, resource

    def work(portal: Any, request: Request) -> bytes:
        base = str(request.base_url).rstrip("/")
        return orjson.dumps({"data": resource(_record(portal, kind, request), base), "jsonapi": VERSION})

    return work


def _legacy_list(kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import legacy

    def work(portal: Any, request: Request) -> bytes:
        found = portal.search(_asked(request, kind), most_values=0)
        return orjson.dumps([legacy(one) for one in portal.records(found.shown)])

    return work


def _legacy_one(kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import legacy

    return lambda portal, request: orjson.dumps(legacy(_record(portal, kind, request)))


def _linked(kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.training.publish_bioschemas import json_ld

    def work(portal: Any, request: Request) -> bytes:
        found = _record(portal, kind, request)
        return orjson.dumps(json_ld(found, str(request.base_url).rstrip("/") + found.path))

    return work


def _count(kind: str) -> Callable[[Any, Request], bytes]:
    def work(portal: Any, request: Request) -> bytes:
        found = portal.search(_asked(request, kind), most_values=0)
        base = str(request.base_url).rstrip("/")
        params = dict(request.query_params.multi_items())
        return orjson.dumps({"count": found.total, "url": f"{base}/tess/{kind}?{urlencode(params)}", "params": params})

    return work


def _calendar(portal: Any, request: Request) -> bytes:
    from lifenode.training.publish_ical import calendar

    found = portal.search(_asked(request, "events"), most_values=0)
    listed = portal.each([int(one) for one in found.ids[:_LISTED]])
    content: bytes = calendar(listed, name="Events", base=str(request.base_url).rstrip("/"))
    return content


def _table(portal: Any, request: Request) -> bytes:
    """Return the five columns that TeSS's table has; commas in values become blanks there."""
    found = portal.search(_asked(request, "events"), most_values=0)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("Title", "Organizer", "Start", "End", "ContentProvider"))
    for one in portal.each([int(each) for each in found.ids[:_LISTED]]):
        start, end = one.record.start, one.record.end
        cells = (
            one.record.title, one.record.organizer, start.assumed().strftime("%d %b %Y") if start else "",
            end.assumed(ends=True).strftime("%d %b %Y") if end else "", one.provider,
        )  # fmt: skip
        writer.writerow([_cell(text) for text in cells])
    return written.getvalue().encode()


def _cell(text: str) -> str:
    plain = " ".join(text.replace(",", " ").split())
    return f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain


async def _redirect(request: Request) -> Response:
    def done() -> str:
        return str(_record(node_of(request).portal, "events", request).record.url)

    try:
        target = await run_in_threadpool(done)
    except LifenodeError as problem:
        return _problem(problem, "application/json")
    if not target.startswith(("https://", "http://")):
        return _problem(UnknownName("The event has no address.", value=target), "application/json")
    return RedirectResponse(target, 302)


def _providers(portal: Any) -> list[dict[str, Any]]:
    from lifenode.web.compat.tess_documents import provider_resource

    found = sorted(portal.providers(), key=lambda one: -(one.events + one.materials))
    return [provider_resource(one) for one in found]


def _nodes(portal: Any) -> list[dict[str, Any]]:
    from lifenode.training.search_question import Question
    from lifenode.web.compat.tess_documents import node_resource

    names: set[str] = set()
    for kind in ("event", "material"):
        names |= {one.value for one in portal.search(Question(kind, include_expired=True)).facets["node"]}
    return [node_resource(name) for name in sorted(names)]


def _group(listing: Callable[[Any], list[dict[str, Any]]]) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import VERSION
    from lifenode.web.compat.tess_questions import MOST, PAGE_SIZE, page_links

    def number(request: Request, names: tuple[str, ...], usual: int) -> int:
        given = next((request.query_params[name] for name in names if name in request.query_params), "")
        return max(min(int(given), MOST), 1) if given.isdecimal() and len(given) < 8 else usual

    def work(portal: Any, request: Request) -> bytes:
        query = request.query_params.get("q", "").lower()
        entries = [one for one in listing(portal) if query in str(one["attributes"]).lower()]
        page, size = (number(request, names, usual) for names, usual in (
            (("page_number", "page"), 1), (("page_size", "per_page"), PAGE_SIZE),
        ))  # fmt: skip
        pages = max(1, -(-len(entries) // size))
        shown = entries[(page - 1) * size : page * size]
        return orjson.dumps({
            "data": shown,
            "links": page_links(request.url.path, request, page, pages),
            "meta": {"facets": {}, "available-facets": {}, "query": query or None, "results-count": len(entries)},
            "jsonapi": VERSION,
        })  # fmt: skip

    return work


def _group_one(listing: Callable[[Any], list[dict[str, Any]]], kind: str) -> Callable[[Any, Request], bytes]:
    from lifenode.web.compat.tess_documents import VERSION

    def work(portal: Any, request: Request) -> bytes:
        name = request.path_params["slug"]
        found = next((one for one in listing(portal) if name in (one["id"], one["attributes"]["slug"])), None)
        if found is None:
            raise UnknownName(f"There is none of the {kind} with {name[:80]!r}.", value=name)
        return orjson.dumps({"data": found, "jsonapi": VERSION})

    return work
