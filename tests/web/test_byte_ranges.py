"""Pieces of files: what a Range header means, by the rules of HTTP and against a slow reading of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.web.byte_ranges import MOST_RANGES, ranges_of


@pytest.mark.parametrize(
    ("header", "pieces"),
    [
        ("bytes=0-99", [(0, 99)]),
        ("bytes=990-", [(990, 999)]),
        ("bytes=-10", [(990, 999)]),
        ("bytes=-5000", [(0, 999)]),
        ("bytes=5-5000", [(5, 999)]),
        ("Bytes = 0-0 , 5-6", [(0, 0), (5, 6)]),
        ("bytes=2000-,0-0", [(0, 0)]),
        ("bytes=1000-", []),
        ("bytes=-0", []),
        ("", None),
        ("bytes", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=a-b", None),
        ("bytes=1-2,x", None),
        ("bytes=\u0661-2", None),
        ("rows=1-2", None),
        ("bytes=" + ",".join(["1-2"] * (MOST_RANGES + 1)), None),
    ],
)
def test_a_header_means_pieces_of_a_file_of_1000_bytes(header: str, pieces: list[tuple[int, int]] | None) -> None:
    assert ranges_of(header, 1000) == pieces


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=4), st.integers(0, 50))
def test_pieces_are_the_bytes_asked_for_that_exist(asked: list[tuple[int, int]], size: int) -> None:
    spans = [(min(pair), max(pair)) for pair in asked]
    found = ranges_of("bytes=" + ",".join(f"{first}-{last}" for first, last in spans), size)
    content = range(size)
    assert found is not None
    expected = [list(content[first : last + 1]) for first, last in spans]
    assert [list(content[first : last + 1]) for first, last in found] == [piece for piece in expected if piece]
