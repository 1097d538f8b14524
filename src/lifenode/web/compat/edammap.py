"""EDAMmap's API: terms for a tool from its name, keywords and description, as its clients ask and read it.

Web pages, documentation and publications that a query names are checked and echoed, and not fetched.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

import lifenode
from lifenode.errors import BadRequest, LifenodeError
from lifenode.web.bodies import parse_object
from lifenode.web.compat import edammap_answer as answering
from lifenode.web.compat.edammap_request import MOST, Refused, check_url, publications, read, term_id
from lifenode.web.node import node_of

PATH = "/edammap/api"
_MOST_CHARACTERS = 1_000_000


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route(PATH, _handler(map_query), methods=["POST"], include_in_schema=False)
    for word, work in (("web", webpages), ("doc", docs), ("pub", papers), ("edam", terms)):
        app.add_route(f"{PATH}/{word}", _handler(work), methods=["POST"], include_in_schema=False)


def _handler(work: Callable[[bytes, str], bytes]) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        body = await request.body()
        begun = time.time()
        try:
            content, status = await node_of(request).desk.run(work, body, base, large=False), 200
        except (Refused, BadRequest) as problem:
            content, status = _refusal(problem, begun), 400
        except LifenodeError as problem:
            content, status = _refusal(problem, begun), 400 if problem.status < 500 else problem.status
        return Response(content, status, {"Cache-Control": "no-store"}, "application/json")

    return handle


def _refusal(problem: Exception, begun: float) -> bytes:
    message = problem.detail if isinstance(problem, LifenodeError) else str(problem)
    return orjson.dumps({"success": False, "status": 400, "message": message, "time": _human(begun)})


def map_query(body: bytes, base: str) -> bytes:
    """Return the terms for a query.

    Raises
    ------
    Refused, BadRequest
        It cannot be read.
    """
    begun = time.time()
    if len(body) > _MOST_CHARACTERS:
        raise Refused(f"Request has more than {_MOST_CHARACTERS} characters")
    ontology = answering.matcher().ontology
    asked = read(parse_object(body), ontology)
    mapped = answering.mapping_of(asked)
    tool = answering.merged_tool(asked, mapped["mapping"]["results"])
    answer = {
        "success": True, "version": "1", "type": "full" if asked.full else "core", "api": f"{base}{PATH}",
        "txt": None, "html": None, "json": None,
        "generator": {"name": "lifenode", "url": f"{base}/", "version": lifenode.__version__},
        "time": _times(begun, time.time()), **mapped, "args": answering.arguments(asked),
    } | ({"tool": tool} if tool is not None else {})  # fmt: skip
    return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)


def webpages(body: bytes, base: str) -> bytes:
    """Check addresses of web pages."""
    return _checked_urls(body, "webpageUrls")


def docs(body: bytes, base: str) -> bytes:
    """Check addresses of documentation."""
    return _checked_urls(body, "docUrls")


def papers(body: bytes, base: str) -> bytes:
    """Check identifiers of publications."""
    found = publications(_several(parse_object(body), "publicationIds"))
    shown = [{"id": {"pmid": one.pmid, "pmcid": one.pmcid, "doi": one.doi}, "status": "empty"} for one in found]
    return orjson.dumps({"success": True, "publicationIds": shown})


def terms(body: bytes, base: str) -> bytes:
    """Check terms."""
    ontology = answering.matcher().ontology
    found = [term_id(str(one), ontology) for one in _several(parse_object(body), "annotations")]
    shown = [answering.checked_annotation(term, ontology) for term in found]
    return orjson.dumps({"success": True, "annotations": shown})


def _checked_urls(body: bytes, name: str) -> bytes:
    shown = [{"id": check_url(str(one)), "status": "empty"} for one in _several(parse_object(body), name)]
    return orjson.dumps({"success": True, name: shown})


def _several(body: dict[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    entries = value if isinstance(value, list) else [] if value in (None, "") else [value]
    if len(entries) > MOST.get(name, 1_000):
        raise Refused(f"Param '{name}' has more than {MOST.get(name, 1_000)} values")
    return entries


def _times(begun: float, ended: float) -> dict[str, Any]:
    return {
        "start": round(begun * 1000), "startHuman": _human(begun), "stop": round(ended * 1000),
        "stopHuman": _human(ended), "duration": round(ended - begun, 6),
    }  # fmt: skip


def _human(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).isoformat(timespec="milliseconds")
