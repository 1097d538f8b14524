"""Which data sets are meant: by id, study, tissue, method and the like."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.columns import METADATA
from lifenode.eqtl.query import Several, several
from lifenode.errors import InvalidOption, UnknownName, nearest

FILTERS = tuple(name for name in METADATA if name not in ("dataset_id", "sample_size"))


def selected(state: State, dataset: Several, filters: Mapping[str, Several]) -> pl.DataFrame:
    """Return the rows of the table of data sets that are meant; names count without case.

    Raises
    ------
    UnknownName
        No data set has this id.
    InvalidOption
        There is no such filter.
    """
    rows = state.table
    names = several(dataset)
    for name in names:
        if name not in state.positions:
            close = nearest(name, state.positions)
            raise UnknownName(
                f"The catalogue has no data set {name[:60]!r}.", value=name,
                next_step=f"Did you mean {close[0]}?" if close else "See them with: lifenode eqtl datasets",
            )  # fmt: skip
    if names:
        rows = rows.filter(pl.col("dataset_id").is_in(list(names)))
    for name, given in filters.items():
        if name not in FILTERS:
            raise InvalidOption(
                f"Data sets cannot be chosen by {name!r}.", value=name, next_step=f"Filters: {', '.join(FILTERS)}."
            )
        wanted = [value.casefold() for value in several(given)]
        if wanted:
            rows = rows.filter(pl.col(name).str.to_lowercase().is_in(wanted))
    return rows
