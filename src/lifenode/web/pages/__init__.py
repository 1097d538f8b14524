"""The pages, one file a service."""

from __future__ import annotations

from importlib import import_module

from fastapi import FastAPI

PAGES = (
    "assets", "jobs", "faults", "kept", "home", "enrich", "convert", "orthologs", "variants", "term", "gene", "data",
    "search", "editing", "training_check", "training_repository", "training_calendar", "training_map",
    "training_lists", "training_record", "training",
)  # fmt: skip
"""Modules of this folder that add addresses."""


def install(app: FastAPI) -> None:
    """Add the routes."""
    for page in PAGES:
        import_module(f"lifenode.web.pages.{page}").install(app)
