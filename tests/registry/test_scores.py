from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lifenode.registry.findings import Outcome
from lifenode.registry.scores import CATEGORIES, Answer, Metric, score_metric, summarise

OUTCOMES: list[Outcome] = ["pass", "fail", "not assessable"]
METRICS = st.builds(
    lambda key, points, earned, known, maturity: Metric(
        f"FsF-{key}-01M", min(earned, points) if known else 0.0, points if known else 0.0, maturity, points
    ),
    st.sampled_from(["F1", "F2", "A1", "A1.1", "I1", "R1", "R1.3"]),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    st.booleans(),
    st.integers(0, 3),
)


def test_the_published_summary(shared_data: Path) -> None:
    expected = json.loads((shared_data / "training" / "fair" / "fuji_expected_summary.json").read_bytes())
    # Points, of how many, and maturity of the 16 metrics; only their sums are published.
    rows = {
        "F": [(1, 1, 3), (1, 1, 3), (1, 2, 1), (1, 1, 3), (2, 2, 2)],
        "A": [(1, 1, 3), (1, 1, 3), (0, 1, 0)],
        "I": [(2, 2, 3), (1, 1, 3), (1, 1, 3)],
        "R": [(1, 4, 1), (2, 2, 3), (1, 2, 3), (1, 1, 1), (0, 1, 0)],
    }
    metrics = [
        Metric(f"FsF-{key}{number}-01M", earned, total, maturity, total)
        for key, group in rows.items()
        for number, (earned, total, maturity) in enumerate(group)
    ]
    found = summarise(metrics)
    for name in ("score_earned", "score_total", "score_percent", "maturity"):
        assert {key: found[name][key] for key in expected[name]} == expected[name], name
    assert found["status_total"]["FAIR"] == expected["status_total"]["FAIR"]
    assert sum(metric.earned > 0 for metric in metrics) == found["status_passed"]["FAIR"]


def test_rounding_is_that_of_python() -> None:
    def maturity(*values: int) -> float:
        found: float = summarise([Metric("FsF-F1-01M", 1.0, 1.0, value, 1.0) for value in values])["maturity"]["F"]
        return found

    assert (maturity(2, 3), maturity(1, 2), maturity(0, 1), maturity(0, 0)) == (2, 2, 1, 0)


@given(st.lists(METRICS, max_size=12))
def test_what_cannot_be_assessed_is_neither_earned_nor_lost(metrics: list[Metric]) -> None:
    known = [metric for metric in metrics if metric.total]
    found, without = summarise(metrics), summarise(known)
    assert found["score_percent"] == without["score_percent"]
    assert found["maturity"] == without["maturity"]
    assert found["not_assessed"]["points"] == sum(m.points for m in metrics) - sum(m.total for m in known)
    assert found["score_earned"]["FAIR"] == sum(found["score_earned"].get(key, 0) for key in CATEGORIES)
    if "FAIR" in found["score_percent"]:
        low, high = found["range"]
        assert low <= found["score_percent"]["FAIR"] <= high


@given(
    st.sampled_from(["cumulative", "alternative"]),
    st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from([0.0, 0.5, 1.0])), min_size=1),
)
def test_a_metric_earns_no_more_than_it_could(mechanism: str, given_: list[tuple[Outcome, float]]) -> None:
    tests = [Answer(outcome, score, 1) for outcome, score in given_]
    metric = score_metric("FsF-F1-01M", mechanism, 1.0, tests)
    assert 0 <= metric.earned <= metric.total <= metric.points


def test_halves_of_a_point_add_up() -> None:
    tests = [Answer("pass", 0.5, 1), Answer("not assessable", 0.5, 3)]
    metric = score_metric("FsF-F1-02MD", "alternative", 1.0, tests)
    assert (metric.earned, metric.total, metric.maturity) == (0.5, 0.5, 1)
    both = score_metric("FsF-F1-02MD", "alternative", 1.0, [Answer("pass", 0.5, 1), Answer("pass", 0.5, 3)])
    assert (both.earned, both.total, both.maturity) == (1.0, 1.0, 3)


def test_the_better_of_two_alternatives_counts() -> None:
    tests = [Answer("pass", 2.0, 2), Answer("not assessable", 2.0, 3)]
    metric = score_metric("FsF-I1-01M", "alternative", 2.0, tests)
    assert (metric.earned, metric.total) == (2.0, 2.0)
    assert score_metric("FsF-I1-01M", "alternative", 2.0, tests[1:]).outcome == "not assessable"
