"""Where a query's `gscs` thresholds come from: the pack's grid, the cache, or random lists drawn now.

A pack carries thresholds for its own domain on a grid of list sizes: every size up to 100, then steps of about 2 %,
up to the whole domain. For the domain of all known genes, and for under-representation in both, it carries a coarser
grid up to 2,000 genes. Between two grid sizes the threshold is interpolated on logarithmic scales. Custom backgrounds,
own gene sets, term-size limits and lists beyond a grid have families of their own; their thresholds are drawn when
first asked for, at exactly the list's size, and kept in the cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import minimum_p
from lifenode.enrichment.domain import Booleans, Domain
from lifenode.enrichment.minimum_p import Threshold
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

GRID_TABLE = "thresholds"
OTHER_TABLE = "other_thresholds"
"""The thresholds of the domain ``known`` and of under-representation; with the columns ``domain`` and ``under``."""


@dataclass(frozen=True)
class Grid:
    """A pack's thresholds; the list sizes of each family ascend."""

    known: Booleans
    under: Booleans
    source: npt.NDArray[np.int64]
    ordered: Booleans
    list_size: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]
    quantile: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    draws: int
    seed: int

    def find(
        self, source: int, size: int, *, ordered: bool, known: bool = False, under: bool = False
    ) -> Threshold | None:
        """Return the threshold at a list size, interpolated between neighbours; None outside the grid.

        Parameters
        ----------
        source, size
            Source and list size.
        ordered
            For ordered lists.
        known
            In the domain of all known genes.
        under
            For under-representation.
        """
        family = (self.known == known) & (self.under == under) & (self.ordered == ordered)
        rows = np.flatnonzero(family & (self.source == source))
        at = int(np.searchsorted(self.list_size[rows], size))
        if at == len(rows):
            return None
        right = rows[at]
        if self.list_size[right] == size:
            return self._at(int(right))
        left = rows[at - 1]
        low, high = self._at(int(left)), self._at(int(right))
        span = np.log(self.list_size[right]) - np.log(self.list_size[left])
        share = float((np.log(size) - np.log(self.list_size[left])) / span)
        return Threshold(
            _between(low.value, high.value, share),
            _between(low.quantile, high.quantile, share),
            _between(low.probability, high.probability, share),
            self.draws,
        )

    def _at(self, row: int) -> Threshold:
        return Threshold(float(self.value[row]), float(self.quantile[row]), float(self.probability[row]), self.draws)


def _between(low: float, high: float, share: float) -> float:
    if low <= 0.0 or high <= 0.0 or not (np.isfinite(low) and np.isfinite(high)):
        return min(low, high)
    return float(np.exp((1.0 - share) * np.log(low) + share * np.log(high)))


def pack_grid(pack: Pack, sources: Sequence[str], *, no_iea: bool) -> Grid | None:
    """Return the grid a pack carries, None if it has none."""
    if not pack.has_table(GRID_TABLE):
        return None
    name = f"{GRID_TABLE}-2{'-no-iea' if no_iea else ''}"
    arrays = pack.arrays(name, lambda: _grid_arrays(pack, sources, no_iea))
    if not len(arrays["source"]):
        return None
    columns = {name: array for name, array in arrays.items() if name not in ("draws", "seed")}
    return Grid(**columns, draws=int(arrays["draws"][0]), seed=int(arrays["seed"][0]))


def _grid_arrays(pack: Pack, sources: Sequence[str], no_iea: bool) -> dict[str, npt.NDArray[np.generic]]:
    rows = [{"domain": "annotated", "under": False, **row} for row in pack.table(GRID_TABLE).iter_rows(named=True)]
    if pack.has_table(OTHER_TABLE):
        rows += pack.table(OTHER_TABLE).iter_rows(named=True)
    if no_iea:
        apart = {row["source"] for row in rows if row["no_iea"]}
        rows = [row for row in rows if row["no_iea"] == (row["source"] in apart)]
    else:
        rows = [row for row in rows if not row["no_iea"]]
    rows.sort(key=lambda row: row["list_size"])
    return {
        "known": np.array([row["domain"] == "known" for row in rows], dtype=bool),
        "under": np.array([row["under"] for row in rows], dtype=bool),
        "source": np.array([sources.index(row["source"]) for row in rows], dtype=np.int64),
        "ordered": np.array([row["ordered"] for row in rows], dtype=bool),
        "list_size": np.array([row["list_size"] for row in rows], dtype=np.int64),
        "value": np.array([row["threshold"] for row in rows], dtype=np.float64),
        "quantile": np.array([row["quantile"] for row in rows], dtype=np.float64),
        "probability": np.array([row["probability"] for row in rows], dtype=np.float64),
        "draws": np.array([row["draws"] for row in rows[:1]], dtype=np.int64),
        "seed": np.array([row["seed"] for row in rows[:1]], dtype=np.int64),
    }


@dataclass
class ThresholdBook:
    """The thresholds of one family of tests: a domain and its eligible terms.

    Parameters
    ----------
    domain, eligible
        The family.
    identity
        What else decides the draws: the pack's fingerprint, the filter; part of the cache key.
    grid
        Ready thresholds, for the domains a pack has them for.
    """

    domain: Domain
    eligible: Booleans
    identity: str
    grid: Grid | None = None
    _known: dict[tuple[int, bool, bool], dict[int, Threshold]] = field(default_factory=dict)

    @cached_property
    def family_sizes(self) -> list[int]:
        """Number of eligible terms of each source."""
        start = self.domain.collection.source_start
        sizes: list[int] = np.diff(np.concatenate([[0], np.cumsum(self.eligible)])[start]).tolist()
        return sizes

    def get(self, source: int, size: int, *, ordered: bool = False, over: bool = True) -> Threshold:
        """Return the threshold of a source at a list size of at least 1."""
        known = self._known.setdefault((source, ordered, over), {})
        if size not in known:
            self.prepare(source, [size], ordered=ordered, over=over)
        return known[size]

    def prepare(self, source: int, sizes: Iterable[int], *, ordered: bool = False, over: bool = True) -> None:
        """Make the thresholds of several list sizes ready, drawing the missing ones in one run."""
        known = self._known.setdefault((source, ordered, over), {})
        missing = sorted({int(size) for size in sizes if size > 0} - known.keys())
        if self.grid is not None:
            for size in missing:
                known_domain = self.domain.scope == "known"
                found = self.grid.find(source, size, ordered=ordered, known=known_domain, under=not over)
                if found is not None:
                    known[size] = found
            missing = [size for size in missing if size not in known]
        if not missing:
            return
        cache = self._cache_file(source, ordered, over)
        known.update(_read_cache(cache))
        missing = [size for size in missing if size not in known]
        if missing:
            now = settings()
            membership = self.domain.membership(source, self.eligible)
            drawn = minimum_p.thresholds(
                membership, missing, draws=now.null_draws, seed=now.seed, ordered=ordered, over=over
            )
            known.update(zip(missing, drawn, strict=True))
            _write_cache(cache, known)

    def _cache_file(self, source: int, ordered: bool, over: bool) -> Path:
        now = settings()
        name = self.domain.collection.sources[source]
        parts = [
            self.identity, self.domain.scope, self.domain.fingerprint, name,
            hashlib.sha256(np.packbits(self.eligible).tobytes()).hexdigest(), ordered, over, now.null_draws, now.seed,
        ]  # fmt: skip
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
        return now.cache_dir / "thresholds-1" / f"{key}.json"


def _read_cache(path: Path) -> dict[int, Threshold]:
    try:
        stored = json.loads(path.read_text())
        return {int(size): Threshold(*values) for size, values in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # absent or damaged: drawn again, with the same outcome


def _write_cache(path: Path, known: dict[int, Threshold]) -> None:
    stored = {str(size): [t.value, t.quantile, t.probability, t.draws] for size, t in sorted(known.items())}
    temporary = path.with_suffix(f".{id(stored)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(stored))
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)  # a cache that cannot be written costs time, never a result
