"""One GWAS, or one more trait, against all traits of a locus; and the tables that people have of a GWAS."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from lifenode.eqtl import Catalogue, coloc, coloc_locus, ingest, locuscompare_plot, mirrored_plot, sensitivity_plot
from lifenode.eqtl.coloc_at_locus import LocusColoc
from lifenode.eqtl.gwas_region import example_gwas, no_known, read_gwas
from lifenode.eqtl.locus_data import BF_WORD
from lifenode.eqtl.plot_mirrored import within
from lifenode.eqtl.query import Region
from lifenode.errors import BadTable, EmptyInput, FormatError, InvalidOption, UnknownName
from tests.cli.command import ROOT

HMGCR = "ENSG00000113161"
HEADER = "chr\tpos\tea\toa\tbeta\tse\tp"
ROW = "\tA\tG\t1\t1\t0.3"


@pytest.fixture(scope="module")
def ldl() -> LocusColoc:
    return coloc_locus(Catalogue(), gwas=example_gwas(), name="LDL cholesterol")


def example_frame() -> pl.DataFrame:
    frame = pl.read_csv(example_gwas().encode(), separator="\t")
    place = pl.format("chr5_{}_{}_{}", "base_pair_location", "other_allele", "effect_allele").alias("variant")
    share = pl.col("effect_allele_frequency")
    return frame.with_columns(place, maf=pl.min_horizontal(share, 1 - share))


# Comparison


def test_each_row_is_what_coloc_says(ldl: LocusColoc) -> None:
    frame = example_frame()
    gwas = {
        "snp": frame["variant"], "beta": frame["beta"], "se": frame["standard_error"], "MAF": frame["maf"],
        "N": 440_546, "type": "quant",
    }  # fmt: skip
    assert ldl.table["gene"].tolist() == ["HMGCR", "POC5", "CERT1"]
    for row in ldl.table.to_dicts():
        held = Catalogue().associations(row["gene_id"]).to_polars()
        own = {
            "snp": held["variant"], "beta": held["beta"], "se": held["se"], "MAF": held["maf"], "N": held["an"] / 2,
            "type": "quant",
        }  # fmt: skip
        expected = coloc(own, gwas)
        assert row["nsnps"] == expected.nsnps
        np.testing.assert_allclose([row[f"pp_h{h}"] for h in range(5)], expected.posteriors, rtol=1e-6, atol=1e-12)
        pair = ldl.pair(f"QTD000085|{row['gene_id']}||").result
        np.testing.assert_allclose(pair.posteriors, expected.posteriors, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(pair.table["snp_pp_h4"], expected.table["snp_pp_h4"], rtol=1e-6, atol=1e-12)
    assert ldl.table["pp_h4"].tolist() == sorted(ldl.table["pp_h4"], reverse=True)


def test_low_overlap_is_told(ldl: LocusColoc) -> None:
    # The strongest variants of muscle are not in the slice, whose p-values would have been below 1e-324.
    (warning,) = ldl.warnings()
    assert warning.startswith("Only 8.3 % of the posterior of FUSION muscle ge lies on variants that LDL cholesterol")
    assert ldl.warnings(f"QTD000085|{'ENSG00000113163'}||") == []


def test_positions_of_another_assembly_are_suspected() -> None:
    rows = example_gwas().splitlines()
    known = [row for row in rows if "\t75393424\t" in row]
    strange = [f"5\t{75_310_001 + 7 * at}\tA\tG\t0.01\t0.1\t0.04\t0.3\t1000" for at in range(30)]
    found = coloc_locus(Catalogue(), "HMGCR", gwas="\n".join([rows[0], *known, *strange]))
    assert "GRCh38" in found.warnings()[-1]


def test_alleles_and_order_of_the_table_do_not_matter(ldl: LocusColoc) -> None:
    frame = pl.read_csv(example_gwas().encode(), separator="\t").sample(fraction=1.0, shuffle=True, seed=1)
    turned = frame.with_columns(
        effect_allele="other_allele", other_allele="effect_allele", beta=-pl.col("beta"),
        effect_allele_frequency=1 - pl.col("effect_allele_frequency"),
    )  # fmt: skip
    found = coloc_locus(Catalogue(), gwas=turned.write_csv(separator="\t"), name="turned")
    np.testing.assert_allclose(found.table["pp_h4"], ldl.table["pp_h4"], rtol=1e-9, atol=1e-15)
    assert found.gwas is not None
    held = {one.code: one.count for one in found.gwas.findings}
    assert held["swapped_alleles"] >= 268


def test_a_trait_of_the_catalogue_as_the_second() -> None:
    found = coloc_locus(Catalogue(), "HMGCR", with_dataset="QTD000085", with_gene="CERT1")
    assert found.table["gene"].tolist() == ["HMGCR"]
    assert found.second.symbol == "CERT1"
    other = coloc_locus(Catalogue(), "CERT1", with_dataset="QTD000085", with_gene="HMGCR")
    for mine, theirs in (("pp_h1", "pp_h2"), ("pp_h3", "pp_h3"), ("pp_h4", "pp_h4")):
        assert found.table[mine][0] == pytest.approx(other.table[theirs][0], rel=1e-9)


def test_a_gwas_of_the_catalogue_is_compared_around_the_gene(tmp_path: Path, ldl: LocusColoc) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "ldl.tsv").write_text(example_gwas())
    (folder / "QTD000085.all.tsv.gz").write_bytes((ROOT / "examples/eqtl/QTD000085.all.tsv.gz").read_bytes())
    ingest(folder, tmp_path / "cat", release="r7")
    catalogue = Catalogue(tmp_path / "cat")
    gwas = next(name for name in catalogue.datasets()["dataset_id"] if name != "QTD000085")
    found = coloc_locus(catalogue, "HMGCR", with_dataset=gwas)
    assert found.table["pp_h4"].tolist() == pytest.approx(ldl.table["pp_h4"][:1].tolist(), rel=1e-9)
    assert [one.is_gwas for one in found.pair().panels] == [False, True]


def test_priors_are_used_as_they_are_named(ldl: LocusColoc) -> None:
    found = coloc_locus(Catalogue(), "HMGCR", gwas=example_gwas(), p1=1e-3, p2=1e-5, p12=1e-6)
    assert tuple(found.priors) == (1e-3, 1e-5, 1e-6)
    before, after = (one.table["pp_h3"][0] / one.table["pp_h4"][0] for one in (ldl, found))
    # p1 p2 stays, p12 is a tenth.
    assert after / before == pytest.approx(10, rel=1e-6)
    assert found.table["pp_h2"][0] / found.table["pp_h4"][0] == pytest.approx(
        ldl.table["pp_h2"][0] / ldl.table["pp_h4"][0], rel=1e-6
    )


@pytest.mark.data
def test_fine_mapped_signals_are_those_of_the_tutorial(shared_data: Path, tmp_path: Path) -> None:
    ingest(shared_data / "eqtl" / "susie" / "lbf", tmp_path, release="r7")
    found = coloc_locus(
        Catalogue(tmp_path), molecular_trait="ENSG00000101425", with_dataset="QTD000584",
        with_trait="BPI.4126.22.1..1", p12=5e-6,
    )  # fmt: skip
    rows = dict(zip(found.keys(), found.table.to_dicts(), strict=True))
    expected = {
        ("QTD000021", 1, 2): 0.947182, ("QTD000021", 2, 3): 0.988765, ("QTD000026", 2, 2): 0.980024,
        ("QTD000026", 1, 3): 0.939130, ("QTD000026", 2, 4): 0.840800, ("QTD000026", 3, 4): 0.893652,
    }  # fmt: skip
    for (dataset, first, second), value in expected.items():
        row = rows[f"{dataset}|ENSG00000101425|{first}|{second}"]
        assert row["pp_h4"] == pytest.approx(value, abs=2e-6)
        pair = found.pair(f"{dataset}|ENSG00000101425|{first}|{second}")
        assert pair.result.pp_h4 == pytest.approx(row["pp_h4"], rel=1e-9)
    assert {one.y_word for one in found.pair().panels} == {BF_WORD}
    assert "log10 Bayes factor" in found.mirrored_plot().page()


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({}, EmptyInput, "no second trait"),
        ({"with_dataset": "QTD000085"}, EmptyInput, "Nothing says where"),
        ({"with_dataset": "QTD9"}, UnknownName, "QTD9"),
        ({"with_dataset": "QTD000085", "gene": "HMGCR"}, BadTable, "nothing to compare"),
        ({"with_dataset": "QTD000584", "gene": "ISG15"}, UnknownName, "no association"),
        ({"gwas": f"{HEADER}\n1\t5\tA\tG\t1\t1\t0.3\n"}, UnknownName, "no association in 1:5-5"),
        ({"gwas": f"{HEADER}\n5\t75300020{ROW}\n5\t75300090{ROW}\n"}, BadTable, "No variant"),
        ({"gwas": f"{HEADER}\n5\t1\tA\tG\t1\t1\t0.3\n5\t9000000\tA\tG\t1\t1\t0.3\n"}, InvalidOption, "9,000,000 bases"),
        ({"gwas": "x", "p12": 2.0}, InvalidOption, "p12"),
        ({"with_dataset": "QTD000085", "region": "5:1-9000000"}, InvalidOption, "9,000,000 bases"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(asked: dict[str, str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        coloc_locus(Catalogue(), **asked)  # type: ignore[arg-type]


def test_an_unknown_row_is_named(ldl: LocusColoc) -> None:
    with pytest.raises(UnknownName, match="zzz"):
        ldl.pair("zzz")


# Plots


def test_mirrored_plot_marks_the_same_variant_twice(ldl: LocusColoc) -> None:
    drawn = ldl.mirrored_plot()
    page = drawn.page()
    ElementTree.fromstring(page)  # noqa: S314 - made here
    assert page.count(">rs6878990<") == 2
    assert page.count("<polygon") == 3  # two leads, one in the key
    assert len(drawn.table) == 323 + 452
    first, second = ldl.pair().panels
    assert first.points["pip"].sum() == pytest.approx(1)
    narrow = mirrored_plot(first, second, Region("5", 75_340_000, 75_360_000))
    assert narrow.table["position"].min() >= 75_340_000
    assert within(first, Region("5", 75_340_000, 75_360_000)).marked is None


def test_locuscompare_plot_has_the_shared_variants(ldl: LocusColoc) -> None:
    drawn = ldl.locuscompare_plot()
    assert len(drawn.table) == 268
    shared = set(ldl.pair().result.table["snp"])
    assert set(drawn.table["variant"]) == shared
    row = drawn.table.to_dicts()[int(np.argmax(drawn.table["pip"]))]
    assert row["variant"] == "chr5_75393424_T_C"
    assert row["nlog10p_2"] == pytest.approx(325.194, abs=1e-3)
    first, second = ldl.pair().panels
    with pytest.raises(BadTable, match="both traits"):
        locuscompare_plot(first, within(second, Region("5", 1, 2)))


def test_sensitivity_plot_tells_from_which_prior_on(ldl: LocusColoc) -> None:
    drawn = ldl.sensitivity_plot()
    assert drawn.notes == ("the posterior of H4 is 0.5 or more for every p12 shown",)
    high = sensitivity_plot(ldl.pair().result, threshold=0.9)
    supported = high.table["p12"][np.asarray(high.table["supported"], dtype=bool)]
    assert high.notes == (f"the posterior of H4 is 0.9 or more from p12 = {supported.min():.1e} on",)
    different = ldl.sensitivity_plot("QTD000085|ENSG00000113163||")
    assert different.notes == ("the posterior of H4 reaches 0.5 for no p12 shown",)
    for width in (848.0, 352.0):
        ElementTree.fromstring(high.page(width))  # noqa: S314
    assert high.to_bytes("png").startswith(b"\x89PNG")


# Tables of a GWAS


def test_columns_are_guessed_and_shown() -> None:
    found = read_gwas(f"{HEADER}\nchr5\t100\tg\ta\t0.1\t0.05\t0.045\n5\t90\tC\tT\t-0.1\t0.05\t0.045\n", no_known)
    assert found.columns == {
        "chromosome": "chr", "position": "pos", "alt": "ea", "ref": "oa", "beta": "beta", "se": "se", "pvalue": "p"
    }  # fmt: skip
    assert found.rows["variant"].to_list() == ["chr5_90_T_C", "chr5_100_A_G"]
    assert {one.code for one in found.findings} == {"chromosome_coding", "unmatched_variant"}


@pytest.mark.parametrize("separator", ["\t", ",", ";", " ", "   "])
def test_any_separator(separator: str) -> None:
    lines = [HEADER, "5\t100\tG\tA\t0.1\t0.05\t0.045"]
    found = read_gwas("\n".join(line.replace("\t", separator) for line in lines), no_known)
    assert found.rows.row(0, named=True)["beta"] == 0.1


def test_places_come_out_of_variants_and_p_out_of_effects() -> None:
    text = gzip.decompress((ROOT / "examples" / "hmgcr_ldl_gwas.tsv.gz").read_bytes()).decode()
    found = read_gwas(text, no_known, n=440_546)
    assert found.rows.height == 1003
    assert [note.split()[0] for note in found.notes] == ["chromosome,", "p"]
    given_rows = pl.read_csv(text.encode(), separator="\t")
    assert set(found.rows["variant"]) == set(given_rows["variant"])
    assert found.rows["nlog10p"].is_finite().all()
    assert found.rows["nlog10p"].to_numpy().max() > 323
    assert found.rows["an"].unique().to_list() == [881_092]


def test_effects_come_out_of_p_values() -> None:
    text = "chr pos A1 A2 P MAF N\n5 100 G A 1e-12 0.4 1000\n5 200 G A 0 0.4 1000\n"
    found = read_gwas(text, no_known)
    assert found.rows.height == 1
    row = found.rows.row(0, named=True)
    assert row["beta"] / row["se"] == pytest.approx(7.1305, abs=1e-3)
    assert row["se"] == pytest.approx((2 * 1000 * 0.4 * 0.6) ** -0.5, rel=1e-9)


def test_case_control_and_given_sd_change_the_prior() -> None:
    base = coloc_locus(Catalogue(), "HMGCR", gwas=example_gwas()).table["pp_h3"][0]
    for changes in ({"kind": "cc"}, {"sd": 5.0}):
        other = coloc_locus(Catalogue(), "HMGCR", gwas=example_gwas(), **changes).table["pp_h3"][0]
        assert other != base
        assert other == pytest.approx(base, rel=0.5)


@pytest.mark.data
def test_a_gwas_vcf_is_read(shared_data: Path) -> None:
    path = shared_data / "eqtl" / "nominal" / "HMGCR" / "LDLC_HMGCR.vcf.gz"
    found = read_gwas(gzip.decompress(path.read_bytes()).decode(), no_known)
    assert found.rows.height == 9942
    assert found.columns["beta"] == "ES"
    assert (found.chromosome, found.start) == ("5", 74_855_472)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        (" \n", EmptyInput, "is empty"),
        ("hello", BadTable, "only 1 column and 0 rows"),
        ("a b\n1 2\n", BadTable, "only 2 columns and 1 row"),
        ("chr\tpos\tpos\tx\n1\t2\t3\t4\n", BadTable, "two columns 'pos'"),
        ("snp\tp\tmaf\nrs1\t.1\t.1\n", BadTable, "no column for chromosome, position, ref, alt"),
        ("chr\tpos\tA1\tA2\tbeta\n5\t1\tA\tG\t.1\n", BadTable, "no column for se, pvalue"),
        ("chr\tpos\tA1\tA2\tp\n5\t1\tA\tG\t.1\n", BadTable, "beta and SE, or allele frequency"),
        ("chr\tpos\tA1\tA2\tp\tmaf\n5\t1\tA\tG\t.1\t.1\n", BadTable, "sample size"),
        (f"{HEADER}\n5\tx\tA\tG\t.1\t.1\t.1\n", EmptyInput, "No row of the GWAS table can be used"),
        (f"{HEADER}\n5\t9\tA\tG\t.1\t.1\t.1\n6\t9\tA\tG\t.1\t.1\t.1\n", BadTable, "2 chromosomes"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\n1\t2\n", FormatError, "no column of a study"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        read_gwas(text, no_known)
