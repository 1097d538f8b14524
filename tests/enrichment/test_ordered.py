from __future__ import annotations

import itertools

import numpy as np
import pytest

from lifenode.enrichment.hypergeometric import upper_tail
from lifenode.enrichment.ordered import scan_probability


def best_prefix(order: tuple[int, ...], marked: int, length: int, domain: int) -> float:
    counts = np.cumsum(np.array(order[:length]) < marked)
    prefixes = np.arange(1, length + 1)
    return float(upper_tail(counts, marked, prefixes, domain).log10_p.min())


@pytest.mark.parametrize(("marked", "length", "domain"), [(2, 5, 7), (3, 4, 8), (4, 7, 7), (1, 6, 8), (5, 3, 8)])
def test_chance_of_the_best_prefix_by_enumerating_every_order(marked: int, length: int, domain: int) -> None:
    orders = list(itertools.permutations(range(domain), length))
    found = np.array([best_prefix(order, marked, length, domain) for order in orders])
    values = np.unique(found.round(9))
    sizes = [np.full(len(values), size) for size in (marked, length, domain)]
    expected = [float(np.mean(found <= value + 1e-9)) for value in values]
    assert scan_probability(values, *sizes) == pytest.approx(expected, rel=1e-9)


def test_scanning_never_makes_a_probability_smaller() -> None:
    rng = np.random.default_rng(1)
    marked = rng.integers(1, 400, 300)
    count = np.minimum(marked, rng.integers(1, 12, 300))
    prefix = np.maximum(count, rng.integers(1, 150, 300))
    tails = upper_tail(count, marked, prefix, 10_000)
    scanned = scan_probability(tails.log10_p, marked, np.full(300, 150), np.full(300, 10_000))
    assert (scanned >= tails.p * (1 - 1e-9)).all()
    assert (scanned <= 1.0).all()


def test_lists_of_different_lengths_do_not_disturb_each_other() -> None:
    tails = upper_tail([3, 5], [40, 90], [10, 60], [5_000, 8_000])
    together = scan_probability(tails.log10_p, np.array([40, 90]), np.array([10, 60]), np.array([5_000, 8_000]))
    for i, (marked, length, domain) in enumerate([(40, 10, 5_000), (90, 60, 8_000)]):
        alone = scan_probability(tails.log10_p[i : i + 1], np.array([marked]), np.array([length]), np.array([domain]))
        assert together[i] == alone[0]
