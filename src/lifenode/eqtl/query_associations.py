"""Associations of one data set, by the shorter of two ways: its order by trait, or its order by position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from lifenode.eqtl.columns import TRAIT_COLUMNS, VARIANT_COLUMNS
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Query
from lifenode.eqtl.query_rows import ASSOCIATION_COLUMNS

# A trait with more rows than this is a GWAS: what is asked of a place is quicker to find by position.
_MANY_ROWS = 200_000
# Who wants a page stops after the first rows: they come in a small frame, the following ones in larger ones.
_FIRST_ROWS = 10_000
_VARIANT = [*VARIANT_COLUMNS, "rsid"]


def associations_of(store: Path, manifest: Manifest, query: Query) -> Iterator[pl.DataFrame]:
    """Iterate over the rows of a data set that answer a query, with `ASSOCIATION_COLUMNS`.

    Rows come by trait where a gene or trait is named, else by position; always by position within a trait.
    """
    if query.by_trait:
        places = _places(store, manifest, query)
        if places is None or places.is_empty():
            return
        if not query.by_place or max(places["rows"]) <= _MANY_ROWS:
            yield from _by_trait(store, manifest, query, places)
            return
    yield from _by_position(store, manifest, query)


def finished(rows: pl.DataFrame, dataset_id: str, query: Query) -> pl.DataFrame:
    """Return rows with the columns of an answer; -log10 p is exact where the p-value is a number."""
    exact = pl.when(pl.col("pvalue") > 0).then(-pl.col("pvalue").log10() + 0.0)
    rows = rows.with_columns(
        dataset_id=pl.lit(dataset_id) if "dataset_id" not in rows.columns else pl.col("dataset_id"),
        nlog10p=exact.otherwise(pl.col("nlog10p").cast(pl.Float64)),
    )
    if query.nlog10p is not None:
        rows = rows.filter(pl.col("nlog10p") >= query.nlog10p)
    return rows.select(ASSOCIATION_COLUMNS)


def _places(store: Path, manifest: Manifest, query: Query) -> pl.DataFrame | None:
    """Return where the rows of the traits asked for lie; None if the data set has no associations."""
    wanted = [pl.lit(True)]
    if query.genes:
        wanted.append(pl.col("gene_id").is_in(list(query.genes)))
    if query.traits:
        wanted.append(pl.col("molecular_trait_id").is_in(list(query.traits)))
    if query.nlog10p is not None:
        wanted.append(pl.col("nlog10p") >= query.nlog10p * (1 - 1e-6))
    files = [store / part.path for part in manifest.parts("traits")]
    return pl.scan_parquet(files).filter(pl.all_horizontal(wanted)).collect() if files else None


def _by_trait(store: Path, manifest: Manifest, query: Query, places: pl.DataFrame) -> Iterator[pl.DataFrame]:
    spans = query.spans()
    places = places.sort("chromosome", "part", "first_row")
    for (chromosome, part), own in places.group_by("chromosome", "part", maintain_order=True):
        if spans is None or any(span.chromosome == chromosome for span in spans):
            file = store / manifest.parts("assoc_trait", str(chromosome))[int(str(part))].path
            for run in _runs(own):
                found = _run_rows(store, manifest, file, run).filter(query.condition(with_traits=False))
                if found.height:
                    yield finished(found, manifest.dataset_id, query)


def _runs(places: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut places where their rows do not follow each other, and where they would become too many."""
    ends = places["first_row"] + places["rows"]
    start = rows = 0
    most = _FIRST_ROWS
    for at in range(places.height):
        rows += places["rows"][at]
        last = at + 1 == places.height
        if last or ends[at] != places["first_row"][at + 1] or rows > most:
            yield places[start : at + 1]
            start, rows, most = at + 1, 0, min(4 * most, _MANY_ROWS)


def _run_rows(store: Path, manifest: Manifest, file: Path, places: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of traits that lie behind each other in a file, with all columns."""
    slim = pl.scan_parquet(file).slice(places["first_row"][0], int(places["rows"].sum()))
    rows = slim.drop("molecular_trait_id").collect()
    first, last = int(str(rows["variant_index"].min())), int(str(rows["variant_index"].max()))
    variants = _variants(store, manifest, places["chromosome"][0], first, last)
    trait = pl.Series(np.repeat(np.arange(places.height), places["rows"].to_numpy()))
    parts = [
        rows.drop("variant_index"),
        variants[rows["variant_index"] - first],
        places.select(list(TRAIT_COLUMNS))[trait],
    ]
    return pl.concat(parts, how="horizontal")


def _variants(store: Path, manifest: Manifest, chromosome: str, first: int, last: int) -> pl.DataFrame:
    """Return the variants numbered `first` to `last`, in order."""
    frames = []
    for part in manifest.parts("variants", chromosome):
        if part.first <= last and part.last >= first:
            begin = max(first - part.first, 0)
            count = min(last, part.last) - part.first + 1 - begin
            frames.append(pl.scan_parquet(store / part.path).slice(begin, count).select(_VARIANT).collect())
    return pl.concat(frames)


def _by_position(store: Path, manifest: Manifest, query: Query) -> Iterator[pl.DataFrame]:
    spans = query.spans()
    condition = query.condition(with_traits=True)
    for part in manifest.parts("assoc_pos"):
        inside = [span for span in spans or () if part.meets(span.chromosome, span.start, span.end)]
        if spans is None or inside:
            lazy = pl.scan_parquet(store / part.path)
            if inside:  # what polars compares with the statistics of row groups
                lazy = lazy.filter(
                    pl.col("position") >= min(span.start for span in inside),
                    pl.col("position") <= max(span.end for span in inside),
                )
            found = lazy.filter(condition).collect()
            if found.height:
                yield finished(found, manifest.dataset_id, query)
