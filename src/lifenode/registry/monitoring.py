"""Yearly monitoring of resources: a value a resource, indicator and year, and their sums.

Where a resource has no value for a year, the one of the year before is carried forward and footnoted, as the annual
indicator monitoring of core data resources does (Drysdale et al. 2020, doi:10.1093/bioinformatics/btz959).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifenode.errors import FormatError, InvalidOption, UnknownName, UnreadableInput, nearest
from lifenode.registry.build_facts import slug
from lifenode.table import Column, Table

COLUMNS = ("resource", "indicator", "year", "value", "source")
"""Columns of a file of values; `source` may be left out."""

_YEARS = range(1960, 2101)


@dataclass(frozen=True, slots=True)
class Value:
    """What one resource counted in one year."""

    resource: str
    indicator: str
    year: int
    value: float
    source: str = ""


def read_values(path: Path) -> list[Value]:
    """Read yearly values from comma- or tab-separated text with `COLUMNS`.

    Raises
    ------
    UnreadableInput
        The file is missing or not text.
    FormatError
        A column is missing, a year or a value is none, or a value is stated twice; with the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    reader = csv.DictReader(lines, delimiter="\t" if lines and "\t" in lines[0] else ",")
    missing = [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]
    if missing:
        raise FormatError.at(path, 1, f"the columns {', '.join(missing)} are missing")
    found: dict[tuple[str, str, int], Value] = {}
    for row in reader:
        one = _value(path, reader.line_num, {str(name): (text or "").strip() for name, text in row.items()})
        key = (one.resource, one.indicator, one.year)
        if key in found:
            raise FormatError.at(path, reader.line_num, f"{one.indicator} of {one.resource} in {one.year} comes twice")
        found[key] = one
    return list(found.values())


def _value(path: Path, line: int, row: dict[str, str]) -> Value:
    for name in ("resource", "indicator"):
        if not row[name]:
            raise FormatError.at(path, line, f"the {name} is missing")
    try:
        year = int(row["year"])
    except ValueError:
        year = 0
    if year not in _YEARS:
        raise FormatError.at(path, line, f"{row['year']!r} is not a year", value=row["year"])
    try:
        value = float(row["value"].replace(",", "").replace(" ", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise FormatError.at(path, line, f"{row['value']!r} is not a count or an amount", value=row["value"])
    return Value(slug(row["resource"]), " ".join(row["indicator"].lower().split()), year, value, row.get("source", ""))


_COLUMNS = (
    Column("indicator", "text", "what was counted"),
    Column("year", "integer", "calendar year"),
    Column("value", "number", "sum over the resources"),
    Column("resources", "integer", "resources that the sum holds"),
    Column("carried_forward", "list", "resources whose value is that of an earlier year, as resource (year)"),
    Column("without", "list", "resources that had no value yet"),
)


def monitoring(
    values: Iterable[Value], *, indicator: str | None = None, first: int | None = None, last: int | None = None
) -> Table:
    """Return the yearly sums of indicators, with what was carried forward.

    Parameters
    ----------
    values
        One a resource, indicator and year.
    indicator
        Only this one; all by default.
    first, last
        Years to state; those of the values by default.

    Returns
    -------
    Table
        A row an indicator and year. ``meta["footnotes"]`` says in words what was carried forward.

    Raises
    ------
    UnknownName
        No value is of that indicator.
    InvalidOption
        The last year is before the first.
    """
    series: dict[str, dict[str, dict[int, float]]] = {}
    for one in values:
        series.setdefault(one.indicator, {}).setdefault(one.resource, {})[one.year] = one.value
    if indicator is not None and indicator not in series:
        close = nearest(indicator, series, 1)
        hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(series) or 'none'}."
        raise UnknownName(f"There is no value of {indicator!r}.", value=indicator, next_step=hint)
    rows = [
        (name, year, *_sum(by_resource, year))
        for name, by_resource in series.items()
        if indicator in (None, name)
        for year in _years(by_resource, first, last)
    ]
    data = {column.name: [row[i] for row in rows] for i, column in enumerate(_COLUMNS)}
    return Table(_COLUMNS, data, {"footnotes": [_footnote(row) for row in rows if row[4]]}, len(rows))


def _years(by_resource: dict[str, dict[int, float]], first: int | None, last: int | None) -> range:
    known = [year for years in by_resource.values() for year in years]
    begin, end = first or min(known), last or max(known)
    if end < begin:
        raise InvalidOption(f"The years {begin} to {end} are none.", value=end, next_step="Give the earlier one first.")
    return range(begin, end + 1)


def _sum(by_resource: dict[str, dict[int, float]], year: int) -> tuple[float, int, list[str], list[str]]:
    amounts, carried, without = [], [], []
    for resource, years in sorted(by_resource.items()):
        latest = max((one for one in years if one <= year), default=None)
        if latest is None:
            without.append(resource)
            continue
        amounts.append(years[latest])
        if latest != year:
            carried.append(f"{resource} ({latest})")
    return math.fsum(amounts), len(amounts), carried, without


def _footnote(row: Sequence[object]) -> str:
    carried = row[4]
    names = ", ".join(carried) if isinstance(carried, list) else ""
    return f"{row[0]} {row[1]}: carried forward from the year before for want of a value: {names}"
