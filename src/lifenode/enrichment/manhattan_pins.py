"""Which terms get a numbered pin, and where the pins lie."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.manhattan_layout import Facet, Layout, heights
from lifenode.errors import UnknownTerm, nearest
from lifenode.table import Table

MOST_PINS = 12
_DRIVERS_PER_SOURCE = 4
_STRONGEST_PER_SOURCE = 2

Points = npt.NDArray[np.float64]
# Left, bottom, right, top.
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pinned:
    """A numbered term.

    Attributes
    ----------
    number
        1 for the strongest.
    source, term_id, name, term_size
        The term.
    rows
        Its row for each list in which it has one, by the list's name.
    """

    number: int
    source: str
    term_id: str
    name: str
    term_size: int
    rows: dict[str, int]


def choose_pins(result: Table, layout: Layout, terms: Sequence[str] | None = None) -> list[Pinned]:
    """Return the terms to number, strongest first.

    Parameters
    ----------
    result, layout
        The table and its picture.
    terms
        Term ids to number. By default driver terms where the source has them, otherwise the strongest few of each
        source; at most twelve, and the strongest of every source and list among them.
    """
    drawn = {facet.query for facet in layout.facets}
    keys = list(zip(result["source"].tolist(), result["term_id"].tolist(), strict=True))
    shown = [row for row, query in enumerate(result["query"].tolist()) if query in drawn]
    height = heights(result)
    shown.sort(key=lambda row: (-height[row], keys[row]))
    rows = _asked_for(result, shown, terms) if terms is not None else _strongest(result, shown)
    chosen = dict.fromkeys(keys[row] for row in rows)
    by_key: dict[tuple[str, str], dict[str, int]] = {key: {} for key in chosen}
    for row in shown:
        if keys[row] in by_key:
            by_key[keys[row]].setdefault(result["query"][row], row)
    pinned = []
    for number, (key, found) in enumerate(by_key.items(), start=1):
        row = next(iter(found.values()))
        pinned.append(Pinned(number, *key, result["name"][row] or "", int(result["term_size"][row]), found))
    return pinned


def _asked_for(result: Table, shown: Sequence[int], terms: Sequence[str]) -> list[int]:
    known = {result["term_id"][row] for row in shown}
    for term in terms:
        if term not in known:
            close = nearest(term, known, 1)
            raise UnknownTerm(
                f'The term "{term}" is not in the result.',
                value=term,
                next_step=f"Did you mean {close[0]}?" if close else "Take the ids from its column term_id.",
            )
    return [row for row in shown if result["term_id"][row] in set(terms)]


def _strongest(result: Table, shown: Sequence[int]) -> list[int]:
    significant, source = result["significant"], result["source"]
    candidates = [row for row in shown if significant[row]]
    driver = result["highlighted"] if "highlighted" in result else np.zeros(len(result), dtype=bool)
    with_drivers = {source[row] for row in candidates if driver[row]}
    candidates = [row for row in candidates if driver[row] or source[row] not in with_drivers]
    # The same term in a further list is no further candidate.
    by_term: dict[tuple[str, str], int] = {}
    for row in candidates:
        by_term.setdefault((source[row], result["term_id"][row]), row)
    lists = [(result["query"][row], by_term[source[row], result["term_id"][row]]) for row in candidates]
    candidates = list(by_term.values())
    first: dict[tuple[str, str], int] = {}
    for row in candidates:
        first.setdefault(("source", source[row]), row)
    for query, row in lists:
        first.setdefault(("list", query), row)
    chosen = set(list(dict.fromkeys(first.values()))[:MOST_PINS])
    taken = Counter(source[row] for row in chosen)
    for row in candidates:
        most = _DRIVERS_PER_SOURCE if source[row] in with_drivers else _STRONGEST_PER_SOURCE
        if len(chosen) < MOST_PINS and row not in chosen and taken[source[row]] < most:
            chosen.add(row)
            taken[source[row]] += 1
    return [row for row in candidates if row in chosen]


def place_pins(
    dots: Points, radii: Points, targets: Sequence[int], pin: float, box: Rectangle, taken: Sequence[Rectangle] = ()
) -> list[tuple[float, float]]:
    """Find a place beside its dot for each pin.

    Parameters
    ----------
    dots, radii
        Centres, one row each, and radii of all dots of a facet, in one unit of length.
    targets
        Indexes of the dots to pin.
    pin
        Radius of a pin.
    box
        Where pins may lie.
    taken
        Rectangles they must keep clear of.

    Returns
    -------
    list of (x, y)
        Centres: never on the pinned dot, on another pin or in a taken rectangle if any place is free of them, and on
        as few other dots as can be.
    """
    placed: list[tuple[float, float]] = []
    for target in targets:
        options = _around(dots[target], radii[target] + pin)
        covered = _distances(options, dots) < radii[None, :] + pin
        cost = _distances(options, dots[[target]])[:, 0] * 0.12
        cost = cost + covered.sum(axis=1) + 8 * covered[:, list(targets)].sum(axis=1)
        if placed:
            cost = cost + 1000 * (_distances(options, np.array(placed)) < 2 * pin + 1.5).sum(axis=1)
        for left, bottom, right, top in taken:
            cost = cost + 500 * _inside(options, (left - pin, bottom - pin, right + pin, top + pin))
        cost = cost + 2000 * ~_inside(options, (box[0] + pin, box[1] + pin, box[2] - pin, box[3] - pin))
        best = int(np.argmin(cost))
        placed.append((float(options[best, 0]), float(options[best, 1])))
    return placed


def _distances(some: Points, others: Points) -> Points:
    return np.asarray(np.hypot(some[:, None, 0] - others[None, :, 0], some[:, None, 1] - others[None, :, 1]))


def _inside(points: Points, rectangle: Rectangle) -> npt.NDArray[np.bool_]:
    left, bottom, right, top = rectangle
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= left) & (x <= right) & (y >= bottom) & (y <= top))


def _around(centre: Points, clear: float) -> Points:
    # Above and to the sides first: equal costs go to the earlier one, and a pin above its dot reads best.
    angles = [90, 60, 120, 30, 150, 0, 180, 75, 105, 45, 135, 15, 165, -30, 210, -60, 240, -90]
    return np.array(
        [
            (centre[0] + reach * math.cos(math.radians(angle)), centre[1] + reach * math.sin(math.radians(angle)))
            for reach in (clear + extra for extra in (2, 6, 11, 17, 25, 35, 48))
            for angle in angles
        ]
    )


def pin_targets(facet: Facet, pinned: Sequence[Pinned]) -> tuple[list[int], list[int]]:
    """Return the numbers of the pins a facet shows, and the index of each one's dot."""
    index = {row: i for i, row in enumerate(facet.rows.tolist())}
    here = [(pin.number, index.get(pin.rows.get(facet.query, -1))) for pin in pinned]
    found = [(number, dot) for number, dot in here if dot is not None]
    return [number for number, _ in found], [dot for _, dot in found]
