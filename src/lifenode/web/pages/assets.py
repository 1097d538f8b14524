"""The node's own style sheets, scripts and the icon, under addresses that change with their content."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lifenode.web.pages.colours import stylesheet

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_UNCHANGING = "public, max-age=31536000, immutable"
_CHECKED = "no-cache"


class _Asset(NamedTuple):
    content: bytes
    packed: bytes
    version: str
    media_type: str


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/static/{name}", _serve, methods=["GET"], include_in_schema=False)


def static(name: str) -> str:
    """Return the address of a file, which a browser may keep for ever."""
    return f"/static/{name}?v={_assets()[name].version}"


async def _serve(request: Request) -> Response:
    asset = _assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    named = request.query_params.get("v") == asset.version
    headers = {
        "ETag": f'"{asset.version}"',
        "Cache-Control": _UNCHANGING if named else _CHECKED,
        "Vary": "Accept-Encoding",
    }
    if asset.version in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


def takes_gzip(request: Request) -> bool:
    """Return whether the client reads gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")


@lru_cache(maxsize=1)
def _assets() -> dict[str, _Asset]:
    found = {each.name: each.read_bytes() for each in files("lifenode.web").joinpath("static").iterdir()}
    found["palette.css"] = stylesheet().encode()
    return {name: _asset(name, content) for name, content in found.items() if name.rpartition(".")[2] in _TYPES}


def _asset(name: str, content: bytes) -> _Asset:
    version = hashlib.sha256(content).hexdigest()[:12]
    return _Asset(content, gzip.compress(content, 9, mtime=0), version, _TYPES[name.rpartition(".")[2]])
