"""Each trap of the files has a name, its rows and its count; what is wrong does not go on as if it were right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from lifenode.eqtl.findings import MEANINGS, Findings, findings_table
from lifenode.eqtl.readers import batches_of, read_metadata
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.validate_p_values import degrees_of_freedom, nlog10p_from_t
from lifenode.eqtl.validate_sets import checked_credible_sets, checked_lbf, checked_metadata, collisions
from tests.eqtl.made import checked, row, write


def test_a_file_without_fault_has_no_findings(tmp_path: Path) -> None:
    frame, findings = checked(write(tmp_path / "a.tsv", [row(at) for at in range(1, 30)]))
    assert (frame.height, list(findings)) == (29, [])
    assert frame["nlog10p"].to_list() == [2.0] * 29


LONG = "LONG_STRING"
TRAPS: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
    ("ac_an_swapped", {"ac": 200, "an": 10}, {"ac": 10, "an": 200}),
    ("bad_allele", {"alt": "Z", "variant": "chr5_2000_A_Z"}, None),
    ("bad_p_value", {"pvalue": 1.5}, None),
    ("bad_p_value", {"pvalue": None}, None),
    ("bad_p_value", {"pvalue": -0.1}, None),
    ("bad_position", {"position": 0}, None),
    ("bad_position", {"position": None}, None),
    ("bad_rsid", {"rsid": "ss12"}, {"rsid": None}),
    ("bad_standard_error", {"se": 0}, None),
    ("bad_standard_error", {"beta": "inf"}, None),
    ("bad_trait", {"molecular_trait_id": None}, None),
    ("chromosome_coding", {"chromosome": "chr5", "variant": "chr5_2000_A_G"}, {"chromosome": "5"}),
    ("chromosome_coding", {"chromosome": "23", "variant": "chrX_2000_A_G"}, {"chromosome": "X"}),
    ("long_string", {"variant": LONG}, {"variant": "chr5_2000_A_G"}),
    ("long_string", {"alt": LONG, "variant": "chr5_2000_A_GTT"}, {"alt": "GTT"}),
    ("long_string", {"rsid": LONG}, {"rsid": None}),
    ("lost_alleles", {"alt": LONG, "variant": LONG}, None),
    ("maf_disagrees", {"maf": 0.4}, {"maf": 0.4}),
    ("symbolic_allele", {"alt": "<DUP>", "variant": "chr5_2000_A_<DUP>"}, {"alt": "<DUP>"}),
    ("unknown_chromosome", {"chromosome": "GL000008.2", "variant": "chrGL_2000_A_G"}, None),
    ("variant_disagrees", {"variant": "chr5_2001_A_G"}, None),
    ("zero_p_value", {"pvalue": 0, "beta": 20.0, "se": 0.1}, {"pvalue": 0.0}),
]


@pytest.mark.parametrize(("code", "fault", "outcome"), TRAPS)
def test_every_trap_is_named_with_its_row(
    tmp_path: Path, code: str, fault: dict[str, Any], outcome: dict[str, Any] | None
) -> None:
    rows = [row(1000), row(2000, **fault), row(3000)]
    frame, findings = checked(write(tmp_path / "a.tsv", rows))
    assert [finding.code for finding in findings] == [code]
    assert (findings[code].count, findings[code].rows) == (1, [2])
    if outcome is None:
        assert frame["position"].to_list() == [1000, 3000]
    else:
        assert frame.height == 3
        assert frame.row(1, named=True).items() >= outcome.items()


def test_counts_go_on_where_rows_are_no_longer_named(tmp_path: Path) -> None:
    _, findings = checked(write(tmp_path / "a.tsv", [row(at, ac=200, an=10) for at in range(1, 41)]))
    assert findings["ac_an_swapped"].count == 40
    assert findings["ac_an_swapped"].rows == list(range(1, 11))
    line = findings["ac_an_swapped"].line()
    assert line.startswith("ac_an_swapped: 40 repaired (row 1, 2, 3, 4, 5, ...)")
    table = findings_table(("QTD000001", finding) for finding in findings)
    assert table.to_dicts()[0]["action"] == "repaired"


def integrated(t: float, degrees: float) -> float:
    """Return -log10 of the tail by integrating the density relative to that at t, which does not vanish."""
    log_density = stats.t.logpdf(t, degrees)
    tail, _ = integrate.quad(lambda x: np.exp(stats.t.logpdf(x, degrees) - log_density), t, np.inf, epsabs=0)
    return float(-(log_density + np.log(2 * tail)) / np.log(10))


@given(st.floats(6, 60), st.floats(8, 200_000))
@settings(max_examples=60, deadline=None)
def test_small_p_values_are_those_of_the_density(t: float, degrees: float) -> None:
    assert nlog10p_from_t(t, degrees) == pytest.approx(integrated(t, degrees), rel=3e-6)


def test_normal_p_values_are_those_of_scipy() -> None:
    z = np.array([6.0, 20.0, 38.0, 300.0])
    assert nlog10p_from_t(z, np.inf) == pytest.approx(-(stats.norm.logsf(z) + np.log(2)) / np.log(10), rel=2e-6)


def test_degrees_of_freedom_are_found_again() -> None:
    t = np.linspace(5.5, 12, 40)
    assert degrees_of_freedom(t, 2 * stats.t.sf(t, 171), 9.0) == pytest.approx(171, rel=1e-6)
    assert degrees_of_freedom(t, np.ones(40), 9.0) == 9.0


def test_p_of_zero_gets_the_logarithm_its_neighbours_were_made_with(tmp_path: Path) -> None:
    t = [6.0, 7.0, 8.0, 60.0]
    p = [f"{2 * stats.t.sf(each, 5000):.6g}" for each in t]
    rows = [row(1000 + at, beta=each, se=1.0, pvalue=value) for at, (each, value) in enumerate(zip(t, p, strict=True))]
    assert p[-1] == "0"
    frame, findings = checked(write(tmp_path / "a.tsv", rows))
    assert integrated(60, 5000) > 308
    assert frame["nlog10p"][3] == pytest.approx(integrated(60, 5000), rel=1e-4)
    assert findings["zero_p_value"].rows == [4]


def credible(pips: list[float], size: int, **changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "molecular_trait_id": "T", "gene_id": "G", "cs_id": "T_L1", "variant": f"chr1_{at + 1}_A_G",
            "rsid": f"rs{at}", "cs_size": size, "pip": pip, "pvalue": 1e-9, "beta": 1, "se": 0.1, "z": 10,
            "cs_min_r2": 0.9, "region": "chr1:1-9", **changes,
        }
        for at, pip in enumerate(pips)
    ]  # fmt: skip


def checked_sets(path: Path) -> tuple[pl.DataFrame, Findings]:
    findings = Findings()
    frame = pl.concat(batches_of(Source(path), "credible_sets", findings))
    return checked_credible_sets(frame, path.name, findings), findings


@pytest.mark.parametrize(
    ("pips", "size", "codes"),
    [
        ([0.6, 0.37], 2, []),
        ([0.9, 0.6], 2, ["pip_sum_above_one"]),
        ([0.3, 0.2], 2, ["pip_below_coverage"]),
        ([0.6, 0.39], 5, ["credible_set_size"]),
        ([0.97, 1.2], 1, ["bad_pip"]),
    ],
)
def test_pips_are_summed_by_credible_set(tmp_path: Path, pips: list[float], size: int, codes: list[str]) -> None:
    frame, findings = checked_sets(write(tmp_path / "a.tsv", credible(pips, size)))
    assert [finding.code for finding in findings] == codes
    assert frame["position"].to_list() == [at + 1 for at, pip in enumerate(pips) if pip <= 1]


def test_rows_by_rsid_do_not_count_twice(tmp_path: Path) -> None:
    rows = credible([0.96], 1) + credible([0.96], 1, rsid="rs77")
    frame, findings = checked_sets(write(tmp_path / "a.tsv", rows))
    assert frame["rsid"].to_list() == ["rs0,rs77"]
    assert [finding.code for finding in findings] == ["duplicate_rsid", "pip_sum_doubled"]


def test_the_real_credible_sets_sum_to_one_only_once_joined(shared_data: Path) -> None:
    frame, findings = checked_sets(shared_data / "eqtl/susie/gentropy/QTD000584.credible_sets.tsv")
    assert (frame.height, findings["duplicate_rsid"].count) == (185, 15)
    assert findings["pip_sum_doubled"].count == 4
    assert findings["pip_below_coverage"].count == 4
    assert frame.group_by("cs_id").agg(pl.col("pip").sum())["pip"].max() <= 1.0001  # type: ignore[operator]


def test_log_bayes_factors_that_come_twice_are_left_out(shared_data: Path) -> None:
    findings = Findings()
    path = shared_data / "eqtl/susie/gentropy/QTD000584.lbf_variable.txt"
    frame = checked_lbf(pl.concat(batches_of(Source(path), "lbf", findings)), path.name, findings)
    assert (frame.height, findings["duplicate_row"].count) == (62, 30)


def test_plus_in_group_names_is_named_and_kept(shared_data: Path) -> None:
    findings = Findings()
    path = shared_data / "eqtl/metadata/dataset_metadata_r8_beta.tsv"
    frame = checked_metadata(read_metadata(path, findings), path.name, findings)
    assert (
        findings["plus_in_group_name"].count
        == frame.filter(pl.col("sample_group").str.contains("+", literal=True))
        .select("study_label", "sample_group")
        .n_unique()
    )


def test_names_that_become_one_are_told() -> None:
    frame = pl.DataFrame({"study_label": ["S", "S", "S"], "sample_group": ["CD4+_T", "CD4_T", "B"]})
    assert collisions(frame) == {"S.CD4_T": ["CD4+_T", "CD4_T"]}


def test_every_finding_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "eqtl.md").read_text(encoding="utf-8")
    for code, (action, meaning) in MEANINGS.items():
        assert f"| `{code}` | {action} | {meaning} |" in page
