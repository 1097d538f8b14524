"""What the node holds: organisms, their sources, their genes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from lifenode.genes.listing import genes
from lifenode.packs.listing import packs_table, sources_table
from lifenode.packs.pack import open_pack
from lifenode.table import Table
from lifenode.web.api import descriptions
from lifenode.web.api.answers import Answer, answer_with, check_organism, respond
from lifenode.web.api.fields import PRESENTATION, RELEASE, Field, read_address
from lifenode.web.api.kinds import Text
from lifenode.web.api.representations import format_of
from lifenode.web.node import node_of

_ORGANISM = Field("organism", Text(), "Identifier of the organism; all by default.")
# Where packs lie on the machine is no business of a client.
_SHOWN = ("organism", "scientific_name", "display_name", "release", "genes", "bytes", "sources", "sha256")


def organisms_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return a row per organism, of the pack in force."""
    found = _of_organism(packs_table(), asked)
    first = {organism: row for row, organism in reversed(list(enumerate(found["organism"])))}
    return answer_with(found.take(sorted(first.values())).select(_SHOWN), format_, asked)


def sources_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return a row per source of each organism, with licence and attribution."""
    return answer_with(_of_organism(sources_table(), asked), format_, asked)


def genes_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return a row per gene of an organism."""
    organism = asked.get("organism")
    return answer_with(genes(open_pack(organism).organism), format_, asked)


def _of_organism(table: Table, asked: Mapping[str, Any]) -> Table:
    organism = asked.get("organism")
    return table if organism is None else table.filter(table["organism"] == organism)


_LISTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], str], Answer], bool]] = {
    "organisms": ("List the organisms", organisms_answer, False),
    "organisms/{organism}": ("Describe an organism", organisms_answer, False),
    "sources": ("List the sources with their licences", sources_answer, False),
    "genes": ("List the genes of an organism", genes_answer, True),
}


def install(router: APIRouter) -> None:
    """Add the routes."""
    for path, (summary, work, large) in _LISTS.items():
        inside = "{organism}" in path
        fields = (RELEASE, *PRESENTATION) if path.startswith("organisms") else (_ORGANISM, RELEASE, *PRESENTATION)
        for ending in ("",) if inside else ("", ".{format}"):
            router.add_api_route(
                f"/{path}{ending}",
                _handler(work, fields, large),
                methods=["GET"],
                summary=summary,
                operation_id=f"get_{path.split('/')[0]}{'_one' if inside else ''}{'_in_format' if ending else ''}",
                openapi_extra=_described(path.split("/")[0], fields, inside=inside, ending=bool(ending)),
                responses=descriptions.responses(404, 406, 422, 429, 503, 504),
                response_class=Response,
            )


def _handler(
    work: Callable[[Mapping[str, Any], str], Answer], fields: tuple[Field, ...], large: bool
) -> Callable[[Request], Any]:
    async def handler(request: Request) -> Response:
        format_ = format_of(request)
        asked = read_address(request, fields)
        if "organism" in request.path_params:
            asked["organism"] = request.path_params["organism"]
        check_organism(asked)
        answer = await node_of(request).desk.run(work, asked, format_, large=large)
        return respond(request, answer, format_, asked)

    return handler


def _described(tag: str, fields: tuple[Field, ...], *, inside: bool, ending: bool) -> dict[str, Any]:
    parameters = descriptions.parameters(fields, with_ending=ending)
    if inside:
        text = {"type": "string", "example": "hsapiens"}
        parameters.insert(0, {"name": "organism", "in": "path", "required": True, "schema": text})
    responses = {"200": descriptions.table_response(linked=True)} | descriptions.not_modified()
    return {"parameters": parameters, "responses": responses, "tags": [tag]}
