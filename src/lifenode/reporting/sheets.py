"""Tables that people fill in: read with the place of every row, and what cannot be used told with place and reason."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

from lifenode.errors import BadTable, UnreadableInput, nearest


@dataclass(frozen=True)
class Problem:
    """Something of the input that could not be used as it is.

    Attributes
    ----------
    file, line
        Where: the file's name and the 1-based line (the heading is line 1).
    field, value
        The column, and what it says.
    reason
        Why, and what became of it.
    """

    file: str
    line: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.field} {self.value!r}: {self.reason}"


@dataclass(frozen=True)
class Row:
    """A row that is not blank."""

    file: str
    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """Return the first cell that there is under one of the names, without blanks around it."""
        return next((self.cells[name].strip() for name in names if self.cells.get(name)), "")

    def problem(self, field: str, value: str, reason: str) -> Problem:
        """Return a problem at this place."""
        return Problem(self.file, self.line, field, value, reason)


@dataclass(frozen=True)
class Sheet:
    """A table with its headings in lower case, and the SHA-256 of its file."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    sha256: str
    problems: list[Problem] = field(default_factory=list)


def read_sheet(path: Path) -> Sheet:
    """Return a table of comma-, semicolon- or tab-separated values in UTF-8.

    Rows that are blank are left out; a row with more cells than there are headings is reported and left out.

    Raises
    ------
    UnreadableInput
        The file is missing or is not UTF-8.
    BadTable
        It has no headings, or one twice.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Save it as UTF-8.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    # Not strict: a stray quote must not swallow the file in silence; it shows up as a row with too many cells.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = tuple(" ".join(name.split()).casefold() for name in next(reader, []))
        return _sheet(path, headings, reader, hashlib.sha256(raw).hexdigest())
    except csv.Error as error:
        raise BadTable(f"{path}, line {reader.line_num}: {error}.", value=path) from error


def _sheet(path: Path, headings: tuple[str, ...], reader: csv.reader, sha256: str) -> Sheet:  # type: ignore[valid-type]
    named = [name for name in headings if name]
    if not named or len(set(named)) < len(named):
        raise BadTable(f"{path} has no headings, or one of them twice.", value=path, next_step="Use a template's.")
    rows, problems = [], []
    for cells in reader:  # type: ignore[attr-defined]
        line = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(headings) :]):
            reason = f"{len(cells)} cells under {len(headings)} headings; the row is left out"
            problems.append(Problem(path.name, line, "row", cells[0], reason))
            continue
        rows.append(Row(path.name, line, dict(zip(headings, cells, strict=False))))
    return Sheet(path.name, headings, tuple(rows), sha256, problems)


def need(sheet: Sheet, *names: str) -> None:
    """Make sure that a table has one of the headings.

    Raises
    ------
    BadTable
        It has none of them.
    """
    if not set(names) & set(sheet.headings):
        close = nearest(names[0], sheet.headings, 1)
        raise BadTable(
            f"{sheet.file} has no column {names[0]!r}.",
            value=", ".join(sheet.headings),
            next_step=f"Is it {close[0]!r}? Use the template's headings." if close else "Use the template's headings.",
        )
