"""Annotate many tools, one row a term, and say of each tool that could not be annotated why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lifenode.edam.submission import Submission
from lifenode.errors import LifenodeError
from lifenode.table import Column, Table

_TOOL = Column("tool", "text", "id of the tool, or its name where it has none")


@dataclass(frozen=True)
class Outcome:
    """What became of one tool: a table of terms, or the error."""

    tool: str
    table: Table | None
    error: LifenodeError | None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The terms, each with the tool."""
        return [] if self.table is None else [{"tool": self.tool, **row} for row in self.table]


def annotate_each(
    tools: Iterable[Submission], *, branches: Sequence[str] | None = None, top: int | None = None
) -> Iterator[Outcome]:
    """Yield what becomes of each tool, in their order, as soon as it is known; a tool that fails stops nothing."""
    for number, tool in enumerate(tools, 1):
        name = tool.id or tool.name or f"tool {number}"
        try:
            yield Outcome(name, tool.annotated(branches=branches, top=top), None)
        except LifenodeError as error:
            yield Outcome(name, None, error)


def annotate_many(
    tools: Iterable[Submission], *, branches: Sequence[str] | None = None, top: int | None = None
) -> Table:
    """Return the terms of many tools under one another.

    Parameters
    ----------
    tools
        The tools.
    branches, top
        As `lifenode.edam.annotate`.

    Returns
    -------
    Table
        As `lifenode.edam.annotate`, with the column ``tool`` before; ``meta["failed"]`` names the tools that could not
        be annotated, and ``meta["tools"]`` counts all.
    """
    from lifenode.edam.annotate import COLUMNS

    columns: tuple[Column, ...] = (_TOOL, *COLUMNS)
    rows: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    count = 0
    meta: dict[str, Any] = {}
    for outcome in annotate_each(tools, branches=branches, top=top):
        count += 1
        rows += outcome.rows
        if outcome.table is not None:
            columns, meta = (_TOOL, *outcome.table.columns), dict(outcome.table.meta)
        if outcome.error is not None:
            failed.append({"tool": outcome.tool, "error": str(outcome.error)})
    kept: dict[str, Any] = {name: meta[name] for name in ("method", "edam", "thresholds") if name in meta}
    data = {column.name: [row[column.name] for row in rows] for column in columns}
    return Table(columns, data, {**kept, "tools": count, "failed": failed}, len(rows))
