"""Problems as pages, for visitors who read them in a browser; programs keep their problem documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from lifenode.errors import UnknownName
from lifenode.web.pages.frame import render

_log = logging.getLogger("lifenode.web")

_FOR_PROGRAMS = ("/api/", "/edammap/", "/gprofiler/", "/gplink/", "/tess/")
_DATA = frozenset({"json", "jsonl", "tsv", "csv", "parquet", "gmt", "gem", "png", "svg"})


def install(app: FastAPI) -> None:
    """Let the problems of `app` become pages."""
    app.state.fault_page = fault_page


def fault_page(scope: Scope, document: Mapping[str, Any], headers: Mapping[str, str]) -> Response | None:
    """Return the page of a problem, or nothing for whom its document is.

    Parameters
    ----------
    scope
        The request.
    document
        The problem; see `lifenode.web.problems`.
    headers
        What the response says beside it, such as Retry-After.
    """
    request = Request(scope)
    if not wants_page(request):
        return None
    try:
        return _page(request, document, headers)
    except Exception:  # noqa: BLE001 - the page of a fault may not be the next one; its document is always at hand
        _log.exception("a fault while making the page of a problem")
        return None


def wants_page(request: Request) -> bool:
    """Return whether a request is that of a browser for a page: it names HTML, and names nothing of data before it."""
    path = request.url.path
    ending = path.rpartition("/")[2].rpartition(".")[2]
    if path.startswith(_FOR_PROGRAMS) or (ending in _DATA and not path.startswith("/static/")):
        return False
    wanted = dict(_quality(part) for part in request.headers.get("accept", "").lower().split(","))
    page = wanted.get("text/html", 0.0)
    return page > 0 and page >= max((worth for kind, worth in wanted.items() if kind.endswith("json")), default=0.0)


def _quality(part: str) -> tuple[str, float]:
    """Return a media type of an Accept header and how much it is wanted."""
    kind, *parameters = [piece.strip() for piece in part.split(";")]
    stated = next((text.removeprefix("q=") for text in parameters if text.startswith("q=")), "1")
    try:
        return kind, float(stated)
    except ValueError:
        return kind, 0.0


def _page(request: Request, document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    response = render(
        request,
        "fault.html",
        status=document["status"],
        fault=document,
        request_id=request.scope.get("state", {}).get("request_id", ""),
        near=[],
        sought="",
        wait=headers.get("Retry-After") or headers.get("retry-after", ""),
    )
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(request: Request, error: UnknownName, near: Sequence[tuple[str, str, str]], sought: str) -> Response:
    """Return the page that says that a gene or term is not there.

    Parameters
    ----------
    error
        What is not there, and the next step.
    near
        Address, id and name of what may be meant.
    sought
        What to search for.
    """
    return render(
        request,
        "fault.html",
        status=error.status,
        fault=error.to_dict(),
        request_id=getattr(request.state, "request_id", ""),
        near=near,
        sought=sought,
        wait="",
    )
