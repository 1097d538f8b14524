from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lifenode.enrichment.correction import (
    benjamini_hochberg,
    bonferroni,
    published_threshold,
    scale_to_threshold,
)

probabilities = st.lists(st.floats(1e-300, 1.0), min_size=1, max_size=60).map(np.array)


def test_benjamini_hochberg_by_hand() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert benjamini_hochberg(p, 4) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg(p, 8) == pytest.approx([0.04, 0.08, 0.08, 0.04])


@hypothesis_settings(max_examples=200, deadline=None)
@given(probabilities, st.integers(0, 500))
def test_full_family_equals_padding_with_ones(p: np.ndarray, untouched: int) -> None:
    padded = np.concatenate([p, np.ones(untouched)])
    assert benjamini_hochberg(p, len(padded)) == pytest.approx(benjamini_hochberg(padded, len(padded))[: len(p)])


@hypothesis_settings(max_examples=200, deadline=None)
@given(probabilities)
def test_adjusted_values_keep_the_order_and_never_fall_below_p(p: np.ndarray) -> None:
    for adjusted in (benjamini_hochberg(p, len(p)), bonferroni(p, len(p)), scale_to_threshold(p, 1e-4)):
        order = np.argsort(p, kind="stable")
        assert (np.diff(adjusted[order]) >= 0).all()
        assert (adjusted <= 1.0).all()
        assert (adjusted >= p * (1 - 1e-12)).all()


def test_the_threshold_itself_is_significant_and_the_next_double_is_not() -> None:
    for threshold in np.random.default_rng(1).uniform(1e-6, 1e-2, 500):
        p = np.array([threshold, np.nextafter(threshold, 1)])
        assert (scale_to_threshold(p, threshold) <= 0.05).tolist() == [True, False]


@pytest.mark.parametrize(
    ("quantile", "published"),
    [
        (2 / 17516, 1.15e-4),
        (0.0011048, 0.00111),
        (0.0010536, 0.00106),
        (0.0039193, 0.00392),
        (2.65e-5, 2.7e-5),
        (5.61e-5, 5.7e-5),
        (1.15e-4, 1.15e-4),
        (0.0, 0.0),
    ],
)
def test_published_rounding(quantile: float, published: float) -> None:
    assert published_threshold(quantile) == pytest.approx(published, rel=1e-12)
