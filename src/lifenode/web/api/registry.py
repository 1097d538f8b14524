"""Resources: statuses on a day, entries elsewhere, uptime; and how FAIR a document is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import InvalidOption
from lifenode.registry.entries import cross_links
from lifenode.registry.facts import STATUSES, resource, resources
from lifenode.registry.rounds import Rounds
from lifenode.registry.uptime_monitor import uptime
from lifenode.settings import settings
from lifenode.table import Table
from lifenode.web.api import descriptions
from lifenode.web.api.answers import Answer, answer_with, respond
from lifenode.web.api.fields import PRESENTATION, Field, read_address
from lifenode.web.api.kinds import Choice, Count, Flag, Text
from lifenode.web.api.representations import format_of
from lifenode.web.api.services import Service
from lifenode.web.node import node_of

_UNKNOWN = "https://document.invalid/"  # what relative addresses of a document without an address are resolved against

_LIST = (
    Field("status", Choice(*STATUSES), "Only this status; all by default."),
    Field("at", Text(), "Day, as 2023-12-31; today by default."),
    Field("uncertain", Flag(), "Also what may have held since its first day is not known exactly."),
)
_UPTIME = (Field("days", Count(1), "Length of the window in days; 30 by default."),)


def resources_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the facts that hold on a day."""
    facts = Rounds(settings().rounds_log).facts()
    found = resources(asked.get("status"), asked.get("at"), facts=facts, uncertain=asked.get("uncertain", False))
    return answer_with(found, format_, asked)


def resource_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return all facts of a resource."""
    facts = Rounds(settings().rounds_log).facts()
    return answer_with(resource(asked["resource"], facts=facts), format_, asked)


def links_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the entries of resources in other registries."""
    return answer_with(cross_links(asked.get("resource")), format_, asked)


def uptime_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the uptime of the resources that the node watches."""
    return answer_with(uptime(settings().uptime_dir, min(asked.get("days", 30), 36_600)), format_, asked)


_LISTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], str], Answer], tuple[Field, ...]]] = {
    "resources": ("List resources by dated status", resources_answer, _LIST),
    "resources/{resource}": ("List all statuses of a resource", resource_answer, ()),
    "resources/{resource}/links": ("List entries of a resource in other registries", links_answer, ()),
    "uptime": ("State the uptime of resources", uptime_answer, _UPTIME),
}


def assessed(document: str, place: str) -> Table:
    """Assess how FAIR a document is, or what lies at an address; documents are judged without the network.

    Raises
    ------
    InvalidOption
        Neither is given, or the address is none that may be fetched.
    DownloadFailed, InputTooLarge
        What lies there cannot be had.
    """
    # Its libraries are an extra of their own; what else is known of resources is answered without.
    from lifenode.registry.fair import assess
    from lifenode.registry.fetching import fetch
    from lifenode.registry.graph import read_page
    from lifenode.registry.places import is_address

    known = is_address(place)
    if document:
        return assess(read_page(document.encode("utf-8", "replace"), place if known else _UNKNOWN, known_url=known))
    if not known:
        raise InvalidOption(
            f"{place[:200]!r} is not an address.",
            value=place,
            next_step="Give an http or https address, or a document.",
        )
    found = fetch(place)
    return assess(read_page(found.content, found.url, status=found.status, headers=found.headers))


def fair_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return an assessment, a row a test."""
    return answer_with(assessed(asked.get("document", ""), asked.get("place", "")), format_, asked)


FAIR = Service(
    name="fair",
    summary="Check how FAIR a page is: FsF 0.8, FAIR-Checker and Bioschemas",
    fields=(
        Field(
            "document",
            Text(),
            "HTML, JSON-LD, Turtle or RDF/XML; judged without the network.",
            example='{"@context": "https://schema.org/", "@type": "Dataset", "name": "Counts"}',
        ),
        Field(
            "place", Text(), "Address of the document; fetched, from public addresses only, if no document is given."
        ),
        *PRESENTATION,
    ),
    work=fair_answer,
    is_large=lambda asked: True,
    examples={"document": {"document": '{"@context": "https://schema.org/", "@type": "Dataset", "name": "Counts"}'}},
)
"""The service."""


def install(router: APIRouter) -> None:
    """Add the routes."""
    FAIR.install(router)
    for path, (summary, work, own) in _LISTS.items():
        inside = "{resource}" in path
        fields = (*own, *PRESENTATION)
        word = path.replace("/{resource}", "_one").replace("/", "_")
        for ending in ("",) if inside else ("", ".{format}"):
            router.add_api_route(
                f"/{path}{ending}",
                _handler(work, fields),
                methods=["GET"],
                summary=summary,
                operation_id=f"get_{word}{'_in_format' if ending else ''}",
                openapi_extra=_described(fields, inside=inside, ending=bool(ending)),
                responses=descriptions.responses(404, 406, 422, 429, 503, 504),
                response_class=Response,
            )


def _handler(work: Callable[[Mapping[str, Any], str], Answer], fields: tuple[Field, ...]) -> Callable[[Request], Any]:
    async def handler(request: Request) -> Response:
        format_ = format_of(request)
        asked = read_address(request, fields)
        if "resource" in request.path_params:
            asked["resource"] = request.path_params["resource"]
        answer = await node_of(request).desk.run(work, asked, format_, large=False)
        return respond(request, answer, format_, asked)

    return handler


def _described(fields: tuple[Field, ...], *, inside: bool, ending: bool) -> dict[str, Any]:
    parameters = descriptions.parameters(fields, with_ending=ending)
    if inside:
        text = {"type": "string", "example": "uniprot"}
        parameters.insert(0, {"name": "resource", "in": "path", "required": True, "schema": text})
    responses = {"200": descriptions.table_response(linked=True)} | descriptions.not_modified()
    return {"parameters": parameters, "responses": responses, "tags": ["resources"]}
