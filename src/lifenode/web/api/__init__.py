"""The native API, one file a service."""

from importlib import import_module

from fastapi import APIRouter, FastAPI

from lifenode.web.api import (
    convert,
    docs_page,
    edam,
    editing,
    editing_batch,
    enrich,
    eqtl,
    eqtl_coloc,
    gene_sets,
    jobs,
    organisms,
    orthologs,
    registry,
    variants,
)
from lifenode.web.node import training_at_hand

PREFIX = "/api/v1"
SERVICES = (
    enrich.SERVICE, convert.SERVICE, orthologs.SERVICE, variants.SERVICE, editing.CAS9, editing_batch.SERVICE,
    editing.BASE, editing.PRIME, eqtl_coloc.SERVICE, *edam.SERVICES,
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Add the routes."""
    router = APIRouter(prefix=PREFIX)
    for service in SERVICES:
        service.install(router)
    organisms.install(router)
    eqtl.install(router)
    gene_sets.install(router)
    registry.install(router)
    jobs.install(router)
    if training_at_hand():
        import_module("lifenode.web.api.training").install(router)
    app.include_router(router)
    docs_page.install(app, f"{PREFIX}/docs")
