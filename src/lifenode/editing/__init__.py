"""Genome editing: what a target becomes when it is cut, edited or extended.

The functions are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.editing.base_bystanders import base_outcomes
    from lifenode.editing.base_editing import base
    from lifenode.editing.cas9_many import cas9_batch
    from lifenode.editing.cas9_profile import cas9
    from lifenode.editing.prime_batch import prime_table
    from lifenode.editing.prime_editing import prime
    from lifenode.editing.prime_scan import prime_scan
    from lifenode.editing.reference import Reference
    from lifenode.editing.reference_targets import targets_of
    from lifenode.editing.target import Target, find_targets, read_target

_HOMES = {
    "Reference": "lifenode.editing.reference",
    "Target": "lifenode.editing.target",
    "base": "lifenode.editing.base_editing",
    "base_outcomes": "lifenode.editing.base_bystanders",
    "cas9": "lifenode.editing.cas9_profile",
    "cas9_batch": "lifenode.editing.cas9_many",
    "find_targets": "lifenode.editing.target",
    "prime": "lifenode.editing.prime_editing",
    "prime_scan": "lifenode.editing.prime_scan",
    "prime_table": "lifenode.editing.prime_batch",
    "read_target": "lifenode.editing.target",
    "targets_of": "lifenode.editing.reference_targets",
}

__all__ = [
    "Reference", "Target", "base", "base_outcomes", "cas9", "cas9_batch", "find_targets", "prime", "prime_scan",
    "prime_table", "read_target", "targets_of",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode.editing' has no attribute '{name}'")
