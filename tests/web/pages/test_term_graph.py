"""The picture of a term's neighbourhood: nothing overlaps, every line ends where it should."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from lifenode.enrichment.about_term import Context, TermName, context_of, find_term
from lifenode.packs.pack import open_pack
from lifenode.web.pages.term_graph import WIDTH, Box, Graph, draw

TERMS = ["GO:0006954", "GO:0043123", "GO:0008150", "GO:0005515", "HP:0002719", "GO:0045893", "GO:1902531"]


def context(term_id: str) -> Context:
    """Return the neighbourhood of a human term."""
    pack = open_pack("hsapiens")
    return context_of(pack, find_term(pack, term_id))


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share a place."""
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@pytest.fixture(params=TERMS)
def drawn(request: pytest.FixtureRequest) -> tuple[Context, Graph]:
    """Some terms, with few and many neighbours."""
    found = context(request.param)
    return found, draw(found)


def test_every_term_is_drawn_once_and_inside(drawn: tuple[Context, Graph]) -> None:
    found, graph = drawn
    expected = [one.term_id for one in (*found.above, *found.children)]
    assert sorted(box.term.term_id for box in graph.boxes) == sorted(expected)
    for box in graph.boxes:
        assert box.x >= 0
        assert box.x + box.width <= graph.width
        assert box.y + box.height <= graph.height
    assert [box.term.term_id for box in graph.boxes if box.here] == [found.above[-1].term_id]


def test_no_boxes_overlap(drawn: tuple[Context, Graph]) -> None:
    assert not [pair for pair in combinations(drawn[1].boxes, 2) if overlap(*pair)]


def test_broader_terms_stand_higher_and_lines_join_them(drawn: tuple[Context, Graph]) -> None:
    found, graph = drawn
    box = {one.term.term_id: one for one in graph.boxes}
    expected = set()
    for edge in found.edges:
        low, high = box[found.above[edge.low].term_id], box[found.above[edge.high].term_id]
        assert high.y + high.height < low.y
        expected.add(((low.x + WIDTH / 2, low.y), (high.x + WIDTH / 2, high.y + high.height)))
    ends = set()
    for line in graph.lines[: len(found.edges)]:
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", line.path)]
        ends.add(((numbers[0], numbers[1]), (numbers[-2], numbers[-1])))
    assert ends == expected


def test_the_longest_way_runs_down_the_left_side(drawn: tuple[Context, Graph]) -> None:
    _, graph = drawn
    above = [box for box in graph.boxes if not box.below]
    rows = {box.y for box in above}
    assert {box.y for box in above if box.x == 1} == rows


def test_narrower_terms_stand_below(drawn: tuple[Context, Graph]) -> None:
    _, graph = drawn
    (here,) = [box for box in graph.boxes if box.here]
    assert all(box.y > here.y + here.height for box in graph.boxes if box.below)


def test_a_term_alone_is_a_box() -> None:
    graph = draw(Context((TermName("X:1", "alone", 3),), (), (), 0, 0))
    assert len(graph.boxes) == 1
    assert graph.lines == ()
