"""``lifenode report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import patience, tell

if TYPE_CHECKING:
    from lifenode.reporting.report import Report
    from lifenode.table import Table

_SHOWN_PROBLEMS = 10


@click.command("report", no_args_is_help=True)
@click.argument("year", type=click.IntRange(2000, 2199))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--draft", "mode", flag_value="draft", default="draft", help="Mark what is missing. [default]")
@click.option("--final", "mode", flag_value="final", help="Refuse while anything is missing; freeze the numbers.")
@click.option("--write", "target", type=click.Path(path_type=Path), help="Folder for the report's files.")
@click.option("--check", type=click.Path(path_type=Path), help="Check the numbers of this text instead.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the table here instead of standard output.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a claim is contradicted or something could not be used.")
def command(
    year: int, folder: Path, mode: str, target: Path | None, check: Path | None, format_: str | None,
    output: Path | None, strict: bool,
) -> int:  # fmt: skip
    """Compute the report of a year from a node's folder: usage, training, resources, records.

    FOLDER is the current one by default; new logs in its logs/ are counted into its usage.sqlite. Prints the
    indicators, each with its rule, records and fingerprint. --write makes the report itself, as Markdown,
    HTML and JSON.

    \b
    Example:
      lifenode report 2023 node --write reports
      lifenode report 2023 node --check draft.md
    """
    from lifenode.reporting.indicators import as_table
    from lifenode.reporting.report import make_report, write_report

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    with patience("counting the access logs"):
        report = make_report(folder, year)
    _tell(report)
    if target is not None or mode == "final":
        for path in write_report(report, folder, target or folder / "reports", final=mode == "final"):
            tell(f"wrote {path}")
    table = _checked(check, report) if check is not None else as_table(report.indicators)
    if format_ == "table":
        out.write_text(_text(table), output)
    else:
        out.write(table, format_, output)
    wrong = check is not None and "contradicted" in table["verdict"].tolist()
    return int(strict and (wrong or bool(report.problems)))


def _checked(path: Path, report: Report) -> Table:
    from lifenode.errors import UnreadableInput
    from lifenode.reporting.claims import check_claims

    try:
        return check_claims(path.read_text(encoding="utf-8"), report.indicators)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path) from error


def _tell(report: Report) -> None:
    for line in report.missing:
        tell(f"missing: {line}")
    for line in report.problems[:_SHOWN_PROBLEMS]:
        tell(f"not used: {line}")
    if len(report.problems) > _SHOWN_PROBLEMS:
        tell(f"{len(report.problems) - _SHOWN_PROBLEMS} more; the report has them all")


def _text(table: Table) -> str:
    names = ["code", "value", "label", "period", "fingerprint"]
    if "verdict" in table:
        names = ["line", "verdict", "claim", "indicator", "value"]
    rows = [[str(row[name]) for name in names] for row in table]
    right = [place for place, name in enumerate(names) if name in ("value", "line")]
    return out.aligned(names, rows, right=right, shrink=2)
