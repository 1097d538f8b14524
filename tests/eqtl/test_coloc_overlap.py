"""CLPP and credible sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.eqtl import clpp, credible_set, susie_rss
from lifenode.errors import InvalidOption
from tests.eqtl.locus import drawn


def test_clpp() -> None:
    assert clpp([0.2, 0.8], [0.5, 0.5]) == pytest.approx(0.5)
    assert clpp({"rs1": 0.2, "rs2": 0.8}, {"rs2": 1.0, "rs9": 0.4}) == pytest.approx(0.8)
    assert clpp({"rs1": 0.2}, {"rs2": 1.0}) == 0
    a = drawn(1)
    result = susie_rss(a["beta"] / np.sqrt(a["varbeta"]), a["LD"], 500, snp=a["snp"])
    assert clpp(result, {"rs7": 1.0}) == pytest.approx(float(result.pip[7]))


@pytest.mark.parametrize(
    ("one", "other"),
    [([0.1], [0.1, 0.2]), ([1.2], [0.1]), ([np.nan], [0.1]), ({"a": 2.0}, {"b": 0.1}), ({"a": 0.1}, [1])],
)
def test_impossible_probabilities_are_refused(one: Any, other: Any) -> None:
    with pytest.raises(InvalidOption):
        clpp(one, other)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda p: sum(p) > 1e-3), st.floats(0.01, 1))
def test_a_credible_set_is_the_smallest_that_covers(values: list[float], coverage: float) -> None:
    pip = np.array(values)
    chosen = credible_set(pip, coverage=coverage, normalise=True)
    share = pip / pip.sum()
    assert share[chosen].sum() >= coverage - 1e-9
    assert share[chosen[:-1]].sum() < coverage + 1e-12  # sums round differently by their order
    assert (np.diff(share[chosen]) <= 0).all()
    assert len(set(chosen.tolist())) == len(chosen)


def test_what_is_not_one_signal_is_refused() -> None:
    with pytest.raises(InvalidOption, match=r"sum to 1\.91"):
        credible_set([0.99, 0.92])
    with pytest.raises(InvalidOption, match=r"sum to 0\.05"):
        credible_set([0.03, 0.02])
    with pytest.raises(InvalidOption, match="sum to 0 "):
        credible_set([0.0], normalise=True)
    with pytest.raises(InvalidOption, match="coverage cannot be 0"):
        credible_set([1.0], coverage=0)
    with pytest.raises(InvalidOption, match="at index 1"):
        credible_set([1.0, -0.5])


def test_sets_of_the_catalogue_that_are_no_sets(shared_data: Path) -> None:
    path = shared_data / "eqtl/susie/gentropy/QTD000584.credible_sets.tsv"
    table = pl.read_csv(path, separator="\t", null_values="NA")
    refused = 0
    for (_, _), rows in table.group_by("cs_id", "molecular_trait_id"):
        try:
            credible_set(rows["pip"].to_numpy())
        except InvalidOption:
            refused += 1
    assert refused > 0
