"""Monitoring series of resources: yearly totals, with a missing year filled from the one before it and footnoted.

The gap rule is that of the yearly monitoring of Core Data Resources (Drysdale et al. 2020,
doi:10.1093/bioinformatics/btz959).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lifenode.reporting.sheets import Problem, Row, Sheet, need


@dataclass(frozen=True)
class Carried:
    """A value that was taken from an earlier year."""

    resource: str
    year: int
    source_year: int

    def __str__(self) -> str:
        return f"{self.resource}: no value for {self.year}; that of {self.source_year} is carried forward"


@dataclass(frozen=True)
class Total:
    """The sum of a series over all resources in a year.

    Attributes
    ----------
    indicator, year
        What is summed, and when.
    value
        Exact sum.
    resources
        Resources with a value, of the year or carried.
    carried
        Those whose value is of an earlier year.
    """

    indicator: str
    year: int
    value: Decimal
    resources: int
    carried: tuple[Carried, ...]


Series = Mapping[tuple[str, str], Mapping[int, Decimal]]


def read_series(sheet: Sheet) -> tuple[dict[tuple[str, str], dict[int, Decimal]], list[Problem]]:
    """Return values by indicator and resource, then by year, and what could not be used.

    Parameters
    ----------
    sheet
        Columns resource, indicator, year, value; a blank value is a missing year.
    """
    for name in ("resource", "indicator", "year", "value"):
        need(sheet, name)
    series: dict[tuple[str, str], dict[int, Decimal]] = {}
    problems = list(sheet.problems)
    for row in sheet.rows:
        if not row.get("value"):
            continue
        key, year, value = (row.get("indicator"), row.get("resource")), row.get("year"), _decimal(row)
        if not re.fullmatch(r"(19|20)\d\d", year) or not all(key):
            problems.append(row.problem("year", year, "resource, indicator and a year are needed; left out"))
        elif value is None:
            problems.append(row.problem("value", row.get("value"), "is no number; left out"))
        elif series.setdefault(key, {}).setdefault(int(year), value) != value:
            held = series[key][int(year)]
            problems.append(row.problem("value", row.get("value"), f"differs from {held} given before, which is kept"))
    return series, problems


def _decimal(row: Row) -> Decimal | None:
    text = re.sub(r"(?<=\d)[ \u202f\u00a0](?=\d{3})", "", row.get("value"))
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def yearly_totals(series: Series, years: Sequence[int]) -> list[Total]:
    """Return the totals of each indicator for each year.

    A resource without a value for a year counts with its latest earlier one; before its first value it does not count.

    Parameters
    ----------
    series
        Values by indicator and resource, then by year.
    years
        The years wanted.
    """
    totals = []
    for indicator in sorted({key[0] for key in series}):
        own = {resource: values for (name, resource), values in series.items() if name == indicator}
        totals += [_total(indicator, own, year) for year in years]
    return totals


def _total(indicator: str, resources: Mapping[str, Mapping[int, Decimal]], year: int) -> Total:
    value, carried, count = Decimal(0), [], 0
    for resource in sorted(resources):
        earlier = _latest(resources[resource], year)
        if earlier is None:
            continue
        count += 1
        value += resources[resource][earlier]
        if earlier != year:
            carried.append(Carried(resource, year, earlier))
    return Total(indicator, year, value, count, tuple(carried))


def _latest(years: Iterable[int], year: int) -> int | None:
    return max((known for known in years if known <= year), default=None)
