"""EDAM: the ontology as a table, obsolete terms repaired, and tools matched to terms.

The functions are loaded when they are first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.edam.annotate import annotate
    from lifenode.edam.evaluate import evaluate
    from lifenode.edam.known_tools import KnownTool, read_known_tools
    from lifenode.edam.lexical import LexicalMatcher
    from lifenode.edam.ontology import Concept, Ontology, releases
    from lifenode.edam.repair import repair
    from lifenode.edam.tool import Tool

_HOMES = {
    "Concept": "lifenode.edam.ontology",
    "KnownTool": "lifenode.edam.known_tools",
    "LexicalMatcher": "lifenode.edam.lexical",
    "Ontology": "lifenode.edam.ontology",
    "Tool": "lifenode.edam.tool",
    "annotate": "lifenode.edam.annotate",
    "evaluate": "lifenode.edam.evaluate",
    "read_known_tools": "lifenode.edam.known_tools",
    "releases": "lifenode.edam.ontology",
    "repair": "lifenode.edam.repair",
}

__all__ = [
    "Concept",
    "KnownTool",
    "LexicalMatcher",
    "Ontology",
    "Tool",
    "annotate",
    "evaluate",
    "read_known_tools",
    "releases",
    "repair",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode.edam' has no attribute '{name}'")


class _Package(ModuleType):
    """Keeps `annotate` and `repair` functions when the modules of the same names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
