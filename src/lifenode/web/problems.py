"""Errors over HTTP: one shape everywhere, RFC 9457 (``application/problem+json``)."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import Busy, LifenodeError

_log = logging.getLogger("lifenode.web")

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = "2"

TITLES = {
    400: "Bad request", 403: "Forbidden", 404: "Not found", 405: "Method not allowed", 406: "Not acceptable",
    413: "Too large", 415: "Unsupported media type", 422: "The input cannot be used", 429: "Too many requests",
    500: "A fault in lifenode", 503: "Busy", 504: "Took too long",
}  # fmt: skip


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
    return Response(orjson.dumps(body), status, media_type=MEDIA_TYPE, headers=headers)


def from_error(error: LifenodeError, request: Request | None = None) -> Response:
    """Return the problem document of an error; where the node is busy it says when to come again."""
    body = error.to_dict() | _named(request)
    headers = {"Retry-After": _RETRY_AFTER} if isinstance(error, Busy) else None
    return Response(orjson.dumps(body), error.status, media_type=MEDIA_TYPE, headers=headers)


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
        return problem(
            error.status_code, str(error.detail), code=f"http_{error.status_code}", headers=dict(error.headers or {})
        )

    async def fault(request: Request, error: Exception) -> Response:
        _log.exception("a fault while serving %s", request.url.path)
        return problem(500, "Something in lifenode broke; it has been logged.", code="fault")

    app.add_exception_handler(LifenodeError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
