"""Errors over HTTP: one shape everywhere, RFC 9457 (``application/problem+json``)."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lifenode.errors import Busy, LifenodeError
from lifenode.web.compat.gprofiler_wire import PREFIXES, json_response

_log = logging.getLogger("lifenode.web")

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = "2"

TITLES = {
    400: "Bad request", 403: "Forbidden", 404: "Not found", 405: "Method not allowed", 406: "Not acceptable",
    413: "Too large", 415: "Unsupported media type", 422: "The input cannot be used", 429: "Too many requests",
    500: "A fault in lifenode", 503: "Busy", 504: "Took too long",
}  # fmt: skip


class Problem(Response):
    """A problem document, whoever refuses.

    Clients of the compatible API get it as JSON with a ``message``, and a browser gets the page that the application
    makes of it, if it has a function ``state.fault_page``.
    """

    def __init__(self, document: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._document = document
        self._extra = headers
        super().__init__(orjson.dumps(document), document["status"], headers, MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if not scope["path"].startswith(PREFIXES):
            page = self._page(scope)
            await (super().__call__(scope, receive, send) if page is None else page(scope, receive, send))
            return
        message = " ".join(filter(None, (self._document["detail"], self._document["next_step"])))
        answer = json_response(orjson.dumps({"message": message, **self._document}), self.status_code, self._extra)
        await answer(scope, receive, send)

    def _page(self, scope: Scope) -> Response | None:
        make = getattr(scope["app"].state, "fault_page", None) if "app" in scope else None
        found: Response | None = None if make is None else make(scope, self._document, self._extra or {})
        return found


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    title: str = "",
    value: object = None,
    next_step: str = "",
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> Response:
    """Return a problem document; `LifenodeError.to_dict` has the same members."""
    body = {
        "type": f"urn:lifenode:error:{code}",
        "title": title or TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "value": None if value is None else str(value)[:200],
        "next_step": next_step,
        **extra,
    }
    return Problem(body, headers)


def from_error(error: LifenodeError, request: Request | None = None) -> Response:
    """Return the problem document of an error; where the node is busy it says when to come again."""
    body = error.to_dict() | _named(request)
    headers = {"Retry-After": _RETRY_AFTER} if isinstance(error, Busy) else None
    return Problem(body, headers)


def _named(request: Request | None) -> dict[str, str]:
    """Return the id under which the request is in the log."""
    request_id = "" if request is None else getattr(request.state, "request_id", "")
    return {"request_id": request_id} if request_id else {}


def install_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, LifenodeError)  # noqa: S101
        return from_error(error, request)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        headers = dict(error.headers or {})
        detail, next_step = str(error.detail), ""
        if error.status_code == 404:
            detail, next_step = "There is nothing at this address.", "The addresses are described at /api/v1/docs."
        elif error.status_code == 405:
            allowed = headers.get("Allow") or headers.get("allow", "")
            detail, next_step = f"This address takes no {request.method}.", f"Use {allowed}." if allowed else ""
        code = f"http_{error.status_code}"
        return problem(error.status_code, detail, code=code, next_step=next_step, headers=headers)

    async def fault(request: Request, error: Exception) -> Response:
        _log.exception("a fault while serving %s", request.url.path)
        return problem(500, "Something in lifenode broke; it has been logged.", code="fault")

    app.add_exception_handler(LifenodeError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
