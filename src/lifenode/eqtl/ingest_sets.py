"""Credible sets of many data sets in one order, a stretch at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.columns import CREDIBLE_SET_EXTRAS, CREDIBLE_SETS, TRAIT_COLUMNS

Files = Sequence[tuple[str, Path]]

_STRETCH_ROWS = 300_000
_STRETCH_BASES = 10_000


def rows_by_gene(files: Files, most: int = _STRETCH_ROWS) -> Iterator[pl.DataFrame]:
    """Iterate over credible sets in the order of genes, data sets, sets and PIPs; all rows of a gene are in one frame.

    Parameters
    ----------
    files
        Data sets with their credible sets of one chromosome.
    most
        Rows of a frame; more where one gene has more.
    """
    gene = pl.col("gene_id")
    for first, last in _stretches(files, gene, most):
        inside = gene.is_null() if first is None else gene.is_between(pl.lit(first), pl.lit(last))
        yield _rows(files, inside).sort(
            ["gene_id", "dataset_id", "molecular_trait_id", "cs_id", "pip"],
            descending=[False, False, False, False, True], nulls_last=True, maintain_order=True,
        )  # fmt: skip


def traits_by_gene(files: Files, most: int = _STRETCH_ROWS) -> Iterator[pl.DataFrame]:
    """Iterate over the traits of data sets in the order of genes and data sets; see `rows_by_gene`."""
    gene = pl.col("gene_id")
    for first, last in _stretches(files, gene, most):
        if first is not None:
            rows = _read(files, gene.is_between(pl.lit(first), pl.lit(last)))
            # A column of which a data set has no value may be of no type there.
            rows = rows.with_columns(pl.col(name).cast(kind) for name, kind in TRAIT_COLUMNS.items())
            yield rows.sort("gene_id", "dataset_id", "chromosome", "part", "first_row", maintain_order=True)


def rows_by_position(files: Files, most: int = _STRETCH_ROWS) -> Iterator[pl.DataFrame]:
    """Iterate over credible sets in the order of positions, alleles and data sets; see `rows_by_gene`."""
    place = pl.col("position")
    for first, last in _stretches(files, place // _STRETCH_BASES, most):
        begin, end = (0, 0) if first is None else (first * _STRETCH_BASES, (last + 1) * _STRETCH_BASES - 1)
        inside = place.is_null() if first is None else place.is_between(begin, end)
        yield _rows(files, inside).sort("position", "alt", "dataset_id", "cs_id", nulls_last=True, maintain_order=True)


def _stretches(files: Files, key: pl.Expr, most: int) -> Iterator[tuple[Any, Any]]:
    """Iterate over first and last keys of stretches with some rows; rows without a key are one, the last."""
    if not files:
        return
    each = [
        pl.scan_parquet(file).select(key.alias("key")).collect().to_series().value_counts(name="rows")
        for _, file in files
    ]
    counts = (
        pl.concat(each, how="vertical_relaxed").group_by("key").agg(pl.col("rows").sum()).sort("key", nulls_last=True)
    )
    begin = last = None
    size = 0
    for name, rows in counts.iter_rows():
        if begin is not None and (name is None or size + rows > most):
            yield begin, last
            begin, size = None, 0
        if name is None:
            yield None, None
            return
        begin = name if begin is None else begin
        last, size = name, size + rows
    if begin is not None:
        yield begin, last


def _rows(files: Files, inside: pl.Expr) -> pl.DataFrame:
    return _read(files, inside).select("dataset_id", *CREDIBLE_SETS, *CREDIBLE_SET_EXTRAS)


def _read(files: Files, inside: pl.Expr) -> pl.DataFrame:
    frames = [
        pl.scan_parquet(file).filter(inside).with_columns(dataset_id=pl.lit(name)).collect() for name, file in files
    ]
    return pl.concat(frames, how="vertical_relaxed")


def signals_of(sets: pl.DataFrame) -> pl.DataFrame:
    """Return a row a credible set: its size, its span, and the variant with the highest PIP."""
    first = [pl.col(name).first().alias(f"lead_{name}") for name in ("variant", "rsid", "pip", "pvalue", "beta", "se")]
    return sets.group_by("gene_id", "dataset_id", "molecular_trait_id", "cs_id", maintain_order=True).agg(
        pl.col("chromosome").first(), pl.col("region").first(), pl.col("cs_size").first(),
        pl.len().cast(pl.Int32).alias("variants"), pl.col("pip").sum().alias("pip_sum"),
        pl.col("cs_min_r2").first(), pl.col("position").first().alias("lead_position"), *first,
        pl.col("position").min().alias("first_position"), pl.col("position").max().alias("last_position"),
    )  # fmt: skip
