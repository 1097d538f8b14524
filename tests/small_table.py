"""A table with a column of every kind."""

from __future__ import annotations

import math
from typing import Any

from lifenode.table import Column, Table

COLUMNS = (
    Column("name", "text", "what it is called"),
    Column("size", "integer", "how many"),
    Column("p_value", "number", "how unlikely"),
    Column("significant", "boolean", "whether it counts"),
    Column("genes", "list", "which"),
)


def make(rows: list[tuple[Any, ...]], meta: dict[str, Any] | None = None) -> Table:
    data = {column.name: [row[i] for row in rows] for i, column in enumerate(COLUMNS)}
    return Table(COLUMNS, data, meta or {"release": "2026.11"}, len(rows))


SMALL = [
    ("inflammatory response", 545, 1e-50, True, ["IL6", "TNF"]),
    ("back\\slash\ttab\nline\r", -3, math.nan, False, []),
    ('quote " and, comma', 0, 0.1 + 0.2, True, ["A,B", "C"]),
    (None, 2**53, 5e-324, False, None),
]
