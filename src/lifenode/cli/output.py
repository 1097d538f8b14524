"""Results on standard output: a table on a terminal, TSV in a pipe, any format by name."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from lifenode.cli.messages import visible
from lifenode.errors import InvalidOption, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from lifenode.table import Table

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "parquet")
PICTURES = ("png", "svg", "pdf", "html")
_MISLEADING = (*PICTURES, "xlsx", "xls", "ods", "gz", "gem", "gmt")
_NARROWEST_TEXT = 24


def default_format(output: Path | None, formats: Sequence[str] = FORMATS) -> str:
    """Return what to write when no format is named: by the file's ending, else by who reads.

    Raises
    ------
    InvalidOption
        The ending promises something that is not among `formats`.
    """
    if output is None:
        return "table" if sys.stdout is not None and sys.stdout.isatty() else "tsv"
    ending = output.suffix[1:].lower()
    if ending in formats:
        return ending
    if ending in _MISLEADING:
        picture = "Use --plot for pictures" if ending in PICTURES else "Choose another ending"
        raise InvalidOption(
            f"{output} ends in .{ending}, which is none of the formats: {', '.join(formats)}.",
            value=output,
            next_step=f"{picture}, or name a format with --format.",
        )
    return "tsv"


def check_place(path: Path | None) -> None:
    """Make sure that a file can be written before anything is computed for it.

    Raises
    ------
    OutputError
        It is a folder, its folder is missing, or it may not be written.
    """
    if path is None or (path.exists() and not path.is_file() and not path.is_dir()):
        return
    folder = path.resolve().parent
    if path.is_dir():
        problem = "it is a folder"
    elif not folder.is_dir():
        problem = f"there is no folder {path.parent}"
    elif not os.access(folder, os.W_OK):
        problem = f"the folder {path.parent} may not be written to"
    else:
        return
    raise OutputError(
        f"{path} cannot be written: {problem}.", value=path, next_step="Choose a file in a folder that exists."
    )


def check_picture(path: Path | None) -> None:
    """Make sure that a picture can be drawn to a file before anything is computed for it.

    Raises
    ------
    InvalidOption
        Its ending is not that of a picture.
    OutputError
        As in `check_place`.
    """
    if path is not None and path.suffix[1:].lower() not in PICTURES:
        raise InvalidOption(
            f"A picture cannot be saved as {str(path)!r}.",
            value=path,
            next_step="End the name in .png, .svg, .pdf or .html.",
        )
    check_place(path)


def write(table: Table, format: str, output: Path | None) -> None:
    """Write a table to a file, or to standard output.

    Raises
    ------
    OutputError
        The file cannot be written, or Parquet was asked for on a terminal.
    """
    if output is not None:
        table.write(output, format)
    elif format == "parquet" and _standard_output().isatty():
        raise OutputError("Parquet is not for a terminal.", value=format, next_step="Add --output FILE, or use a pipe.")
    else:
        table.write(_standard_output(), format)


def write_text(text: str, output: Path | None) -> None:
    """Write text to a file, whole or not at all, or to standard output."""
    write_bytes(text.encode(), output)


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write bytes to a file, whole or not at all, or to standard output; see `write_text`."""
    from lifenode._atomic import write_atomically, write_handle

    if output is None:
        write_handle(_standard_output(), content)
    else:
        write_atomically(output, content)


def _standard_output() -> IO[Any]:
    if sys.stdout is None:
        raise OutputError("Standard output is closed.", next_step="Open it, or add --output FILE.")
    return sys.stdout


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
    rows = [[re.sub(r"\s", " ", visible(cell)) for cell in row] for row in rows]
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
