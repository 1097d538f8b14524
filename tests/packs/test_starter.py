"""The packs that ship with lifenode: known answers, known genes, and nothing that must not be there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from lifenode.packs import catalog
from lifenode.packs.contract import check
from lifenode.packs.recipes import starter
from tests.packs.starter_packs import STARTER, facts, gene, gene_sets, manifest, table

ORGANISMS = [entry.id for entry in catalog.organisms()]
TABLES = ("genes", "identifiers", "terms", "annotations")
ROOTS = ("GO:0003674", "GO:0008150", "GO:0005575")


def test_all_packs_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in STARTER.rglob("*") if path.is_file()) < 60e6
    assert sorted(path.name for path in STARTER.iterdir() if path.is_dir()) == sorted(ORGANISMS)


@pytest.mark.parametrize("organism", ORGANISMS)
def test_each_pack_fits_the_contract_and_its_manifest(organism: str) -> None:
    told = manifest(organism)
    tables = [name for name in (*TABLES, "orthologs", "variants") if f"{name}.parquet" in told["files"]]
    check({name: table(organism, name) for name in tables}, told["sources"])
    assert told["release"] == catalog.release() == "2026.11"
    assert told["name"] == f"{organism}-2026.11"
    assert told["organism"] == catalog.organism(organism).to_dict()
    assert told["evidence_note"]
    for name, entry in told["files"].items():
        raw = (STARTER / organism / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(raw).hexdigest()
        assert entry["bytes"] == len(raw)
    for code, facts_ in told["sources"].items():
        assert facts_["version"], code
        assert facts_["licence"], code
        assert facts_["attribution"], code
        assert facts_["url"].startswith("https://"), code


@pytest.mark.parametrize("organism", ORGANISMS)
def test_nothing_is_annotated_that_must_not_be(organism: str) -> None:
    genes, terms, annotations = (table(organism, name) for name in ("genes", "terms", "annotations"))
    assert genes["primary_assembly"].gather(annotations["gene"]).all()
    assert not set(terms["term_id"].gather(annotations["term"])) & set(ROOTS)
    assert "ND" not in annotations["evidence"].unique().to_list()
    assert not terms["name"].str.starts_with("obsolete ").any()
    assert (terms["name"] != "").all()
    assert set(ROOTS) <= set(terms.filter(pl.col("parents").list.len() == 0)["term_id"])
    assert "[Source" not in "".join(genes["name"].to_list())


@pytest.mark.parametrize("organism", ORGANISMS)
def test_every_gene_is_found_by_its_id_and_its_symbol(organism: str) -> None:
    rows = table(organism, "identifiers").select("identifier", "gene")
    genes = table(organism, "genes").with_row_index("gene").cast({"gene": pl.Int32})
    for column in ("gene_id", "symbol"):
        named = genes.filter(pl.col(column) != "").select("gene", identifier=column)
        assert named.join(rows, on=["identifier", "gene"], how="anti").height == 0


# The others


@pytest.mark.parametrize(
    ("organism", "namespace", "identifier", "gene_id"),
    [
        ("mmusculus", "MGI", "MGI:98834", "ENSMUSG00000059552"),
        ("mmusculus", "SYMBOL", "Trp53", "ENSMUSG00000059552"),
        ("mmusculus", "UNIPROT", "P02340", "ENSMUSG00000059552"),
        ("rnorvegicus", "SYMBOL", "Gad1", "ENSRNOG00000000007"),
        ("scerevisiae", "SGD", "S000000001", "YAL001C"),
        ("scerevisiae", "SYMBOL", "TFC3", "YAL001C"),
        ("scerevisiae", "ENTREZGENE", "851262", "YAL001C"),
        ("dmelanogaster", "SYMBOL", "dl", "FBgn0260632"),
        ("dmelanogaster", "LOCUSTAG", "Dmel_CG6667", "FBgn0260632"),
        ("celegans", "WORMBASE", "WBGene00000898", "WBGene00000898"),
        ("celegans", "SYMBOL", "daf-2", "WBGene00000898"),
        ("drerio", "ZFIN", "ZDB-GENE-990415-270", "ENSDARG00000035559"),
        ("drerio", "SYMBOL", "tp53", "ENSDARG00000035559"),
        ("ggallus", "SYMBOL", "TP53", "ENSGALG00010000434"),
        ("athaliana", "AGI", "AT2G41231", "AT2G41231"),
        ("athaliana", "SYMBOL", "ATHB54", "NCBI:10723019"),
    ],
)
def test_known_genes(organism: str, namespace: str, identifier: str, gene_id: str) -> None:
    assert gene(organism, namespace, identifier) == [gene_id]


@pytest.mark.parametrize(
    ("organism", "term", "least", "most"),
    [
        ("mmusculus", "GO:0006281", 400, 600),
        ("mmusculus", "GO:0016021", 4_000, 8_000),  # merged after 2021, alive in the graph of 2021
        ("scerevisiae", "GO:0006281", 250, 350),
        ("scerevisiae", "GO:0005634", 2_000, 2_700),
        ("dmelanogaster", "GO:0006281", 120, 250),
        ("celegans", "GO:0006281", 100, 200),
        ("drerio", "GO:0006281", 200, 350),
        ("athaliana", "GO:0006281", 200, 400),
        ("rnorvegicus", "GO:0006954", 80, 150),
        ("ggallus", "GO:0005634", 600, 1_000),
    ],
)
def test_sets_are_of_a_sane_size(organism: str, term: str, least: int, most: int) -> None:
    assert least <= len(gene_sets(organism)[term]) <= most


def test_yeast_coordinates_run_forwards_on_both_strands() -> None:
    found = facts("scerevisiae", "YAR009C")  # SGD: 164187 to 160597 on C
    assert (found["chromosome"], found["start"], found["end"], found["strand"]) == ("I", 160_597, 164_187, -1)
    genes = table("scerevisiae", "genes")
    assert genes["strand"].value_counts().sort("strand").rows() == [(-1, 3_514), (1, 3_627)]
    assert genes.filter(biotype="dubious_ORF").height == 717
    assert genes.filter(pl.col("chromosome").str.contains(r"^\d+$")).is_empty()


def test_what_evidence_each_organism_records() -> None:
    kinds = {organism: manifest(organism)["sources"]["GO:BP"]["evidence"] for organism in ORGANISMS}
    assert kinds == {
        **dict.fromkeys(ORGANISMS, "experimental_flag"),
        "hsapiens": "codes",
        "mmusculus": "codes",
    }
    assert "experimental" in manifest("rnorvegicus")["evidence_note"]
    terms, annotations = table("rnorvegicus", "terms"), table("rnorvegicus", "annotations")
    go = terms["source"].gather(annotations["term"]).str.starts_with("GO:")
    assert annotations.filter(go)["evidence"].unique().to_list() == ["experimental"]


def test_sources_of_each_organism() -> None:
    go = ["GO:MF", "GO:BP", "GO:CC"]
    told = {organism: [code for code in manifest(organism)["sources"] if code.isupper()] for organism in ORGANISMS}
    assert told == {
        **{organism: [*go, "REAC", "WP"] for organism in ORGANISMS},
        "hsapiens": [*go, "REAC", "WP", "HP"],
        "ggallus": [*go, "WP"],  # no Reactome file of chicken
    }


# Rebuilding


def test_packs_are_rebuilt_byte_for_byte(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("scerevisiae", "ggallus")
    options = [option for organism in chosen for option in ("--organism", organism)]
    assert starter.main([str(shared_data / "annotation"), str(tmp_path), *options]) == 0
    assert "scerevisiae: 1.2 MB" in capsys.readouterr().err
    for organism in chosen:
        for name in (*TABLES, "orthologs"):
            assert (tmp_path / organism / f"{name}.parquet").read_bytes() == (
                STARTER / organism / f"{name}.parquet"
            ).read_bytes()
        rebuilt = json.loads((tmp_path / organism / "manifest.json").read_text(encoding="utf-8"))
        assert rebuilt["sources"] == manifest(organism)["sources"]


def test_a_folder_without_the_tables_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert starter.main([str(tmp_path), str(tmp_path / "out")]) == 2
    assert "genes_hsapiens.tsv.gz is missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert not starter.recognises(tmp_path)
