"""How many rows an answer has, without reading more of them than has to be."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Deadline, Query
from lifenode.eqtl.query_associations import associations_of, exact_nlog10p, parts_by_position, scanned
from lifenode.eqtl.query_places import learn_places, needed, trait_places
from lifenode.eqtl.query_stream import AssociationStream
from lifenode.eqtl.store import Store
from lifenode.errors import TookTooLong


def count_rows(store: Store, state: State, query: Query, names: Sequence[str], seconds: float | None) -> int | None:
    """Return how many associations answer a query, or None if that cannot be said within some seconds.

    Data sets that cannot answer have none.
    """
    deadline = Deadline(seconds)
    total = 0
    try:
        if query.sites is not None and not query.by_trait:
            for frame in AssociationStream(store, lambda: state).frames(state, query, list(names), {}):
                total += frame.height
                deadline.check()
            return total
        learn_places(store, state, query, names)
        for name in names:
            if name in state.manifests:
                total += _rows_of(store, state.manifests[name], query, deadline)
                deadline.check()
    except TookTooLong:
        return None
    return total


def _rows_of(store: Store, manifest: Manifest, query: Query, deadline: Deadline) -> int:
    try:
        if query == Query():
            return manifest.rows
        places = trait_places(store, manifest, query)
        if places is None:
            return _by_position(store, manifest, query, deadline)
        if places.is_empty():
            return 0
        if not query.by_place and query.nlog10p is None:
            return int(places["rows"].sum())
        total = 0
        for frame in associations_of(store, manifest, query):
            total += frame.height
            deadline.check()
    except (pl.exceptions.ComputeError, OSError) as error:
        if isinstance(error, TookTooLong):
            raise
        return 0
    return total


def _by_position(store: Store, manifest: Manifest, query: Query, deadline: Deadline) -> int:
    parts = parts_by_position(manifest, query.spans())
    needed(store, parts)
    total = 0
    for part in parts:
        lazy = scanned(store, part, query)
        if query.nlog10p is not None:
            lazy = lazy.filter(exact_nlog10p() >= query.nlog10p)
        total += int(lazy.select(pl.len()).collect().item())
        deadline.check()
    return total
