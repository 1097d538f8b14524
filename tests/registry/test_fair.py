"""The assessment of a page, and what changes in it when a page changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifenode.registry import fair_checker, fsf
from lifenode.registry.badge import badge
from lifenode.registry.fair import assess, changes
from lifenode.registry.graph import read_page
from lifenode.registry.statements import Page, Statement
from lifenode.registry.tables import table
from tests.registry.pages import URL, changed, example

LICENCE_TESTS = {"FsF-R1.1-01M-1", "R1.1", "A1.2", "Dataset.license"}


def test_every_test_of_the_table_is_answered() -> None:
    assert [row["test"] for row in table("fsf.tsv")] == list(fsf.TESTS)
    points = {row["metric"]: float(row["total"]) for row in table("fsf.tsv")}
    assert (len(points), sum(points.values())) == (17, 26)


def test_each_pass_rests_on_a_line_that_holds_it() -> None:
    page = example()
    lines = Path(__file__).parents[2].joinpath("examples", "dataset_page.html").read_text(encoding="utf-8").split("\n")
    rows = [row for row in assess(page) if row["outcome"] == "pass" and row["line"]]
    assert len(rows) > 25
    for row in rows:
        stated = lines[row["line"] - 1]
        name, _, value = row["evidence"].partition(" ")
        node = "{" in stated or value.startswith("_:")
        assert node or value.split("/")[-1].split(":")[-1][:20] in stated, row
        assert name.split(":")[-1] in stated or name == "rdf:type" or "rel=" in stated, row


def test_every_failure_says_what_to_do() -> None:
    for row in assess(read_page(b"<html><p>nothing</p></html>", "file:///x", known_url=False)):
        assert row["outcome"] in ("fail", "not assessable")
        assert row["evidence"]
        assert row["fix"]


def test_without_the_licence_only_the_licence_tests_change() -> None:
    found = changed(example(), example(without="creativecommons"))
    assert found == LICENCE_TESTS


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ('"datePublished"', {"FsF-F2-01M-2", "FsF-F2-01M-3", "Dataset.datePublished"}),
        ("conformsTo", {"FsF-R1.3-01M-1", "Dataset.conformsTo"}),
        ('"encodingFormat"', {"FsF-R1.3-02D-1"}),
        ('"keywords"', {"FsF-F2-01M-3", "Dataset.keywords"}),
        ('"identifier"', {"FsF-F1-02MD-1", "FsF-F1-02MD-2", "F1B", "Dataset.identifier"}),
    ],
)
def test_a_change_is_seen_where_it_belongs_and_nowhere_else(without: str, expected: set[str]) -> None:
    # F2-01M fails already for the publisher; it is there in both pages to see the change.
    def with_publisher(page: Page) -> Page:
        more = Statement(URL, "http://schema.org/publisher", "us", "text", "json-ld", 1)
        return Page(page.url, (*page.statements, more))

    found = changed(with_publisher(example()), with_publisher(dropped(without)))
    assert found <= expected | {f"Dataset.{without.strip(chr(34))}"}
    assert {name for name in expected if name.startswith("FsF")} <= found


def dropped(predicate: str) -> Page:
    """Return the example without what a line states, its commas kept whole."""
    name = predicate.strip('"')
    page = example()
    return Page(page.url, tuple(one for one in page.statements if name not in one.predicate))


def test_not_assessable_is_not_zero() -> None:
    meta = assess(example()).meta
    assert meta["fair_checker"]["not_assessed"] == ["F1A", "A1.1"]
    assert meta["fair_checker"]["of"] == 20
    assert meta["fsf"]["score_total"]["FAIR"] + meta["fsf"]["not_assessed"]["points"] == 26
    fetched = assess(example(status=200)).meta
    assert fetched["fair_checker"]["of"] == 24
    assert fetched["fair_checker"]["points"] == meta["fair_checker"]["points"] + 4
    assert fetched["fsf"]["score_total"]["FAIR"] == meta["fsf"]["score_total"]["FAIR"] + 1
    lost = assess(example(status=404)).meta
    assert lost["fair_checker"]["points"] == meta["fair_checker"]["points"]


def test_the_same_page_gives_the_same_bytes_and_no_changes() -> None:
    first, second = (assess(example()).to_json() for _ in range(2))
    assert first == second
    assert changes(json.loads(first), json.loads(second)) == []
    later = json.loads(assess(example(without="creativecommons")).to_json())
    assert {one["test"] for one in changes(json.loads(first), later)} == LICENCE_TESTS


def test_fair_checker_of_a_real_page(shared_data: Path) -> None:
    path = shared_data / "training" / "tess" / "rdf_extractors" / "galaxy-training-network-tutorial.html"
    points = {name: one.points for name, one in fair_checker.check(read_page(path.read_bytes(), URL)).items()}
    assert points == {
        "F1A": None, "F1B": 2, "F2A": 1, "F2B": 2, "A1.1": None, "A1.2": 2, "I1": 1, "I2": 2, "I3": 2, "R1.1": 2,
        "R1.2": 2, "R1.3": 2,
    }  # fmt: skip


def test_the_sums_of_the_published_matrix_can_be_reached(shared_data: Path) -> None:
    lines = (shared_data / "training" / "fair" / "fair_checker_cdr_matrix.csv").read_text().strip().split("\n")
    assert lines[0].split(",")[1:] == list(fair_checker.METRICS)
    rows = {tuple(line.split(",")[1:]) for line in lines[1:]}
    bare = fair_checker.check(read_page(b"<p>x</p>", URL, status=200))
    assert tuple(str(one.points) for one in bare.values()) in rows
    tags = fair_checker.check(read_page(b'<meta property="og:title" content="x">', URL, status=200))
    assert tuple(str(one.points) for one in tags.values()) in rows


def test_the_badge_says_what_could_not_be_assessed() -> None:
    drawn = badge(assess(example()).meta)
    assert "83 % (19.5 of 23.5)" in drawn
    assert "2.5 of 26 points could not be assessed" in drawn
    nothing = badge(assess(read_page(b"<p>x</p>", URL)).meta)
    assert "#b3261e" in nothing
