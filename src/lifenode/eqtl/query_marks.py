"""Where a page of associations ended, so that the next goes on there without counting the rows before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES

RANK = {name: rank for rank, name in enumerate(CHROMOSOMES)}
"""Place of each chromosome in the order of answers."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row given.

    Attributes
    ----------
    dataset_id, chromosome, position
        Of the row.
    trait
        Its molecular trait where rows are in the order of traits, else empty.
    given
        Rows given that agree with it in all of these.
    """

    dataset_id: str
    chromosome: str
    position: int
    trait: str = ""
    given: int = 0

    @property
    def rank(self) -> int:
        """Place of its chromosome."""
        return RANK[self.chromosome]

    def beyond(self) -> pl.Expr:
        """Return what rows at the place of the mark or after it fulfil, where they are by data set and position."""
        rank = rank_of(pl.col("chromosome"))
        later = (rank > self.rank) | ((rank == self.rank) & (pl.col("position") >= self.position))
        return (pl.col("dataset_id") > self.dataset_id) | ((pl.col("dataset_id") == self.dataset_id) & later)


def rank_of(chromosome: pl.Expr) -> pl.Expr:
    """Return the place of chromosomes in the order of answers."""
    return chromosome.replace_strict(RANK, default=len(RANK), return_dtype=pl.Int32)


def mark_of(rows: pl.DataFrame, before: Mark | None, *, by_trait: bool) -> Mark:
    """Return the mark after some rows of an answer, one at least; `before` is the mark that they followed."""
    last = rows[-1].to_dicts()[0]
    names = ["dataset_id", "chromosome", "position", *(["molecular_trait_id"] if by_trait else [])]
    differs = rows.select(pl.any_horizontal(pl.col(name) != last[name] for name in names).reverse()).to_series()
    place = differs.arg_max() if differs.any() else None
    same = rows.height if place is None else place
    trait = last["molecular_trait_id"] if by_trait else ""
    if place is None and before is not None and _same(before, last, trait):
        same += before.given
    return Mark(last["dataset_id"], last["chromosome"], last["position"], trait, same)


def _same(mark: Mark, row: dict[str, Any], trait: str) -> bool:
    own = (mark.dataset_id, mark.chromosome, mark.position, mark.trait)
    return own == (row["dataset_id"], row["chromosome"], row["position"], trait)
