"""What all questions to a catalogue share: its state, its data sets, and how answers are cut to a limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.catalogue_selection import selected
from lifenode.eqtl.catalogue_state import State, read_state
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Several
from lifenode.eqtl.query_rows import Rows
from lifenode.eqtl.store import Store, usual_place
from lifenode.eqtl.store_known import Known
from lifenode.errors import InvalidOption, UnknownName
from lifenode.settings import settings


class CatalogueBase:
    """What all questions to a catalogue share; see `lifenode.eqtl.Catalogue`."""

    def __init__(self, path: str | Path | None = None, release: str | None = None) -> None:
        self._store = Store(usual_place() if path is None else path)
        self._release = release
        self._stamp: object = None
        self._known: State | None = None
        self._read: Known = {}
        if release is not None and release not in self._store.releases():
            raise UnknownName(
                f"The catalogue has no release {release!r}.", value=release,
                next_step=f"Releases: {', '.join(self._store.releases()) or 'none yet'}.",
            )  # fmt: skip

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._store.path

    @property
    def releases(self) -> list[str]:
        """The releases that data sets are taken from, oldest first."""
        return self._state().releases

    def _state(self) -> State:
        stamp = self._store.stamp()
        if self._known is None or stamp != self._stamp:
            self._known, self._stamp = read_state(self._store, self._release, self._read), stamp
        return self._known

    def manifest(self, dataset: str) -> Manifest:
        """Return what is known of a data set: its metadata, sources, files and findings.

        Raises
        ------
        UnknownName
            The catalogue does not hold it.
        """
        state = self._state()
        selected(state, dataset, {})
        if dataset not in state.manifests:
            raise UnknownName(
                f"The data set {dataset!r} is not ingested.", value=dataset, next_step="Ingest its files."
            )
        return state.manifests[dataset]

    def datasets(self, dataset: Several = None, *, held: bool = True, **filters: Several) -> Rows:
        """Return the data sets, one a row.

        Parameters
        ----------
        dataset
            Ids.
        held
            Leave out those that the table of data sets names and of which no file was ingested.
        **filters
            ``study_id, study_label, sample_group, tissue_id, tissue_label, condition_label, quant_method, pmid,
            study_type``; each one or several values, case does not count.

        Returns
        -------
        Rows
            The columns of the table of data sets, then ``release, rows, status``.
        """
        state = self._state()
        table = selected(state, dataset, filters)
        status = [self._status(state, name) for name in table["dataset_id"]]
        rows = [state.manifests[name].rows if name in state.manifests else 0 for name in table["dataset_id"]]
        table = table.with_columns(rows=pl.Series(rows, dtype=pl.Int64), status=pl.Series(status, dtype=pl.String))
        if held:
            table = table.filter(pl.col("status") != "not ingested")
        return Rows(table, {"catalogue": str(self.path), "releases": state.releases})

    def known(self, **filters: Several) -> pl.DataFrame:
        """Return the metadata of the data sets held, without a look at their files, which takes time for many.

        Filters as in `datasets`.
        """
        state = self._state()
        held = pl.col("dataset_id").is_in([*state.manifests, *state.broken])
        return selected(state, None, filters).filter(held)

    def _status(self, state: State, name: str) -> str:
        if name in state.broken:
            return f"unavailable: {state.broken[name]}"
        if name not in state.manifests:
            return "not ingested"
        wrong = self._wrong(state.manifests[name])
        return f"unavailable: {wrong}" if wrong else "available"

    def _wrong(self, manifest: Manifest) -> str:
        return self._store.missing([part for parts in manifest.tables.values() for part in parts])

    def _held(self, state: State, dataset: Several, filters: Any) -> list[str]:
        return [name for name in selected(state, dataset, filters)["dataset_id"] if name in state.manifests]

    def _limited(self, rows: pl.DataFrame, lost: dict[str, str], limit: int | None) -> Rows:
        limit = self._most(limit)
        meta = {
            "catalogue": str(self.path), "releases": self.releases, "complete": rows.height <= limit,
            "unavailable": lost, "limit": limit,
        }  # fmt: skip
        return Rows(rows[:limit], meta)

    def _most(self, limit: int | None) -> int:
        most = settings().max_association_rows if limit is None else limit
        if most < 0:
            raise InvalidOption("limit cannot be negative.", value=limit)
        return most
