"""The application: what is served where."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from importlib import import_module

from fastapi import FastAPI
from starlette.types import ASGIApp

import lifenode
from lifenode.settings import Settings, settings
from lifenode.web.incoming import BodyLimit
from lifenode.web.jobs import run_jobs
from lifenode.web.limits import Overload, RateLimit
from lifenode.web.node import Node
from lifenode.web.problems import install_handlers
from lifenode.web.security import Security

# Addresses are tried in this order; the one asked most comes first.
PARTS = (
    "lifenode.web.compat.gprofiler",
    "lifenode.web.compat.eqtl_v2",
    "lifenode.web.compat.eqtl_v3",
    "lifenode.web.compat.eqtl_v1",
    "lifenode.web.compat.eqtl_files",
    "lifenode.web.compat.edammap",
    "lifenode.web.compat.tess",
    "lifenode.web.compat.tess_write",
    "lifenode.web.health",
    "lifenode.web.api",
    "lifenode.web.pages",
)
"""Modules with a function ``install(app)`` that adds their routes."""


class NodeApp(FastAPI):
    """The application inside its guards, which see also what the last-resort handler answers."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return all layers, the outermost first in effect."""
        config = self.state.node.config
        inner = Overload(super().build_middleware_stack(), config)
        return Security(RateLimit(BodyLimit(inner, config), config), config)


def make_app(config: Settings | None = None, *, preparation: Callable[[], object] | None = None) -> FastAPI:
    """Return the node as an ASGI application.

    Parameters
    ----------
    config
        Settings in force; those of the environment by default.
    preparation
        What processes for large work do beforehand; see `lifenode.web.node.Node`.
    """
    app = NodeApp(
        title="lifenode",
        version=lifenode.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.node = Node(config or settings(), preparation)
    install_handlers(app)
    for part in PARTS:
        import_module(part).install(app)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    node: Node = app.state.node
    node.open()
    jobs = asyncio.create_task(run_jobs(node))
    try:
        yield
    finally:
        jobs.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await jobs
        node.close()
