"""What a column is, and how given values become the values a table holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Kind = Literal["text", "integer", "number", "boolean", "list"]
# A one-dimensional array, or a list of lists for kind "list".
Values: TypeAlias = Any

_DTYPES: dict[str, Any] = {"text": object, "integer": np.int64, "number": np.float64, "boolean": np.bool_}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        The same word in Python, on the command line, in JSON and as a heading.
    kind
        ``text``, ``integer``, ``number``, ``boolean`` or ``list`` (of texts).
    meaning
        One line that says what a value is.
    """

    name: str
    kind: Kind
    meaning: str


def normal(values: Values, kind: Kind) -> Values:
    """Return `values` in the one form a column of this `kind` has (see `lifenode.table.Table`)."""
    if kind == "list":
        return [None if items is None else list(items) for items in values]
    if kind == "text":
        return _texts(values)
    if kind != "number" and not isinstance(values, np.ndarray) and any(value is None for value in values):
        return _objects([None if value is None else _PYTHON[kind](value) for value in values])
    if isinstance(values, np.ndarray) and values.dtype == object:
        return normal(values.tolist(), kind)
    return np.asarray(values, dtype=_DTYPES[kind])


_PYTHON: dict[str, Any] = {"integer": int, "boolean": bool}


def taken(values: Values, rows: npt.NDArray[np.intp]) -> Values:
    """Return the values at `rows`."""
    if isinstance(values, np.ndarray):
        return values[rows]
    return [values[row] for row in rows.tolist()]


def _texts(values: Values) -> npt.NDArray[np.object_]:
    if isinstance(values, np.ndarray):
        # Fixed-width text arrays hand out numpy strings; tolist() makes them plain.
        return values if values.dtype == object else _objects(values.tolist())
    return _objects(values)


def _objects(values: Any) -> npt.NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
