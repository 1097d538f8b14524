"""Polars frames from streams of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import polars as pl

Record = TypeVar("Record")

ANNOTATION_COLUMNS = ("source", "key", "symbol", "term_id", "qualifier", "evidence", "taxon")
"""Columns of the frames that hold annotations, all text, whatever format they come from.

``key`` is the annotated object's id in its database, ``qualifier`` is joined by ``|`` and holds ``NOT`` when the
annotation is negated, ``evidence`` is a GO evidence code or "", ``taxon`` an NCBI taxonomy id.
"""

_BATCH = 100_000


def frame(records: Iterable[Record], columns: Mapping[str, Callable[[Record], Any]], **kinds: Any) -> pl.DataFrame:
    """Return one column for each function of `columns`, applied to every record.

    Parameters
    ----------
    records
        A stream; it is worked off in batches, so that it never lies in memory whole beside the frame.
    columns
        Name and function of each column.
    kinds
        Polars type of the columns that are not text.
    """
    schema = {name: kinds.get(name, pl.String) for name in columns}
    parts, rows = [pl.DataFrame(schema=schema)], []
    functions = tuple(columns.values())
    for record in records:
        rows.append(tuple(function(record) for function in functions))
        if len(rows) == _BATCH:
            parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
            rows = []
    parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return pl.concat(parts)
