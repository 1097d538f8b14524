"""Expression quantitative trait loci: who regulates a gene, and whether that is what a trait shares.

The functions are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.eqtl.catalogue import Catalogue
    from lifenode.eqtl.ingest import ingest

_HOMES = {
    "Catalogue": "lifenode.eqtl.catalogue",
    "ingest": "lifenode.eqtl.ingest",
}

__all__ = ["Catalogue", "ingest"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode.eqtl' has no attribute '{name}'")
