"""g:Profiler's API, for the clients that speak it."""

from __future__ import annotations

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Add the routes."""
