"""Tables for the eye: a plain-text preview and an HTML one. Both show the first rows only."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.table import Column, Table

_TEXT_ROWS = 10
_TEXT_WIDTH = 120
_TEXT_CELL = 40
# 20 rows of 20 cells of 72 characters, each escaped at worst to six, stay below 200 kB.
_HTML_ROWS = 20
_HTML_COLUMNS = 20
_HTML_CELL = 72
_NUMERIC = ("integer", "number")


def format_number(value: float) -> str:
    """Write a number for reading: 1.2e-34, 0.0123, 41.7; NaN as nothing."""
    if math.isnan(value):
        return ""
    if value == 0 or math.isinf(value):
        return f"{value:g}"
    return f"{value:.1e}" if abs(value) < 1e-3 or abs(value) >= 1e6 else f"{value:.3g}"


def text_preview(table: Table) -> str:
    """Return the first rows, as many columns as fit, and what was left out."""
    top = table.head(_TEXT_ROWS)
    blocks: list[list[str]] = []
    room = _TEXT_WIDTH
    for column in table.columns:
        cells = [
            _shown(column.name, "text", _TEXT_CELL),
            *(_shown(value, column.kind, _TEXT_CELL) for value in top.values(column.name)),
        ]
        width = max(map(len, cells))
        if blocks and width + 2 > room:
            break
        blocks.append([cell.rjust(width) if column.kind in _NUMERIC else cell.ljust(width) for cell in cells])
        room -= width + 2
    lines = [f"{type(table).__name__}: {_count(len(table), 'row')} × {_count(len(table.columns), 'column')}"]
    lines += ["  ".join(row).rstrip() for row in zip(*blocks, strict=True)]
    left_out = []
    if len(table) > len(top):
        left_out.append(_count(len(table) - len(top), "more row"))
    if len(blocks) < len(table.columns):
        names = ", ".join(table.column_names[len(blocks) :])
        left_out.append(f"{_count(len(table.columns) - len(blocks), 'more column')}: {names}")
    return "\n".join(lines + (["… " + "; ".join(left_out)] if left_out else []))


def html_preview(table: Table) -> str:
    """Return the first 20 rows as an HTML table; everything that comes from data is escaped."""
    top = table.head(_HTML_ROWS)
    columns = table.columns[:_HTML_COLUMNS]
    head = "".join(
        f'<th style="{_align(column)}" title="{html.escape(column.meaning)}">{_html_text(column.name)}</th>'
        for column in columns
    )
    cells = [[_html_cell(value, column) for value in top.values(column.name)] for column in columns]
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in zip(*cells, strict=True))
    note = _count(len(table), "row")
    if len(table) > len(top):
        note = f"First {len(top)} of {note}"
    if len(columns) < len(table.columns):
        note += f", {len(columns)} of {len(table.columns)} columns"
    return (
        '<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>\n<p>{note}</p></div>"
    )


def _html_cell(value: Any, column: Column) -> str:
    full = f' title="{value!r}"' if column.kind == "number" and value == value else ""
    return f'<td style="{_align(column)}"{full}>{_html_text(value, column.kind)}</td>'


def _html_text(value: Any, kind: str = "text") -> str:
    return html.escape(_shown(value, kind, _HTML_CELL))


def _align(column: Column) -> str:
    return f"text-align:{'right' if column.kind in _NUMERIC else 'left'}"


def _shown(value: Any, kind: str, width: int) -> str:
    if value is None:
        return ""
    if kind == "number":
        return format_number(value)
    if kind == "boolean":
        return "true" if value else "false"
    # Only as many items as can be seen: a cell may hold thousands of genes.
    text = ",".join(value[:width]) if kind == "list" else str(value)
    # A control character could move the cursor or colour the terminal.
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: width + 1])
    return text if len(text) <= width else text[: width - 1] + "…"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
