"""Lists written as text: one identifier a line, separated by spaces or commas, or several lists under ``> name``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifenode.errors import BadTable, UnreadableInput

# A quoted stretch is one item whatever is in it; R and spreadsheets quote what they write.
_ITEM = re.compile(r'"[^"\n]*"|[^\s,;]+')
_SEPARATORS = ("\t", ",", ";")

DEFAULT_NAME = "query_1"
"""What a list without a name is called."""


def parse_lists(text: str, origin: str) -> dict[str, list[object]]:
    """Return the lists in `text`, by name, in order.

    Lines that begin with ``#`` are comments. A blank line is kept as the item ``""``, so that it can be accounted for.

    Parameters
    ----------
    text
        With LF line ends.
    origin
        What to call the text in errors.

    Raises
    ------
    UnreadableInput
        Two lists have one name.
    BadTable
        The text is a table: which of its columns is meant is not known.
    """
    lines = _stripped(text)
    if not any(line.startswith(">") for _, line in lines):
        _refuse_table(text, origin)
        return {DEFAULT_NAME: [item for _, line in lines for item in _items(line)]}
    return _named(lines, origin)


def content_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither blank nor comments as they are, with their numbers in `text` from 1."""
    numbered = enumerate(text.split("\n"), 1)
    return ((number, line) for number, line in numbered if (bare := line.lstrip()) and bare[0] != "#")


def _refuse_table(text: str, origin: str) -> None:
    """Raise `BadTable` if every line has the same number of fields, and more than one.

    To take the scores of such a table as identifiers would be worse than to ask.
    """
    lines = [line for _, line in content_lines(text)]
    for separator in _SEPARATORS:
        if separator not in "".join(lines[1:2]):
            continue
        counts = [line.count(separator) for line in lines]
        # R leaves out the name of the first column; but one short line before a second says nothing yet.
        start = 1 if len(lines) > 2 and counts[0] == counts[1] - 1 else 0
        rows = counts[start:]
        if min(rows) == max(rows) > 0 and any(_has_two_fields(line, separator) for line in lines):
            raise BadTable(
                f"{origin} is a table of {rows[0] + 1} columns whose headings say nothing: {lines[0][:120]!r}.",
                value=lines[0][:120],
                next_step="Name the column of identifiers (--gene-column NAME), or give that column only.",
            )


def _has_two_fields(line: str, separator: str) -> bool:
    return sum(bool(field.strip()) for field in line.split(separator)) > 1


def _stripped(text: str) -> list[tuple[int, str]]:
    numbered = ((number, line.strip()) for number, line in enumerate(text.removesuffix("\n").split("\n"), 1))
    return [(number, line) for number, line in numbered if not line.startswith("#")]


def _items(line: str) -> Iterator[str]:
    if not line:
        yield ""
    for item in _ITEM.findall(line):
        yield item[1:-1] if len(item) > 1 and item[0] == item[-1] == '"' else item


def _named(lines: list[tuple[int, str]], origin: str) -> dict[str, list[object]]:
    lists: dict[str, list[object]] = {}
    headings: dict[str, int] = {}
    current: list[object] = []
    for number, line in lines:
        if line.startswith(">"):
            name = line[1:].strip() or f"query_{len(lists) + 1}"
            if name in headings:
                raise UnreadableInput(
                    f"{origin} has two lists named {name!r}, on lines {headings[name]} and {number}.",
                    value=name,
                    next_step="Give each list its own name.",
                )
            headings[name] = number
            current = lists[name] = []
        elif not headings and line:
            raise UnreadableInput(
                f"{origin} has identifiers on line {number}, before the first '> name'.",
                value=line[:40],
                next_step="Begin the file with a '> name' line.",
            )
        else:
            current.extend(_items(line))
    return lists
