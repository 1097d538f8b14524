"""The pages, one file a service."""

from __future__ import annotations

from importlib import import_module

from fastapi import FastAPI

from lifenode.web.node import training_at_hand

PAGES = (
    "assets", "jobs", "faults", "kept", "home", "enrich", "convert", "orthologs", "variants", "term", "gene", "data",
    "search", "editing", "edam_export", "edam_term", "edam",
    "eqtl", "eqtl_catalogue", "eqtl_gene", "eqtl_variant", "eqtl_locus", "eqtl_coloc",
    "registry", "registry_changes", "registry_fair", "registry_forms", "registry_resource", "report",
)  # fmt: skip
"""Modules of this folder that add addresses."""
TRAINING = (
    "training_check", "training_repository", "training_calendar", "training_map", "training_lists", "training_record",
    "training",
)  # fmt: skip
"""The same of the training portal, whose libraries are an extra of their own."""


def install(app: FastAPI) -> None:
    """Add the routes."""
    for page in (*PAGES, *(TRAINING if training_at_hand() else ())):
        import_module(f"lifenode.web.pages.{page}").install(app)
