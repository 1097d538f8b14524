"""Tables as people hand them in (text, pandas, polars), seen as one thing: headings and columns."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import BadTable
from lifenode.genes.text_lists import content_lines

Numbers = npt.NDArray[np.float64]

ROW_NAMES = "row names"
"""The heading given to row names, which have none."""

_MISSING_TEXTS = frozenset({"", "na", "nan", "n/a", "none", "null", "<na>"})


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes
    ----------
    origin
        What to call it in errors.
    headings
        Names of the columns; `ROW_NAMES` for the first one if it has no name.
    length
        Number of rows.
    column
        Gives the values of a column by its position.
    place
        Says where a row (from 0) is, as its reader counts.
    """

    origin: str
    headings: tuple[str, ...]
    length: int
    column: Callable[[int], Sequence[object]]
    place: Callable[[int], str]

    def numbers(self, position: int) -> Numbers:
        """Return a column as numbers, NaN where it has none.

        Raises
        ------
        BadTable
            A cell is neither a number nor missing; the error names the row and the value.
        """
        values = self.column(position)
        result = np.empty(len(values))
        for row, value in enumerate(values):
            number = _number(value)
            if number is None:
                cell = f"{self.headings[position]} is {str(value)[:40]!r}"
                raise BadTable(
                    f"{self.origin}, {self.place(row)}: {cell}, not a number.",
                    value=value,
                    next_step="Correct the cell, or name another column.",
                )
            result[row] = number
        return result


def is_missing(value: object) -> bool:
    """Say whether a cell holds nothing: None, NaN, pandas' NA, or a text that means it."""
    if isinstance(value, str):
        return value.strip().casefold() in _MISSING_TEXTS
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def sheet_from_text(text: str, origin: str, wanted: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """Return the table in `text`, or None if its headings are not `wanted`.

    The separator is a tab, comma, semicolon or space, whichever the first line has. A first line that is one field
    shorter than the others, as R writes it, lacks the heading of the row names.

    Raises
    ------
    BadTable
        A row has another number of fields than the heading.
    """
    lines = content_lines(text)
    first = next((line for _, line in lines), ">")
    if first.startswith(">"):
        return None
    separator = _separator(first)
    headings = _fields([first], separator, origin)[0]
    if not wanted(_headings(headings)):
        return None
    numbered = list(lines)
    places = [number for number, _ in numbered]
    rows = _fields([line for _, line in numbered], separator, origin)
    width = len(rows[0]) if rows else len(headings)
    if width == len(headings) + 1:
        headings = ["", *headings]
    for row, number in zip(rows, places, strict=True):
        if len(row) != len(headings):
            raise BadTable(
                f"{origin}, line {number}: {len(row)} fields, but the heading has {len(headings)}.",
                value=separator.join(row)[:80],
                next_step="Write the table again with one separator, and quotes around texts that hold it.",
            )
    return Sheet(
        origin=origin,
        headings=_headings(headings),
        length=len(rows),
        column=lambda position: [row[position] for row in rows],
        place=lambda row: f"line {places[row]}",
    )


def sheet_from_frame(frame: Any) -> Sheet:
    """Return a pandas or polars frame as a table; a pandas index that was set counts as row names."""
    columns: list[Callable[[], Sequence[object]]]
    if hasattr(frame, "iloc"):
        columns = [partial(_pandas_values, frame, position) for position in range(frame.shape[1])]
        headings = [_flat(name) for name in frame.columns]
        if type(frame.index).__name__ != "RangeIndex":
            columns.insert(0, frame.index.tolist)
            headings.insert(0, _flat(frame.index.name) if frame.index.name is not None else "")
    else:
        columns = [series.to_list for series in frame.get_columns()]
        headings = list(frame.columns)
    return Sheet(
        origin="The frame",
        headings=_headings(headings),
        length=frame.shape[0],
        column=lambda position: columns[position](),
        place=lambda row: f"row {row + 1}",
    )


def _separator(line: str) -> str:
    if "\t" in line:
        return "\t"
    best = max(",;", key=line.count)
    return best if best in line else " "


def _fields(lines: list[str], separator: str, origin: str) -> list[list[str]]:
    try:
        return [_split(line, separator) for line in lines]
    except csv.Error as error:
        raise BadTable(
            f"{origin} cannot be read as a table: {error}.", value=lines[0][:80], next_step="Save it as TSV or CSV."
        ) from error


def _split(line: str, separator: str) -> list[str]:
    if separator == " ":
        line = line.strip(" ")
    if '"' not in line:
        return line.split() if separator == " " else line.split(separator)
    # One reader a line: a quote that is never closed spoils its own line, not all that follow.
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True))


def _headings(names: Sequence[str]) -> tuple[str, ...]:
    return tuple([name.strip() or (ROW_NAMES if position == 0 else "") for position, name in enumerate(names)])


def _pandas_values(frame: Any, position: int) -> list[object]:
    values: list[object] = frame.iloc[:, position].tolist()
    return values


def _flat(name: object) -> str:
    return " ".join(str(part) for part in name) if isinstance(name, tuple) else str(name)


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        if is_missing(value):
            return math.nan
    # A spreadsheet may be set to a comma as its decimal mark.
    text = str(value)
    return _number(text.replace(",", ".")) if text.count(",") == 1 and "." not in text else None
