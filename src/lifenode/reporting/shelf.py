"""The reports a node shows: what `lifenode report` wrote into a folder, read back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifenode.errors import UnknownName, UnreadableInput

_NAME = re.compile(r"report-(\d{4})\.json$")
FILES = {"json": "application/json", "md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}
"""Endings of a report's files, and their media types."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report on the shelf.

    Attributes
    ----------
    year, status
        Which, and ``draft`` or ``final``.
    content
        All of it, as `lifenode.reporting.report.Report.to_dict` wrote it.
    """

    year: int
    status: str
    content: dict[str, Any]

    def value(self, code: str) -> str:
        """Return the value of an indicator, or nothing where it is not there."""
        return next((str(one["value"]) for one in self.content["indicators"] if one["code"] == code), "")


def kept_reports(folder: Path) -> list[Kept]:
    """Return the reports in a folder, the latest first; none where there is no such folder.

    Raises
    ------
    UnreadableInput
        A file is not a report.
    """
    found = [kept_report(folder, int(match[1])) for path in sorted(folder.glob("report-*.json"))
             if (match := _NAME.search(path.name))]  # fmt: skip
    return found[::-1]


def kept_report(folder: Path, year: int) -> Kept:
    """Return the report of a year.

    Raises
    ------
    UnknownName
        There is none.
    UnreadableInput
        The file is not a report.
    """
    path = folder / f"report-{year}.json"
    try:
        content = json.loads(path.read_bytes())
        return Kept(
            int(content["year"]), str(content["status"]), {**content, "indicators": list(content["indicators"])}
        )
    except FileNotFoundError:
        raise UnknownName(
            f"There is no report of {year}.", value=year, next_step="All are listed at /report."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(
            f"{path} is not a report: {error}.", value=path, next_step="Write it again with lifenode report."
        ) from error


def report_file(folder: Path, year: int, ending: str) -> bytes:
    """Return a file of a report.

    Raises
    ------
    UnknownName
        There is none of this year and ending.
    """
    path = folder / f"report-{year}.{ending}"
    if ending not in FILES or not path.is_file():
        raise UnknownName(
            f"There is no report of {year} as {ending[:20]}.", value=ending, next_step=f"Take {', '.join(FILES)}."
        )
    return path.read_bytes()
