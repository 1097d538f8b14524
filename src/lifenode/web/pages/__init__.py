"""The pages, one file a service."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/", _home, include_in_schema=False)


async def _home(request: Request) -> Response:
    return RedirectResponse("/api/v1/docs", 303)
