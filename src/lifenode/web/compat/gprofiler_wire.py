"""How this API speaks: JSON, and errors that carry ``message``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import BadRequest, LifenodeError

Handler = Callable[[Request], Awaitable[Response]]

MEDIA_TYPE = "application/json; charset=utf-8"


def json_response(content: bytes, status: int = 200) -> Response:
    """Return a response with a JSON body."""
    return Response(content, status, headers={"content-type": MEDIA_TYPE})


def speaking(handler: Handler) -> Handler:
    """Return `handler` with errors as the clients of this API read them, and everything a problem document has."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except LifenodeError as error:
            body = {"message": str(error), **error.to_dict()}
            return json_response(orjson.dumps(body), error.status)

    return answered


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
