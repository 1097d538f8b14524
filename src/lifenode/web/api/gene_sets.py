"""Own gene sets: kept under a token that nobody can guess, for some time."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import InvalidOption, UnknownLink
from lifenode.genes import byte_input
from lifenode.web.api import descriptions
from lifenode.web.api.fields import Field, parse_body, read_address
from lifenode.web.api.kinds import Text
from lifenode.web.api.services import refuse_others
from lifenode.web.bodies import refuse_unknown
from lifenode.web.gene_set_text import parsed, read_gene_sets
from lifenode.web.node import Node, node_of

_LONG = 200_000
_EXAMPLE = {"name": "mine", "gmt": "SET1\tcytokines\tIL6\tTNF\tCXCL8\nSET2\tguardians\tTP53\tMDM2\n"}
_NAME = Field("name", Text(), "What the collection is called.")
_GMT = Field("gmt", Text(), "Text of a GMT file: id, description and genes with tabs between them.", required=True)


async def _upload(request: Request) -> Response:
    name, text = await _given(request)
    node = node_of(request)
    told = await node.desk.run(checked, name, text, large=True)
    token = node.store.keep_gene_sets(told["name"], text)
    headers = {"Location": f"/api/v1/gene-sets/{token}", "Cache-Control": "no-store"}
    expiry = {"days": node.config.gene_sets_days, "expires": _expiry(node, token)}
    content = orjson.dumps({"token": token, **told, **expiry})
    return Response(content, 201, media_type="application/json", headers=headers)


def checked(name: str, text: str) -> dict[str, Any]:
    """Return what is said of gene sets that can be read: name, number of sets and of genes, warnings.

    Raises
    ------
    LifenodeError
        It is no GMT, too large, or holds no set; lines are named.
    """
    found = read_gene_sets(name, text)
    genes = {gene for members in found.members for gene in members}
    warnings = list(found.warnings)
    return {"name": found.name, "sets": len(found), "genes": len(genes), "sha256": found.sha256, "warnings": warnings}


def described(name: str, text: str) -> dict[str, Any]:
    """Return what kept gene sets are: name, number and ids of the sets, checksum."""
    found = parsed(name, text)
    return {"name": found.name, "sets": len(found), "ids": found.ids, "sha256": found.sha256}


async def _given(request: Request) -> tuple[str, str]:
    """Return name and text of the upload: JSON, a form with a file, or the text itself."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        asked = read_address(request, [_NAME])
        return asked.get("name", "custom"), byte_input.clean(
            byte_input.decode(await request.body(), "The body"), "The body"
        )
    read_address(request, ())
    if kind == "multipart/form-data":
        return await _form(request)
    given = parse_body(await request.body(), kind)
    refuse_unknown(given, ("name", "gmt"))
    if "gmt" not in given:
        raise InvalidOption("The field gmt is missing.", value="gmt", next_step="Give the text of a GMT file.")
    return _NAME.kind.read("name", given.get("name", "custom")), _GMT.kind.read("gmt", given["gmt"])


async def _form(request: Request) -> tuple[str, str]:
    async with request.form(max_files=1, max_fields=2) as form:
        refuse_unknown(dict(form), ("name", "gmt"))
        name, gmt = form.get("name"), form.get("gmt")
        if isinstance(gmt, UploadFile):
            text = byte_input.decode(await gmt.read(), "The file")
            return (name if isinstance(name, str) else gmt.filename or "custom"), text
        if gmt is None:
            raise InvalidOption("The form has no field gmt.", value="gmt", next_step="Send a GMT file as gmt.")
        return (name if isinstance(name, str) else "custom"), gmt


async def _describe(request: Request) -> Response:
    token = request.path_params["token"]
    read_address(request, ())
    node = node_of(request)
    kept = node.store.gene_sets(token)
    if kept is None:
        raise _unknown(token)
    told = await node.desk.run(described, *kept, large=len(kept[1]) > _LONG)
    content = orjson.dumps({"token": token, **told, "expires": _expiry(node, token)})
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _delete(request: Request) -> Response:
    token = request.path_params["token"]
    read_address(request, ())
    if not node_of(request).store.drop_gene_sets(token):
        raise _unknown(token)
    return Response(status_code=204)


def _expiry(node: Node, token: str) -> str:
    """Return when gene sets expire, as ``2026-12-31T23:59:59Z``."""
    moment = node.store.expiry(token)
    if moment is None:
        raise _unknown(token)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _unknown(token: str) -> UnknownLink:
    return UnknownLink(f"There are no gene sets {token[:40]}.", value=token, next_step="Upload them again.")


def install(router: APIRouter) -> None:
    """Add the routes."""
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}
    moment = {"type": "string", "format": "date-time", "description": "When they expire, in UTC."}
    document = {"type": "object", "required": ["token", "name", "sets", "expires"], "properties": {"expires": moment}}
    answer = {"description": "The gene sets.", "content": {"application/json": {"schema": document}}}
    body = {
        "schema": {
            "type": "object",
            "required": ["gmt"],
            "properties": {"name": _NAME.schema(), "gmt": _GMT.schema()},
            "additionalProperties": False,
        },
        "example": _EXAMPLE,
    }
    router.add_api_route(
        "/gene-sets", _upload, methods=["POST"], summary="Keep own gene sets under a token", status_code=201,
        operation_id="post_gene_sets", responses=descriptions.responses(400, 413, 415, 422, 429, 503, 504),
        response_class=Response,
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": body}},
            "responses": {"201": answer}, "tags": ["gene-sets"],
        },
    )  # fmt: skip
    refuse_others(router, "/gene-sets/{token}", "GET, DELETE")
    for method, handler, status in (("GET", _describe, 200), ("DELETE", _delete, 204)):
        responses = {"200": answer} if status == 200 else {"204": {"description": "They are gone."}}
        router.add_api_route(
            "/gene-sets/{token}", handler, methods=[method], status_code=status, response_class=Response,
            summary="Describe kept gene sets" if status == 200 else "Delete kept gene sets",
            operation_id=f"{method.lower()}_gene_sets", responses=descriptions.responses(404, 422, 429),
            openapi_extra={"parameters": [token], "responses": responses, "tags": ["gene-sets"]},
        )  # fmt: skip
