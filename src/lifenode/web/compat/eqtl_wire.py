"""What the versions of the eQTL Catalogue's API share: fields, errors as their clients read them, the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lifenode.eqtl import Catalogue
from lifenode.errors import LifenodeError


class Refused(Exception):
    """A request that is refused with a message, as 400."""


class Missing(Exception):
    """Something that is not there, as 404 with a detail."""


class Invalid(Exception):
    """A field that cannot be read, as 422.

    Parameters
    ----------
    where
        ``query`` or ``path``.
    name
        The field.
    message
        What is wrong with it.
    kind
        The kind of mistake, as FastAPI names it.
    """

    def __init__(self, where: str, name: str, message: str, kind: str) -> None:
        super().__init__(message)
        self.document = {"detail": [{"type": kind, "loc": [where, name], "msg": message}]}


class Pattern(NamedTuple):
    """How a field is written."""

    text: str

    def check(self, where: str, name: str, value: str) -> str:
        """Return the value, or raise `Invalid`."""
        if re.fullmatch(self.text, value) is None:
            raise Invalid(where, name, f"String should match pattern '^{self.text}$'", "string_pattern_mismatch")
        return value


def handler(answer: Callable[[Mapping[str, str]], bytes]) -> Callable[[Request], Any]:
    """Return the route that answers with JSON, or with the errors that clients read."""

    async def handle(request: Request) -> Response:
        asked = {**{name: value for name, value in request.query_params.items() if value}, **request.path_params}
        try:
            content = await run_in_threadpool(answer, asked)
        except Invalid as problem:
            return _json(orjson.dumps(problem.document), 422)
        except Refused as problem:
            return _json(orjson.dumps({"message": str(problem)}), 400)
        except Missing as problem:
            return _json(orjson.dumps({"detail": str(problem)}), 404)
        except LifenodeError as problem:
            return _json(orjson.dumps({"message": f"{problem.detail} {problem.next_step}".strip()}), problem.status)
        return _json(content)

    return handle


def count(asked: Mapping[str, str], name: str, default: int) -> int:
    """Return a field that counts from 0.

    Raises
    ------
    Invalid
        It is no whole number.
    """
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Invalid("query", name, "Input should be a valid integer, 0 or more", "int_parsing")
    return int(text)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue of this node."""
    return Catalogue()


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status, media_type="application/json")
