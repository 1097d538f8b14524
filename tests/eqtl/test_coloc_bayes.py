"""Log Bayes factors and sums on the log scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from lifenode.eqtl import lbf_from_estimates, lbf_from_p_values
from lifenode.eqtl.coloc_bayes import log_diff_exp, log_sum_exp, softmax, z_from_p
from lifenode.errors import InvalidOption

numbers = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)


@given(numbers)
def test_sums_agree_with_scipy(values: list[float]) -> None:
    assert float(log_sum_exp(values)) == pytest.approx(special.logsumexp(values), rel=1e-12, abs=1e-12)
    assert softmax(values) == pytest.approx(special.softmax(values), rel=1e-12, abs=1e-300)


def test_sums_of_nothing() -> None:
    assert log_sum_exp(np.zeros((2, 0))).tolist() == [-math.inf, -math.inf]
    assert log_sum_exp([-math.inf, -math.inf]) == -math.inf
    assert log_sum_exp([[0.0, 1.0], [800.0, -800.0]], axis=0) == pytest.approx([800.0, 1.0])


def test_differences() -> None:
    assert log_diff_exp([2.0, 1000.0], [1.0, 999.0]) == pytest.approx(
        [math.log(math.e**2 - math.e), 999 + math.log(math.e - 1)]
    )
    # Rounding may make the smaller the larger.
    assert log_diff_exp(1.0, 1.0 + 1e-15) == -math.inf


@given(st.floats(-3, 3), st.floats(0.01, 2), st.floats(0.1, 10))
def test_bayes_factor_is_a_ratio_of_normal_densities(beta: float, se: float, sdy: float) -> None:
    for kind, prior in (("quant", 0.15 * sdy), ("cc", 0.2)):
        with_effect = stats.norm.logpdf(beta, 0, math.hypot(se, prior))
        found = lbf_from_estimates([beta], [se], sdy=sdy, type=kind)  # type: ignore[arg-type]
        assert found[0] == pytest.approx(with_effect - stats.norm.logpdf(beta, 0, se), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("p", [1.0, 0.5, 0.05, 1e-8, 1e-100, 1e-300, 5e-324])
def test_z_of_a_p_value(p: float) -> None:
    expected = stats.norm.isf(p / 2) if p > 1e-320 else stats.norm.isf(p)
    assert z_from_p(np.array([p]))[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_p_values_and_estimates_agree() -> None:
    maf, n, z = 0.2, 400, 5.0
    p = math.erfc(z / math.sqrt(2))
    se = 1 / math.sqrt(2 * n * maf * (1 - maf))
    assert lbf_from_p_values([p], [maf], n) == pytest.approx(lbf_from_estimates([z * se], [se]))
    se /= math.sqrt(0.4 * 0.6)
    assert lbf_from_p_values([p], [maf], n, type="cc", s=0.4) == pytest.approx(
        lbf_from_estimates([z * se], [se], type="cc")
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"p_value": [0.0]}, "p_value cannot be 0"),
        ({"p_value": [1.1]}, "p_value cannot be 1.1"),
        ({"p_value": [math.nan]}, "p_value at index 0 cannot be nan"),
        ({"maf": [1.0]}, "maf cannot be 1"),
        ({"n": 0}, "n cannot be 0"),
        ({"type": "cc"}, "s cannot be None"),
        ({"type": "both"}, "type cannot be both"),
        ({"p_value": [0.1, 0.1], "maf": [0.1, 0.1, 0.1]}, "differ in length"),
    ],
)
def test_impossible_p_values_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidOption, match=said):
        lbf_from_p_values(**{"p_value": [0.1], "maf": [0.2], "n": 100, **changed})


def test_impossible_estimates_are_refused() -> None:
    with pytest.raises(InvalidOption, match="se cannot be 0"):
        lbf_from_estimates([1.0], [0.0])
    with pytest.raises(InvalidOption, match="prior_sd cannot be -1"):
        lbf_from_estimates([1.0], [1.0], prior_sd=-1)
