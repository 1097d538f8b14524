"""Fields of a summary-statistics data set, from a dict or any table, under the names in use for them."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import BadTable

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

# The first name is that of the R package coloc; of several that are given the earliest is read.
NAMES: dict[str, tuple[str, ...]] = {
    "snp": ("snp", "variant"),
    "beta": ("beta",),
    "varbeta": ("varbeta",),
    "se": ("se",),
    "maf": ("MAF", "maf"),
    "n": ("N", "n"),
    "type": ("type",),
    "sdy": ("sdY", "sdy"),
    "s": ("s",),
    "pvalues": ("pvalues", "pvalue", "p_value"),
    "position": ("position",),
    "ld": ("LD", "ld"),
}


class Fields:
    """What a data set holds, by field; reading a field checks it.

    Parameters
    ----------
    given
        A mapping of columns and single values, or a table (pandas, polars, Arrow, `lifenode.table.Table`).
    label
        How messages call the data set.

    Raises
    ------
    BadTable
        It is neither, or its columns differ in length.
    """

    def __init__(self, given: Any, label: str) -> None:
        self.label = label
        self._columns = columns_of(given, label)
        snp = self._find("snp")
        if snp is None:
            raise self.bad("has no column snp", None, "Name every variant under snp, the same way in both data sets.")
        self.snp = self._identifiers(snp)
        self.length = len(self.snp)

    def __contains__(self, field: str) -> bool:
        return self._find(field) is not None

    def _find(self, field: str) -> Any:
        return next((self._columns[name] for name in NAMES[field] if self._columns.get(name) is not None), None)

    def bad(self, problem: str, value: object, next_step: str) -> BadTable:
        """Make the error that says what is wrong with this data set."""
        return BadTable(f"{self.label} {problem}.", value=value, next_step=next_step)

    def _identifiers(self, values: Any) -> Texts:
        listed = _listed(values)
        if not listed:
            raise self.bad("has no variants", None, "Check the filters that made it.")
        for row, value in enumerate(listed):
            if value is None or value != value or not str(value).strip():
                raise self.bad(f"has no snp in row {row}", value, "Name it, or remove the row.")
        names = [str(value) for value in listed]
        if len(set(names)) < len(names):
            seen: set[str] = set()
            double = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
            raise self.bad(
                f"has {double[0]} more than once ({len(double)} repeated rows)",
                double[0],
                "Keep one row a variant; the eQTL Catalogue has a row for each rsID of a variant.",
            )
        found = np.empty(len(names), dtype=object)
        found[:] = names
        return found

    def numbers(self, field: str) -> Floats:
        """Return a field as float64, one value a variant; a single value is repeated.

        Raises
        ------
        BadTable
            It is missing, not numeric, of another length, or has a missing or infinite value.
        """
        values = self._find(field)
        if values is None:
            raise self.bad(f"has no {NAMES[field][0]}", None, f"Give it as {' or '.join(NAMES[field])}.")
        try:
            array = np.asarray(values if isinstance(values, numbers.Real) else _listed(values), dtype=np.float64)
        except (TypeError, ValueError):
            raise self.bad(f"has a {field} that is no number", _first_text(values), "Read it as numbers.") from None
        if array.ndim == 0:
            array = np.full(self.length, float(array))
        if array.shape != (self.length,):
            raise self.bad(
                f"has {array.size} values of {field} for {self.length} variants", array.size, "Give one a variant."
            )
        self.refuse(field, array, ~np.isfinite(array), "Remove variants without a value before the analysis.")
        return array

    def within(self, field: str, low: float, high: float, *, top: bool = False) -> Floats:
        """Return a numeric field whose values lie between `low` and `high`, the upper bound included with `top`.

        Raises
        ------
        BadTable
            As `numbers`, or a value is outside.
        """
        array = self.numbers(field)
        outside = (array <= low) | ((array > high) if top else (array >= high))
        bounds = f"above {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
        self.refuse(field, array, outside, f"It has to be {bounds}.")
        return array

    def single(self, field: str) -> float:
        """Return a positive field that has one value for the whole data set.

        Raises
        ------
        BadTable
            As `numbers`, it is not above 0, or differs between variants.
        """
        array = self.within(field, 0, np.inf)
        self.refuse(field, array, array != array[0], f"Every row has to have the same {field}.")
        return float(array[0])

    def word(self, field: str) -> str | None:
        """Return a field that has one text for the whole data set, None if it is missing."""
        values = self._find(field)
        if values is None or isinstance(values, str):
            return values
        words = {str(value) for value in _listed(values)}
        if len(words) != 1:
            raise self.bad(f"has several values of {field}", sorted(words)[0], f"One data set has one {field}.")
        return words.pop()

    def square(self, field: str) -> Any:
        """Return a matrix as it was given."""
        return self._find(field)

    def refuse(self, field: str, array: Floats, wrong: npt.NDArray[np.bool_], next_step: str) -> None:
        """Refuse a field that is `wrong` somewhere, naming the first such variant."""
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            more = f" and {int(wrong.sum()) - 1:,} more rows" if wrong.sum() > 1 else ""
            raise self.bad(f"has {field} = {array[row]:g} at {self.snp[row]} (row {row}){more}", array[row], next_step)


def columns_of(given: Any, label: str) -> dict[str, Any]:
    """Return the columns of a mapping or table by name."""
    if isinstance(given, Mapping):
        return {str(name): values for name, values in given.items()}
    names = getattr(given, "column_names", None)  # lifenode and Arrow tables
    if names is None:
        names = getattr(given, "columns", None)  # pandas and polars frames
    if names is None or isinstance(given, (str, bytes)):
        raise BadTable(
            f"{label} is a {type(given).__name__}, from which no columns can be read.",
            value=given,
            next_step="Give a dict of columns, or a table with the columns snp, beta, varbeta.",
        )
    return {str(name): given[name] for name in names}


def _listed(values: Any) -> list[Any]:
    for method in ("tolist", "to_list", "to_pylist"):
        if hasattr(values, method):
            found = getattr(values, method)()
            return found if isinstance(found, list) else [found]
    single = isinstance(values, (str, bytes)) or not isinstance(values, Iterable)
    return [values] if single else list(values)


def _first_text(values: Any) -> object:
    return next((value for value in _listed(values) if not isinstance(value, numbers.Real)), values)
