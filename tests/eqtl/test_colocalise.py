"""A locus against a catalogue gives what `coloc` gives pair by pair, whichever allele comes first."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lifenode.eqtl import Catalogue, coloc, coloc_many, colocalise, ingest, lbf_from_estimates, stored_locus
from lifenode.errors import BadTable, InvalidOption, TookTooLong
from tests.eqtl.made import row, write

GENES = ("ENSG00000113161", "ENSG00000113163", "ENSG00000152359")
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def gwas() -> dict[str, Any]:
    table = pl.read_csv(EXAMPLES / "hmgcr_ldl_gwas.tsv.gz", separator="\t")
    return {**table.select("variant", "beta", "se", "maf").to_dict(as_series=False), "type": "quant", "N": 440_546}


def as_data_set(rows: pl.DataFrame) -> dict[str, Any]:
    facts = {"snp": rows["variant"], "beta": rows["beta"], "se": rows["se"], "MAF": rows["maf"]}
    return {**{name: values.to_list() for name, values in facts.items()}, "type": "quant", "N": 288}


def test_each_trait_is_decided_as_by_coloc(gwas: dict[str, Any]) -> None:
    catalogue = Catalogue()
    found = colocalise(catalogue, gwas)
    assert {line["gene_id"] for line in found} == set(GENES)
    assert found["pp_h4"].tolist() == sorted(found["pp_h4"], reverse=True)
    mine = {**gwas, "snp": gwas["variant"]}
    for line in found:
        expected = coloc(mine, as_data_set(catalogue.associations(line["gene_id"]).to_polars()))
        assert line["nsnps"] == expected.nsnps
        np.testing.assert_allclose([line[f"pp_h{h}"] for h in range(5)], expected.posteriors, rtol=1e-8, atol=1e-300)


def test_alleles_may_be_the_other_way_round(gwas: dict[str, Any]) -> None:
    turned = [":".join([*name.split("_")[:2], *name.split("_")[:1:-1]]) for name in gwas["variant"]]
    one, other = colocalise(Catalogue(), gwas), colocalise(Catalogue(), {**gwas, "variant": turned})
    for name in ("gene_id", "nsnps", "pp_h4"):
        assert list(one[name]) == list(other[name])
    assert other["hit_1"][0] != one["hit_1"][0]


def test_a_stored_locus_is_not_compared_with_itself() -> None:
    catalogue = Catalogue()
    locus = stored_locus(catalogue, "QTD000085", gene="HMGCR")
    assert (locus["N"], locus["type"], len(locus["snp"])) == (288, "quant", 323)
    found = colocalise(catalogue, locus, region="5:75,300,000-75,360,000")
    assert {line["gene_id"] for line in found} == set(GENES[1:])
    assert 0 < max(found["nsnps"]) < 323
    assert found.meta["locus"]["region"].startswith("5:7530")


def test_genes_and_data_sets_choose_what_is_compared(gwas: dict[str, Any]) -> None:
    assert list(colocalise(Catalogue(), gwas, gene="COL4A3BP")["gene_id"]) == ["ENSG00000113163"]
    with pytest.raises(BadTable, match="Nothing that the catalogue holds"):
        colocalise(Catalogue(), gwas, dataset="QTD000584")


@pytest.fixture(scope="module")
def fine_mapped(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Two data sets, of which one is fine-mapped, and one with a standard error that cannot be."""
    base = tmp_path_factory.mktemp("coloc")
    draw = np.random.default_rng(1)
    lbf = [
        {"molecular_trait_id": "t1", "region": "chr5:1-2000", "variant": f"chr5_{at}_A_G", "chromosome": "5",
         "position": at, **{f"lbf_variable{n}": float(draw.normal()) + 20 * (n <= 2 and at == 100 * n)
                            if n <= 2 else 0.0 for n in range(1, 11)}}
        for at in range(1, 301)
    ]  # fmt: skip
    sets = [
        {"molecular_trait_id": "t1", "gene_id": GENES[0], "cs_id": f"t1_L{n}", "variant": f"chr5_{100 * n}_A_G",
         "rsid": f"rs{n}", "cs_size": 1, "pip": 0.99, "pvalue": 1e-9, "beta": 0.5, "se": 0.1, "z": 5.0,
         "cs_min_r2": 1.0, "region": "chr5:1-2000"}
        for n in (1, 2)
    ]  # fmt: skip
    write(base / "in/QTD000001.lbf_variable.txt", lbf)
    write(base / "in/QTD000001.credible_sets.tsv", sets)
    rows = [
        row(at, trait, gene_id=GENES[1], beta=float(draw.normal(0, 0.1)) + 3 * (at == 100), se=se, maf=None, ac=None)
        for trait, se in (("t2", 0.1), ("t3", 1e-9))
        for at in range(1, 301)
    ]
    write(base / "in/QTD000002.all.tsv", rows)
    ingest(base / "in", base / "cat")
    return Catalogue(base / "cat")


def test_signals_are_compared_one_by_one(fine_mapped: Catalogue) -> None:
    places = range(1, 301)
    locus: dict[str, Any] = {
        "variant": [f"chr5_{at}_A_G" for at in places], "beta": [0.9 if at == 200 else 0.01 for at in places],
        "se": [0.1] * 300, "type": "cc",
    }  # fmt: skip
    found = colocalise(fine_mapped, locus, method="signals")
    assert [(line["molecular_trait_id"], line["gene_id"], line["idx_2"]) for line in found] == [
        ("t1", GENES[0], 2), ("t1", GENES[0], 1),
    ]  # fmt: skip
    assert found["pp_h4"][0] > 0.9 > 0.1 > found["pp_h4"][1]
    lbf = fine_mapped.lbf("t1").to_polars()
    mine = {"snp": locus["variant"], "lbf": [lbf_from_estimates(locus["beta"], locus["se"], type="cc")]}
    expected = coloc_many(mine, {"t1": lbf.drop("dataset_id", "region", "chromosome", "position")})
    np.testing.assert_allclose(sorted(found["pp_h4"]), sorted(expected["pp_h4"]), rtol=1e-9)


def test_a_trait_that_cannot_be_compared_is_told(fine_mapped: Catalogue) -> None:
    locus = {"variant": [f"5:{at}:A:G" for at in range(1, 301)], "beta": [0.1] * 300, "se": [0.1] * 300, "type": "cc"}
    found = colocalise(fine_mapped, locus)
    assert list(found["molecular_trait_id"]) == ["t2"]
    assert "z" in found.meta["left_out"]["QTD000002/t3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"variant": ["5:1:A:G", "6:1:A:G"]}, "lies on the chromosomes 5, 6"),
        ({"variant": ["rs1", "rs2"]}, "is not a variant"),
        ({"variant": ["5:1:A:G", "5:1:G:A"]}, "more than once"),
        ({"variant": ["1:1:A:G", "1:2:A:G"]}, "Nothing that the catalogue holds in 1:1-2"),
        ({"se": [0.1, 0.0]}, "se = 0"),
        ({"type": "x"}, "type"),
    ],
)
def test_a_locus_that_cannot_be_used(change: dict[str, Any], said: str) -> None:
    locus = {"variant": ["5:1:A:G", "5:2:A:G"], "beta": [1, 1], "se": [1, 1], "type": "cc"}
    with pytest.raises((BadTable, InvalidOption), match=said):
        colocalise(Catalogue(), {**locus, **change})


def test_other_refusals(gwas: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption, match="no method"):
        colocalise(Catalogue(), gwas, method="x")  # type: ignore[arg-type]
    with pytest.raises(BadTable, match="no variant in 1:1-2"):
        colocalise(Catalogue(), gwas, region="1:1-2")
    with pytest.raises(InvalidOption, match="p12 cannot be 2"):
        colocalise(Catalogue(), gwas, p12=2)
    with pytest.raises(TookTooLong):
        colocalise(Catalogue(), gwas, seconds=0.0)
    with pytest.raises(BadTable, match="3 traits there"):
        stored_locus(Catalogue(), "QTD000085")
    with pytest.raises(BadTable, match="no associations there"):
        stored_locus(Catalogue(), "QTD000085", region="1:1-2")


@pytest.mark.data
def test_the_real_locus_of_hmgcr_from_its_files(shared_data: Path, tmp_path: Path) -> None:
    """LDL cholesterol as GWAS-VCF against the genes of muscle; the published H4 is over variants matched by place."""
    source = shared_data / "eqtl/nominal/HMGCR"
    (tmp_path / "in").mkdir()
    shutil.copy(source / "FUSION_muscle_HMGCR_gene.tsv.gz", tmp_path / "in/QTD000085.all.tsv.gz")
    shutil.copy(source / "LDLC_HMGCR.vcf.gz", tmp_path / "in")
    ingest(tmp_path / "in", tmp_path / "cat")
    catalogue, region = Catalogue(tmp_path / "cat"), "5:75155353-75554981"
    locus = stored_locus(catalogue, "LDLC_HMGCR", region=region, N=440_546)
    found = colocalise(catalogue, locus, dataset="QTD000085")
    assert (found["gene_id"][0], found["nsnps"][0]) == (GENES[0], 1002)
    assert found["pp_h4"][0] == pytest.approx(0.988514962608045, abs=1e-6)
    assert max(found["pp_h4"][1:]) < 0.6
