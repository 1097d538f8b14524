"""The report of a year: every number computed from the node's folder, in draft or final, in Markdown, HTML and JSON.

A draft says what is missing. A final report is refused while anything is, and freezes its numbers: made again, it has
to come to the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lifenode._atomic import write_atomically
from lifenode.errors import InputError, InvalidOption
from lifenode.reporting.figures import figures, records_of
from lifenode.reporting.figures_usage import queries_by_month
from lifenode.reporting.indicators import Indicator, digest
from lifenode.reporting.inputs import Inputs, read_inputs
from lifenode.reporting.metrics import tally
from lifenode.reporting.sheets import Row
from lifenode.reporting.training_events import of_year
from lifenode.reporting.vocabulary import SETS
from lifenode.table import Table

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass
class Report:
    """A year of a node.

    Attributes
    ----------
    year, node
        Which; contents of node.toml.
    indicators
        The numbers, in the order of the report.
    months
        Queries served by month (1 to 12), of people and of programs.
    surveys
        Answers of the year by question set, with small groups withheld.
    records
        Publications, projects, services, people and collaborations of the year.
    before
        Values of the frozen indicators of the year before, by code.
    missing
        What a final report needs and is not there.
    problems
        What of the inputs could not be used, with place and reason.
    signed
        Who signed the year off, and when; empty while nobody did.
    """

    year: int
    node: dict[str, Any]
    indicators: list[Indicator]
    months: dict[str, list[int]] = field(default_factory=dict)
    surveys: dict[str, Table] = field(default_factory=dict)
    records: dict[str, list[Row]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    signed: str = ""
    final: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all indicators."""
        return digest([entry.to_dict() for entry in self.indicators])

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "year": self.year, "node": self.node.get("node", ""), "name": self.node.get("name", ""),
            "status": "final" if self.final else "draft", "signed": self.signed,
            "indicators": [entry.to_dict() for entry in self.indicators], "queries_by_month": self.months,
            "surveys": {name: {"meta": dict(table.meta), "rows": list(table)} for name, table in self.surveys.items()},
            "records": {kind: [row.cells for row in rows] for kind, rows in self.records.items()},
            "year_before": self.before, "missing": self.missing, "problems": self.problems,
            "fingerprint": self.fingerprint,
        }  # fmt: skip


def make_report(folder: str | Path, year: int) -> Report:
    """Compute the report of a year from a node's folder (see `inputs`).

    Parameters
    ----------
    folder
        The node's folder. New access logs in it are counted into its ``usage.sqlite``; nothing else is changed.
    year
        2000 to 2199.

    Raises
    ------
    InvalidOption
        The year is outside that range.
    UnreadableInput
        There is no such folder.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidOption(f"The year {year} is not between {FIRST_YEAR} and {LAST_YEAR}.", value=year)
    inputs = read_inputs(Path(folder))
    report = Report(year, dict(inputs.node), figures(inputs, year))
    report.records = records_of(inputs, year)
    report.months, report.surveys = queries_by_month(inputs, year), _surveys(inputs, year)
    report.before = _frozen(inputs.folder, year - 1)
    report.problems = inputs.problems
    signatures = inputs.node.get("sign_off", {})
    report.signed = str(signatures.get(str(year), "")) if isinstance(signatures, dict) else ""
    report.missing = list(inputs.missing)
    if inputs.usage is not None and not any(map(any, report.months.values())):
        report.missing.append(f"logs: no query of {year}")
    if not report.signed:
        report.missing.append(f"node.toml: sign_off.{year}, who and when")
    return report


def _surveys(inputs: Inputs, year: int) -> dict[str, Table]:
    node = inputs.text("node")
    own = [event for event in of_year(list(inputs.events.values()), year) if event.node_main == node]
    tables = {name: tally(inputs.responses, own, name, public=True) for name in SETS}
    return {name: table for name, table in tables.items() if any(table.meta["answered"].values())}


def _frozen(folder: Path, year: int) -> dict[str, str]:
    """Return the frozen values of a year by code, or none."""
    path = _frozen_path(folder, year)
    if not path.exists():
        return {}
    try:
        return {entry["code"]: entry["value"] for entry in json.loads(path.read_text(encoding="utf-8"))["indicators"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is no file of frozen indicators: {error!r}.", value=path, next_step="Restore it from a copy."
        ) from error


def _frozen_path(folder: Path, year: int) -> Path:
    return folder / "frozen" / f"indicators-{year}.json"


def write_report(report: Report, folder: str | Path, output: str | Path, *, final: bool = False) -> list[Path]:
    """Write a report as Markdown, HTML and JSON; a final one also freezes its indicators in the node's folder.

    Parameters
    ----------
    report
        What `make_report` computed.
    folder
        The node's folder.
    output
        Folder for the files; made when it is not there.
    final
        Refuse if anything is missing, and freeze the numbers.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        Something that a final report needs is missing, or the year was frozen with other numbers; nothing is written.
    OutputError
        A file cannot be written.
    """
    from lifenode.reporting.pages import to_html
    from lifenode.reporting.posts import to_markdown

    if final:
        _check_final(report, Path(folder))
    report.final = final
    place, stem = Path(output), f"report-{report.year}"
    texts = {
        place / f"{stem}.md": to_markdown(report),
        place / f"{stem}.html": to_html(report),
        place / f"{stem}.json": _json(report.to_dict()),
    }
    if final:
        entries = [entry.to_dict() for entry in report.indicators]
        frozen = {
            "year": report.year,
            "signed": report.signed,
            "indicators": entries,
            "fingerprint": report.fingerprint,
        }
        texts[_frozen_path(Path(folder), report.year)] = _json(frozen)
    for path in texts:
        _make_folder(path.parent)
    return [write_atomically(path, text.encode()) for path, text in texts.items()]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidOption(
            f"The folder {folder} cannot be made: {error.strerror}.", value=folder, next_step="Choose another --output."
        ) from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _check_final(report: Report, folder: Path) -> None:
    if report.missing:
        raise InputError(
            f"The report of {report.year} cannot be final; missing are: {'; '.join(report.missing)}.",
            value=report.year,
            next_step='Add them, or name what does not apply in node.toml: not_applicable = ["registry.csv"].',
        )
    frozen = _frozen(folder, report.year)
    changed = changes(frozen, report.indicators)
    if frozen and changed:
        shown = "; ".join(f"{code} {old} -> {new}" for code, old, new in changed[:5])
        raise InputError(
            f"{report.year} was frozen with other numbers: {shown}.",
            value=report.year,
            next_step=f"Find out what changed, or take {_frozen_path(folder, report.year)} away to freeze again.",
        )


def changes(before: dict[str, str], indicators: Sequence[Indicator]) -> list[tuple[str, str, str]]:
    """Return code, old and new value of each indicator that differs; a dash where there is none."""
    now = {entry.code: str(entry.value) for entry in indicators}
    codes = [*now, *(code for code in before if code not in now)]
    pairs = ((code, before.get(code, "–"), now.get(code, "–")) for code in codes)
    return [(code, old, new) for code, old, new in pairs if old != new]
