"""The rows of an enrichment on its page: driver terms with what they explain, or all terms, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lifenode.enrichment.manhattan import Picture
from lifenode.enrichment.manhattan_layout import heights
from lifenode.enrichment.manhattan_words import p_text
from lifenode.enrichment.result import EnrichmentResult

ROWS_A_PAGE = 200

SORTS = {
    "p_value": "p adjusted",
    "name": "name",
    "term_size": "genes in the term",
    "intersection_size": "your genes in it",
    "source": "source",
}
"""Columns by which the rows can be sorted, and what they are called."""


def rows_of(
    result: EnrichmentResult, picture: Picture, classes: Mapping[str, str], asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a page of rows and what is said of them.

    Parameters
    ----------
    result, picture
        The enrichment and its picture, whose pins the rows repeat.
    classes
        CSS class of each source.
    asked
        ``view`` is ``drivers`` (the default) or ``all``, ``sort`` one of `SORTS`, ``page`` counts from 1.
    """
    flat = asked.get("view") == "all" or not bool(result["highlighted"].any())
    chosen = np.arange(len(result)) if flat else np.flatnonzero(_leads(result))
    sort = asked.get("sort") if asked.get("sort") in SORTS else "p_value"
    order = _sorted(result, chosen, str(sort))
    lists = [part.name for part in result.parts]
    if len(lists) > 1:
        order = _once(result, order)
    pages = max(-(-len(order) // ROWS_A_PAGE), 1)
    page = min(max(_whole(asked.get("page")), 1), pages)
    shown = order[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    pins = {row: pin.number for pin in picture.pinned for row in pin.rows.values()}
    cells = _Cells(result, classes, pins, heights(result), evidence=bool(asked.get("evidence")))
    below = {} if flat else _explained(result)
    by_term = _by_term(result) if len(lists) > 1 else {}
    return {
        "lists": lists if len(lists) > 1 else [],
        "rows": [
            cells.row(row)
            | {
                "explains": [cells.brief(each) for each in below.get(row, ())],
                "in_lists": [cells.in_list(by_term[_term(result, row)].get(name)) for name in lists] if by_term else [],
            }
            for row in shown
        ],
        "total": len(result),
        "listed": len(order),
        "drivers": int(result["highlighted"].sum()),
        "explained": sum(len(rows) for rows in below.values()),
        "flat": flat,
        "sort": sort,
        "page": page,
        "pages": pages,
    }


def _term(result: EnrichmentResult, row: int) -> tuple[str, str]:
    return result["source"][row], result["term_id"][row]


def _once(result: EnrichmentResult, rows: Sequence[int]) -> list[int]:
    """Return the first row of each term."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        first.setdefault(_term(result, row), row)
    return list(first.values())


def _by_term(result: EnrichmentResult) -> dict[tuple[str, str], dict[str, int]]:
    """Return the row of each term in each list."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row, query in enumerate(result["query"]):
        found.setdefault(_term(result, row), {})[query] = row
    return found


def _leads(result: EnrichmentResult) -> Any:
    """Return which rows are drivers, or of a source that has no drivers."""
    explained = result["explained_by"] != ""
    return result["highlighted"] | ~explained


def _explained(result: EnrichmentResult) -> dict[int, list[int]]:
    """Return, for each row of a driver, the rows of the terms that it explains."""
    place = {key: row for row, key in enumerate(zip(result["query"], result["source"], result["term_id"], strict=True))}
    found: dict[int, list[int]] = {}
    for row, driver in enumerate(result["explained_by"]):
        if driver and not result["highlighted"][row]:
            lead = place.get((result["query"][row], result["source"][row], driver))
            if lead is not None:
                found.setdefault(lead, []).append(row)
    return found


def _sorted(result: EnrichmentResult, rows: Any, sort: str) -> list[int]:
    if sort in ("term_size", "intersection_size"):
        return [int(row) for row in sorted(rows, key=lambda row: (-result[sort][row], result["log10_p_value"][row]))]
    if sort == "p_value":
        return [int(row) for row in sorted(rows, key=lambda row: result["log10_p_value"][row])]
    return [int(row) for row in sorted(rows, key=lambda row: (str(result[sort][row]).lower(), row))]


def _whole(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 9 else 1


class _Cells:
    """Makes the cells of rows."""

    def __init__(
        self, result: EnrichmentResult, classes: Mapping[str, str], pins: Mapping[int, int], height: Any, evidence: bool
    ) -> None:
        self._result = result
        self._classes = classes
        self._pins = pins
        self._height = height
        self._evidence = evidence

    def brief(self, row: int) -> dict[str, Any]:
        """Return what is shown of a term below the driver that explains it."""
        result = self._result
        p = float(result["p_value"][row])
        return {
            "row": row,
            "term_id": result["term_id"][row],
            "name": result["name"][row] or result["term_id"][row],
            "p": p_text(p, float(self._height[row])),
            "p_value": repr(p),
        }

    def in_list(self, row: int | None) -> dict[str, Any] | None:
        """Return what is shown of a term in the column of a list; None where it is not in the result of the list."""
        if row is None:
            return None
        result = self._result
        return self.brief(row) | {
            "shared": int(result["intersection_size"][row]),
            "of": int(result["query_size"][row]),
            "significant": bool(result["significant"][row]),
        }

    def row(self, row: int) -> dict[str, Any]:
        """Return what is shown of a term in a row of its own."""
        result = self._result
        genes: Sequence[str] = result.genes_of(row)[0] if self._evidence else ()
        return self.brief(row) | {
            "query": result["query"][row],
            "source": result["source"][row],
            "source_class": self._classes[result["source"][row]],
            "pin": self._pins.get(row, ""),
            "driver": bool(result["highlighted"][row]),
            "significant": bool(result["significant"][row]),
            "shared": int(result["intersection_size"][row]),
            "of": int(result["query_size"][row]),
            "size": int(result["term_size"][row]),
            "genes": genes,
        }
