"""Enrichment results made by hand, for pictures of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lifenode.table import Column, Table

TERMS = {"GO:MF": 5028, "GO:BP": 14412, "GO:CC": 1970, "REAC": 2653, "WP": 992, "HP": 10760}
_COLUMNS = (
    Column("query", "text", ""),
    Column("source", "text", ""),
    Column("term_id", "text", ""),
    Column("name", "text", ""),
    Column("p_value", "number", ""),
    Column("log10_p", "number", ""),
    Column("significant", "boolean", ""),
    Column("term_size", "integer", ""),
    Column("query_size", "integer", ""),
    Column("intersection_size", "integer", ""),
)


def term(source: str, order: int, height: float, **further: Any) -> dict[str, Any]:
    """One row: a term at place `order` of its source whose adjusted p is 10 to the minus `height`."""
    row = {
        "query": "query_1",
        "source": source,
        "term_id": f"{source}:{order:05}",
        "name": f"process {order}",
        "p_value": 10.0**-height,
        "log10_p": -height - 3,
        "significant": height > 1.3,
        "term_size": 200,
        "query_size": 199,
        "intersection_size": 20,
        "source_order": order,
    }
    return row | further


def result_of(
    rows: Sequence[Mapping[str, Any]],
    *,
    terms: Mapping[str, int] = TERMS,
    queries: Sequence[str] = ("query_1",),
    parameters: Mapping[str, Any] | None = None,
    without: Sequence[str] = (),
) -> Table:
    """A result of these rows; keys that are no column of an enrichment become companions."""
    names = [*(column.name for column in _COLUMNS), "source_order", *(["highlighted"] if _has(rows) else [])]
    data = {name: [row.get(name, False) for row in rows] for name in names if name not in without}
    data["source_order"] = np.array(data.get("source_order", []), dtype=int)  # type: ignore[assignment]
    if "source_order" in without:
        del data["source_order"]
    meta = {
        "lifenode": "0.1.0",
        "scientific_name": "Homo sapiens",
        "pack": {"name": "hsapiens-2026.11"},
        "parameters": dict(parameters or {}),
        "correction": {"method": "gscs", "threshold": 0.05},
        "background": {"domain": "annotated"},
        "sources": {name: {"number_of_terms": count, "testable_terms": count} for name, count in terms.items()},
        "queries": {name: {"accounting": {"input": 200, "mapped": 199}} for name in queries},
    }
    columns = [column for column in _COLUMNS if column.name not in without]
    if _has(rows):
        columns.append(Column("highlighted", "boolean", ""))
    return Table(columns, data, meta, len(rows))


def _has(rows: Sequence[Mapping[str, Any]]) -> bool:
    return any("highlighted" in row for row in rows)


def typical(seed: int = 1, query: str = "query_1") -> list[dict[str, Any]]:
    """Rows as a list of 200 genes of one process gives them."""
    rng = np.random.default_rng(seed)
    counts = {"GO:MF": 50, "GO:BP": 527, "GO:CC": 29, "REAC": 42, "WP": 83, "HP": 5}
    return [
        term(
            source,
            int(rng.integers(1, TERMS[source] + 1)),
            1.31 + float(rng.exponential(6)),
            query=query,
            term_size=int(np.exp(rng.normal(5, 1.5))) + 1,
        )
        for source, count in counts.items()
        for _ in range(count)
    ]
