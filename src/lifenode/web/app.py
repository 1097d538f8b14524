"""The application: what is served where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import FastAPI

import lifenode
from lifenode.settings import Settings, settings
from lifenode.web.node import Node
from lifenode.web.problems import install_handlers

PARTS = (
    "lifenode.web.health",
    "lifenode.web.api",
    "lifenode.web.compat.gprofiler",
    "lifenode.web.pages",
)
"""Modules with a function ``install(app)`` that adds their routes."""


def make_app(config: Settings | None = None) -> FastAPI:
    """Return the node as an ASGI application.

    Parameters
    ----------
    config
        Settings in force; those of the environment by default.
    """
    app = FastAPI(
        title="lifenode",
        version=lifenode.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.node = Node(config or settings())
    install_handlers(app)
    for part in PARTS:
        import_module(part).install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    node: Node = app.state.node
    node.open()
    try:
        yield
    finally:
        node.close()
