"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import LifenodeError
from lifenode.packs.find import installed
from lifenode.packs.pack import open_pack
from lifenode.web.node import node_of
from lifenode.web.problems import problem


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/healthz", _healthz, include_in_schema=False)
    app.add_route("/readyz", _readyz, include_in_schema=False)


async def _healthz(request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


async def _readyz(request: Request) -> Response:
    """Say whether every pack is sound and the store can be written."""
    trouble, releases = "", {}
    try:
        releases = {path.name: open_pack(path).release for path in installed()}
    except LifenodeError as error:
        trouble = str(error)
    trouble = trouble or node_of(request).store.problem
    if trouble:
        return problem(503, trouble, code="not_ready", headers={"retry-after": "5"})
    return Response(orjson.dumps({"status": "ready", "packs": releases}), media_type="application/json")
