"""Self-assessment by the FAIRplus Dataset Maturity model: levels 0 to 5 of content, representation and hosting."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from lifenode.errors import BadTable, UnknownName, UnreadableInput, nearest
from lifenode.registry.tables import Row, table
from lifenode.table import Column, Table

ANSWERS = ("yes", "no", "not applicable", "")
LEVELS = range(1, 6)
_NAMES = {"C": "content and context", "R": "representation and format", "H": "hosting"}

_COLUMNS = (
    Column("indicator", "text", "identifier"),
    Column("level", "integer", "0 (what must not be) to 5"),
    Column("category", "text", "content and context, representation and format, or hosting"),
    Column("answer", "text", "yes, no, not applicable, or empty"),
    Column("name", "text", "what is asked"),
)


def read_answers(path: Path) -> dict[str, str]:
    """Read a table with the columns indicator and answer, comma- or tab-separated.

    Raises
    ------
    UnreadableInput
        The file is missing or not text.
    BadTable
        A column is missing, or an answer is none of `ANSWERS`.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    reader = csv.DictReader(lines, delimiter="\t" if lines and "\t" in lines[0] else ",")
    if not {"indicator", "answer"} <= set(reader.fieldnames or ()):
        raise BadTable(
            f"{path} lacks the columns indicator and answer.",
            value=path,
            next_step="`lifenode resources maturity` without a file writes one to fill in.",
        )
    found = {}
    for row in reader:
        answer = (row["answer"] or "").strip().lower()
        answer = {"n/a": "not applicable", "na": "not applicable", "y": "yes", "n": "no"}.get(answer, answer)
        if answer not in ANSWERS:
            raise BadTable(
                f"{path}, line {reader.line_num}: {answer!r} is not an answer.",
                value=answer,
                next_step="Write yes, no or not applicable, or leave it empty.",
            )
        found[(row["indicator"] or "").strip()] = answer
    return found


def assess_maturity(answers: Mapping[str, str]) -> Table:
    """Return the level of maturity that follows from answers.

    Parameters
    ----------
    answers
        By indicator, one of `ANSWERS`.

    Returns
    -------
    Table
        A row for each indicator. ``meta["levels"]`` has for each category and for all (``dataset``) the level reached,
        what stands in the way of the next (``missing``) and what was not answered (``open``).

    Raises
    ------
    UnknownName
        An indicator that the model does not have.

    Notes
    -----
    A level is reached when every applicable indicator of it and of those below is met (the model does not say so
    in words; it is our reading). What is not answered is not met, and is listed apart. Indicators of level 0 state
    the opposite of ones of level 1 and are not counted.
    """
    rows = table("maturity.tsv")
    known = {row["indicator"] for row in rows}
    for name in answers:
        if name not in known:
            close = nearest(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else "They look like DSM-1-C0."
            raise UnknownName(f"There is no indicator {name!r}.", value=name, next_step=hint)
    data: dict[str, list[object]] = {column.name: [] for column in _COLUMNS}
    for row in rows:
        cells = (
            row["indicator"],
            int(row["level"]),
            _NAMES[_group(row)],
            answers.get(row["indicator"], ""),
            row["name"],
        )
        for column, cell in zip(_COLUMNS, cells, strict=True):
            data[column.name].append(cell)
    groups = {_NAMES[key]: [row for row in rows if _group(row) == key] for key in _NAMES}
    levels = {name: _level(group, answers) for name, group in {**groups, "dataset": list(rows)}.items()}
    return Table(_COLUMNS, data, {"levels": levels}, len(rows))


def _group(row: Row) -> str:
    return row["indicator"].split("-")[2][0]


def _level(rows: list[Row], answers: Mapping[str, str]) -> dict[str, object]:
    reached, missing, unanswered = 0, [], []
    for level in LEVELS:
        of_level = [row["indicator"] for row in rows if int(row["level"]) == level]
        unanswered = [name for name in of_level if not answers.get(name)]
        missing = [name for name in of_level if answers.get(name) == "no"]
        if unanswered or missing:
            return {"level": reached, "next": level, "missing": missing, "open": unanswered}
        reached = level
    return {"level": reached, "next": None, "missing": missing, "open": unanswered}
