"""How this API speaks: JSON, and errors that carry ``message``, which `lifenode.web.problems` makes of any refusal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import BadRequest

Handler = Callable[[Request], Awaitable[Response]]

PREFIXES = ("/gprofiler/", "/gplink/")
"""Beginnings of the addresses that its clients ask."""

MEDIA_TYPE = "application/json; charset=utf-8"


def json_response(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response with a JSON body."""
    return Response(content, status, headers={"content-type": MEDIA_TYPE, **(headers or {})})


def wants_strict(request: Request) -> bool:
    """Return whether the query parameter ``compat`` asks for the original behaviour.

    Raises
    ------
    BadRequest
        It has a value that does not exist.
    """
    value = request.query_params.get("compat", "")
    if value not in ("", "default", "strict"):
        raise BadRequest(f'There is no compat "{value[:40]}".', value=value, next_step="Leave it out, or say strict.")
    return value == "strict"
