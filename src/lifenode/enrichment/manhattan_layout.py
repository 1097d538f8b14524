"""Where everything of a Manhattan picture lies: pure numbers, no drawing.

The geometry is that of g:Profiler's picture: sources lie side by side in their order, each as wide as its number of
terms, rescaled to 2-200 on an axis of 0-210; a dot's place in its block is the term's order in the source, its height
-log10 of the adjusted p, its size the logarithm of the term's size. Two things differ. The axis is capped where the
data need it instead of at 16; and the gap between blocks, there always 1,000 terms, shrinks for small collections,
whose blocks it would otherwise dwarf.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.palette import source_colours
from lifenode.table import Table

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

AXIS = (0.0, 210.0)
# More facets would make a picture nobody can read, and an image too large to open.
MOST_FACETS = 12

_BLOCKS_START, _BLOCKS_END = 2.0, 200.0
_GAP_TERMS, _GAP_SHARE = 1000.0, 0.03
_LARGEST_TERM = 50_000
_SMALLEST_DOT, _LARGEST_DOT = 2.0, 10.0
# Below this no axis is capped: all of it can be read.
_READABLE = 16.0
# -log10 of the smallest positive double: what can be said of a p-value of 0 when its logarithm is not recorded.
_UNDERFLOW = 323.3


@dataclass(frozen=True)
class Block:
    """The place of a source on the horizontal axis."""

    source: str
    start: float
    end: float
    colour: str

    @property
    def middle(self) -> float:
        """The centre of the block."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Scale:
    """The vertical axis.

    Attributes
    ----------
    cap
        What lies above is drawn at `band`; None when nothing does.
    band
        Height at which capped dots are drawn.
    top
        End of the axis.
    ticks
        Labelled heights.
    """

    cap: float | None
    band: float
    top: float
    ticks: tuple[float, ...]

    def drawn(self, heights: Floats) -> Floats:
        """Return the heights at which dots are drawn."""
        return heights if self.cap is None else np.where(heights > self.cap, self.band, heights)


@dataclass(frozen=True)
class Facet:
    """The dots of one list; arrays are aligned.

    Attributes
    ----------
    query
        Name of the list.
    rows
        Rows of the result; dots with an adjusted p of 1 are left out.
    block
        Index of each dot's block.
    x, y
        Place on the axes.
    height
        True -log10 of the adjusted p.
    size
        Diameter in points.
    significant
        The verdict; others are drawn faintly.
    """

    query: str
    rows: Integers
    block: Integers
    x: Floats
    y: Floats
    height: Floats
    size: Floats
    significant: Booleans

    def count(self, block: int) -> int:
        """Return the number of significant terms in a block."""
        return int(np.count_nonzero(self.significant & (self.block == block)))

    def above(self, cap: float) -> int:
        """Return the number of dots that are drawn lower than they are."""
        return int(np.count_nonzero(self.height > cap))


@dataclass(frozen=True)
class Layout:
    """A whole picture."""

    blocks: tuple[Block, ...]
    scale: Scale
    facets: tuple[Facet, ...]
    queries_left_out: int


def lay_out(result: Table) -> Layout:
    """Return the picture of an enrichment result."""
    names, sources = result["query"], result["source"]
    queries = list(dict.fromkeys([*result.meta.get("queries", {}), *names])) or [""]
    blocks = _blocks(result)
    place = {block.source: i for i, block in enumerate(blocks)}
    height = heights(result)
    # A term that was not enriched at all (p = 1) has no dot.
    visible = height > 0
    scale = choose_scale(height[visible & result["significant"]], height[visible])
    starts = np.array([block.start for block in blocks])
    per_term = np.array([(block.end - block.start) for block in blocks]) / np.maximum(_block_terms(result, blocks), 1)
    block = np.array([place[source] for source in sources], dtype=np.int64)
    x = starts[block] + (_source_order(result) - 0.5) * per_term[block] if len(result) else np.zeros(0)
    size = dot_size(result["term_size"])
    facets = []
    for query in queries[:MOST_FACETS]:
        rows = np.flatnonzero((names == query) & visible)
        drawn = scale.drawn(height[rows])
        facets.append(
            Facet(query, rows, block[rows], x[rows], drawn, height[rows], size[rows], result["significant"][rows])
        )
    return Layout(tuple(blocks), scale, tuple(facets), max(len(queries) - MOST_FACETS, 0))


def heights(result: Table) -> Floats:
    """Return -log10 of the adjusted p of each row, finite where the p itself underflows to 0."""
    if "log10_p_value" in result:
        known: Floats = np.maximum(-np.asarray(result["log10_p_value"], dtype=np.float64), 0.0)
        return known
    p = result["p_value"]
    found = np.full(len(p), _UNDERFLOW)
    np.log10(p, out=found, where=p > 0)
    found[p > 0] *= -1
    if (p == 0).any() and "log10_p" in result:
        _fill_underflow(result, found)
    result_heights: Floats = np.maximum(found, 0.0)
    return result_heights


def _fill_underflow(result: Table, found: Floats) -> None:
    """Set the heights of rows whose p is 0 from the logarithm of the nominal p.

    What the correction adds is taken from the strongest row of the same list and source whose p can still be told.
    """
    p, nominal = result["p_value"], result["log10_p"]
    groups = list(zip(result["query"].tolist(), result["source"].tolist(), strict=True))
    added: dict[tuple[str, str], float] = {}
    for row in np.argsort(nominal, kind="stable").tolist():
        if p[row] > 0:
            added.setdefault(groups[row], -found[row] - nominal[row])
    for row in np.flatnonzero(p == 0).tolist():
        found[row] = -(nominal[row] + added.get(groups[row], 0.0))


def choose_scale(significant: Floats, every: Floats) -> Scale:
    """Choose the vertical axis: as high as the data, unless a few strong terms would flatten all the others.

    The cap lies half as high again as the 95th percentile of the significant terms (the lower neighbour of it, so that
    of two dots the higher one is capped), and is dropped when the highest dot is little higher.
    """
    top = float(every.max(initial=0.0))
    if len(significant) and top > _READABLE:
        bulk = float(np.quantile(significant, 0.95, method="lower"))
        cap = max(_READABLE, 1.5 * bulk)
        step = nice_step(cap)
        cap = step * math.ceil(cap / step)
        if top > 1.25 * cap:
            return Scale(cap, cap * 1.05, cap * 1.1, tuple(np.arange(0, cap + step / 2, step).tolist()))
    end = max(top * 1.05, 3.0)
    return Scale(None, end, end, tuple(np.arange(0, end, nice_step(end)).tolist()))


def nice_step(top: float) -> float:
    """Return a tick distance of 1, 2 or 5 times a power of ten, at least 1, that gives about four to nine ticks."""
    power = 10.0 ** math.floor(math.log10(top / 4))
    return max(next(factor * power for factor in (5, 2, 1) if factor * power <= top / 4), 1.0)


def dot_size(term_size: npt.NDArray[np.int64]) -> Floats:
    """Return diameters: 2 for a term of one gene, 10 for one of 50,000, by the logarithm between."""
    share = np.log(np.clip(term_size, 1, _LARGEST_TERM)) / math.log(_LARGEST_TERM)
    return np.asarray(_SMALLEST_DOT + share * (_LARGEST_DOT - _SMALLEST_DOT), dtype=np.float64)


def spread(centres: Sequence[float], widths: Sequence[float], gap: float, room: float) -> list[float]:
    """Move labels as little as possible (least squares) so that they lie `gap` apart, between 0 and `room`."""
    if not centres:
        return []
    steps = [0.0, *((a + b) / 2 + gap for a, b in pairwise(widths))]
    offsets = np.cumsum(steps)
    pools: list[tuple[float, int]] = []
    for wish in np.asarray(centres, dtype=float) - offsets:
        mean, count = float(wish), 1
        while pools and pools[-1][0] > mean:
            earlier, many = pools.pop()
            mean, count = (earlier * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    flat = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    flat = np.clip(flat, widths[0] / 2, max(room - widths[-1] / 2 - offsets[-1], widths[0] / 2))
    return [float(mean + offset) for mean, offset in zip(flat, offsets, strict=True)]


def _blocks(result: Table) -> list[Block]:
    names = list(dict.fromkeys([*result.meta.get("sources", {}), *result["source"]]))
    widths = _term_counts(result, names)
    gap = min(_GAP_TERMS, _GAP_SHARE * sum(widths))
    total = sum(widths) + gap * (len(names) - 1)
    colours = source_colours(names)
    blocks, at = [], 0.0
    per_term = (_BLOCKS_END - _BLOCKS_START) / total if total else 0.0
    for name, width in zip(names, widths, strict=True):
        start = _BLOCKS_START + at * per_term
        blocks.append(Block(name, start, start + width * per_term, colours[name]))
        at += width + gap
    return blocks


def _block_terms(result: Table, blocks: Sequence[Block]) -> Floats:
    return np.array(_term_counts(result, [block.source for block in blocks]))


def _term_counts(result: Table, names: Sequence[str]) -> list[float]:
    stated = result.meta.get("sources", {})
    order, source = _source_order(result), result["source"]
    seen = [float(order[source == name].max(initial=1)) for name in names]
    return [
        max(float(stated.get(name, {}).get("number_of_terms") or 0), least)
        for name, least in zip(names, seen, strict=True)
    ]


def _source_order(result: Table) -> Floats:
    if "source_order" in result:
        return np.asarray(result["source_order"], dtype=np.float64)
    order = np.zeros(len(result))
    for name in dict.fromkeys(result["source"]):
        ids = result["term_id"][result["source"] == name]
        rank = {term_id: i for i, term_id in enumerate(sorted(set(ids)), start=1)}
        order[result["source"] == name] = [rank[term_id] for term_id in ids]
    return order
