"""The arithmetic of FsF scores: tests to metrics, metrics to principles, categories and one score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lifenode.registry.findings import Outcome

CATEGORIES = ("F", "A", "I", "R")


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one test, and what it is worth."""

    outcome: Outcome
    score: float
    maturity: int


@dataclass(frozen=True, slots=True)
class Metric:
    """The score of one metric.

    Attributes
    ----------
    identifier
        Such as ``FsF-F1-01MD``.
    earned, total
        Points earned, and points that could be earned in the tests that could be assessed.
    maturity
        0 incomplete, 1 initial, 2 moderate, 3 advanced.
    points
        Points of the metric if everything could be assessed.
    """

    identifier: str
    earned: float
    total: float
    maturity: int
    points: float

    @property
    def principle(self) -> str:
        """Such as ``F1`` or ``R1.3``."""
        return self.identifier.split("-")[1]

    @property
    def outcome(self) -> Outcome:
        """Whether anything was earned, or could be assessed at all."""
        if not self.total:
            return "not assessable"
        return "pass" if self.earned else "fail"


def score_metric(identifier: str, mechanism: str, points: float, tests: Sequence[Answer]) -> Metric:
    """Return the score of a metric from its tests.

    Parameters
    ----------
    identifier
        Of the metric.
    mechanism
        ``cumulative``: points of the tests add up. ``alternative``: the best test counts, save that halves of a
        point add up to the whole (F1-02MD).
    points
        Points of the metric.
    tests
        Its tests.

    Notes
    -----
    A test that cannot be assessed takes its points out of ``total``; in an alternative metric only as far as no
    test that was assessed reaches them.
    """
    known = [test for test in tests if test.outcome != "not assessable"]
    adds = mechanism == "cumulative" or max((test.score for test in tests), default=0.0) < points
    worth = sum if adds else _most
    earned = min(worth([test.score for test in known if test.outcome == "pass"]), points)
    reachable = min(worth([test.score for test in known]), points)
    maturity = max((test.maturity for test in known if test.outcome == "pass"), default=0)
    return Metric(identifier, earned, reachable, maturity, points)


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def summarise(metrics: Iterable[Metric]) -> Mapping[str, Any]:
    """Return points, percent and maturity by category and principle, and of all (``FAIR``).

    Returns
    -------
    Mapping
        ``score_earned``, ``score_total``, ``score_percent`` (100 earned / total, two digits), ``maturity``,
        ``status_passed`` and ``status_total`` by category, principle and ``FAIR``. Metrics that cannot be assessed
        are in none of them, but in ``not_assessed`` with the points they would bring; ``range`` has the percent if
        all of those failed and if all passed.

    Notes
    -----
    The maturity of a category is the rounded mean of its metrics, and 1 where that mean lies between 0 and 1; that
    of FAIR is the mean of the four categories, 0 for a category without a metric, and 1 where it lies between 0
    and 1. Rounding is to even, as in F-UJI.
    """
    every = list(metrics)
    known = [metric for metric in every if metric.total]
    groups: dict[str, list[Metric]] = {}
    for metric in known:
        for key in dict.fromkeys((metric.principle[0], metric.principle)):
            groups.setdefault(key, []).append(metric)
    summary: dict[str, Any] = {
        "score_earned": {key: sum((one.earned for one in group), 0.0) for key, group in groups.items()},
        "score_total": {key: sum((one.total for one in group), 0.0) for key, group in groups.items()},
        "maturity": {key: _maturity([one.maturity for one in group]) for key, group in groups.items()},
        "status_passed": {key: sum(one.earned > 0 for one in group) for key, group in groups.items()},
        "status_total": {key: len(group) for key, group in groups.items()},
    }
    for name in ("score_earned", "score_total", "status_passed", "status_total"):
        summary[name]["FAIR"] = sum(summary[name].get(category, 0) for category in CATEGORIES)
    mean = sum(summary["maturity"].get(category, 0) for category in CATEGORIES) / len(CATEGORIES)
    summary["maturity"]["FAIR"] = 1 if 0 < mean < 1 else mean
    totals = summary["score_total"]
    summary["score_percent"] = {
        key: percent(earned, totals[key]) for key, earned in summary["score_earned"].items() if totals[key]
    }
    open_points = sum(metric.points - metric.total for metric in every)
    earned, total = summary["score_earned"]["FAIR"], totals["FAIR"]
    summary["not_assessed"] = {
        "metrics": [metric.identifier for metric in every if not metric.total],
        "points": open_points,
        "of": sum(metric.points for metric in every),
    }
    if total + open_points:
        summary["range"] = [percent(one, total + open_points) for one in (earned, earned + open_points)]
    return summary


def percent(earned: float, total: float) -> float:
    """Return ``earned`` of ``total`` in percent with two digits."""
    return round(100.0 * earned / total, 2)


def _maturity(values: Sequence[int]) -> int:
    mean = sum(values) / len(values)
    return 1 if 0 < mean < 1 else round(mean)
