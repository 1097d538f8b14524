"""The native API, one file a service."""

from fastapi import APIRouter, FastAPI

from lifenode.web.api import (
    convert,
    docs_page,
    edam,
    editing,
    editing_batch,
    enrich,
    gene_sets,
    jobs,
    organisms,
    orthologs,
    registry,
    variants,
)

PREFIX = "/api/v1"
SERVICES = (
    enrich.SERVICE, convert.SERVICE, orthologs.SERVICE, variants.SERVICE, editing.CAS9, editing_batch.SERVICE,
    editing.BASE, editing.PRIME, *edam.SERVICES,
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Add the routes."""
    router = APIRouter(prefix=PREFIX)
    for service in SERVICES:
        service.install(router)
    organisms.install(router)
    gene_sets.install(router)
    registry.install(router)
    jobs.install(router)
    app.include_router(router)
    docs_page.install(app, f"{PREFIX}/docs")
