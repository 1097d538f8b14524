"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/healthz", _healthz, include_in_schema=False)


async def _healthz(request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")
