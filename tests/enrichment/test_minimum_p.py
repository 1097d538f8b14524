from __future__ import annotations

import itertools

import numpy as np
import pytest

from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.hypergeometric import lower_tail, upper_tail
from lifenode.enrichment.membership import Membership
from lifenode.enrichment.minimum_p import null_minima, thresholds


def membership(genes: int, terms: int, seed: int) -> Membership:
    rng = np.random.default_rng(seed)
    sizes = np.clip((rng.pareto(0.8, terms) * 2 + 1).astype(int), 1, genes // 2)
    gene = np.concatenate([rng.choice(genes, size, replace=False) for size in sizes])
    return Membership.from_pairs(gene, np.repeat(np.arange(terms), sizes), genes)


def minima(ordered: bool, over: bool, draws: int = 300) -> bytes:
    return null_minima(membership(900, 200, 5), [1, 7, 30], draws=draws, seed=4, ordered=ordered, over=over).tobytes()


@pytest.mark.parametrize(("ordered", "over"), [(False, True), (True, True), (False, False)])
def test_both_implementations_draw_the_same_lists(ordered: bool, over: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = []
    for choice in ("numpy", "numba"):
        monkeypatch.setenv("LIFENODE_KERNELS", choice)
        engine.reset()
        outcomes.append(minima(ordered, over))
    monkeypatch.undo()
    engine.reset()
    assert outcomes[0] == outcomes[1]


def test_draws_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    numba = pytest.importorskip("numba")
    monkeypatch.setenv("LIFENODE_KERNELS", "numba")
    engine.reset()
    before = numba.get_num_threads()
    outcomes = set()
    for threads in {1, min(2, before)}:
        numba.set_num_threads(threads)
        outcomes.add(minima(False, True, draws=1000))
    numba.set_num_threads(before)
    monkeypatch.undo()
    engine.reset()
    assert len(outcomes) == 1


@pytest.mark.parametrize("over", [True, False])
def test_threshold_is_the_exact_one_of_a_small_world(over: bool) -> None:
    """In a world of 12 genes every list of 4 can be enumerated."""
    rng = np.random.default_rng(2)
    members = [np.flatnonzero(rng.random(12) < share) for share in (0.2, 0.3, 0.5, 0.5, 0.7, 0.4)]
    gene, term = np.concatenate(members), np.repeat(np.arange(6), [len(m) for m in members])
    tail = upper_tail if over else lower_tail
    smallest = []
    for drawn in itertools.combinations(range(12), 4):
        counts = [len(set(drawn) & set(m.tolist())) for m in members]
        smallest.append(tail(counts, [len(m) for m in members], 4, 12).p.min())
    ascending = np.sort(smallest)
    allowed = [v for v in np.unique(ascending) if np.mean(ascending <= v * (1 + 1e-12)) <= 0.05]
    found = thresholds(Membership.from_pairs(gene, term, 12), [4], draws=40_000, seed=1, over=over)[0]
    if allowed:
        assert found.value == pytest.approx(max(allowed), rel=1e-9)
    else:
        assert found.value < ascending[0]
    assert found.probability <= 0.05


def test_ties_do_not_break_the_promise() -> None:
    """One value reached by 28 % of the lists must not become the threshold."""
    gene = np.arange(60)
    term = np.repeat(np.arange(20), 3)
    found = thresholds(Membership.from_pairs(gene, term, 200), [10], draws=20_000, seed=1)[0]
    pairs = upper_tail(2, 3, 10, 200).p[0]
    triples = upper_tail(3, 3, 10, 200).p[0]
    assert found.quantile == pytest.approx(pairs, rel=1e-9)
    assert found.value == pytest.approx(triples, rel=1e-9)


def test_a_list_size_at_which_nothing_can_be_significant() -> None:
    found = thresholds(Membership.from_pairs(np.arange(50), np.arange(50) // 10, 50), [1], draws=2_000, seed=1)[0]
    assert found.value < upper_tail(1, 10, 1, 50).p[0]
    assert found.probability == 0.0


def test_terms_with_the_same_genes_are_one() -> None:
    merged = Membership.from_pairs(np.array([0, 1, 0, 1, 2]), np.array([0, 0, 1, 1, 2]), 4)
    assert sorted(merged.term_sizes.tolist()) == [1, 2]


def test_critical_counts_agree_with_a_search_by_hand() -> None:
    sizes = np.array([1, 2, 10, 60, 190])
    for over in (True, False):
        table = minimum_p._critical_counts(sizes, 200, np.array([5, 50]), np.array([1e-3, 1e-2]), over=over)
        for row, (n, level) in enumerate([(5, 1e-3), (50, 1e-2)]):
            for column, size in enumerate(sizes.tolist()):
                possible = range(max(0, n + size - 200), min(size, n) + 1)
                tail = upper_tail if over else lower_tail
                small = [k for k in possible if tail(k, size, n, 200).p[0] <= level]
                if over:
                    assert table[row, column] == (min(small) if small else 65_535)
                else:
                    assert table[row, column] == (max(small) + 1 if small else 0)
