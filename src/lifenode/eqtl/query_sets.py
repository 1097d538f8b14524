"""Credible sets, signals, log Bayes factors and permutation results of many data sets."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.columns import CREDIBLE_SET_EXTRAS, CREDIBLE_SETS, Schema
from lifenode.eqtl.ingest_sets import signals_of
from lifenode.eqtl.query import Deadline, Query
from lifenode.eqtl.query_shared import credible_sets_across
from lifenode.eqtl.store import Store

Found = tuple[pl.DataFrame, dict[str, str]]
_SETS: Schema = {"dataset_id": pl.String, **CREDIBLE_SETS, **CREDIBLE_SET_EXTRAS}


def credible_set_rows(
    store: Store, state: State, query: Query, names: Sequence[str], cs_ids: Sequence[str], min_pip: float,
    most: int, deadline: Deadline,
) -> Found:  # fmt: skip
    """Return the variants of credible sets by gene, data set, set and PIP; and why a data set cannot answer.

    No more than some `most` rows are taken: in memory there is never more than is asked for.
    """
    wanted = _wanted(query) & (pl.col("pip") >= min_pip)
    if query.sites is not None:
        wanted = wanted & pl.col("variant").is_in([site.variant for site in query.sites])
    if query.region is not None:
        within = pl.col("position").is_between(query.region.start, query.region.end)
        wanted = wanted & within & (pl.col("chromosome") == query.region.chromosome)
    if cs_ids:
        wanted = wanted & pl.col("cs_id").is_in(list(cs_ids))
    by_place = query.by_place and not query.genes
    table = "credible_sets_by_position" if by_place else "credible_sets_by_gene"
    frames, lost = _gathered(store, state, table, wanted, query, names, most, deadline)
    rows = pl.concat([pl.DataFrame(schema=_SETS), *(frame.select(list(_SETS)) for frame in frames)])
    order = ["gene_id", "dataset_id", "molecular_trait_id", "cs_id", "pip"]
    down = [False, False, False, False, True]
    return rows.sort(order, descending=down, nulls_last=True, maintain_order=True), lost


def signal_rows(store: Store, state: State, query: Query, names: Sequence[str], most: int, deadline: Deadline) -> Found:
    """Return some `most` rows, one a credible set; and which data sets cannot answer, and why."""
    wanted = _wanted(query)
    if query.region is not None:
        reaches = (pl.col("first_position") <= query.region.end) & (pl.col("last_position") >= query.region.start)
        wanted = wanted & reaches & (pl.col("chromosome") == query.region.chromosome)
    frames, lost = _gathered(store, state, "signals", wanted, query, names, most, deadline)
    rows = pl.concat([signals_of(pl.DataFrame(schema=_SETS)), *frames])
    return rows.sort("gene_id", "dataset_id", "molecular_trait_id", "cs_id", nulls_last=True), lost


def table_rows(
    store: Store, state: State, table: str, wanted: pl.Expr, names: Sequence[str], schema: Schema, most: int,
    deadline: Deadline,
) -> Found:  # fmt: skip
    """Return some `most` rows of a table that data sets have for themselves; and which cannot answer, and why."""
    frames = [pl.DataFrame(schema={"dataset_id": pl.String, **schema})]
    lost = {}
    for name in names:
        deadline.check()
        parts = state.manifests[name].parts(table)
        if wrong := store.missing(parts):
            lost[name] = wrong
        elif parts:
            lazy = pl.scan_parquet([store.path / part.path for part in parts]).filter(wanted)
            values = [pl.col(column).cast(kind) for column, kind in schema.items()]
            frames.append(lazy.head(most).select(pl.lit(name).alias("dataset_id"), *values).collect())
            most -= frames[-1].height
            if most <= 0:
                break
    return pl.concat(frames), lost


def _gathered(
    store: Store,
    state: State,
    table: str,
    wanted: pl.Expr,
    query: Query,
    names: Sequence[str],
    most: int,
    deadline: Deadline,
) -> tuple[list[pl.DataFrame], dict[str, str]]:
    """Ask the layers first, then data sets that none covers one by one."""
    frames = []
    left = set(names)
    for answered, rows in credible_sets_across(store, state, table, wanted, query, names, most):
        left -= answered
        deadline.check()
        if rows.height:
            frames.append(rows)
    lost = {}
    for name in sorted(left):
        deadline.check()
        parts = state.manifests[name].parts("credible_sets")
        if wrong := store.missing(parts):
            lost[name] = wrong
        elif parts:
            every = pl.scan_parquet([store.path / part.path for part in parts]).with_columns(dataset_id=pl.lit(name))
            own = every.select(list(_SETS)).collect()
            frames.append((signals_of(own) if table == "signals" else own).filter(wanted))
    return frames, lost


def _wanted(query: Query) -> pl.Expr:
    every = [pl.lit(True)]
    if query.genes:
        every.append(pl.col("gene_id").is_in(list(query.genes)))
    if query.traits:
        every.append(pl.col("molecular_trait_id").is_in(list(query.traits)))
    return pl.all_horizontal(every)
