"""The numbers of a year that come from access logs."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from lifenode.reporting.indicators import Indicator, Number, evidence_of
from lifenode.reporting.inputs import Inputs
from lifenode.reporting.usage import QUERY_RULE, daily, visitors

SERVED = ("human", "machine")
QUERY_KINDS = ("page", "api")

_PROGRAMS = "Queries of programs that people run, such as curl, R or Python."
_VISITS = "Queries of one visitor without 30 minutes of silence between them; people and their programs."
_HITS = "Lines of the access logs that can be read, of everybody and for everything."
_DOWNLOADS = "Queries for addresses of kind download, of people and their programs."


def usage_figures(inputs: Inputs, year: int) -> Iterator[Indicator]:
    """Yield queries (all, by service, by programs), page views, downloads, visits and requests of a year."""
    if inputs.usage is None:
        return
    rows = list(daily(inputs.usage, str(year), str(year)))
    served = [row for row in rows if row["class"] in SERVED]
    queried = [row for row in served if row["kind"] in QUERY_KINDS]
    make = partial(_made, str(year), _gaps(rows, year))
    yield make(
        "queries", "queries served", queried, "queries", QUERY_RULE, "Executions", ("service queries", "queries")
    )
    for service in sorted({row["service"] for row in queried}):
        own = [row for row in queried if row["service"] == service]
        rule = f"{QUERY_RULE} Of the service {service}."
        yield make(f"queries.{service}", f"queries served by {service}", own, "queries", rule, "Executions")
    programs = [row for row in queried if row["class"] == "machine"]
    yield make("queries_by_programs", "queries by programs", programs, "queries", _PROGRAMS, "Executions")
    views = [row for row in queried if row["class"] == "human" and row["kind"] == "page"]
    yield make("page_views", "page views", views, "queries", "Queries of people for pages.", "Pageviews")
    downloads = [row for row in served if row["kind"] == "download"]
    if downloads:
        yield make("downloads", "downloads", downloads, "queries", _DOWNLOADS, "Downloads")
    came = [row for row in visitors(inputs.usage, str(year), str(year)) if row["class"] in SERVED]
    yield make("visits", "visits", [row for row in came if row["service"] == "all"], "visits", _VISITS, "Visits")
    yield make("requests", "requests", rows, "requests", _HITS, "Hits")


def _gaps(rows: Sequence[dict[str, Any]], year: int) -> tuple[str, ...]:
    days, length = len({row["day"] for row in rows}), 365 + calendar.isleap(year)
    return (f"counts of {days} of the {length} days of the year",) if days < length else ()


def _made(
    period: str, notes: tuple[str, ...], code: str, label: str, rows: Sequence[dict[str, Any]], measure: str, rule: str,
    rimo: str, words: tuple[str, ...] = (),
) -> Indicator:  # fmt: skip
    """Return the sum of a measure over rows of the store."""
    value: Number = sum(row[measure] for row in rows)
    evidence = (evidence_of("usage.sqlite", rows),)
    return Indicator(f"usage.{code}", label, period, value, rule, evidence, rimo, notes, words)


def queries_by_month(inputs: Inputs, year: int) -> dict[str, list[int]]:
    """Return queries served in each month of a year, of people and of programs."""
    months = {name: [0] * 12 for name in SERVED}
    if inputs.usage is not None:
        for row in daily(inputs.usage, str(year), str(year)):
            if row["class"] in months and row["kind"] in QUERY_KINDS:
                months[row["class"]][int(row["day"][5:7]) - 1] += row["queries"]
    return months
