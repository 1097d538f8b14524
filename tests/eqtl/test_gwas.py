"""A GWAS is a study like others: its columns are guessed and shown, its alleles are those of the catalogue."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.readers_gwas import guessed_columns, is_gwas
from tests.eqtl.made import row, write

OTHER = str.maketrans("ACGT", "TGCA")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            "chromosome base_pair_location effect_allele other_allele beta standard_error p_value",
            {"chromosome": "chromosome", "position": "base_pair_location", "alt": "effect_allele", "pvalue": "p_value"},
        ),
        ("CHR BP SNP A1 A2 OR SE P", {"alt": "A1", "ref": "A2", "odds_ratio": "OR", "rsid": "SNP"}),
        (
            "#CHROM GENPOS ID ALLELE0 ALLELE1 A1FREQ N BETA SE LOG10P",
            {"alt": "ALLELE1", "ref": "ALLELE0", "nlog10p": "LOG10P"},
        ),
    ],
)
def test_columns_are_guessed(names: str, expected: dict[str, str]) -> None:
    found = guessed_columns([name.lstrip("#") for name in names.split()])
    assert found.items() >= expected.items()
    assert is_gwas([name.lstrip("#") for name in names.split()])


def test_what_lacks_an_effect_is_no_gwas() -> None:
    assert not is_gwas(["chr", "pos", "ref", "alt", "p"])


def gwas_row(position: int, ref: str, alt: str, beta: float, frequency: float) -> dict[str, Any]:
    return {
        "CHR": "chr5", "BP": position, "SNP": f"rs{position}", "A1": alt, "A2": ref, "BETA": beta, "SE": 0.1,
        "P": 0.01, "EAF": frequency, "N": 1000,
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["AG", "CT", "AC", "GT"]), st.booleans(), st.booleans()), min_size=1, max_size=30
    )
)
@settings(max_examples=20, deadline=None)
def test_alleles_are_those_of_the_catalogue_again(
    tmp_path_factory: pytest.TempPathFactory, sites: list[tuple[str, bool, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("gwas")
    truth = [(1000 + at, pair[0], pair[1], round(0.1 * (at + 1), 3)) for at, (pair, _, _) in enumerate(sites)]
    write(folder / "in/QTD000001.all.tsv", [row(at, ref=a, alt=b) for at, a, b, _ in truth])
    disguised = []
    for (position, ref, alt, beta), (_, swap, flip) in zip(truth, sites, strict=True):
        frequency = 0.2
        if flip:
            ref, alt = ref.translate(OTHER), alt.translate(OTHER)
        if swap:
            ref, alt, beta, frequency = alt, ref, -beta, 0.8
        disguised.append(gwas_row(position, ref.lower(), alt, beta, frequency))
    write(folder / "in/AGWAS.tsv.gz", disguised)
    report = ingest(folder / "in", folder / "cat")
    found = Catalogue(folder / "cat").associations(dataset="AGWAS")
    assert [(r["position"], r["ref"], r["alt"], r["beta"]) for r in found] == truth
    assert found.values("ac") == [400] * len(truth)
    counts = {each["finding"]: each["count"] for each in report.findings if each["dataset_id"] == "AGWAS"}
    assert counts.get("swapped_alleles", 0) == sum(swap for _, swap, _ in sites)
    assert counts.get("strand_flipped", 0) == sum(flip for _, _, flip in sites)
    assert Catalogue(folder / "cat").manifest("AGWAS").columns["alt"] == "A1"
    assert Catalogue(folder / "cat").datasets("AGWAS").values("quant_method") == ["gwas"]


@pytest.mark.parametrize(
    ("frequency", "alleles", "flagged"), [(0.5, "AT", 1), (0.2, "AT", 0), (0.2, "TA", 1), (0.5, "AG", 0)]
)
def test_palindromes_are_flagged(tmp_path: Path, frequency: float, alleles: str, flagged: int) -> None:
    ref, alt = sorted(alleles)
    write(tmp_path / "in/QTD000001.all.tsv", [row(9, ref=ref, alt=alt)])
    write(tmp_path / "in/G.tsv", [gwas_row(9, alleles[0], alleles[1], 0.1, frequency)])
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report.findings["finding"].tolist().count("palindromic") == flagged


def test_odds_ratios_and_logarithms_are_understood(tmp_path: Path) -> None:
    line = {"chrom": 5, "pos": 7, "ea": "G", "oa": "A", "or": 2.0, "se": 0.1, "mlogp": 400.0}
    write(tmp_path / "in/G.tsv", [line])
    report = ingest(tmp_path / "in", tmp_path / "cat")
    found = Catalogue(tmp_path / "cat").associations(dataset="G").to_dicts()[0]
    assert found["beta"] == pytest.approx(0.6931471805599453)
    assert (found["variant"], found["pvalue"], found["rsid"]) == ("chr5_7_A_G", 0.0, None)
    assert "unmatched_variant" in report.findings["finding"].tolist()


def test_the_real_gwas_vcf(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "eqtl/nominal/HMGCR/LDLC_HMGCR.vcf.gz"
    muscle = shared_data / "eqtl/nominal/HMGCR/FUSION_muscle_HMGCR_gene.tsv.gz"
    ingest(muscle, tmp_path / "cat")
    report = ingest(source, tmp_path / "cat")
    lines = [line.split("\t") for line in gzip.decompress(source.read_bytes()).decode().splitlines() if line[0] != "#"]
    catalogue = Catalogue(tmp_path / "cat")
    found = catalogue.associations(dataset="LDLC_HMGCR").to_dicts()
    assert len(found) == len(lines) == 9942
    by_place = {(each["position"], each["ref"], each["alt"]): each for each in found}
    draw = random.Random(3)
    for fields in draw.sample(lines, 200):
        effect, error, logarithm, _ = map(float, fields[9].strip().split(":"))
        held = by_place[int(fields[1]), fields[3], fields[4]]
        assert (held["beta"], held["se"]) == (effect, error)
        if logarithm < 300:
            assert held["nlog10p"] == pytest.approx(logarithm, rel=1e-9, abs=1e-12)
    assert catalogue.manifest("LDLC_HMGCR").columns["beta"] == "ES"
    counts = {each["finding"]: each["count"] for each in report.findings}
    assert counts["unmatched_variant"] == 9942 - sum(
        (each["position"], each["ref"], each["alt"]) in by_place for each in unique_sites(catalogue)
    )


def unique_sites(catalogue: Catalogue) -> list[dict[str, Any]]:
    frame = catalogue.associations(dataset="FUSION_muscle_HMGCR_gene").to_polars()
    return frame.select("position", "ref", "alt").unique().to_dicts()
