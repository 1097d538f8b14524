"""The genes and molecular traits that a catalogue has associations of."""

from __future__ import annotations

from typing import Literal

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.store import Store


class TraitNames:
    """The distinct names of a catalogue; collected once for each state of it."""

    def __init__(self) -> None:
        self._held: tuple[State | None, dict[str, pl.Series]] = (None, {})

    def sorted(self, store: Store, state: State, column: Literal["gene_id", "molecular_trait_id"]) -> pl.Series:
        """Return the names in order, each once; data sets with a missing file are passed over."""
        of, names = self._held
        if of is not state:
            names = {}
            self._held = (state, names)
        if column not in names:
            names[column] = _collected(store, state, column)
        return names[column]


def _collected(store: Store, state: State, column: str) -> pl.Series:
    files = [
        store.path / part.path
        for manifest in state.manifests.values()
        for part in manifest.parts("traits")
        if not store.missing([part])
    ]
    if not files:
        return pl.Series(column, [], dtype=pl.String)
    return pl.scan_parquet(files).select(pl.col(column).unique()).collect().to_series().drop_nulls().sort()
