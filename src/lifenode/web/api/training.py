"""Courses and materials: searches, single records, the values of facets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lifenode.training.portal import Portal
from lifenode.training.publish import VALUES, facets_shown, page_shown, shown
from lifenode.training.search_facets import facets_of
from lifenode.training.search_question import AGES, PAGE_SIZES, SORTS, read_question
from lifenode.web.api import descriptions
from lifenode.web.api.answers import REVALIDATED
from lifenode.web.api.services import refuse_others
from lifenode.web.bodies import refuse_unknown
from lifenode.web.node import node_of

_KINDS = {"events": "event", "materials": "material"}
_RANGE = r"^(\d{4}-\d{2}-\d{2})?/(\d{4}-\d{2}-\d{2})?$"
_TEXT: Mapping[str, Any] = {"type": "string"}
_RECORD: Mapping[str, Any] = {
    "type": "object",
    "required": ["slug", "type", "title", "url", "content_provider", "created_at", "updated_at"],
    "properties": {
        "slug": {"type": "string", "description": "Its name in addresses."},
        "type": {"enum": ["event", "material"]},
        "start": {"type": ["string", "null"], "description": "Instant by which lists are sorted."},
        "start_local": {"type": ["string", "null"], "description": "What the source says."},
        "timezone": {"type": "string", "description": "IANA zone, where known."},
    },
}
_FACETS = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}}


def install(router: APIRouter) -> None:
    """Add the routes."""
    for kinds, kind in _KINDS.items():
        _add(router, f"/training/{kinds}", _search(kind), f"Search {kinds}", _searched(kind))
        _add(
            router, f"/training/{kinds}/facets", _search(kind, only_facets=True), f"Count the values of {kinds}",
            _searched(kind, only_facets=True),
        )  # fmt: skip
        _add(router, f"/training/{kinds}/{{slug}}", _record(kind), f"Return one of the {kinds}", _described_record())


def _add(router: APIRouter, path: str, handler: Any, summary: str, operation: dict[str, Any]) -> None:
    name = path.strip("/").replace("/", "_").replace("{slug}", "one")
    refuse_others(router, path, "GET")
    router.add_api_route(
        path,
        handler,
        methods=["GET"],
        summary=summary,
        operation_id=f"get_{name}",
        openapi_extra=operation | {"tags": ["training"]},
        responses=descriptions.responses(404, 422, 429, 503),
        response_class=Response,
    )


def _search(kind: str, *, only_facets: bool = False) -> Any:
    async def handler(request: Request) -> Response:
        question = read_question(request.query_params.multi_items(), kind, strict=True)
        base = str(request.base_url).rstrip("/")

        def work(portal: Portal) -> dict[str, Any]:
            found = portal.search(question, most_values=None if only_facets else VALUES)
            if only_facets:
                return {"facets": facets_shown(found), "meta": {"total": found.total}}
            document = page_shown(portal, found, base)
            following = request.url.include_query_params(page=question.page + 1)
            document["meta"]["next_url"] = str(following) if question.page < found.pages else None
            return document

        return await _answered(request, work)

    return handler


def _record(kind: str) -> Any:
    async def handler(request: Request) -> Response:
        refuse_unknown(dict(request.query_params), ())
        base = str(request.base_url).rstrip("/")
        slug = request.path_params["slug"]
        return await _answered(request, lambda portal: {"result": shown(portal.record(kind, slug), base)})

    return handler


async def _answered(request: Request, work: Any) -> Response:
    """Return what `work` makes of the portal, in a thread, since it waits for the database."""
    node = node_of(request)
    document = await run_in_threadpool(lambda: work(node.portal))
    content = json.dumps(document, ensure_ascii=False).encode()
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": REVALIDATED}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _parameter(name: str, schema: Mapping[str, Any], summary: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": summary, "schema": dict(schema), **more}


def _searched(kind: str, *, only_facets: bool = False) -> dict[str, Any]:
    """Return the OpenAPI operation of a search."""
    days = {"type": "string", "pattern": _RANGE, "example": "2026-03-01/2026-03-31"}
    flag = {"type": "boolean"}
    parameters = [
        _parameter("q", {"type": "string", "maxLength": 500}, "Words that must all be found; -word must not."),
        _parameter("include_expired", flag, "Events that are over too."),
        _parameter("include_archived", flag, "Archived materials too."),
        _parameter("elixir", flag, "Only what a node of ELIXIR has part in, or only what none has."),
        _parameter(
            "days_since_scrape", {"type": "integer", "minimum": 0, "maximum": 9_999_999}, "Not seen for so long."
        ),
        _parameter("max_age", {"type": "string", "enum": list(AGES)}, "New within so long."),
        _parameter("start", days, "First and last day of the start; one may be left out."),
        _parameter("running_during", days, "The same for any part of an event."),
        _parameter("sort", {"type": "string", "enum": list(SORTS)}, "The order."),
        _parameter("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "The page, from 1."),
        _parameter("per_page", {"type": "integer", "minimum": 1, "maximum": PAGE_SIZES[-1]}, "Records of a page."),
    ]
    values = {"type": "array", "items": dict(_TEXT)}
    parameters += [
        _parameter(facet.name, values, f"{facet.label}: one of these values.", style="form", explode=True)
        for facet in facets_of(kind)
    ]
    properties = {"facets": _FACETS, "meta": {"type": "object"}}
    if not only_facets:
        properties["result"] = {"type": "array", "items": dict(_RECORD)}
    return _operation(parameters, {"type": "object", "required": list(properties), "properties": properties})


def _described_record() -> dict[str, Any]:
    slug = {"name": "slug", "in": "path", "required": True, "schema": dict(_TEXT)}
    return _operation([slug], {"type": "object", "required": ["result"], "properties": {"result": dict(_RECORD)}})


def _operation(parameters: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": "The answer.", "content": {"application/json": {"schema": schema}}}
    return {"parameters": parameters, "responses": {"200": answer} | descriptions.not_modified()}
