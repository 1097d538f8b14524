"""Answer with a table: work at the desk, the form asked for, caching of what is fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import PackNotFound
from lifenode.packs.find import pack_folder
from lifenode.packs.pack import open_pack
from lifenode.table import Table
from lifenode.web.api.representations import MEDIA_TYPES

UNCHANGING = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"


class Answer(NamedTuple):
    """An answer as bytes, and the rows of the whole table, of which it may hold some."""

    content: bytes
    rows: int


def check_organism(asked: Mapping[str, Any]) -> None:
    """Raise if there is no such organism, or not of the release asked for.

    An organism of a request is a name, never the folder of a pack.

    Raises
    ------
    UnknownOrganism
        There is no such organism.
    PackNotFound
        The pack in force is of another release.
    """
    organism, release = asked.get("organism"), asked.get("release")
    if organism is not None:
        pack_folder(organism)
    if release is None:
        return
    pack = open_pack(organism)
    if pack.release != release:
        raise PackNotFound(
            f"{pack.organism} is served from release {pack.release}, not from {release[:40]}.",
            value=release,
            next_step=f"Ask for release {pack.release}, or for none.",
        )


def table_bytes(table: Table, format_: str, shown: Mapping[str, Any]) -> bytes:
    """Return a table, or the rows asked for, as bytes.

    Parameters
    ----------
    table
        The whole answer.
    format_
        A name of `MEDIA_TYPES`.
    shown
        ``escape_formulas``, ``limit`` and ``offset``, as far as given.
    """
    offset, limit = shown.get("offset", 0), shown.get("limit")
    if offset or limit is not None:
        last = len(table) if limit is None else min(offset + limit, len(table))
        table = table.take(range(min(offset, last), last))
    return table.to_bytes(format_, escape_formulas=shown.get("escape_formulas", False))


def answer_with(table: Table, format_: str, shown: Mapping[str, Any]) -> Answer:
    """Return a table, or the rows asked for, as an answer; see `table_bytes`."""
    return Answer(table_bytes(table, format_, shown), len(table))


def respond(request: Request, answer: Answer, format_: str, asked: Mapping[str, Any]) -> Response:
    """Return the response for an answer.

    What is fetched by GET has an ETag, says how long it holds, and has a link to the next rows if there are more.

    Parameters
    ----------
    format_
        A name of `MEDIA_TYPES`.
    asked
        Fields of the request. An answer from a ``release`` it names never changes.
    """
    content, headers = answer.content, {"Vary": "Accept"}
    if request.method in ("GET", "HEAD"):
        headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers["Cache-Control"] = UNCHANGING if "release" in asked else REVALIDATED
        headers |= _next(request, answer.rows, asked)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    else:
        headers["Cache-Control"] = "no-store"
    return Response(content, media_type=MEDIA_TYPES[format_], headers=headers)


def _next(request: Request, rows: int, asked: Mapping[str, Any]) -> dict[str, str]:
    """Return the link to the next rows, if there are any; it names the release, so that no row moves meanwhile."""
    limit = asked.get("limit")
    after = asked.get("offset", 0) + (limit or 0)
    if limit is None or after >= rows:
        return {}
    parts = {"offset": after}
    if asked.get("organism") is not None:
        parts["release"] = open_pack(asked["organism"]).release
    address = request.url.include_query_params(**parts)
    return {"Link": f'<{address.path}?{address.query}>; rel="next"'}
