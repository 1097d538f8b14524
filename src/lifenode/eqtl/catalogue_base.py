"""What all questions to a catalogue share: its state, its data sets, and how answers are cut to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import polars as pl

from lifenode.eqtl.catalogue_selection import selected
from lifenode.eqtl.catalogue_state import State, read_state
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Several
from lifenode.eqtl.query_rows import Rows
from lifenode.eqtl.store import Store, usual_place
from lifenode.eqtl.trait_names import TraitNames
from lifenode.errors import InvalidOption, StaleCursor, UnknownName
from lifenode.settings import settings


class CatalogueBase:
    """What all questions to a catalogue share; see `lifenode.eqtl.Catalogue`."""

    def __init__(self, path: str | Path | None = None, release: str | Sequence[str] | None = None) -> None:
        self._store = Store(usual_place() if path is None else path)
        self._releases = None if release is None else tuple([release] if isinstance(release, str) else release)
        self._stamp: object = None
        self._known: State | None = None
        self._views: dict[tuple[str, ...], Self] = {}
        self._names = TraitNames()
        held = self._store.releases()
        for name in self._releases or ():
            if name not in held:
                raise UnknownName(
                    f"The catalogue has no release {name!r}.", value=name,
                    next_step=f"Releases: {', '.join(held) or 'none yet'}.",
                )  # fmt: skip

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._store.path

    @property
    def releases(self) -> list[str]:
        """The releases that data sets are taken from, oldest first."""
        return self.state().releases

    @property
    def store(self) -> Store:
        """Its files."""
        return self._store

    def state(self) -> State:
        """Return what it holds now."""
        stamp = self._store.stamp()
        if self._known is None or stamp != self._stamp:
            self._known, self._stamp = read_state(self._store, self._releases), stamp
        return self._known

    def at(self, releases: Sequence[str]) -> Self:
        """Return the catalogue as it is without releases that came later than some.

        Raises
        ------
        StaleCursor
            One of them is no longer held.
        """
        held, wanted = self._store.releases(), tuple(releases)
        gone = next((name for name in wanted if name not in held), None)
        if gone is not None:
            raise StaleCursor(
                f"The release {gone[:40]!r} is no longer held.", value=gone, next_step="Ask again without the cursor."
            )
        if set(self.state().layers) <= set(wanted):
            return self
        if wanted not in self._views:
            self._views = {wanted: type(self)(self.path, wanted)}  # of several walks at a time, one is kept at hand
        return self._views[wanted]

    def genes(self) -> list[str]:
        """Return the Ensembl ids of the genes that there are associations of, in order."""
        return self._names.sorted(self._store, self.state(), "gene_id").to_list()

    def molecular_traits(self, start: int = 0, size: int | None = None) -> list[str]:
        """Return the molecular traits that there are associations of, in order: `size` of them from `start` on."""
        return self._names.sorted(self._store, self.state(), "molecular_trait_id")[start:][:size].to_list()

    def names_of(self, dataset: Several, filters: Mapping[str, Several]) -> list[str]:
        """Return the data sets that are meant, whether they can answer or not.

        Raises
        ------
        UnknownName, InvalidOption
            As `datasets`.
        """
        state = self.state()
        chosen = selected(state, dataset, filters)["dataset_id"]
        return [name for name in chosen if name in state.manifests or name in state.broken]

    def manifest(self, dataset: str) -> Manifest:
        """Return what is known of a data set: its metadata, sources, files and findings.

        Raises
        ------
        UnknownName
            The catalogue does not hold it.
        """
        state = self.state()
        selected(state, dataset, {})
        if dataset not in state.manifests:
            raise UnknownName(
                f"The data set {dataset!r} is not ingested.", value=dataset, next_step="Ingest its files."
            )
        return state.manifests[dataset]

    def datasets(self, dataset: Several = None, *, held: bool = True, checked: bool = True, **filters: Several) -> Rows:
        """Return the data sets, one a row.

        Parameters
        ----------
        dataset
            Ids.
        held
            Leave out those that the table of data sets names and of which no file was ingested.
        checked
            Look for each file, which takes some milliseconds for a hundred data sets.
        **filters
            ``study_id, study_label, sample_group, tissue_id, tissue_label, condition_label, quant_method, pmid,
            study_type``; each one or several values, case does not count.

        Returns
        -------
        Rows
            The columns of the table of data sets, then ``release, rows, status``.
        """
        state = self.state()
        table = selected(state, dataset, filters)
        status = [self._status(state, name, checked=checked) for name in table["dataset_id"]]
        rows = [state.manifests[name].rows if name in state.manifests else 0 for name in table["dataset_id"]]
        table = table.with_columns(rows=pl.Series(rows, dtype=pl.Int64), status=pl.Series(status, dtype=pl.String))
        if held:
            table = table.filter(pl.col("status") != "not ingested")
        return Rows(table, {"catalogue": str(self.path), "releases": state.releases})

    def _status(self, state: State, name: str, *, checked: bool) -> str:
        if name in state.broken:
            return f"unavailable: {state.broken[name]}"
        if name not in state.manifests:
            return "not ingested"
        wrong = self._wrong(state.manifests[name]) if checked else ""
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
