"""lifenode: a life-science service node in one package.

The names below are the public surface; each is loaded when it is first used, so that ``import lifenode`` costs
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode import batch, genes
    from lifenode.enrichment.enrich import enrich
    from lifenode.enrichment.gene_sets import GeneSets
    from lifenode.enrichment.result import EnrichmentResult
    from lifenode.errors import LifenodeError
    from lifenode.genes.convert import convert
    from lifenode.genes.lists import TableOptions
    from lifenode.genes.orthologs import orthologs
    from lifenode.genes.variants import variants
    from lifenode.packs.pack import open_pack
    from lifenode.table import Table

__version__ = "0.1.0"

_HOMES = {
    "EnrichmentResult": "lifenode.enrichment.result",
    "GeneSets": "lifenode.enrichment.gene_sets",
    "LifenodeError": "lifenode.errors",
    "Table": "lifenode.table",
    "TableOptions": "lifenode.genes.lists",
    "convert": "lifenode.genes.convert",
    "enrich": "lifenode.enrichment.enrich",
    "open_pack": "lifenode.packs.pack",
    "orthologs": "lifenode.genes.orthologs",
    "variants": "lifenode.genes.variants",
}

_PACKAGES = ("batch", "genes")

__all__ = [
    "EnrichmentResult",
    "GeneSets",
    "LifenodeError",
    "Table",
    "TableOptions",
    "batch",
    "convert",
    "enrich",
    "genes",
    "open_pack",
    "orthologs",
    "variants",
]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"lifenode.{name}")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
