"""Read request bodies strictly: JSON objects, form fields; unknown names are refused with the nearest known one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.requests import Request

from lifenode.errors import BadRequest, UnknownField, nearest

_DEEPEST = 32
"""Lists and objects inside each other; no request needs more, and Python's own limit would be a fault."""


async def read_object(request: Request) -> dict[str, Any]:
    """Return the JSON object of the body.

    Raises
    ------
    BadRequest
        The body is no JSON (NaN, infinities and lone surrogates are none), is nested too deeply, or no object.
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
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _is_deep(found):
        raise BadRequest(f"The body is nested more than {_DEEPEST} deep.", next_step="Send plain lists.")
    if not isinstance(found, dict):
        raise BadRequest(
            f"The body is a JSON {type(found).__name__}, not an object.",
            next_step='Send an object such as {"query": ["IL6", "TNF"]}.',
        )
    return found


def _is_deep(value: Any) -> bool:
    """Return whether lists and objects are nested more than `_DEEPEST` deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_DEEPEST):
        inside = [each.values() if isinstance(each, dict) else each for each in level]
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def refuse_unknown(given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise `UnknownField` for the first name in `given` that is not among `known`."""
    names = tuple(known)
    for name in given:
        if name not in names:
            close = nearest(name, names, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(names)}."
            raise UnknownField(f'There is no field "{name[:80]}"; {hint}', value=name)
