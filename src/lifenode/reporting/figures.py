"""The numbers of a year, each made by one function from the records of a node's folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from lifenode.reporting.figures_training import training_figures
from lifenode.reporting.figures_usage import usage_figures
from lifenode.reporting.indicators import Evidence, Indicator, evidence_of
from lifenode.reporting.inputs import Inputs
from lifenode.reporting.series import yearly_totals
from lifenode.reporting.sheets import Row


def figures(inputs: Inputs, year: int) -> list[Indicator]:
    """Return all numbers of a year that the folder has records for, in the order of the report."""
    parts: tuple[Callable[[Inputs, int], Iterator[Indicator]], ...] = (
        usage_figures, training_figures, _registry, _records, _series,
    )  # fmt: skip
    return [indicator for part in parts for indicator in part(inputs, year)]


def _registry(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if "registry.csv" not in inputs.sheets:
        return
    end = date(year, 12, 31)
    held: dict[str, dict[str, Row]] = {}
    for row in inputs.rows("registry.csv"):
        begin, until = _day(inputs, row, "from"), _day(inputs, row, "to") if row.get("to") else None
        if begin is not None and begin <= end and (until is None or until > end):
            held.setdefault(row.get("status"), {}).setdefault(row.get("resource"), row)
    for status in sorted(held):
        rows = list(held[status].values())
        inferred = sum(row.get("inferred").casefold() in ("1", "yes", "true") for row in rows)
        notes = (f"{inferred} of {len(rows)} first days are inferred",) if inferred else ()
        label = f"{status.replace('-', ' ')}s" if not status.endswith("s") else status.replace("-", " ")
        yield Indicator(
            f"registry.{status}", label, end.isoformat(), len(rows),
            f"Resources whose status {status} holds on {end}, by dated facts.",
            (evidence_of("registry.csv", [list(row.cells.values()) for row in rows]),), notes=notes,
        )  # fmt: skip


def _day(inputs: Inputs, row: Row, name: str) -> date | None:
    """Return a date of a row; what is none is reported once."""
    try:
        return date.fromisoformat(row.get(name))
    except ValueError:
        problem = str(row.problem(name, row.get(name), "is no date like 2023-05-31; the row is left out"))
        if problem not in inputs.problems:
            inputs.problems.append(problem)
        return None


# Kinds of records with the label, the RIMO indicator and the rule of each.
RECORDS = {
    "publication": ("publications", "Publications", "Publications dated in the year; one DOI counts once."),
    "project": (
        "projects",
        "Projects",
        "Projects that run on a day of the year.",
    ),
    "service": ("services launched or updated", "", "Services launched or updated in the year."),
    "person": ("staff changes", "", "People who joined or left in the year."),
    "collaboration": ("collaborations", "", "Collaborations that run on a day of the year."),
}
_RUNNING = ("project", "collaboration")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def records_of(inputs: Inputs, year: int) -> dict[str, list[Row]]:
    """Return the records of a year by kind, each once."""
    found: dict[str, dict[str, Row]] = {kind: {} for kind in RECORDS}
    for row in inputs.rows("records.csv"):
        kind, begin = row.get("kind").casefold(), _day(inputs, row, "date")
        if kind not in found:
            problem = str(row.problem("kind", kind, f"is none of {', '.join(RECORDS)}; the row is left out"))
            inputs.problems += [problem] if problem not in inputs.problems else []
            continue
        if begin is None:
            continue
        end = (_day(inputs, row, "until") if row.get("until") else None) or (date.max if kind in _RUNNING else begin)
        if begin.year <= year <= end.year and (kind in _RUNNING or begin.year == year):
            doi = _DOI.fullmatch(row.get("identifier"))
            found[kind].setdefault(doi[1].lower() if doi else row.get("title").casefold(), row)
    return {kind: list(rows.values()) for kind, rows in found.items()}


def _records(inputs: Inputs, year: int) -> Iterator[Indicator]:
    if "records.csv" not in inputs.sheets:
        return
    for kind, rows in records_of(inputs, year).items():
        label, rimo, rule = RECORDS[kind]
        evidence = (evidence_of("records.csv", [list(row.cells.values()) for row in rows]),)
        yield Indicator(f"records.{kind}", label, str(year), len(rows), rule, evidence, rimo)


def _series(inputs: Inputs, year: int) -> Iterator[Indicator]:
    for total in yearly_totals(inputs.series, [year]):
        if not total.resources:
            continue
        rule = f"Sum over {total.resources} resources; a missing year is the year before carried forward."
        value = int(total.value) if total.value == int(total.value) else total.value
        name = re.sub(r"\W+", "_", total.indicator.casefold()).strip("_")
        evidence = (Evidence("series.csv", total.resources, inputs.sheets["series.csv"].sha256),)
        notes = tuple(map(str, total.carried))
        yield Indicator(f"series.{name}", total.indicator, str(year), value, rule, evidence, notes=notes)
