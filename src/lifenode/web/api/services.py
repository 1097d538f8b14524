"""A service: one question with fields, answered with a table under an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import TookTooLong, UnknownLink
from lifenode.web.api import descriptions
from lifenode.web.api.answers import Answer, check_organism, respond
from lifenode.web.api.fields import Field, read_fields
from lifenode.web.api.jobs import as_job
from lifenode.web.api.representations import format_of
from lifenode.web.node import Node, node_of

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True)
class Service:
    """One question.

    Attributes
    ----------
    name, summary
        What it is called in addresses, and what it does.
    fields
        What may be asked.
    work
        Function of the fields asked and a format that returns the answer; importable by name.
    is_large
        Whether a question takes long enough to be answered in a process of its own.
    examples
        Bodies by name, for the documentation.
    methods
        How it is asked.
    """

    name: str
    summary: str
    fields: tuple[Field, ...]
    work: Callable[[Mapping[str, Any], str], Answer]
    is_large: Callable[[Mapping[str, Any]], bool]
    examples: Mapping[str, Mapping[str, Any]]
    methods: tuple[str, ...] = ("GET", "POST")

    def install(self, router: APIRouter) -> None:
        """Add the routes, with and without the ending of a format."""
        word = self.name.replace("/", "_")
        for ending in ("", ".{format}"):
            refuse_others(router, f"/{self.name}{ending}", ", ".join(self.methods))
        for method in self.methods:
            for ending in ("", ".{format}"):
                described = descriptions.service(self, method, with_ending=bool(ending))
                router.add_api_route(
                    f"/{self.name}{ending}",
                    self.answer,
                    methods=[method],
                    summary=self.summary,
                    operation_id=f"{method.lower()}_{word}{'_in_format' if ending else ''}",
                    openapi_extra=described,
                    responses=descriptions.RESPONSES,
                    response_class=Response,
                )

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        format_ = format_of(request)
        asked = await read_fields(request, self.fields)
        check_organism(asked)
        node = node_of(request)
        _with_gene_sets(node, asked)
        if "respond-async" in request.headers.get("prefer", ""):
            return as_job(node, self.name, self.work, asked, format_)
        try:
            answer = await node.desk.run(self.work, asked, format_, large=self.is_large(asked))
        except TookTooLong:
            return as_job(node, self.name, self.work, asked, format_)
        return respond(request, answer, format_, asked)


def refuse_others(router: APIRouter, path: str, allowed: str) -> None:
    """Answer all other methods with 405 and the `allowed` ones; a route by itself knows its own method only."""

    async def refuse(request: Request) -> Response:
        raise HTTPException(405, "Method Not Allowed", headers={"Allow": allowed})

    others = [method for method in _METHODS if method not in allowed.split(", ")]
    router.add_api_route(path, refuse, methods=others, include_in_schema=False)


def _with_gene_sets(node: Node, asked: dict[str, Any]) -> None:
    """Put name and text of uploaded gene sets in the place of their token."""
    token = asked.get("gene_sets")
    if not isinstance(token, str):
        return
    kept = node.store.gene_sets(token)
    if kept is None:
        raise UnknownLink(f"There are no gene sets {token[:40]}.", value=token, next_step="Upload them again.")
    del asked["gene_sets"]
    asked["gene_sets_text"] = kept
