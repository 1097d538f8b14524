"""The neighbourhood of a term as a picture: broader terms above it, the narrower ones below; plain numbers only.

Each row holds the terms that are as many steps away, counted along the longest way. The longest way itself runs down
the left side, so that on a narrow screen it is what one sees; the rest stands to the right of it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from lifenode.enrichment.about_term import Context, Edge, TermName

WIDTH = 152
_LINE, _PAD, _COUNT = 16, 8, 15
_LETTERS, _LETTERS_BOLD, _LETTERS_BELOW = 18, 16, 38
_GAP, _ROW_GAP, _THREAD = 12, 26, 14
_BELOW, _INDENT = 328, 28
_SWEEPS, _MOST_LINES = 4, 6


class Box(NamedTuple):
    """A term, drawn; `here` is the one that the picture is about."""

    term: TermName
    x: float
    y: float
    width: float
    height: float
    here: bool
    below: bool


class Line(NamedTuple):
    """A path; `cut` where it leaps over terms that are left out."""

    path: str
    cut: bool


class Graph(NamedTuple):
    """The picture; sizes in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    above_left_out: int
    children_left_out: int


class _Place(NamedTuple):
    """A term in a row, or a thread: the place where a longer line passes through one (term -1)."""

    term: int
    row: int
    number: int


def draw(context: Context) -> Graph:
    """Return the picture of a neighbourhood."""
    here = len(context.above) - 1
    rows = _rows(context.edges, len(context.above), here)
    places, links = _threaded(context.edges, rows)
    ordered = _ordered(places, links, _longest_way(context.edges, rows, here))
    tops, heights, bottom = _heights(context.above, ordered)
    left = _lefts(ordered)
    boxes = [
        Box(context.above[one.term], left[one], tops[one.row], WIDTH, heights[one.row], one.term == here, below=False)
        for row in ordered
        for one in row
        if one.term >= 0
    ]
    lines = [_line(chain, left, tops, heights, cut) for chain, cut in links]
    children, threads = _below(context.children, bottom)
    every = [*boxes, *children]
    return Graph(
        width=max([*(box.x + box.width for box in every), *(x + _THREAD for x in left.values())]) + 2,
        height=max(box.y + box.height for box in every) + 2,
        boxes=tuple(every),
        lines=(*lines, *threads),
        above_left_out=context.above_left_out,
        children_left_out=context.children_left_out,
    )


def _rows(edges: Sequence[Edge], count: int, here: int) -> list[int]:
    """Return the row of each term, 0 at the top: its distance from the term drawn, along the longest way."""
    far = [0] * count
    for _ in range(count):
        for edge in edges:
            far[edge.high] = max(far[edge.high], far[edge.low] + 1)
    top = max(far)
    return [top if term == here else top - far[term] for term in range(count)]


def _longest_way(edges: Sequence[Edge], rows: Sequence[int], here: int) -> list[int]:
    """Return the terms of a way that takes every row, from the term drawn upwards."""
    way = [here]
    while rows[way[-1]] > 0:
        above = [edge.high for edge in edges if edge.low == way[-1] and rows[edge.high] == rows[way[-1]] - 1]
        reachable = [one for one in above if _reaches_top(edges, rows, one)]
        if not reachable:
            break
        way.append(reachable[0])
    return way


def _reaches_top(edges: Sequence[Edge], rows: Sequence[int], term: int) -> bool:
    step = [edge.high for edge in edges if edge.low == term and rows[edge.high] == rows[term] - 1]
    return rows[term] == 0 or any(_reaches_top(edges, rows, one) for one in step)


_Chain = tuple[list[_Place], bool]


def _threaded(edges: Sequence[Edge], rows: Sequence[int]) -> tuple[list[_Place], list[_Chain]]:
    """Return all places, with a thread in every row that a line crosses, and each line as the places it runs along."""
    terms = [_Place(term, row, 0) for term, row in enumerate(rows)]
    places, chains = list(terms), []
    for number, edge in enumerate(edges, 1):
        threads = [_Place(-1, row, number) for row in range(rows[edge.low] - 1, rows[edge.high], -1)]
        places += threads
        chains.append(([terms[edge.low], *threads, terms[edge.high]], edge.cut))
    return places, chains


def _ordered(places: Sequence[_Place], chains: Sequence[_Chain], way: Sequence[int]) -> list[list[_Place]]:
    """Return the places of each row from left to right, so that few lines cross."""
    near: dict[_Place, list[_Place]] = {place: [] for place in places}
    for chain, _ in chains:
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    rows = [[place for place in places if place.row == row] for row in range(max(place.row for place in places) + 1)]
    at = {place: float(position) for row in rows for position, place in enumerate(row)}
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 else reversed(rows):
            # Up and down in turn: a place goes where its neighbours are on average, the longest way to the left.
            wanted = {place: sum(at[one] for one in near[place]) / max(len(near[place]), 1) for place in row}
            row.sort(key=lambda place: (place.term not in way, wanted[place], place))
            at |= {place: float(position) for position, place in enumerate(row)}
    return rows


def _heights(terms: Sequence[TermName], rows: Sequence[Sequence[_Place]]) -> tuple[list[float], list[float], float]:
    """Return top and height of each row, and where the next one would begin."""
    tops, heights, y = list[float](), list[float](), 1.0
    for number, row in enumerate(rows):
        # The last row is the term itself, in bold letters.
        letters = _LETTERS_BOLD if number == len(rows) - 1 else _LETTERS
        lines = max((_lines(terms[place.term].name, letters) for place in row if place.term >= 0), default=1)
        tops.append(y)
        heights.append(lines * _LINE + 2 * _PAD + _COUNT)
        y += heights[-1] + _ROW_GAP
    return tops, heights, y


def _lines(name: str, letters: int) -> int:
    return min(max(len(textwrap.wrap(name, letters)), 1), _MOST_LINES)


def _lefts(rows: Sequence[Sequence[_Place]]) -> dict[_Place, float]:
    left: dict[_Place, float] = {}
    for row in rows:
        x = 1.0
        for place in row:
            left[place] = x
            x += (WIDTH if place.term >= 0 else _THREAD) + _GAP
    return left


def _line(
    chain: Sequence[_Place], left: dict[_Place, float], tops: Sequence[float], heights: Sequence[float], cut: bool
) -> Line:
    """Return the line from a term up to a broader one, around what stands between."""
    middle = {place: left[place] + (WIDTH if place.term >= 0 else _THREAD) / 2 for place in chain}
    path = f"M{middle[chain[0]]:g} {tops[chain[0].row]:g}"
    for one, other in pairwise(chain):
        start, end = tops[one.row], tops[other.row] + heights[other.row]
        half = (start + end) / 2
        path += f"C{middle[one]:g} {half:g} {middle[other]:g} {half:g} {middle[other]:g} {end:g}"
        if other.term < 0:
            path += f"V{tops[other.row]:g}"
    return Line(path, cut)


def _below(children: Sequence[TermName], y: float) -> tuple[list[Box], list[Line]]:
    """Return the narrower terms, one under the other, and the bracket that holds them."""
    boxes, lines = list[Box](), list[Line]()
    start = y - _ROW_GAP
    y -= _ROW_GAP - _GAP
    for child in children:
        height = _lines(child.name, _LETTERS_BELOW) * _LINE + 2 * _PAD - 2
        boxes.append(Box(child, 1 + _INDENT, y, _BELOW - _INDENT, height, here=False, below=True))
        lines.append(Line(f"M{_INDENT / 2:g} {start:g}V{y + height / 2:g}H{_INDENT:g}", cut=False))
        y += height + _PAD
    return boxes, lines
