"""Associations of many data sets as a stream of frames; a data set that cannot answer does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Deadline, Query, Several, Site, is_rsid, several, site_of
from lifenode.eqtl.query_associations import associations_of, finished
from lifenode.eqtl.query_marks import Mark, rank_of
from lifenode.eqtl.query_places import LostFile, learn_places, needed, trait_places
from lifenode.eqtl.query_shared import sites_of_rsids, variants_across
from lifenode.eqtl.store import Store
from lifenode.errors import InvalidOption

# Up to this many data sets their own files are quicker than the bins of all.
_FEW = 3
_FEW_FILES = 250
_USED = ("assoc_pos", "assoc_trait", "variants", "traits")


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
        self._deadline = Deadline(None)

    def frames(
        self, state: State, query: Query, names: list[str], lost: dict[str, str], *, after: Mark | None = None,
        most: int | None = None, seconds: float | None = None,
    ) -> Iterator[pl.DataFrame]:  # fmt: skip
        """Iterate over the rows of the data sets `names`, in order of their ids.

        `lost` takes why one cannot answer; `after` is the last row that was given before, and `most` as many rows as
        are wanted. After `seconds`, `TookTooLong` is raised.
        """
        self._deadline = Deadline(seconds)
        left = sorted(name for name in names if after is None or name >= after.dataset_id)
        passed = 0 if after is None else after.given
        for frame in self._every(state, query, left, lost, after, None if most is None else most + passed):
            rows = frame[passed:] if passed else frame
            passed -= min(passed, frame.height)
            if rows.height:
                self._deadline.check()
                yield rows
                most = None if most is None else most - rows.height
                if most is not None and most <= 0:
                    return

    def _every(
        self, state: State, query: Query, names: list[str], lost: dict[str, str], after: Mark | None, most: int | None
    ) -> Iterator[pl.DataFrame]:
        """Iterate over frames of the data sets; rows that agree with the mark come first, given or not."""
        answered, rows = set[str](), None
        if query.sites is not None and len(names) > _FEW and not query.by_trait:
            answered, rows = self._together(state, query, names)
        learn_places(self._store, state, query, names)
        for is_together, run in groupby(names, key=answered.__contains__):
            own = list(run)
            if is_together and rows is not None:
                here = rows.filter(pl.col("dataset_id").is_between(pl.lit(own[0]), pl.lit(own[-1])))
                yield here if after is None else here.filter(after.beyond())
            elif not is_together:
                for name in own:
                    self._deadline.check()
                    mark = after if after is not None and name == after.dataset_id else None
                    yield from self._one(state, query, name, lost, mark, most)

    def _together(self, state: State, query: Query, names: list[str]) -> tuple[set[str], pl.DataFrame | None]:
        """Return the data sets that bins answer for, and their rows, if there are any."""
        answered, frames = set[str](), []
        try:
            for those, rows in variants_across(self._store, state, query, names):
                answered |= those
                if rows.height:
                    frames.append(finished(rows, "", query))
        except (pl.exceptions.PolarsError, OSError):
            return set(), None  # a damaged file: data sets are then asked one by one
        if not frames:
            return answered, None
        order: list[pl.Expr | str] = [
            "dataset_id",
            rank_of(pl.col("chromosome")),
            "position",
            "alt",
            "molecular_trait_id",
        ]
        return answered, pl.concat(frames).sort(order, maintain_order=True)

    def _one(
        self, state: State, query: Query, name: str, lost: dict[str, str], after: Mark | None, most: int | None
    ) -> Iterator[pl.DataFrame]:
        """Answer for one data set; where it was replaced meanwhile, by what replaced it."""
        for attempt in (0, 1):
            manifest = state.manifests.get(name)
            if manifest is None:
                lost[name] = state.broken.get(name, "it is gone")
                return
            given = 0
            try:
                places = trait_places(self._store, manifest, query)
                if places is not None and places.is_empty():
                    return
                self._check(manifest)
                for frame in associations_of(self._store, manifest, query, after=after, most=most):
                    given += 1
                    yield frame
                return
            except (pl.exceptions.ComputeError, OSError) as error:
                newer = self._current()
                again = newer.manifests.get(name)
                if attempt or given or again is None or again.generation == manifest.generation:
                    lost[name] = why_lost(error)
                    return
                state = newer

    def _check(self, manifest: Manifest) -> None:
        """Raise if a file of a data set is missing; one with very many is checked as they are read."""
        parts = [part for table in _USED for part in manifest.parts(table)]
        if len(parts) <= _FEW_FILES:
            needed(self._store, parts)


def why_lost(error: Exception) -> str:
    """Return why a data set cannot answer."""
    return str(error) if isinstance(error, LostFile) else f"a file is damaged ({str(error)[:80]})"


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
