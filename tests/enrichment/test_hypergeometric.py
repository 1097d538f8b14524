from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lifenode.enrichment import engine
from lifenode.enrichment.factorials import factorials
from lifenode.enrichment.hypergeometric import lower_tail, upper_tail
from tests.oracles import exact

# Exact values rounded to a double: P[X >= k] with K marked and n drawn of N.
VECTORS = [
    (10, 200, 100, 20000, 6.327509782074238e-08),
    (60, 200, 100, 20000, 5.78280965501917e-97),
    (0, 15, 300, 18000, 1.0),
    (5, 5, 5, 5000, 3.8476899947624605e-17),
    (30, 1500, 400, 20000, 0.5278391537271784),
    (3, 3, 10, 10, 1.0),
    # MSigDB Hallmark inflammatory response against the human tables of November 2023.
    (70, 545, 199, 17041, 4.37e-54),
    (22, 44, 183, 11181, 2.17e-28),
]


@pytest.fixture(params=["numpy", "numba"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LIFENODE_KERNELS", request.param)
    engine.reset()
    yield request.param
    monkeypatch.undo()
    engine.reset()


def random_tables(count: int, seed: int, largest: int) -> np.ndarray:
    """Return (k, K, n, N) rows: a third anywhere, the rest like real terms and lists, near and far from the mean."""
    rng = np.random.default_rng(seed)
    rows = []
    for index in range(count):
        domain = int(rng.integers(1, largest))
        anywhere = index % 3 == 0
        marked = int(rng.integers(0, domain + 1)) if anywhere else min(domain, int(rng.integers(1, 600)))
        drawn = int(rng.integers(0, domain + 1)) if anywhere else min(domain, int(rng.integers(1, 1000)))
        low, high = max(0, drawn + marked - domain), min(marked, drawn)
        mean = marked * drawn / domain
        near = int(mean + rng.normal(0, 4) * (1 + mean**0.5))
        k = min(high, max(low, near)) if index % 2 else int(rng.integers(low, high + 1))
        rows.append((k, marked, drawn, domain))
    return np.array(rows, dtype=np.int64)


@pytest.mark.parametrize(("k", "marked", "drawn", "domain", "expected"), VECTORS)
def test_reference_vectors(kernels: str, k: int, marked: int, drawn: int, domain: int, expected: float) -> None:
    tolerance = 1e-12 if len(repr(expected)) > 10 else 2e-3
    assert upper_tail(k, marked, drawn, domain).p[0] == pytest.approx(expected, rel=tolerance)


@pytest.mark.parametrize("kernels", ["numba"], indirect=True)
def test_ten_thousand_random_tables_against_exact_rationals(kernels: str) -> None:
    rows = random_tables(10_000, seed=7, largest=2_500)
    for tail, oracle in ((upper_tail, exact.upper_tail), (lower_tail, exact.lower_tail)):
        got = tail(*rows.T)
        errors = [
            exact.relative_error(float(m), int(e), oracle(*row.tolist()))
            for m, e, row in zip(got.mantissa, got.exponent, rows, strict=True)
        ]
        assert max(errors) <= 1e-12


@pytest.mark.parametrize("kernels", ["numba"], indirect=True)
def test_genome_sized_tables_against_exact_rationals(kernels: str) -> None:
    rows = random_tables(150, seed=11, largest=22_000)
    got = upper_tail(*rows.T)
    for m, e, row in zip(got.mantissa, got.exponent, rows, strict=True):
        assert exact.relative_error(float(m), int(e), exact.upper_tail(*row.tolist())) <= 1e-12


def test_no_underflow_far_below_the_smallest_double(kernels: str) -> None:
    tails = upper_tail([120, 400, 1000], [120, 400, 1000], [300, 900, 3000], [20_000, 20_000, 20_000])
    for index, (marked, drawn) in enumerate([(120, 300), (400, 900), (1000, 3000)]):
        oracle = exact.upper_tail(marked, marked, drawn, 20_000)
        assert exact.relative_error(float(tails.mantissa[index]), int(tails.exponent[index]), oracle) <= 1e-12
    assert tails.p[0] > 0.0
    assert tails.p[2] == 0.0
    assert tails.log10_p[2] == pytest.approx(log10_of(exact.upper_tail(1000, 1000, 3000, 20_000)), rel=1e-12)


def log10_of(value: Fraction) -> float:
    shift = value.denominator.bit_length() - value.numerator.bit_length()
    return float(np.log10(float(value * 2**shift)) - shift * np.log10(2.0))


def test_both_implementations_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = random_tables(3_000, seed=3, largest=20_000)
    outcomes = []
    for choice in ("numpy", "numba"):
        monkeypatch.setenv("LIFENODE_KERNELS", choice)
        engine.reset()
        tails = upper_tail(*rows.T)
        outcomes.append((tails.mantissa.tobytes(), tails.exponent.tobytes()))
    monkeypatch.undo()
    engine.reset()
    assert outcomes[0] == outcomes[1]


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    domain = draw(st.integers(1, 3000))
    marked = draw(st.integers(0, domain))
    drawn = draw(st.integers(0, domain))
    return draw(st.integers(max(0, drawn + marked - domain), min(marked, drawn))), marked, drawn, domain


@hypothesis_settings(max_examples=300, deadline=None)
@given(tables())
def test_tails_are_probabilities_and_complement_each_other(table: tuple[int, int, int, int]) -> None:
    k, marked, drawn, domain = table
    upper, lower = upper_tail(k, marked, drawn, domain).p[0], lower_tail(k, marked, drawn, domain).p[0]
    assert 0.0 <= upper <= 1.0
    assert np.isfinite(upper_tail(k, marked, drawn, domain).log10_p[0])
    assert 0.0 <= lower <= 1.0
    assert upper + lower >= 1.0 - 1e-12
    if k < min(marked, drawn):
        assert lower + upper_tail(k + 1, marked, drawn, domain).p[0] == pytest.approx(1.0, abs=1e-12)
    # Exchanging list and term does not change the test.
    assert upper_tail(k, drawn, marked, domain).p[0] == pytest.approx(upper, rel=1e-12, abs=1e-307)


def test_factorials_are_correctly_rounded() -> None:
    mantissas, exponents = factorials(5_000)
    product = 1
    for n in range(5_001):
        product *= max(n, 1)
        if n % 250 == 0 or n < 40:
            exact_mantissa = Fraction(product, 2 ** int(exponents[n]))
            assert Fraction(1, 2) <= exact_mantissa < 1
            assert float(exact_mantissa) == mantissas[n]


def test_growing_the_factorials_does_not_change_them() -> None:
    before = factorials(100)[0][:101].copy()
    assert (factorials(70_000)[0][:101] == before).all()
