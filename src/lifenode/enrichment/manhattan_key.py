"""The table of numbered terms beneath a Manhattan picture, as texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifenode.enrichment.manhattan_layout import Layout, heights
from lifenode.enrichment.manhattan_pins import Pinned
from lifenode.enrichment.manhattan_words import p_text
from lifenode.table import Table

# With more lists than this, a column for each no longer fits.
_MOST_P_COLUMNS = 4


@dataclass(frozen=True)
class KeyRow:
    """One numbered term; `cells` are aligned with the headings of its key."""

    number: int
    source: str
    colour: str
    term_id: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """The table: what follows source, term and name under `headings`, a row each."""

    headings: tuple[str, ...]
    rows: tuple[KeyRow, ...]


def make_key(result: Table, layout: Layout, pinned: Sequence[Pinned]) -> Key:
    """Return the table of the numbered terms.

    One list: adjusted p, genes of the list in the term, size of the term. Few lists: the adjusted p in each. Many: the
    smallest adjusted p and the list it is from. A term that is not in the result of a list has a dash there.
    """
    colours = {block.source: block.colour for block in layout.blocks}
    queries = [facet.query for facet in layout.facets]
    height = heights(result)
    if len(queries) == 1:
        headings: tuple[str, ...] = ("p adjusted", "genes of the list", "genes in term")
    elif len(queries) <= _MOST_P_COLUMNS:
        headings = (*queries, "genes in term")
    else:
        headings = ("strongest in", "p adjusted", "genes in term")

    def p_of(row: int | None) -> str:
        return "–" if row is None else p_text(float(result["p_value"][row]), float(height[row]))

    def cells(pin: Pinned) -> tuple[str, ...]:
        size = f"{pin.term_size:,}"
        query, best = min(pin.rows.items(), key=lambda item: -height[item[1]])
        if len(queries) == 1:
            return p_of(best), f"{result['intersection_size'][best]:,} of {result['query_size'][best]:,}", size
        if len(queries) <= _MOST_P_COLUMNS:
            return (*(p_of(pin.rows.get(query)) for query in queries), size)
        return query, p_of(best), size

    rows = [KeyRow(pin.number, pin.source, colours[pin.source], pin.term_id, pin.name, cells(pin)) for pin in pinned]
    return Key(headings, tuple(rows))
