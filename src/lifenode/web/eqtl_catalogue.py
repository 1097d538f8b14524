"""The eQTL catalogue of this node, kept open between requests."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lifenode.eqtl import Catalogue
from lifenode.eqtl.store import usual_place


def opened(release: str | None = None) -> Catalogue:
    """Return the catalogue of this node, or what it holds of one release.

    Raises
    ------
    UnknownName
        It holds no such release.
    """
    return _opened(usual_place(), release)


@lru_cache(maxsize=8)
def _opened(place: Path, release: str | None) -> Catalogue:
    return Catalogue(place, release)
