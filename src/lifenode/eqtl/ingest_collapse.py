"""Rows of summary statistics in the order of the store, one a trait and variant, with what repeats taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lifenode.eqtl.columns import TRAIT_COLUMNS, VARIANT_COLUMNS
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_text import ROW

_VARIANT = list(VARIANT_COLUMNS)
_TRAIT = list(TRAIT_COLUMNS)


@dataclass(frozen=True)
class Collapsed:
    """A stretch of a chromosome.

    Attributes
    ----------
    rows
        By position, alt, ref and trait; ``rsid`` lists all of the variant's, joined by commas.
    variants
        The variants, in the same order: `VARIANT_COLUMNS` and ``rsid``. Where the numbers of a variant differ between
        traits it comes once for each.
    traits
        `TRAIT_COLUMNS`, one row a trait.
    variant, trait
        Row of `variants` and of `traits` that each row belongs to.
    """

    rows: pl.DataFrame
    variants: pl.DataFrame
    traits: pl.DataFrame
    variant: npt.NDArray[np.int64]
    trait: npt.NDArray[np.int64]


def collapse(rows: pl.DataFrame, file: str, findings: Findings) -> Collapsed:
    """Sort rows of one chromosome, and join those of a trait and variant that differ in the rsid alone.

    Parameters
    ----------
    rows
        All columns of a nominal file, ``nlog10p`` and the row numbers, in any order. All rows of a position are among
        them.
    """
    variants, variant = _variants(rows)
    traits, trait = _traits(rows)
    key = variant * traits.height + trait
    step = np.diff(key)
    if len(step) and step.min() < 0:
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
        step = np.diff(key)
    again = np.concatenate([[False], step == 0])
    if again.any():
        _name_repeats(rows, again, file, findings)
        rows, key = rows.filter(~again), key[~again]
    variant, trait = np.divmod(key, traits.height)
    if again.any():
        rows = rows.with_columns(variants["rsid"].gather(variant))
    return Collapsed(rows, variants, traits, variant, trait)


def _variants(rows: pl.DataFrame) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    names = ("position", "ref", "alt", "rsid", "type", "ma_samples", "maf", "ac", "an", "r2")
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)
    start = rows.select((changed | (pl.int_range(pl.len()) == 0)).alias("start")).to_series()
    run = start.cast(pl.Int64).cum_sum().to_numpy() - 1
    heads = rows.filter(start).select(*_VARIANT, "rsid")
    listed = pl.col("rsid").drop_nulls().unique(maintain_order=True)
    variants = (
        heads.group_by(_VARIANT, maintain_order=True)
        .agg(rsid=pl.when(pl.col("rsid").count() > 0).then(listed.str.join(",")))
        .sort("position", "alt", "ref", maintain_order=True)
    )
    place = heads.join(
        variants.select(_VARIANT).with_row_index("place"), on=_VARIANT, how="left", nulls_equal=True,
        maintain_order="left",
    )["place"]  # fmt: skip
    return variants, place.to_numpy().astype(np.int64)[run]


def _traits(rows: pl.DataFrame) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    traits = rows.select(_TRAIT).unique().sort(_TRAIT)
    ids = traits["molecular_trait_id"]
    on = ["molecular_trait_id"] if ids.n_unique() == len(ids) else _TRAIT
    place = rows.select(on).join(
        traits.select(on).with_row_index("place"), on=on, how="left", nulls_equal=True, maintain_order="left"
    )["place"]
    return traits, place.to_numpy().astype(np.int64)


def _name_repeats(rows: pl.DataFrame, again: npt.NDArray[np.bool_], file: str, findings: Findings) -> None:
    """Say of each row that repeats the one before whether it has another rsid, other numbers, or nothing new."""
    other = [
        rows.select(pl.col(name).ne_missing(pl.col(name).shift())).to_series().to_numpy()
        for name in ("pvalue", "beta", "se")
    ]
    differs = np.logical_or.reduce(other) & again
    same_rsid = rows.select(pl.col("rsid").eq_missing(pl.col("rsid").shift())).to_series().to_numpy()
    for code, mask, shown in (
        ("conflicting_duplicate", differs, "variant"),
        ("duplicate_row", again & ~differs & same_rsid, "variant"),
        ("duplicate_rsid", again & ~differs & ~same_rsid, "rsid"),
    ):
        findings.add_mask(code, file, pl.Series(mask), rows[ROW], rows[shown])
