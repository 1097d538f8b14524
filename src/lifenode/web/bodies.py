"""Read request bodies strictly: JSON objects, form fields; unknown names are refused with the nearest known one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.requests import Request

from lifenode.errors import BadRequest, UnknownField, nearest


async def read_object(request: Request) -> dict[str, Any]:
    """Return the JSON object of the body.

    Raises
    ------
    BadRequest
        The body is no JSON (NaN, infinities, lone surrogates and deeper nesting than 1,024 are none), or no object.
    """
    return parse_object(await request.body())


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; see `read_object`."""
    try:
        found = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise BadRequest(
            f"The body is not JSON: {error}.", next_step='Send an object such as {"query": ["IL6", "TNF"]}.'
        ) from error
    if not isinstance(found, dict):
        raise BadRequest(
            f"The body is a JSON {type(found).__name__}, not an object.",
            next_step='Send an object such as {"query": ["IL6", "TNF"]}.',
        )
    return found


def refuse_unknown(given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise `UnknownField` for the first name in `given` that is not among `known`."""
    names = tuple(known)
    for name in given:
        if name not in names:
            close = nearest(name, names, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(names)}."
            raise UnknownField(f'There is no field "{name[:80]}"; {hint}', value=name)
