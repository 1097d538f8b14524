"""Result tables: columns with a type and a meaning, and every form a reader may want them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from lifenode import _table_text
from lifenode._atomic import write_atomically, write_handle
from lifenode._table_columns import Column, Kind, Values, normal, taken
from lifenode.errors import InvalidOption, UnknownName, nearest

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Data: TypeAlias = Mapping[str, Values | Callable[[], Values]]
Meta: TypeAlias = Mapping[str, Any]

__all__ = ["FORMATS", "Column", "Data", "Kind", "Meta", "Table", "Values"]

FORMATS = ("tsv", "csv", "json", "jsonl", "parquet")


class Table:
    """Rows under typed columns, with meta data that say where they come from.

    Making a table costs next to nothing: columns and meta data given as functions are computed at first use.

    Parameters
    ----------
    columns
        What is shown and exported, in order.
    data
        Values by column name, or functions that return them. Names that are not among `columns` are *companions*:
        reached by ``table[name]`` and kept along when rows are taken, but not exported.
    meta
        Provenance, or a function that returns it.
    length
        Number of rows.

    Notes
    -----
    ``table[name]`` is an array: object (text), int64, float64 or bool. A missing value is NaN among numbers and None
    in a text column; integers or booleans of which some are missing become an object array with None. A ``list``
    column is a list of lists of str. An empty table keeps its columns and types.

    A subclass may set further attributes on itself; `head`, `take`, `filter` and `select` keep them. Attributes that
    are aligned with rows belong in `data`.
    """

    def __init__(self, columns: Sequence[Column], data: Data, meta: Meta | Callable[[], Meta], length: int) -> None:
        self._columns = tuple(columns)
        self._data: dict[str, Any] = dict(data)
        self._meta = meta
        self._length = length
        self._ready: set[str] = set()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return self._columns

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple([column.name for column in self._columns])

    @property
    def meta(self) -> Meta:
        """Where every number comes from."""
        if callable(self._meta):
            self._meta = self._meta()
        return self._meta

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> Values:
        if name not in self._ready:
            self._prepare(name)
        return self._data[name]

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = self.column_names
        return (dict(zip(names, row, strict=True)) for row in self.rows())

    def _prepare(self, name: str) -> None:
        if name not in self._data:
            raise UnknownName(f"There is no column {name!r}.", value=name, next_step=self._offer(name))
        given = self._data[name]
        values = given() if callable(given) else given
        kind = next((column.kind for column in self._columns if column.name == name), None)
        if kind is not None:
            values = normal(values, kind)
        if len(values) != self._length:
            raise ValueError(f"column {name!r} has {len(values)} values, the table {self._length} rows")
        self._data[name] = values
        self._ready.add(name)

    def _offer(self, name: object) -> str:
        close = nearest(str(name), self._data)
        return f"Did you mean {close[0]}?" if close else f"Columns: {', '.join(self.column_names)}."

    # Rows and columns of it

    def head(self, n: int = 5) -> Self:
        """Return the first `n` rows."""
        return self.take(np.arange(min(max(n, 0), self._length)))

    def take(self, indices: npt.ArrayLike) -> Self:
        """Return the rows at the 0-based `indices`, in that order."""
        rows = np.asarray(indices, dtype=np.intp)
        return self._like({name: partial(self._taken, name, rows) for name in self._data}, len(rows))

    def filter(self, mask: npt.ArrayLike) -> Self:
        """Return the rows where `mask` is true.

        Raises
        ------
        InvalidOption
            `mask` is not one truth value a row.
        """
        chosen = np.asarray(mask)
        if chosen.dtype != np.bool_ or chosen.shape != (self._length,):
            raise InvalidOption(
                f"The mask has {chosen.size} values of type {chosen.dtype}; the table has {self._length} rows.",
                value=chosen.dtype,
                next_step='Compare a column, as in table.filter(table["term_size"] < 500).',
            )
        return self.take(np.flatnonzero(chosen))

    def select(self, names: Sequence[str]) -> Self:
        """Return the columns `names`, in that order; what is left out remains reachable by name."""
        by_name = {column.name: column for column in self._columns}
        for name in names:
            if name not in by_name:
                raise UnknownName(f"There is no column {name!r}.", value=name, next_step=self._offer(name))
        data = {name: partial(self.__getitem__, name) for name in self._data}
        return self._like(data, self._length, [by_name[name] for name in names])

    def _taken(self, name: str, rows: npt.NDArray[np.intp]) -> Values:
        return taken(self[name], rows)

    def _like(self, data: Data, length: int, columns: Sequence[Column] | None = None) -> Self:
        """Return a table of the same class, meta data and further attributes over other `data`."""
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.__dict__)
        Table.__init__(twin, self._columns if columns is None else columns, data, lambda: self.meta, length)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        # Functions do not travel between processes; what they compute does.
        for name in self._data:
            self[name]
        return {**self.__dict__, "_meta": self.meta}

    # Forms

    def values(self, name: str) -> list[Any]:
        """Return a column as a list of plain Python values."""
        column = self[name]
        return column if isinstance(column, list) else column.tolist()

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Iterate over the rows as tuples of plain Python values."""
        if not self._columns:
            return iter([()] * self._length)
        return zip(*[self.values(name) for name in self.column_names], strict=True)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict a row."""
        return list(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas frame (object, int64, float64, bool); pyarrow is not needed."""
        from lifenode import _table_frames

        return _table_frames.to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars frame (String, Int64, Float64, Boolean, List(String)); missing values are null."""
        from lifenode import _table_frames

        return _table_frames.to_polars(self)

    def to_arrow(self) -> pyarrow.Table:
        """Return an Arrow table; its schema's metadata hold `meta` as JSON under ``lifenode``."""
        from lifenode import _table_frames

        return _table_frames.to_arrow(self)

    def to_tsv(self, *, escape_formulas: bool = False) -> str:
        r"""Return tab-separated text.

        Backslash, tab and line ends inside a cell are written ``\\ \t \n \r``; items of a list are joined by commas
        (a comma inside an item becomes a semicolon).

        Parameters
        ----------
        escape_formulas
            Put ``'`` before texts that a spreadsheet would run as a formula (``= + - @`` or a tab first).
        """
        return _table_text.to_tsv(self, escape_formulas=escape_formulas)

    def to_csv(self, *, escape_formulas: bool = False) -> str:
        """Return comma-separated text (RFC 4180 with line feeds); `escape_formulas` as in `to_tsv`."""
        return _table_text.to_csv(self, escape_formulas=escape_formulas)

    def to_json(self) -> str:
        """Return ``{"result": [row, ...], "meta": {...}}``; NaN and infinities are null."""
        return _table_text.to_json(self)

    def to_jsonl(self) -> str:
        """Return one JSON object a line, without the meta data."""
        return _table_text.to_jsonl(self)

    def to_parquet(self, path: str | Path) -> Path:
        """Write a Parquet file; its key-value metadata hold `meta` as JSON under ``lifenode``."""
        return write_atomically(path, self.to_bytes("parquet"))

    def to_bytes(self, format: str, *, escape_formulas: bool = False) -> bytes:
        """Return the table in one of `FORMATS` as bytes; text is UTF-8."""
        if format not in FORMATS:
            raise InvalidOption(
                f"There is no format {format!r}.", value=format, next_step=f"Formats: {', '.join(FORMATS)}."
            )
        if format == "parquet":
            from lifenode import _table_frames

            return _table_frames.to_parquet_bytes(self)
        if format in ("tsv", "csv"):
            text = self.to_tsv if format == "tsv" else self.to_csv
            return text(escape_formulas=escape_formulas).encode()
        return (self.to_json() if format == "json" else self.to_jsonl()).encode()

    def write(self, target: str | Path | IO[Any], format: str | None = None, *, escape_formulas: bool = False) -> None:
        """Write the table to a file, whole or not at all, or to an open handle.

        Parameters
        ----------
        target
            A path, or a text or binary handle.
        format
            ``tsv``, ``csv``, ``json``, ``jsonl`` or ``parquet``; by default what the path's ending says.
        escape_formulas
            As in `to_tsv`.

        Raises
        ------
        OutputError
            The target cannot be written. A closed pipe raises BrokenPipeError, as everywhere.
        """
        if isinstance(target, (str, Path)):
            ending = Path(target).suffix[1:].lower()
            write_atomically(target, self.to_bytes(format or ending, escape_formulas=escape_formulas))
        else:
            write_handle(target, self.to_bytes(format or "tsv", escape_formulas=escape_formulas))

    def __repr__(self) -> str:
        from lifenode import _table_views

        return _table_views.text_preview(self)

    def _repr_html_(self) -> str:
        from lifenode import _table_views

        return _table_views.html_preview(self)
