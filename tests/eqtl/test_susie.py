"""Fine-mapping: recorded values, simulated causal variants, laws, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from lifenode.eqtl import SusieResult, coloc_susie, ld_inconsistency, susie_rss
from lifenode.eqtl.susie_effect import maximise, single_effect
from lifenode.errors import BadTable, InvalidOption
from tests.eqtl.locus import Floats, drawn, drawn_samples, reference, reference_ld
from tests.oracles import eqtl_values as recorded


def z_of(data: dict[str, Any]) -> Floats:
    return np.asarray(np.asarray(data["beta"]) / np.sqrt(data["varbeta"]), dtype=np.float64)


def mapped(data: dict[str, Any], **options: Any) -> SusieResult:
    return susie_rss(z_of(data), data["LD"], data["N"], snp=data["snp"], **options)


# Recorded values


def test_the_vignette(shared_data: Path) -> None:
    data = reference(shared_data)
    results = {name: mapped({**data[name], "LD": reference_ld(shared_data, name)}) for name in ("D3", "D4")}
    for name, sets in (("D3", recorded.SUSIE_D3), ("D4", recorded.SUSIE_D4)):
        result = results[name]
        assert result.converged
        assert len(result.credible_sets) == len(sets)
        for found, (variants, log10_bf, mean_r2, min_r2) in zip(result.credible_sets, sets, strict=True):
            assert sorted(result.snp[found.indices]) == sorted(f"s{at}" for at in variants)
            assert found.log10_bf == pytest.approx(log10_bf, abs=1e-6)
            assert (found.mean_abs_corr**2, found.min_abs_corr**2) == pytest.approx((mean_r2, min_r2), abs=1e-6)
        for at, pip in recorded.SUSIE_PIP[name].items():
            assert result.pip[at - 1] == pytest.approx(pip, abs=1e-6)
    table = coloc_susie(results["D3"], results["D4"])
    for row, (hit_1, hit_2, expected) in zip(table, recorded.COLOC_SUSIE, strict=True):
        assert (row["hit_1"], row["hit_2"]) == (hit_1, hit_2)
        assert [row[f"pp_h{h}"] for h in range(5)] == pytest.approx(expected, rel=1e-6)


def test_the_data_of_susie(shared_data: Path) -> None:
    data = np.load(shared_data / "eqtl/susieR/N3finemapping_Y1_summary.npz")
    result = susie_rss(
        data["bhat"] / data["shat"], data["R"], int(data["n"]), shat=data["shat"], var_y=float(data["var_y"]),
        estimate_residual_variance=True,
    )  # fmt: skip
    assert result.pip == pytest.approx(data["pip_python"], abs=1e-6)
    assert result.alpha == pytest.approx(data["alpha_python"], abs=1e-6)
    assert result.lbf_variable == pytest.approx(data["lbf_variable_python"], abs=1e-6)
    assert result.residual_variance == pytest.approx(float(data["sigma2_python"]), rel=1e-6)
    causal = np.flatnonzero(data["true_coef"])
    assert all(np.isin(causal, found.indices).sum() == 1 for found in result.credible_sets)
    assert [len(found.indices) for found in result.credible_sets] == [2, 1, 27]
    assert [found.coverage for found in result.credible_sets] == pytest.approx(
        [0.9988858, 0.9998236, 0.9539811], abs=1e-6
    )
    assert [found.min_abs_corr for found in result.credible_sets] == pytest.approx([0.9815726, 1, 0.8686309], abs=1e-6)
    # Effects per allele.
    assert result.posterior_mean[652] == pytest.approx(data["true_coef"][652], abs=3 * result.posterior_sd[652])


# Laws


def test_one_effect_is_the_bayes_factor_of_each_variant() -> None:
    data = drawn(1)
    result = mapped(data, L=1, estimate_prior_variance=False)
    n, z = 500, z_of(data)
    adjusted = z * np.sqrt((n - 1) / (z**2 + n - 2))
    prior, variance = 0.2, 1 / (n - 1)
    expected = 0.5 * (np.log(variance / (variance + prior)) + adjusted**2 * prior / (prior + variance))
    assert result.lbf_variable[0] == pytest.approx(expected)
    assert result.alpha.sum() == pytest.approx(1)
    assert result.pip == pytest.approx(result.alpha[0])


@given(st.integers(0, 10_000), st.floats(0.02, 0.5))
@settings(deadline=None, max_examples=25)
def test_laws(seed: int, effect: float) -> None:
    data = drawn(seed, effect=effect)
    result = mapped(data)
    assert result.alpha.sum(axis=1) == pytest.approx(np.ones(10))
    assert ((result.pip >= 0) & (result.pip <= 1)).all()
    assert (np.diff(result.elbo) > -1e-6).all()
    assert (result.lbf_variable[result.prior_variance == 0] == 0).all()
    for found in result.credible_sets:
        assert found.coverage >= 0.95
        assert found.coverage - result.alpha[found.effect - 1][found.indices[-1]] < 0.95
    # Another order, and the other allele of some variants.
    order = np.random.default_rng(seed).permutation(40)
    flip = np.where(np.arange(40) % 3 == 0, -1.0, 1.0)
    other = susie_rss((z_of(data) * flip)[order], (data["LD"] * np.outer(flip, flip))[np.ix_(order, order)], 500)
    assert other.pip == pytest.approx(result.pip[order], abs=1e-4)
    assert other.posterior_mean == pytest.approx((result.posterior_mean * flip)[order], abs=1e-4)


def test_two_causal_variants_are_told_apart() -> None:
    genotypes, trait = drawn_samples(5, 60, 10, 0.5, 1000)
    trait = trait + 0.5 * genotypes[:, 45]
    centred = (genotypes - genotypes.mean(axis=0)) / genotypes.std(axis=0)
    y = (trait - trait.mean()) / trait.std()
    r = centred.T @ y / 1000
    z = r * np.sqrt(998 / (1 - r**2))
    result = susie_rss(z, np.corrcoef(genotypes.T), 1000)
    sets = [set(found.indices.tolist()) for found in result.credible_sets]
    assert len(sets) == 2
    assert any(10 in found for found in sets)
    assert any(45 in found for found in sets)
    # The sum of the effects is close to least squares on the two causal variants.
    effects = np.linalg.lstsq(centred[:, [10, 45]], y, rcond=None)[0]
    assert np.sort(result.posterior_mean[[10, 45]]) == pytest.approx(np.sort(effects), rel=0.3)
    estimated = susie_rss(z, np.corrcoef(genotypes.T), 1000, estimate_residual_variance=True)
    fitted = y - centred[:, [10, 45]] @ effects
    assert estimated.residual_variance == pytest.approx(fitted @ fitted / 1000, rel=0.02)


def test_without_n_and_with_weights() -> None:
    data = drawn(1)
    large = susie_rss(z_of(data), data["LD"], 10**9)
    unknown = susie_rss(z_of(data), data["LD"])
    assert unknown.pip == pytest.approx(large.pip, abs=1e-4)
    weights = np.ones(40)
    weights[7] = 0
    result = mapped(data, prior_weights=weights)
    assert result.pip[7] == 0
    assert mapped(data, prior_weights=np.full(40, 3)).pip == pytest.approx(mapped(data).pip)


def test_ld_of_others_is_noticed_and_mended() -> None:
    data = drawn(1, effect=0.8)
    assert ld_inconsistency(z_of(data), data["LD"], 500) < 0.1
    wrong = z_of(data) * np.where(np.arange(40) == 8, -1, 1)
    found = ld_inconsistency(wrong, data["LD"], 500)
    assert found > 0.2
    assert susie_rss(wrong, data["LD"], 500, regularise="auto").meta["regularise"] == pytest.approx(found)
    strong = susie_rss(wrong, data["LD"], 500, regularise=1.0)
    assert strong.pip == pytest.approx(susie_rss(wrong, np.eye(40), 500, min_abs_corr=0).pip)


def test_what_does_not_converge_is_said() -> None:
    result = mapped(drawn(1), max_iter=1)
    assert not result.converged
    assert "not converged after max_iter = 1 rounds" in result.notes[0]
    assert "not converged" in repr(result)
    impure = mapped(drawn(1, effect=0.15), min_abs_corr=1.0, coverage=0.999)
    assert any("left out: least |r| below 1" in note for note in impure.notes)


def test_the_result_as_tables() -> None:
    result = mapped(drawn(1))
    assert repr(result).startswith("SusieResult: 40 variants, 1 credible set, converged after ")
    row = result.table.to_dicts()[7]
    assert (row["snp"], row["credible_set"]) == ("rs7", 1)
    assert row["pip"] == result.pip[7]
    assert result.sets["lead"].tolist() == ["rs7"]
    assert result.sets["size"][0] == len(result.sets["variants"][0])
    nothing = mapped(drawn(1, effect=0))
    assert len(nothing.sets) == 0
    assert nothing.pip.tolist() == [0] * 40
    assert nothing.table["credible_set"].tolist() == [None] * 40


# Kernels


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (lambda x: -((x - 3) ** 2), -30, 15),
        (lambda x: -(abs(x - 1.25) ** 1.5), -30, 15),
        (lambda x: math.sin(x) - 0.01 * x * x, -2, 4),
        (lambda x: -math.cosh(x - 14.9), -30, 15),
        (lambda x: x, -30, 15),
    ],
)
def test_maximum(function: Any, low: float, high: float) -> None:
    expected = optimize.minimize_scalar(
        lambda x: -function(x), bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    assert maximise(function, low, high) == pytest.approx(expected.x, abs=2e-6)


def test_prior_variance_is_the_likeliest() -> None:
    estimate = np.random.default_rng(1).normal(0, 0.05, 200)
    estimate[9] = 0.6
    found = single_effect(estimate, 0.0025, np.full(200, -math.log(200)), 0.2, estimated=True)
    for factor in (0.5, 0.99, 1.01, 2):
        value = found.prior_variance * factor
        other = single_effect(estimate, 0.0025, np.full(200, -math.log(200)), value, estimated=False)
        assert other.lbf < found.lbf
    nothing = single_effect(estimate * 0.01, 0.0025, np.full(200, -math.log(200)), 0.2, estimated=True)
    assert nothing.prior_variance == 0
    assert nothing.lbf == pytest.approx(0)


# What is refused


def ld_with(row: int, column: int, value: float) -> Floats:
    ld = np.array(drawn(1)["LD"])
    ld[row, column] = value
    return ld


@pytest.mark.parametrize(
    ("ld", "said"),
    [
        (np.eye(39), "has shape"),
        (np.ones((40, 2)), "has shape"),
        (ld_with(3, 4, math.nan), r"is not finite at s4, s5 \(row 3, column 4\): nan"),
        (ld_with(3, 4, 1.5), "is no correlation at s4, s5"),
        (ld_with(3, 4, -0.9), "differs from its mirror image at s4, s5"),
        (ld_with(3, 3, 0.5), "should be 1 at s4, s4"),
        (pd.DataFrame(np.eye(40), columns=[f"s{at}" for at in range(40, 0, -1)]), "is in another order"),
    ],
)
def test_unusable_ld_is_refused(ld: Any, said: str) -> None:
    with pytest.raises(BadTable, match=f"The LD matrix {said}") as caught:
        susie_rss(np.arange(40.0), ld, 500)
    assert caught.value.next_step


def test_unusable_z_scores_are_refused() -> None:
    z = np.arange(40.0)
    z[5] = math.nan
    with pytest.raises(BadTable, match=r"z is nan at s6 \(row 5\)"):
        susie_rss(z, np.eye(40), 500)
    with pytest.raises(BadTable, match="z has 2 values for 3 variants"):
        susie_rss([1.0, 2.0], np.eye(3), 500, snp=["a", "b", "c"])
    with pytest.raises(BadTable, match="a more than once"):
        susie_rss([1.0, 2.0], np.eye(2), 500, snp=["a", "a"])


@pytest.mark.parametrize(
    "options",
    [
        {"n": 2}, {"n": math.nan}, {"L": 0}, {"L": 1.5}, {"coverage": 1.5}, {"min_abs_corr": -1}, {"tol": 0},
        {"scaled_prior_variance": 0}, {"residual_variance": -1}, {"max_iter": 0}, {"regularise": 2},
        {"regularise": "yes"}, {"prior_weights": [1, 2]}, {"prior_weights": [0, 0, 0]}, {"shat": [1, 1]},
        {"shat": [1, 1, 0]}, {"n": None, "estimate_residual_variance": True}, {"var_y": 0},
        {"L": "x"}, {"n": "x"}, {"z": "x"}, {"ld": "x"},
    ],
)  # fmt: skip
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        susie_rss(**{"z": [1.0, 2.0, 3.0], "ld": np.eye(3), "n": 100, **options})


def test_a_residual_variance_below_zero_is_refused() -> None:
    ld = np.array([[1, 0.99, -0.99], [0.99, 1, 0.99], [-0.99, 0.99, 1.0]])
    with pytest.raises(InvalidOption, match="residual variance was estimated to be negative"):
        susie_rss([30.0, 30.0, 30.0], ld, 200, estimate_residual_variance=True, max_iter=50)
