"""The Manhattan picture of a page: marks whose place is a share of the width, so that dots and letters keep their size.

Only the places are made here; `manhattan.html` writes them as SVG. Across, everything is a percentage of the field's
width, which may be any; downwards it is CSS pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from lifenode.enrichment.manhattan_layout import AXIS, Block, Facet, Layout, spread
from lifenode.enrichment.manhattan_pins import Pinned, pin_targets, place_pins
from lifenode.enrichment.manhattan_words import cap_note, p_text
from lifenode.table import Table
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.numbers import count

_HEIGHTS = {1: 300.0, 2: 220.0}
_LOW = 180.0
_TOP = 16.0
_BELOW = 30.0
_STRIP = 5.0
# Pins and labels are set for this width, which is that of a desk; they hold their distance to their dots at any other.
_NOMINAL = 800.0
_PIN = 8.5
_PIXELS_PER_POINT = 1.25
_LETTER = 6.6
_MOST_FAINT = 3_000


class Dot(NamedTuple):
    """One term."""

    row: int
    x: float
    y: float
    radius: float
    source_class: str
    label: str
    first: bool


class Pin(NamedTuple):
    """A number beside its dot, from whose centre it keeps away by so many pixels."""

    number: int
    row: int
    x: float
    y: float
    right: float
    down: float


class Strip(NamedTuple):
    """A source beneath the axis."""

    x: float
    width: float
    source_class: str
    label: str
    label_x: float


class Field(NamedTuple):
    """All marks of one list."""

    query: str
    height: float
    base: float
    ticks: list[tuple[float, str]]
    cap: tuple[float, str] | None
    strips: list[Strip]
    faint: list[Dot]
    faint_left_out: int
    dots: list[Dot]
    pins: list[Pin]


def fields_of(result: Table, layout: Layout, pinned: Sequence[Pinned]) -> list[Field]:
    """Return the picture of each list of a result."""
    classes = source_classes([block.source for block in layout.blocks])
    plot = _HEIGHTS.get(len(layout.facets), _LOW)
    return [_field(result, layout, facet, pinned, classes, plot) for facet in layout.facets]


def _field(
    result: Table, layout: Layout, facet: Facet, pinned: Sequence[Pinned], classes: Mapping[str, str], plot: float
) -> Field:
    scale = layout.scale
    base = _TOP + plot

    def down(height: Any) -> Any:
        return base - height / scale.top * plot

    across = _across(facet.x)
    y = down(facet.y)
    radius = facet.size / 2 * _PIXELS_PER_POINT
    order = np.argsort(facet.x, kind="stable")
    strongest = int(np.argmax(np.where(facet.significant, facet.height, -1.0))) if len(facet.rows) else -1
    names = [classes[block.source] for block in layout.blocks]

    def dot(place: int) -> Dot:
        row = int(facet.rows[place])
        label = _label(result, row, float(facet.height[place])) if facet.significant[place] else ""
        return Dot(
            row, float(across[place]), float(y[place]), float(radius[place]), names[facet.block[place]], label,
            place == strongest,
        )  # fmt: skip

    faint = [int(place) for place in order if not facet.significant[place]]
    kept = sorted(sorted(faint, key=lambda place: -facet.height[place])[:_MOST_FAINT])
    return Field(
        query=facet.query,
        height=base + _BELOW,
        base=base,
        ticks=[(float(down(tick)), f"{tick:g}") for tick in scale.ticks],
        cap=None
        if scale.cap is None or not facet.above(scale.cap)
        else (float(down(scale.cap)), cap_note(facet, scale.cap)),
        strips=_strips(layout.blocks, facet, names),
        faint=[dot(place) for place in kept],
        faint_left_out=len(faint) - len(kept),
        dots=[dot(int(place)) for place in order if facet.significant[place]],
        pins=_pins(facet, pinned, across, y, radius, base),
    )


def _across(x: Any) -> Any:
    """Return places on the axis as percent of the width."""
    return (x - AXIS[0]) / (AXIS[1] - AXIS[0]) * 100


def _strips(blocks: Sequence[Block], facet: Facet, names: Sequence[str]) -> list[Strip]:
    labels = [f"{block.source} {count(facet.count(place))}" for place, block in enumerate(blocks)]
    middles = [float(_across(block.middle)) * _NOMINAL / 100 for block in blocks]
    set_apart = spread(middles, [len(label) * _LETTER for label in labels], 8.0, _NOMINAL)
    return [
        Strip(
            float(_across(block.start)), float(_across(block.end) - _across(block.start)), names[place], labels[place],
            set_apart[place] / _NOMINAL * 100,
        )
        for place, block in enumerate(blocks)
    ]  # fmt: skip


def _pins(facet: Facet, pinned: Sequence[Pinned], across: Any, y: Any, radius: Any, base: float) -> list[Pin]:
    numbers, targets = pin_targets(facet, pinned)
    if not targets:
        return []
    # Pins are placed with the second coordinate upwards.
    dots = np.column_stack([across * _NOMINAL / 100, -y])
    box = (0.0, -base, _NOMINAL, 0.0)
    centres = place_pins(dots, radius, targets, _PIN, box)
    return [
        Pin(
            number, int(facet.rows[target]), float(across[target]), float(y[target]), x - float(dots[target, 0]),
            -height - float(y[target]),
        )
        for number, target, (x, height) in zip(numbers, targets, centres, strict=True)
    ]  # fmt: skip


def _label(result: Table, row: int, height: float) -> str:
    name = result["name"][row] or result["term_id"][row]
    p = p_text(float(result["p_value"][row]), height)
    shared, size = int(result["intersection_size"][row]), int(result["query_size"][row])
    return (
        f"{name}; {result['source'][row]} {result['term_id'][row]}; p adjusted {p}; "
        f"{count(shared)} of {count(size)} genes of the list; {count(int(result['term_size'][row]))} in the term"
    )
