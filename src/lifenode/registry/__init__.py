"""Registry of resources with dated facts, and checks of how findable, accessible, interoperable and reusable they are.

The functions are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.registry.bioschemas import validate
    from lifenode.registry.entries import about, cross_links
    from lifenode.registry.facts import read_facts, resource, resources
    from lifenode.registry.fair import assess, changes
    from lifenode.registry.fetching import fetch
    from lifenode.registry.graph import read_page
    from lifenode.registry.maturity import assess_maturity, read_answers
    from lifenode.registry.places import assess_many, documents
    from lifenode.registry.uptime_monitor import uptime
    from lifenode.registry.verification import verify

_HOMES = {
    "about": "lifenode.registry.entries",
    "assess": "lifenode.registry.fair",
    "assess_many": "lifenode.registry.places",
    "assess_maturity": "lifenode.registry.maturity",
    "changes": "lifenode.registry.fair",
    "cross_links": "lifenode.registry.entries",
    "documents": "lifenode.registry.places",
    "fetch": "lifenode.registry.fetching",
    "read_answers": "lifenode.registry.maturity",
    "read_facts": "lifenode.registry.facts",
    "read_page": "lifenode.registry.graph",
    "resource": "lifenode.registry.facts",
    "resources": "lifenode.registry.facts",
    "uptime": "lifenode.registry.uptime_monitor",
    "validate": "lifenode.registry.bioschemas",
    "verify": "lifenode.registry.verification",
}

__all__ = [
    "about", "assess", "assess_many", "assess_maturity", "changes", "cross_links", "documents", "fetch", "read_answers",
    "read_facts", "read_page", "resource", "resources", "uptime", "validate", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode.registry' has no attribute '{name}'")
