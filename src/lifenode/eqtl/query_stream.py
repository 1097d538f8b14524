"""Associations of many data sets as a stream of frames; a data set that cannot answer does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Query, Several, Site, is_rsid, several, site_of
from lifenode.eqtl.query_associations import associations_of, finished
from lifenode.eqtl.query_shared import sites_of_rsids, variants_across
from lifenode.eqtl.store import Store
from lifenode.errors import InvalidOption

# Up to this many data sets their own files are quicker than the bins of all.
_FEW = 3


class AssociationStream:
    """Asks data sets one after the other, or all together where bins can answer.

    Parameters
    ----------
    store
        The store.
    current
        Returns what the catalogue holds now: a data set may be replaced while it is read.
    """

    def __init__(self, store: Store, current: Callable[[], State]) -> None:
        self._store = store
        self._current = current

    def frames(self, state: State, query: Query, names: list[str], lost: dict[str, str]) -> Iterator[pl.DataFrame]:
        """Iterate over the rows of the data sets `names`; `lost` takes why one cannot answer."""
        left = list(names)
        if query.sites is not None and len(names) > _FEW and not query.by_trait:
            together: list[pl.DataFrame] = []
            for answered, rows in variants_across(self._store, state, query, names):
                left = [name for name in left if name not in answered]
                if rows.height:
                    together.append(finished(rows, "", query))
            if together:
                order = ["dataset_id", "chromosome", "position", "alt", "molecular_trait_id"]
                yield pl.concat(together).sort(order, maintain_order=True)
        for name in left:
            yield from self._one(state, query, name, lost)

    def _one(self, state: State, query: Query, name: str, lost: dict[str, str]) -> Iterator[pl.DataFrame]:
        """Answer for one data set; where it was replaced meanwhile, by what replaced it."""
        for attempt in (0, 1):
            manifest = state.manifests.get(name)
            if manifest is None:
                lost[name] = state.broken.get(name, "it is gone")
                return
            given = 0
            try:
                if wrong := self._wrong(manifest):
                    raise FileNotFoundError(wrong)
                for frame in associations_of(self._store.path, manifest, query):
                    given += 1
                    yield frame
                return
            except (pl.exceptions.ComputeError, OSError) as error:
                newer = self._current()
                again = newer.manifests.get(name)
                if attempt or given or again is None or again.generation == manifest.generation:
                    lost[name] = self._wrong(manifest) or f"a file is damaged ({str(error)[:80]})"
                    return
                state = newer

    def _wrong(self, manifest: Manifest) -> str:
        used = ("assoc_pos", "assoc_trait", "variants", "traits")
        return self._store.missing([part for table in used for part in manifest.parts(table)])


def sites_of(store: Store, state: State, variant: Several, rsid: Several) -> tuple[Site, ...] | None:
    """Return the variants that are named, by id or rsid; None if none is.

    Raises
    ------
    InvalidOption
        A text that is neither.
    """
    variants, rsids = several(variant), several(rsid)
    if not variants and not rsids:
        return None
    odd = next((name for name in rsids if not is_rsid(name)), None)
    if odd is not None:
        raise InvalidOption(f"{odd[:60]!r} is not an rsid.", value=odd, next_step="Write it as rs429358.")
    groups = []
    if variants:
        by_id = [site_of(name) for name in variants if not is_rsid(name)]
        named = [name for name in variants if is_rsid(name)]
        groups.append([*by_id, *(sites_of_rsids(store, state, named) if named else [])])
    if rsids:
        groups.append(sites_of_rsids(store, state, rsids))
    return tuple(dict.fromkeys(site for site in groups[0] if site in groups[-1]))


def split_by_rsid(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each rsid of a variant."""
    return frame.with_columns(pl.col("rsid").str.split(",")).explode("rsid")
