"""What the versions of the eQTL Catalogue's API share: fields, errors as their clients read them, the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lifenode.eqtl import Catalogue
from lifenode.eqtl.gene_names import genes_named
from lifenode.errors import LifenodeError, UnknownName
from lifenode.web.eqtl_catalogue import opened


class Refused(Exception):
    """A request that is refused with a message, as 400."""


class Missing(Exception):
    """Something that is not there, as 404 with a detail."""


class Absent(Exception):
    """Something that is not there, as 404 with its number in the body, which clients of version 1 look at."""


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
        given = {name: value for name, value in request.query_params.items() if value and not name.startswith("_")}
        base = str(request.base_url).rstrip("/")
        # What links are made of; no field begins with a line.
        about = {"_base": base, "_address": f"{base}{request.url.path}", "_query": ",".join(given)}
        asked = {**given, **request.path_params, **about}
        try:
            content = await run_in_threadpool(answer, asked)
        except Invalid as problem:
            return _json(orjson.dumps(problem.document), 422)
        except Refused as problem:
            return _json(orjson.dumps({"message": str(problem)}), 400)
        except Absent as problem:
            return _json(orjson.dumps({"error": "Not Found", "message": str(problem), "status": 404}), 404)
        except Missing as problem:
            return _json(orjson.dumps({"detail": str(problem)}), 404)
        except LifenodeError as problem:
            return _json(orjson.dumps({"message": f"{problem.detail} {problem.next_step}".strip()}), problem.status)
        return _json(content)

    return handle


def gene_of(name: str) -> str | None:
    """Return the Ensembl id of a gene, or None if there is none of this name.

    Raises
    ------
    InvalidOption
        Several genes have the name.
    """
    try:
        return next(iter(genes_named(name).values()), None)
    except UnknownName:
        return None


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


def number(asked: Mapping[str, str], name: str) -> float | None:
    """Return a number from 0 on, or None where it was not given.

    Raises
    ------
    Invalid
        It is no such number.
    """
    if name not in asked:
        return None
    try:
        value = float(asked[name])
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise Invalid("query", name, "Input should be a number greater than or equal to 0", "float_parsing")
    return value


def catalogue() -> Catalogue:
    """Return the catalogue of this node."""
    return opened()


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status, media_type="application/json")
