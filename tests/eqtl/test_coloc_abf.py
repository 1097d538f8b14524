"""Colocalisation of two traits: recorded values, laws, and what the result offers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.eqtl import ColocResult, coloc, finemap
from lifenode.eqtl.coloc_dataset import dataset_of
from lifenode.errors import BadTable, InvalidOption
from lifenode.table import Column, Table
from tests.eqtl.locus import drawn, reference
from tests.oracles import coloc_enumeration
from tests.oracles import eqtl_values as recorded

EXAMPLES = Path(__file__).parents[2] / "examples"


def close(value: object, rel: float = 1e-6) -> Any:
    return pytest.approx(value, rel=rel, abs=1e-300)


# Recorded values


def test_posteriors_of_the_vignette(shared_data: Path) -> None:
    data = reference(shared_data)
    for (one, other), expected in recorded.VIGNETTE.items():
        result = coloc(data[one], data[other])
        assert result.nsnps == 500
        assert result.posteriors.tolist() == close(expected, 1e-12)


def test_variants_of_the_vignette(shared_data: Path) -> None:
    data = reference(shared_data)
    table = coloc(data["D1"], data["D2"]).table
    at = {name: row for row, name in enumerate(table["snp"])}
    for name, expected in recorded.VIGNETTE_TOP.items():
        found = [table[column][at[name]] for column in ("lbf_1", "lbf_2", "snp_pp_h4")]
        assert found == close(expected)
        assert table["lbf_sum"][at[name]] == close(sum(expected[:2]))
        assert found == [table[column][at[name]] for column in ("lABF.df1", "lABF.df2", "SNP.PP.H4")]
    for trait, expected in recorded.VIGNETTE_S105.items():
        assert [table[f"{name}.df{trait}"][at["s105"]] for name in ("V", "z", "r")] == close(expected)


def test_standard_deviation_of_a_trait_is_estimated(shared_data: Path) -> None:
    for name, found in reference(shared_data).items():
        dataset = dataset_of({key: value for key, value in found.items() if key != "sdY"})
        assert dataset.sdy == close(recorded.SDY[name], 1e-12)
        assert "sdY estimated" in dataset.notes[0]


def test_finemapping_of_the_vignette(shared_data: Path) -> None:
    table = finemap(reference(shared_data)["D1"])
    rows = {row["snp"]: row for row in table.to_dicts()}
    assert [rows["s21"][name] for name in ("v", "z", "r", "lbf", "pp")] == close(recorded.FINEMAP_S21)
    for name, expected in recorded.FINEMAP.items():
        assert (rows[name]["lbf"], rows[name]["pp"]) == close(expected)
    assert rows["null"]["prior"] == pytest.approx(0.95)
    assert math.fsum(table["pp"]) == pytest.approx(1)


def hmgcr(samples: int = 440_546) -> ColocResult:
    eqtl = pl.read_csv(EXAMPLES / "hmgcr_muscle_eqtl.tsv.gz", separator="\t")
    gwas = pl.read_csv(EXAMPLES / "hmgcr_ldl_gwas.tsv.gz", separator="\t")
    first = {**eqtl.to_dict(), "type": "quant", "N": 288}
    return coloc(first, {**gwas.to_dict(), "type": "quant", "N": samples})


def test_the_real_locus_of_hmgcr() -> None:
    nsnps, *expected = recorded.HMGCR
    result = hmgcr()
    assert result.nsnps == nsnps
    assert [result.pp_h2, result.pp_h3, result.pp_h4] == close(expected)
    # Its peak has a Bayes factor beyond what a double holds.
    assert result.table["lbf_2"].max() > 709
    assert [result.pp_h0, result.pp_h1] == pytest.approx([0, 0], abs=1e-100)
    assert hmgcr(100_000).pp_h4 == pytest.approx(result.pp_h4, abs=1e-4)


# Laws


lbfs = st.lists(st.tuples(st.floats(-3, 60), st.floats(-3, 60)), min_size=1, max_size=8)
priors = st.floats(1e-8, 0.05)


def with_lbf(values: list[float]) -> dict[str, Any]:
    """Return a data set with these ln Bayes factors: W = V = 1, so that ln ABF = (z² / 2 - ln 2) / 2."""
    z = np.sqrt(2 * (2 * np.array(values) + np.log(2)) * (2 * np.array(values) > -np.log(2)))
    return {"snp": range(len(values)), "beta": z, "varbeta": np.ones(len(z)), "type": "quant", "sdY": 1 / 0.15}


@given(lbfs, priors, priors, priors)
@settings(deadline=None)
def test_agrees_with_enumeration(pairs: list[tuple[float, float]], p1: float, p2: float, p12: float) -> None:
    first, second = with_lbf([one for one, _ in pairs]), with_lbf([other for _, other in pairs])
    result = coloc(first, second, p1=p1, p2=p2, p12=p12)
    expected = coloc_enumeration.posteriors(result.table["lbf_1"], result.table["lbf_2"], *result.priors)
    # H3 is a difference: where one variant is all there is, rounding of S1 S2 remains, times p1 p2 / p12.
    assert result.posteriors.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12 * (1 + p1 * p2 / p12))


@given(st.integers(0, 10_000), priors, priors, priors)
@settings(deadline=None, max_examples=40)
def test_laws(seed: int, p1: float, p2: float, p12: float) -> None:
    a, b = drawn(seed), drawn(seed + 1, causal=seed % 40)
    result = coloc(a, b, p1=p1, p2=p2, p12=p12)
    assert math.fsum(result.posteriors) == pytest.approx(1)
    assert math.fsum(result.table["snp_pp_h4"]) == pytest.approx(1)
    swapped = coloc(b, a, p1=p2, p2=p1, p12=p12)
    assert swapped.posteriors[[0, 2, 1, 3, 4]].tolist() == close(result.posteriors.tolist(), 1e-9)
    order = np.random.default_rng(seed).permutation(40)
    mixed = {key: np.asarray(b[key])[order] for key in ("snp", "beta", "varbeta")} | {"type": "quant", "sdY": b["sdY"]}
    assert coloc(a, mixed, p1=p1, p2=p2, p12=p12).posteriors.tolist() == close(result.posteriors.tolist(), 1e-9)
    flip = np.where(np.random.default_rng(seed).random(40) < 0.5, -1, 1)
    flipped = [{**one, "beta": one["beta"] * flip} for one in (a, b)]
    assert coloc(*flipped, p1=p1, p2=p2, p12=p12).posteriors.tolist() == result.posteriors.tolist()


def test_what_the_data_say_is_found() -> None:
    assert coloc(drawn(1), drawn(2)).pp_h4 > 0.9
    assert coloc(drawn(1), drawn(2, causal=30, effect=0.7)).pp_h3 > 0.9
    assert coloc(drawn(1), drawn(2, effect=0)).pp_h1 > 0.5
    assert coloc(drawn(1, effect=0), drawn(2, effect=0)).pp_h0 > 0.5


# Forms, priors, weights


def test_forms_of_a_data_set_agree() -> None:
    a, b = drawn(3), drawn(4)
    columns = {key: a[key] for key in ("snp", "beta", "varbeta", "MAF", "position")}
    expected = coloc(a, b).posteriors.tolist()
    frame = pl.DataFrame(columns).with_columns(type=pl.lit("quant"), sdY=pl.lit(a["sdY"]))
    table = Table([Column(name, "number", "") for name in ("beta", "varbeta", "sdY")], frame.to_dict(), {}, 40)
    named = {**{name: table[name] for name in table.column_names}, "variant": frame["snp"], "type": "quant"}
    for form in (frame, frame.to_pandas(), frame.to_arrow(), frame.to_dict(), named):
        assert coloc(form, b).posteriors.tolist() == expected
    se = {**a, "se": np.sqrt(a["varbeta"])}
    del se["varbeta"]
    assert coloc(se, b).posteriors.tolist() == close(expected, 1e-12)


def test_p_values_are_nearly_as_good() -> None:
    a, b = drawn(3), drawn(4)
    z = a["beta"] / np.sqrt(a["varbeta"])
    p = [math.erfc(abs(value) / math.sqrt(2)) for value in z.tolist()]
    given_p = {"snp": a["snp"], "pvalues": p, "MAF": a["MAF"], "N": 500, "type": "quant"}
    result = coloc(given_p, b)
    assert result.table["z_1"] == pytest.approx(np.abs(z), rel=1e-9)
    assert result.pp_h4 == pytest.approx(coloc(a, b).pp_h4, abs=0.02)
    assert "p-values" in result.notes[0]
    shares = coloc({**given_p, "type": "cc", "s": 0.3}, b)
    assert shares.table["V.df1"] == pytest.approx(result.table["V.df1"] / 0.21)


def test_priors_that_expect_more_than_one_variant_are_lowered() -> None:
    result = coloc(drawn(1), drawn(2), p1=0.05, p2=0.001, p12=0.03)
    assert list(result.priors) == [1 / 41, 0.001, 1 / 41]
    assert any("p1 lowered to 1/41" in note for note in result.notes)


def test_weights_move_the_posterior() -> None:
    a, b = drawn(1), drawn(2)
    plain = coloc(a, b)
    assert coloc(a, b, weights_a=np.full(40, 3.0)).posteriors.tolist() == close(plain.posteriors.tolist(), 1e-12)
    away = np.ones(40)
    away[5:10] = 1e-6
    assert coloc(a, b, weights_a=away).pp_h4 < plain.pp_h4
    # Brute force: priors of each variant scaled by their weights.
    weights = np.random.default_rng(1).uniform(0, 2, 40)
    result = coloc(a, b, weights_a=weights, weights_b=weights[::-1])
    shift1, shift2 = np.log(weights / weights.mean()), np.log(weights[::-1] / weights.mean())
    lbf1, lbf2 = plain.table["lbf_1"] + shift1, plain.table["lbf_2"] + shift2
    assert result.posteriors.tolist() == close(coloc_enumeration.posteriors(lbf1, lbf2, *result.priors), 1e-9)


# The result


def test_sensitivity() -> None:
    result = coloc(drawn(1), drawn(2))
    table = result.sensitivity()
    assert len(table) == 100
    assert (table["p12"][0], table["p12"][-1]) == close((1e-8, 1e-4))
    assert (np.diff(table["pp_h4"]) > 0).all()
    at = result.sensitivity([result.priors.p12], threshold=result.pp_h4)
    assert [at[f"pp_h{h}"][0] for h in range(5)] == result.posteriors.tolist()
    assert at["supported"].tolist() == [True]
    again = coloc(drawn(1), drawn(2), p12=5e-8)
    assert result.sensitivity(5e-8)["pp_h3"][0] == pytest.approx(again.pp_h3)
    prior = sum(table[f"prior_h{h}"] for h in range(5))
    assert prior == pytest.approx(np.ones(100))
    assert np.isnan(coloc(drawn(1), drawn(2), p1=0.02, p2=0.02).sensitivity()["prior_h0"]).all()
    for wrong in (0, 1, [1e-5, math.nan]):
        with pytest.raises(InvalidOption, match="p12 cannot be"):
            result.sensitivity(wrong)
    with pytest.raises(InvalidOption, match="threshold cannot be"):
        result.sensitivity(threshold=1.5)


def test_the_result_reads_well() -> None:
    result = hmgcr()
    lines = repr(result).split("\n")
    assert lines[0] == "ColocResult: 1,003 variants, likeliest H4: both have one, and it is the same"
    assert lines[5].split() == ["H4", "0.989", "both", "have", "one,", "and", "it", "is", "the", "same"]
    assert "the likeliest variant is 5:75512412" in lines[6]
    assert result.summary()["PP.H4.abf"] == result.pp_h4
    assert result.credible_set()["snp_pp_h4"].sum() >= 0.95
    assert result.table.column_names[:3] == ("snp", "position", "z_1")
    assert math.fsum((result.pp_h0, result.pp_h1, result.pp_h2, result.pp_h3, result.pp_h4)) == pytest.approx(1)


# What is refused


def changed(**fields: Any) -> dict[str, Any]:
    found = {**drawn(1), **fields}
    return {key: value for key, value in found.items() if value is not None}


def row(field: str, value: float, at: int = 3) -> dict[str, Any]:
    values = np.array(drawn(1)[field], dtype=np.float64)
    values[at] = value
    return changed(**{field: values})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (changed(snp=None), "has no column snp"),
        (changed(snp=["rs0", "rs0", *drawn(1)["snp"][2:]]), r"has rs0 more than once \(1 repeated rows\)"),
        (changed(snp=["rs0", None, *drawn(1)["snp"][2:]]), "has no snp in row 1"),
        (changed(snp=[]), "has no variants"),
        (changed(type=None), "has no type"),
        (changed(type="binary"), "has the type binary"),
        (changed(type=["quant"] * 39 + ["cc"]), "has several values of type"),
        (changed(beta=None), "has no effects"),
        (changed(varbeta=None), "has no effects"),
        (changed(sdY=None, N=None), "has neither sdY nor MAF and N"),
        (changed(sdY=0), "has sdy = 0 at rs0"),
        (changed(beta=["x"] * 40), "has a beta that is no number"),
        (changed(beta=np.zeros(39)), "has 39 values of beta for 40 variants"),
        (row("beta", math.nan), r"has beta = nan at rs3 \(row 3\)"),
        (row("varbeta", 0), r"has varbeta = 0 at rs3 \(row 3\)"),
        (row("varbeta", -1), "has varbeta = -1"),
        (row("varbeta", math.inf), "has varbeta = inf"),
        (row("position", math.nan), "has position = nan"),
        ({**row("MAF", 0), "sdY": None}, "has maf = 0 at rs3"),
        (changed(beta=None, pvalues=np.zeros(40)), "has pvalues = 0 at rs0 .* and 39 more rows"),
        (changed(beta=None, pvalues=np.full(40, 0.1), type="cc"), "has no s"),
        (changed(beta=None, pvalues=np.full(40, 0.1), type="cc", s=1), "has s = 1"),
        ("rs1 rs2", "is a str"),
        (changed(snp=5), "has 40 values of varbeta for 1 variants"),
        (changed(type=1), "has the type 1"),
        (row("beta", 1e200), "has z = 1.* at rs3"),
        (row("varbeta", 1e-250), "has se = 1e-125 at rs3"),
    ],
)
def test_unusable_data_sets_are_refused(given: Any, said: str) -> None:
    with pytest.raises(BadTable, match=f"The second data set {said}") as caught:
        coloc(drawn(1), given)
    assert caught.value.next_step


def test_data_sets_that_name_variants_differently_are_refused() -> None:
    other = {**drawn(2), "snp": [f"chr1:{at}" for at in range(40)]}
    with pytest.raises(BadTable, match="The first names variants as rs0, the second as chr1:0"):
        coloc(drawn(1), other)


@pytest.mark.parametrize(
    "options", [{"p1": 0}, {"p2": 1}, {"p12": math.nan}, {"weights_a": [1]}, {"p1": "x"}, {"weights_a": ["x"] * 40}]
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        coloc(drawn(1), drawn(2), **options)
    for weights in (np.full(40, -1.0), np.full(40, math.nan), np.zeros(40)):
        with pytest.raises(InvalidOption, match="weights_b has a value"):
            coloc(drawn(1), drawn(2), weights_b=weights)
