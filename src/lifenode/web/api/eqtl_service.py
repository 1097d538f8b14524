"""A question to the eQTL catalogue: answered page by page, beside other requests, in any form."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from lifenode.eqtl import Catalogue
from lifenode.eqtl.query_rows import Rows
from lifenode.errors import InvalidOption
from lifenode.web.api import descriptions
from lifenode.web.api.answers import REVALIDATED
from lifenode.web.api.eqtl_fields import ALL, ESCAPE, FORMAT, PAGES, RELEASE, TYPES
from lifenode.web.api.eqtl_meta import provenance
from lifenode.web.api.fields import Field, read_fields
from lifenode.web.api.representations import format_of
from lifenode.web.api.services import refuse_others
from lifenode.web.eqtl_catalogue import opened
from lifenode.web.node import node_of

USUAL_LIMIT = 1_000
_OWN = ("limit", "cursor", "release", "format", "escape_formulas", "all")
_NAMED_LOST = 20
# Reading is bound by the processor and takes some 100 MB at most: more at a time would only take more memory.
_THREADS = ThreadPoolExecutor(4, thread_name_prefix="eqtl")


class Paging(NamedTuple):
    """Which rows of an answer are wanted, and in which time."""

    size: int
    cursor: str | None
    seconds: float


class Page(NamedTuple):
    """A page as bytes, with what its headers say."""

    content: bytes
    following: str | None
    total: int | None
    unavailable: Mapping[str, str]


@dataclass(frozen=True)
class EqtlService:
    """One question.

    Attributes
    ----------
    name, summary
        What it is called in addresses, and what it does.
    questions
        What may be asked; fields about pages and forms are added.
    ask
        Function of the catalogue, the fields asked, and a `Paging` that returns rows.
    examples
        Bodies by name, for the documentation.
    whole
        Function that returns the response with the whole answer as a stream; None where there is none.
    """

    name: str
    summary: str
    questions: tuple[Field, ...]
    ask: Callable[[Catalogue, Mapping[str, Any], Paging], Rows]
    examples: Mapping[str, Mapping[str, Any]]
    whole: Callable[[Catalogue, Mapping[str, Any], str, float], Response] | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, but the form."""
        return (*self.questions, RELEASE, *PAGES, *((ALL,) if self.whole else ()), ESCAPE)

    def install(self, router: APIRouter) -> None:
        """Add the routes: GET and POST, with and without the ending of a form."""
        word = self.name.replace("/", "_").replace("-", "_")
        for ending in ("", ".{format}"):
            refuse_others(router, f"/{self.name}{ending}", "GET, POST")
            for method in ("GET", "POST"):
                router.add_api_route(
                    f"/{self.name}{ending}",
                    self.answer,
                    methods=[method],
                    summary=self.summary,
                    operation_id=f"{method.lower()}_{word}{'_in_format' if ending else ''}",
                    openapi_extra=self._described(method, with_ending=bool(ending)),
                    responses=descriptions.responses(400, 404, 406, 410, 413, 415, 422, 429, 503, 504),
                    response_class=Response,
                )

    def _described(self, method: str, *, with_ending: bool) -> dict[str, Any]:
        form = () if with_ending else (FORMAT,)
        fields = (*self.fields, *form) if method == "GET" else self.fields
        told = descriptions.operation(
            self.name, self.examples, method, fields, form, TYPES, with_ending=with_ending
        )  # fmt: skip
        if method == "GET":
            total = "Rows of the whole answer, if they were counted."
            told["responses"]["200"]["headers"]["X-Total-Count"] = {
                "description": total, "schema": {"type": "integer"}
            }  # fmt: skip
        told["tags"] = ["eqtl"]
        return told

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        ended = "format" in request.path_params
        form = () if ended else (FORMAT,)
        in_address = request.method in ("GET", "HEAD")
        asked = await read_fields(request, (*self.fields, *form) if in_address else self.fields, form)
        format_ = asked.get("format") or format_of(request, TYPES)
        config = node_of(request).config
        size = asked.get("limit", USUAL_LIMIT)
        if size > config.max_page_rows:
            raise InvalidOption(
                f"A page has at most {config.max_page_rows:,} rows.", value=size,
                next_step=f"Follow meta.next{', or ask for all=true' if self.whole else ''}.",
            )  # fmt: skip
        loop = asyncio.get_running_loop()
        if asked.get("all") and self.whole is not None:
            if "limit" in asked or "cursor" in asked:
                raise InvalidOption("all=true has no limit and no cursor.", value="all", next_step="Leave them out.")
            question, catalogue = _question(asked), opened(asked.get("release"))
            return await loop.run_in_executor(
                _THREADS, self.whole, catalogue, question, format_, config.client_seconds
            )  # fmt: skip
        paging = Paging(size, asked.get("cursor"), config.interactive_seconds)
        page = await loop.run_in_executor(_THREADS, self.page, asked, format_, paging)
        return _respond(request, page, format_)

    def page(self, asked: Mapping[str, Any], format_: str, paging: Paging) -> Page:
        """Return the page asked for."""
        question = _question(asked)
        rows = self.ask(opened(asked.get("release")), question, paging)
        rows = Rows(rows.to_polars(), {**rows.meta, **provenance(question, asked.get("release"), paging.size)})
        content = rows.to_bytes(format_, escape_formulas=asked.get("escape_formulas", False))
        return Page(content, rows.meta["next"], rows.meta["total"], rows.meta["unavailable"])


def _question(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name not in _OWN}


def _respond(request: Request, page: Page, format_: str) -> Response:
    headers = {"Vary": "Accept"}
    if page.total is not None:
        headers["X-Total-Count"] = str(page.total)
    if page.unavailable:
        headers["X-Unavailable"] = ", ".join(sorted(page.unavailable)[:_NAMED_LOST])
    if request.method not in ("GET", "HEAD"):
        headers["Cache-Control"] = "no-store"
        return Response(page.content, media_type=TYPES[format_], headers=headers)
    headers["ETag"] = f'"{hashlib.sha256(page.content).hexdigest()[:32]}"'
    headers["Cache-Control"] = REVALIDATED
    if page.following is not None:
        address = request.url.include_query_params(cursor=page.following)
        headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(page.content, media_type=TYPES[format_], headers=headers)
