from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.enrichment.manhattan_layout import choose_scale, dot_size, heights, lay_out, nice_step, spread
from lifenode.enrichment.manhattan_pins import MOST_PINS, choose_pins, pin_targets, place_pins
from lifenode.enrichment.palette import SOURCE_COLOURS, SPARE_COLOURS, source_colours
from lifenode.errors import UnknownTerm
from tests.enrichment.small_result import TERMS, result_of, term, typical

finite = st.floats(0, 400, allow_nan=False)


def test_blocks_have_the_geometry_of_the_reference_picture() -> None:
    blocks = lay_out(result_of([])).blocks
    unit = (200 - 2) / (sum(TERMS.values()) + 1000 * (len(TERMS) - 1))
    assert [block.source for block in blocks] == list(TERMS)
    assert blocks[0].start == 2
    assert blocks[-1].end == pytest.approx(200)
    assert [block.end - block.start for block in blocks] == pytest.approx([count * unit for count in TERMS.values()])
    assert blocks[1].start - blocks[0].end == pytest.approx(1000 * unit)
    assert [block.colour for block in blocks] == [SOURCE_COLOURS[source] for source in TERMS]


def test_gaps_do_not_dwarf_small_collections() -> None:
    first, second = lay_out(result_of([], terms={"mine": 50, "yours": 50})).blocks
    assert second.start - first.end == pytest.approx((first.end - first.start) * 0.06)
    assert first.colour != second.colour


def test_dots_lie_at_their_order_in_the_source() -> None:
    layout = lay_out(result_of([term("GO:MF", 1, 2), term("WP", 992, 3), term("WP", 1, 4)]))
    (facet,) = layout.facets
    mf, wp = layout.blocks[0], layout.blocks[4]
    half = (mf.end - mf.start) / 5028 / 2
    assert facet.x == pytest.approx([mf.start + half, wp.end - half, wp.start + half])
    assert facet.y == pytest.approx([2, 3, 4])
    assert [facet.count(i) for i in range(6)] == [1, 0, 0, 0, 2, 0]


def test_sources_that_meta_does_not_know_and_orders_that_are_missing_are_made_up_for() -> None:
    rows = [term("own", 7, 2), term("own", 3, 2.5)]
    layout = lay_out(result_of(rows, terms={}, without=["source_order"]))
    (block,) = layout.blocks
    assert (block.start, block.end) == (2, 200)
    assert layout.facets[0].x.tolist() == pytest.approx([150.5, 51.5])


def test_terms_with_p_of_one_have_no_dot() -> None:
    assert len(lay_out(result_of([term("WP", 1, 0.0), term("WP", 2, 0.1)])).facets[0].rows) == 1


def test_dot_sizes() -> None:
    sizes = dot_size(np.array([1, 224, 50_000, 90_000]))
    assert sizes == pytest.approx([2, 6, 10, 10], abs=0.01)


def test_p_that_underflows_keeps_its_height() -> None:
    rows = [term("WP", 1, 0, p_value=0.0, log10_p=-400.0), term("WP", 2, 50), term("HP", 3, 0, p_value=0.0)]
    # Beside it the correction adds three orders of magnitude; where nothing can be told, none.
    assert heights(result_of(rows)) == pytest.approx([397, 50, 3])
    assert heights(result_of(rows, without=["log10_p"])) == pytest.approx([323.3, 50, 323.3])


def test_recorded_logarithms_are_preferred() -> None:
    table = result_of([term("WP", 1, 5)])
    table._data["log10_p_value"] = np.array([-500.0])
    assert heights(table).tolist() == [500]


@pytest.mark.parametrize(
    ("values", "cap"),
    [
        ([2.0, 3.0, 15.9], None),
        ([2.0, 3.0, 300.0], 16),
        ([280.0, 300.0], None),
        ([50.0], None),
        ([*np.linspace(1.3, 20, 95), 50.0, 60.0, 70.0], 30),
    ],
)
def test_the_axis_is_capped_where_the_data_need_it(values: list[float], cap: float | None) -> None:
    data = np.array(values)
    assert choose_scale(data, data).cap == cap


@given(st.lists(finite, max_size=60))
def test_every_scale_shows_every_dot(values: list[float]) -> None:
    data = np.array(values, dtype=float)
    scale = choose_scale(data[data > 1.3], data)
    drawn = scale.drawn(data)
    assert (drawn <= scale.top).all()
    assert 3 <= len(scale.ticks) <= 11
    assert max(scale.ticks) <= scale.top
    if scale.cap is not None:
        assert scale.cap >= 16
        assert scale.cap in scale.ticks
        assert (drawn[data > scale.cap] > scale.cap).all()
        assert (data > scale.cap).sum() <= 0.05 * len(data) + 1
    assert (drawn[data <= (scale.cap or math.inf)] == data[data <= (scale.cap or math.inf)]).all()


@pytest.mark.parametrize(("top", "step"), [(3, 1), (8, 2), (16, 2), (40, 10), (90, 20), (350, 50)])
def test_nice_steps(top: float, step: float) -> None:
    assert nice_step(top) == step


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 75)), min_size=1, max_size=12))
def test_spread_labels_do_not_overlap_and_stay_in_the_picture(labels: list[tuple[float, float]]) -> None:
    labels.sort()
    centres, widths = [c for c, _ in labels], [w for _, w in labels]
    moved = spread(centres, widths, 5, 1000)
    room = [b - a - (v + w) / 2 for a, b, v, w in zip(moved, moved[1:], widths, widths[1:], strict=False)]
    assert all(gap >= 5 - 1e-6 for gap in room)
    assert moved[0] >= widths[0] / 2 - 1e-6
    assert moved[-1] <= 1000 - widths[-1] / 2 + 1e-6
    assert spread(moved, widths, 5, 1000) == pytest.approx(moved)
    assert spread([], [], 5, 1000) == []


@given(st.integers(0, 2**32 - 1), st.integers(1, MOST_PINS))
def test_pins_never_cover_their_own_dot_or_each_other(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    dots = rng.random((300, 2)) * [640, 250]
    radii = rng.uniform(1, 5, 300)
    targets = rng.choice(300, count, replace=False).tolist()
    note = (500.0, 255.0, 640.0, 270.0)
    centres = np.array(place_pins(dots, radii, targets, 7, (0, 0, 640, 280), [note]))
    gaps = np.hypot(*(centres - dots[targets]).T)
    assert (gaps >= radii[targets] + 7).all()
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    assert (apart[~np.eye(count, dtype=bool)] >= 14).all()
    assert ((centres >= 7) & (centres <= [633, 273])).all()
    assert not ((centres[:, 0] > note[0] - 7) & (centres[:, 1] > note[1] - 7)).any()


def test_the_strongest_of_every_source_and_list_are_numbered() -> None:
    table = result_of(
        [*typical(1, "up"), *typical(2, "down"), term("HP", 5, 1.4, query="weak")], queries=["up", "down"]
    )
    layout = lay_out(table)
    pinned = choose_pins(table, layout)
    assert [pin.number for pin in pinned] == list(range(1, len(pinned) + 1))
    assert {pin.source for pin in pinned} == set(TERMS)
    assert {query for pin in pinned for query in pin.rows} == {"up", "down", "weak"}
    assert len(pinned) <= MOST_PINS
    strongest = [max(heights(table)[row] for row in pin.rows.values()) for pin in pinned]
    assert strongest == sorted(strongest, reverse=True)
    numbers, dots = pin_targets(layout.facets[0], pinned)
    assert [int(layout.facets[0].rows[dot]) for dot in dots] == [pinned[n - 1].rows["up"] for n in numbers]


def test_drivers_are_numbered_where_a_source_has_them() -> None:
    rows = [
        term("GO:BP", 1, 50),
        term("GO:BP", 2, 40, highlighted=True),
        term("REAC", 3, 30),
        term("GO:BP", 4, 20, highlighted=True),
    ]
    table = result_of(rows)
    assert [pin.term_id for pin in choose_pins(table, lay_out(table))] == ["GO:BP:00002", "REAC:00003", "GO:BP:00004"]


def test_asked_for_terms_are_numbered() -> None:
    table = result_of([term("WP", 1, 9), term("WP", 2, 8), term("WP", 3, 0.5)])
    layout = lay_out(table)
    assert [pin.term_id for pin in choose_pins(table, layout, ["WP:00003", "WP:00002"])] == ["WP:00002", "WP:00003"]
    assert choose_pins(table, layout, []) == []
    with pytest.raises(UnknownTerm, match="Did you mean WP:00002"):
        choose_pins(table, layout, ["WP:0002"])


def test_colours_are_fixed_for_known_sources_and_distinct_for_others() -> None:
    assert source_colours(["a", "HPA", "b", "a"]) == {
        "HPA": SOURCE_COLOURS["HPA"],
        "a": SPARE_COLOURS[1],
        "b": SPARE_COLOURS[2],
    }
    assert len(set(source_colours(map(str, range(20))).values())) == len(SPARE_COLOURS)
