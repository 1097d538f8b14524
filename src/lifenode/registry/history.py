"""How statuses change with time: counts by year, and a feed of what began and ended."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lifenode.registry.facts import Fact


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many resources held a status at the end of a year.

    Attributes
    ----------
    year, day
        The year and the day that was counted: its last, or today.
    certain, uncertain
        Resources that held it, and those that may have held it since its beginning is not known exactly.
    """

    year: int
    day: str
    certain: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Change:
    """A status that began or ended.

    Attributes
    ----------
    day
        Day of the change; for a beginning that is not known exactly the last possible one.
    begins
        Whether it began; else it ended the day before.
    fact
        The fact behind it.
    """

    day: str
    begins: bool
    fact: Fact


def counts_by_year(facts: Iterable[Fact], status: str, first: int, today: str) -> list[YearCount]:
    """Return the counts of a status at the end of every year from `first` on, and today."""
    of_status = [fact for fact in facts if fact.status == status]
    years = range(first, int(today[:4]) + 1)
    days = [min(f"{year}-12-31", today) for year in years]
    return [YearCount(year, day, *_count(of_status, day)) for year, day in zip(years, days, strict=True)]


def _count(facts: Sequence[Fact], day: str) -> tuple[int, int]:
    held = {"yes": set[str](), "uncertain": set[str](), "no": set[str]()}
    for fact in facts:
        held[fact.holds(day)].add(fact.resource)
    return len(held["yes"]), len(held["uncertain"] - held["yes"])


def history(facts: Iterable[Fact], *, until: str | None = None) -> list[Change]:
    """Return what began and ended until a day (today by default), the latest first."""
    last = until or datetime.date.today().isoformat()
    found = []
    for fact in facts:
        found.append(Change(fact.from_latest, True, fact))
        if fact.to:
            end = datetime.date.fromisoformat(fact.to) + datetime.timedelta(days=1)
            found.append(Change(end.isoformat(), False, fact))
    known = [change for change in found if change.day <= last]
    return sorted(known, key=lambda change: (change.day, change.fact.fact), reverse=True)
