"""Colocalisation of signals: the eQTL Catalogue's tutorial, many pairs at once, and distant peaks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.eqtl import Signals, bf_bf, coloc, coloc_many, coloc_susie, susie_rss
from lifenode.eqtl.coloc_kernel import log_product_sums, pair_sums
from lifenode.errors import BadTable, EmptyInput, InvalidOption
from lifenode.table import Table
from tests.eqtl.locus import Floats, drawn
from tests.oracles import coloc_enumeration
from tests.oracles import eqtl_values as recorded

PP = [f"pp_h{h}" for h in range(5)]


def posteriors(table: Table) -> Floats:
    return np.column_stack([table[name] for name in PP])


def signals(seed: int, count: int = 3, variants: int = 30, height: float = 30) -> Signals:
    draw = np.random.default_rng(seed)
    lbf = draw.normal(-1, 1, (count, variants))
    lbf[np.arange(count), draw.integers(0, variants, count)] += height
    return Signals([f"rs{at}" for at in range(variants)], lbf)


# Recorded values


@pytest.mark.parametrize(("dataset", "cells"), [("QTD000021", "neut"), ("QTD000026", "mono")])
def test_the_tutorial_of_the_catalogue(shared_data: Path, dataset: str, cells: str) -> None:
    def read(name: str) -> pl.DataFrame:
        return pl.read_csv(shared_data / "eqtl/susie/lbf" / name, separator="\t")

    expected = pl.read_csv(
        shared_data / f"eqtl/coloc/colocsusie_{cells}_vs_interval.all_pairs.python.tsv", separator="\t"
    )
    eqtl, protein = read(f"{dataset}_ENSG00000101425.tsv.gz"), read("QTD000584_BPI.tsv.gz")
    found = bf_bf(eqtl, protein, quirks=True)
    for name in ("idx_1", "idx_2", "nsnps", "hit_1", "hit_2"):
        assert found.values(name) == expected[name.replace("_", "")].to_list()
    assert posteriors(found) == pytest.approx(
        expected.select("H0", "H1", "H2", "H3", "H4").to_numpy(), rel=1e-9, abs=1e-12
    )
    # Without the quirk all ten signals of the protein stay, and unused effects go.
    plain = bf_bf(eqtl, protein)
    assert sorted(set(plain["idx_1"])) == [1, 2, 3]
    assert sorted(set(plain["idx_2"])) == list(range(1, 11))
    assert plain.meta["dropped"]["unused effects"] == 7
    h4 = {(row["idx_1"], row["idx_2"]): row["pp_h4"] for row in plain if row["pp_h4"] > 0.8}
    assert h4 == pytest.approx(recorded.BPI_H4[dataset], abs=2e-6)


def test_bayes_factors_of_gentropy() -> None:
    for first, second, expected in recorded.GENTROPY:
        ids = [f"rs{at}" for at in range(len(first))]
        found = bf_bf({"snp": ids, "lbf": first}, {"snp": ids, "lbf": second}, p12=1e-5)
        assert posteriors(found)[0] == pytest.approx(np.array(expected), abs=1e-10)


# Laws


@given(st.integers(0, 10_000), st.floats(0, 400))
@settings(deadline=None, max_examples=30)
def test_pairs_agree_with_enumeration(seed: int, height: float) -> None:
    a, b = signals(seed, height=height), signals(seed + 1, count=2)
    found = bf_bf(a, b)
    assert list(zip(found["idx_1"], found["idx_2"], strict=True)) == [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2)]
    for row in found:
        one, other = a.lbf[row["idx_1"] - 1], b.lbf[row["idx_2"] - 1]
        expected = coloc_enumeration.posteriors(one, other, 1e-4, 1e-4, 5e-6)
        assert [row[name] for name in PP] == pytest.approx(expected, rel=1e-8, abs=1e-12)
        assert (row["hit_1"], row["hit_2"]) == (f"rs{one.argmax()}", f"rs{other.argmax()}")


def test_one_signal_each_is_coloc() -> None:
    a, b = drawn(1), drawn(2)
    single = coloc(a, b, p12=5e-6)
    table = single.table
    found = bf_bf({"snp": table["snp"], "lbf": table["lbf_1"]}, {"snp": table["snp"], "lbf": table["lbf_2"]})
    assert posteriors(found)[0] == pytest.approx(single.posteriors, rel=1e-9)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=30)
def test_missing_variants_are_as_if_left_out(seed: int) -> None:
    draw = np.random.default_rng(seed)
    a, b = signals(seed, height=5), signals(seed + 1, height=5)
    holes = [np.where(draw.random(one.lbf.shape) < 0.3, np.nan, one.lbf) for one in (a, b)]
    found = bf_bf(Signals(a.snp, holes[0]), Signals(b.snp, holes[1]), trim_by_posterior=False)
    assert len(found) == 9
    for row in found:
        one, other = holes[0][row["idx_1"] - 1], holes[1][row["idx_2"] - 1]
        both = ~np.isnan(one) & ~np.isnan(other)
        assert row["nsnps"] == both.sum()
        expected = coloc_enumeration.posteriors(one[both], other[both], 1e-4, 1e-4, 5e-6)
        assert [row[name] for name in PP] == pytest.approx(expected, rel=1e-8, abs=1e-12)
        assert row["hit_1"] == a.snp[both][one[both].argmax()]
        assert row["hit_2"] == a.snp[both][other[both].argmax()]
        share = np.exp(other[both]).sum() / np.exp(other[~np.isnan(other)]).sum()
        assert row["overlap_2"] == pytest.approx(share)


def test_distant_peaks_do_not_underflow() -> None:
    a, b = np.full((1, 5000), -2.0), np.full((2, 5000), -2.0)
    a[0, 10], b[0, 4000], b[1, 10] = 1500, 2000, 1800
    expected = [2000 - 2 + math.log1p(math.exp(-500)), 3300]
    assert log_product_sums(a, b)[0] == pytest.approx(expected, rel=1e-12)
    ids = [f"rs{at}" for at in range(5000)]
    found = coloc_many(Signals(ids, a), Signals(ids, b))
    assert found["pp_h3"][0] == pytest.approx(1)
    assert found["pp_h4"][1] == pytest.approx(1)
    # H4 against H3 of the first pair: 5e-6 e^1998 against 1e-8 e^3500.
    assert np.isfinite(posteriors(found)).all()


def test_pairs_with_nothing_in_common() -> None:
    found = pair_sums(np.array([[1.0, np.nan]]), np.array([[np.nan, 1.0], [2.0, np.nan]]))
    assert found.shared.tolist() == [[0, 1]]
    assert found.sums.both.tolist() == [[-math.inf, 3.0]]


# Many traits


def test_many_traits_are_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    locus = signals(1)
    traits = {f"gene {at}": signals(at, count=at % 4, variants=20 + at) for at in range(1, 12)}
    traits["elsewhere"] = Signals(["other"], [[3.0]])
    found = coloc_many(locus, traits)
    expected = []
    for name, one in traits.items():
        if name != "elsewhere" and len(one.lbf):
            expected += [(name, *list(row.values())[1:]) for row in bf_bf(locus, one)]
    assert [tuple(row.values()) for row in found] == [pytest.approx(row) for row in expected]
    assert found.meta["dropped"]["traits without a shared variant"] == 1
    monkeypatch.setattr("lifenode.eqtl.coloc_compare._CELLS", 61)
    assert coloc_many(locus, traits).to_tsv() == found.to_tsv()
    assert coloc_many(locus, list(traits.values())).values("name_2")[0] == "1"


# Forms


def test_forms_of_signals_agree() -> None:
    a, b = signals(1), signals(2)
    expected = bf_bf(a, b).to_tsv()
    named = {f"lbf_variable{at + 1}": b.lbf[at] for at in (2, 0, 1)}
    frame = pl.DataFrame({"molecular_trait_id": "gene", "variant": b.snp.tolist(), **named})
    for form in (frame, frame.to_pandas(), frame.to_dict(as_series=False), {"snp": b.snp, "lbf": b.lbf}):
        assert bf_bf(a, form).to_tsv() == expected
    null = {"snp": [*b.snp, "null"], "lbf": np.column_stack([b.lbf + 3, np.full(3, 3.0)])}
    assert posteriors(bf_bf(a, null)) == pytest.approx(posteriors(bf_bf(a, b)))


def test_pairs_of_which_too_little_is_shared_are_left_out() -> None:
    a, b = signals(1, count=1), signals(2, count=1)
    rest = np.arange(30) != b.lbf[0].argmax()
    cut = Signals(a.snp[rest], a.lbf[:, rest])
    assert len(bf_bf(a, b)) == 1
    found = bf_bf(cut, b)
    assert len(found) == 0
    assert found.meta["notes"] == ["left out: pairs below overlap_min (1)"]
    kept = bf_bf(cut, b, trim_by_posterior=False)
    assert kept["overlap_2"][0] < 1e-6
    assert kept["overlap_1"][0] == pytest.approx(1)


def test_quirks_take_the_last_variant_for_the_null() -> None:
    weak = Signals([f"rs{at}" for at in range(100)], [[2.0] * 50 + [0.0] * 50])
    others = Signals([f"rs{at}" for at in range(99)], [[2.0] * 50 + [0.0] * 49])
    assert len(bf_bf(weak, others)) == 1
    assert len(bf_bf(weak, others, quirks=True)) == 0
    unused = Signals(others.snp, np.zeros((1, 99)))
    assert len(bf_bf(weak, unused)) == 0
    assert len(bf_bf(unused, unused, quirks=True)) == 1


def test_several_causal_variants() -> None:
    a, b = drawn(1), drawn(2)
    found = coloc_susie(a, b)
    assert found["pp_h4"][0] > 0.9
    assert found["hit_1"][0] == "rs7"
    result = susie_rss(a["beta"] / np.sqrt(a["varbeta"]), a["LD"], 500, snp=a["snp"])
    assert coloc_susie(result, b).to_tsv() == found.to_tsv()
    nothing = coloc_susie(a, drawn(2, effect=0))
    assert len(nothing) == 0
    assert nothing.meta["notes"] == ["a trait has no signal to compare"]


# What is refused


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"snp": ["rs1", "rs2"], "lbf": [[1.0]]}, "2 variants and Bayes factors of shape"),
        ({"snp": ["rs1", "rs1"], "lbf": [[1.0, 2.0]]}, "rs1 more than once"),
        ({"snp": ["rs1"], "lbf": [[math.inf]]}, "an infinite Bayes factor at rs1"),
        ({"snp": ["rs1"], "beta": [1.0]}, "no Bayes factors"),
        ({"lbf": [[1.0]]}, "no column snp"),
        ({"variant": ["rs1", "rs2"], "molecular_trait_id": ["a", "b"], "lbf_variable1": [1, 2]}, "several molecular"),
        (Signals(["chr1:1"], [[1.0]]), "No variant is in both"),
        (3, "is a int"),
        ({"snp": ["rs1"], "lbf": [[[1.0]]]}, "Bayes factors of shape"),
    ],
)
def test_unusable_signals_are_refused(given: Any, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        bf_bf(signals(1), given)


def test_impossible_options_are_refused() -> None:
    with pytest.raises(InvalidOption, match="overlap_min cannot be 2"):
        bf_bf(signals(1), signals(2), overlap_min=2)
    with pytest.raises(InvalidOption, match="p12 cannot be 0"):
        bf_bf(signals(1), signals(2), p12=0)
    with pytest.raises(InvalidOption, match="lbf cannot be read as numbers"):
        bf_bf(signals(1), {"snp": ["rs1", "rs2"], "lbf": [[1, 2], [3]]})
    with pytest.raises(EmptyInput, match="No signals"):
        coloc_many(signals(1), {})
    with pytest.raises(BadTable, match="has no LD"):
        coloc_susie({**drawn(1), "LD": None}, drawn(2))
