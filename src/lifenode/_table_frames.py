"""Tables as pandas, polars and Arrow frames, and as Parquet. Each library is imported when asked for."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from lifenode._table_text import encodable, plain
from lifenode.errors import MissingPart

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from lifenode.table import Column, Table

_METADATA_KEY = "lifenode"


def to_pandas(table: Table) -> pandas.DataFrame:
    """Return a pandas frame: object, int64, float64, bool; ``Int64`` and ``boolean`` where values are missing."""
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise MissingPart.library("pandas", "to_pandas()", "pandas") from error
    series = {
        column.name: pandas.Series(table[column.name], dtype=_pandas_type(table, column)) for column in table.columns
    }
    return pandas.DataFrame(series, columns=list(table.column_names), index=range(len(table)))


def to_polars(table: Table) -> polars.DataFrame:
    """Return a polars frame; a missing value is null."""
    import polars

    types: dict[str, Any] = {
        "text": polars.String(),
        "integer": polars.Int64(),
        "number": polars.Float64(),
        "boolean": polars.Boolean(),
        "list": polars.List(polars.String()),
    }
    return polars.DataFrame(
        [
            polars.Series(column.name, _values(table, column), dtype=types[column.kind], nan_to_null=True)
            for column in table.columns
        ]
    )


def to_arrow(table: Table) -> pyarrow.Table:
    """Return an Arrow table whose schema carries the meta data as JSON under ``lifenode``."""
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise MissingPart.library("pyarrow", "to_arrow()", "pandas") from error
    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "list": pyarrow.list_(pyarrow.string()),
    }
    schema = pyarrow.schema([(column.name, types[column.kind]) for column in table.columns], metadata=_metadata(table))
    arrays = [
        pyarrow.array(_values(table, column), type=types[column.kind], from_pandas=True) for column in table.columns
    ]
    return pyarrow.table(arrays, schema=schema)


def to_parquet_bytes(table: Table) -> bytes:
    """Return a Parquet file (zstd) that carries the meta data as JSON under the key ``lifenode``."""
    buffer = io.BytesIO()
    to_polars(table).write_parquet(buffer, compression="zstd", metadata=_metadata(table))
    return buffer.getvalue()


def _metadata(table: Table) -> dict[str, str]:
    return {_METADATA_KEY: encodable(json.dumps(plain(table.meta), ensure_ascii=False, allow_nan=False))}


def _pandas_type(table: Table, column: Column) -> str:
    if column.kind in ("text", "list"):
        return "object"
    missing = table[column.name].dtype == object
    return {
        "integer": "Int64" if missing else "int64",
        "boolean": "boolean" if missing else "bool",
        "number": "float64",
    }[column.kind]


def _values(table: Table, column: Column) -> Any:
    values = table[column.name]
    if column.kind == "text":
        return [None if value is None else encodable(value) for value in values]
    if column.kind == "list":
        return [None if items is None else [encodable(item) for item in items] for items in values]
    return values.tolist() if values.dtype == object else values
