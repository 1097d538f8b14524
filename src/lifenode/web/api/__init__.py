"""The native API, one file a service."""

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Add the routes."""
