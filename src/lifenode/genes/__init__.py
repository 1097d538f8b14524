"""Genes: what their identifiers mean, where they lie, and how lists of them are read.

The package is also the public function of that name: ``lifenode.genes("hsapiens")`` is
`lifenode.genes.listing.genes`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.table import Table


class _CallablePackage(ModuleType):
    """A package that can be called, because users know one name for the folder and the function."""

    def __call__(self, *arguments: Any, **options: Any) -> Table:
        """List the genes of an organism; see `lifenode.genes.listing.genes`."""
        from lifenode.genes.listing import genes

        return genes(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
