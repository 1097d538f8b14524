"""Results on standard output: a table on a terminal, TSV in a pipe, any format by name."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lifenode.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from lifenode.table import Table

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "parquet")
_NARROWEST_TEXT = 24


def default_format(output: Path | None) -> str:
    """Return what to write when no format is named: by the file's ending, else by who reads."""
    ending = output.suffix[1:].lower() if output else ""
    if ending in FORMATS or ending in ("gem", "gmt"):
        return ending
    return "table" if output is None and sys.stdout.isatty() else "tsv"


def write(table: Table, format: str, output: Path | None) -> None:
    """Write a table to a file, or to standard output.

    Raises
    ------
    OutputError
        The file cannot be written, or Parquet was asked for on a terminal.
    """
    if output is not None:
        table.write(output, format)
    elif format == "parquet" and sys.stdout.isatty():
        raise OutputError("Parquet is not for a terminal.", value=format, next_step="Add --output FILE, or use a pipe.")
    else:
        table.write(sys.stdout, format)


def write_text(text: str, output: Path | None) -> None:
    """Write text to a file, whole or not at all, or to standard output."""
    if output is None:
        sys.stdout.write(text)
    else:
        from lifenode._atomic import write_atomically

        write_atomically(output, text.encode())


def aligned(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int], shrink: int) -> str:
    """Return rows under headings in aligned columns.

    Parameters
    ----------
    headings, rows
        Cells as text.
    right
        Columns to align to the right.
    shrink
        The column that gives way when the terminal is too narrow.
    """
    widths = [max(len(cell) for cell in column) for column in zip(headings, *rows, strict=True)]
    room = shutil.get_terminal_size((120, 24)).columns - 2 * len(widths) - sum(widths) + widths[shrink]
    widths[shrink] = min(widths[shrink], max(room, _NARROWEST_TEXT))
    lines = []
    for cells in (headings, *rows):
        shown = [
            _fit(cell, width).rjust(width) if column in right else _fit(cell, width).ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        lines.append(f"  {'  '.join(shown)}".rstrip())
    return "\n".join(lines) + "\n"


def _fit(cell: str, width: int) -> str:
    return cell if len(cell) <= width else f"{cell[: width - 1]}…"
