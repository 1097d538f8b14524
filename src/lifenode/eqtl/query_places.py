"""Where the rows of genes and traits lie: in one data set, or in many at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.layout import Manifest, Part
from lifenode.eqtl.query import Query
from lifenode.eqtl.query_blocks import BLOCKS
from lifenode.eqtl.query_marks import rank_of
from lifenode.eqtl.store import Store

# A trait with more rows than this is a GWAS: what is asked of it is quicker to find by position.
_MANY_ROWS = 200_000
# Up to this many data sets their own files are quicker than what holds all.
_FEW = 3
# A page asks three times where its rows lie: to read them, to count them, and to go on.
_MOST_PLACES = 4_096
_Key: TypeAlias = tuple[str, str, str, str, Query]
_LOCK = threading.Lock()
_PLACES: dict[_Key, pl.DataFrame | None] = {}


class LostFile(OSError):
    """A file of a data set that is not there, or is cut."""


def is_by_trait(store: Store, manifest: Manifest, query: Query) -> bool:
    """Say whether the rows of a data set come by trait."""
    return query.by_trait and trait_places(store, manifest, query) is not None


def trait_places(store: Store, manifest: Manifest, query: Query) -> pl.DataFrame | None:
    """Return where the rows of the traits asked for lie, in order; None where rows are to be found by position."""
    if not query.by_trait:
        return None
    parts = manifest.parts("traits")
    needed(store, parts)
    if not parts:
        return pl.DataFrame()
    key = _key(store, manifest, query)
    with _LOCK:
        if key in _PLACES:
            return _PLACES[key]
    every = pl.concat([BLOCKS.rows(store.path / part.path, 0, part.rows) for part in parts])
    places = _in_order(every.filter(_wanted(query)))
    _keep({key: places})
    return places


def learn_places(store: Store, state: State, query: Query, names: Sequence[str]) -> None:
    """Look up where the rows of some genes lie in many data sets at once, from what holds all of them by gene."""
    if not query.genes or len(names) <= _FEW:
        return
    learnt: dict[_Key, pl.DataFrame | None] = {}
    for release in state.releases:
        for layer, covered in state.covering(release):
            if "places" not in layer.tables:
                continue
            keys = {name: _key(store, state.manifests[name], query) for name in set(covered).intersection(names)}
            parts = [p for p in layer.tables["places"] if any(p.first <= gene <= p.last for gene in query.genes)]
            if all(key in _PLACES for key in keys.values()) or store.missing(parts):
                continue
            try:
                learnt |= _learnt(store, parts, query, keys)
            except (pl.exceptions.PolarsError, OSError):
                continue  # a damaged file: data sets are then asked one by one
    _keep(learnt)


def _key(store: Store, manifest: Manifest, query: Query) -> _Key:
    return (str(store.path), manifest.release, manifest.dataset_id, manifest.generation, query)


def _keep(places: Mapping[_Key, pl.DataFrame | None]) -> None:
    with _LOCK:
        while _PLACES and len(_PLACES) + len(places) > _MOST_PLACES:
            del _PLACES[next(iter(_PLACES))]
        _PLACES.update(places)


def _wanted(query: Query) -> pl.Expr:
    wanted = [pl.lit(True)]
    if query.genes:
        wanted.append(pl.col("gene_id").is_in(list(query.genes)))
    if query.traits:
        wanted.append(pl.col("molecular_trait_id").is_in(list(query.traits)))
    if query.nlog10p is not None:
        wanted.append(pl.col("nlog10p") >= query.nlog10p * (1 - 1e-6))
    return pl.all_horizontal(wanted)


def _in_order(places: pl.DataFrame) -> pl.DataFrame | None:
    """Return places in the order of answers; None where the rows are quicker to find by position."""
    if places.height and max(places["rows"]) > _MANY_ROWS:
        return None
    return places if places.height < 2 else places.sort(rank_of(pl.col("chromosome")), "part", "first_row")


def _learnt(
    store: Store, parts: Sequence[Part], query: Query, keys: Mapping[str, _Key]
) -> dict[_Key, pl.DataFrame | None]:
    """Return the places of data sets, those without any included."""
    found: dict[_Key, pl.DataFrame | None] = {key: pl.DataFrame() for key in keys.values()}
    if parts:
        rows = pl.scan_parquet([store.path / part.path for part in parts]).filter(_wanted(query)).collect()
        for own in rows.partition_by("dataset_id"):
            if (name := own["dataset_id"][0]) in keys:
                found[keys[name]] = _in_order(own.drop("dataset_id"))
    return found


def needed(store: Store, parts: Sequence[Part]) -> None:
    """Make sure of files.

    Raises
    ------
    LostFile
        One is missing or cut.
    """
    if wrong := store.missing(list(parts)):
        raise LostFile(wrong)
