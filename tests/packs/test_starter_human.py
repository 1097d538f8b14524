"""The human pack: known answers, known genes, known evidence."""

from __future__ import annotations

import pytest

from tests.packs.starter_packs import direct, facts, gene, gene_sets, manifest, sizes, table


def test_human_known_answers() -> None:
    found = {term: len(genes) for term, genes in gene_sets("hsapiens").items()}
    assert 497 <= found["GO:0006281"] <= 500  # an independent set of 2023-11 has 499
    assert 544 <= found["GO:0006954"] <= 552  # 551
    assert 7_504 <= found["GO:0005634"] <= 7_586  # 7,504; 7,586 over part_of of another year
    assert sizes("hsapiens") == {
        "GO:MF": 5_028,
        "GO:BP": 14_412,
        "GO:CC": 1_970,
        "REAC": 2_654,
        "WP": 992,
        "HP": 10_747,
    }
    assert sizes("hsapiens", "genes") == {
        "GO:MF": 17_549,
        "GO:BP": 16_859,
        "GO:CC": 18_082,
        "REAC": 11_276,
        "WP": 9_409,
        "HP": 4_886,
    }


def test_human_genes() -> None:
    genes = table("hsapiens", "genes")
    assert (genes.height, int(genes["primary_assembly"].sum())) == (69_299, 62_656)
    assert facts("hsapiens", "ENSG00000141510") == {
        "gene_id": "ENSG00000141510",
        "symbol": "TP53",
        "name": "tumor protein p53",
        "biotype": "protein_coding",
        "chromosome": "17",
        "start": 7_661_779,
        "end": 7_687_538,
        "strand": -1,
        "primary_assembly": True,
    }


@pytest.mark.parametrize(
    ("namespace", "identifier"),
    [
        ("ENSG", "ENSG00000141510"),
        ("SYMBOL", "TP53"),
        ("ENTREZGENE", "7157"),
        ("HGNC", "HGNC:11998"),
        ("UNIPROT", "P04637"),
        ("REFSEQ", "NM_000546"),
        ("ALIAS", "LFS1"),
    ],
)
def test_human_identifiers(namespace: str, identifier: str) -> None:
    assert gene("hsapiens", namespace, identifier) == ["ENSG00000141510"]


def test_human_names_change_and_are_shared() -> None:
    assert gene("hsapiens", "PREVIOUS_SYMBOL", "IL8") == ["ENSG00000169429"]
    assert gene("hsapiens", "SYMBOL", "FIRRM") == ["ENSG00000000460"]
    assert gene("hsapiens", "PREVIOUS_SYMBOL", "C1orf112") == ["ENSG00000000460"]
    # An antisense gene shares LRFN2's Entrez id in Ensembl's cross references, not in HGNC's.
    assert gene("hsapiens", "ENTREZGENE", "57497") == ["ENSG00000156564"]
    # The copies of HLA-A on alternate loci resolve, beside the one that is annotated.
    assert len(gene("hsapiens", "SYMBOL", "HLA-A")) > 1
    assert "ENSG00000206503" in gene("hsapiens", "SYMBOL", "HLA-A")


def test_human_evidence() -> None:
    assert direct("hsapiens", "ENSG00000141510", "GO:0042771") == {"IDA", "IMP"}
    codes = set(table("hsapiens", "annotations")["evidence"].unique())
    assert {"IDA", "IEA", "IBA", "TAS", "experimental", "unrecorded", ""} <= codes
    dropped = {code: manifest("hsapiens")["sources"][code]["dropped"] for code in ("GO:MF", "GO:BP", "GO:CC")}
    assert sum(counts["NOT qualifier"] for counts in dropped.values()) == 1_231
    assert sum(counts["no biological data (ND)"] for counts in dropped.values()) == 1_830


def test_viral_proteins_are_not_the_genes_once_called_like_them() -> None:
    symbols = table("hsapiens", "genes")["symbol"]
    influenza = {symbols[row] for row in gene_sets("hsapiens")["R-HSA-168255"]}
    assert {"KPNB1", "RAN"} <= influenza
    assert not {"XK", "PNP", "OCA2", "PBRM1", "BLOC1S6"} & influenza
    assert "CD46" not in {symbols[row] for row in gene_sets("hsapiens")["R-HSA-9609646"]}  # HCMV infection


def test_human_pathways_and_phenotypes() -> None:
    symbols = table("hsapiens", "genes")["symbol"]
    members = {term: {symbols[row] for row in gene_sets("hsapiens")[term]} for term in ("R-HSA-1059683", "HP:0000013")}
    assert members["R-HSA-1059683"] == {
        *("CBL", "IL6", "IL6R", "IL6ST", "JAK1", "JAK2", "PTPN11", "SOCS3", "STAT1", "STAT3", "TYK2")
    }
    assert "CLPP" in members["HP:0000013"]
    assert len(gene_sets("hsapiens")["HP:0000001"]) == 4_886


def test_human_variants() -> None:
    variants, genes = table("hsapiens", "variants"), table("hsapiens", "genes")["gene_id"]
    assert variants.height == variants["rsid"].n_unique() == 38_888
    assert set(variants["alleles"]) == {""}  # the catalogue gives none
    (agt,) = variants.filter(rsid="rs699").to_dicts()
    assert (agt["chromosome"], agt["position"], agt["end"], agt["genes_by"]) == (
        "1",
        230_710_048,
        230_710_048,
        "source",
    )
    assert [genes[row] for row in agt["genes"]] == ["ENSG00000135744"]
    assert agt["consequences"] == [{"gene": agt["genes"][0], "term": "missense_variant", "times": 1}]
    told = manifest("hsapiens")["sources"]["variants"]
    assert told["licence"] == "EMBL-EBI terms of use (unverified here)"
    assert told["dropped"]["several variants in one row"] == 9
