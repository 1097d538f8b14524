"""Orthologs of packs from the official files."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl

from lifenode.packs.build import build_pack
from lifenode.packs.recipes import upstream
from tests.packs import upstream_files
from tests.packs.readers.helpers import rows

HUMAN = "human_entrez_gene human_ensembl_gene hgnc_id human_name human_symbol human_chr human_assert_ids"
OTHER = "ortholog_species_" + " ortholog_species_".join(
    ("entrez_gene", "ensembl_gene", "db_id", "name", "symbol", "chr", "assert_ids")
)
HCOP = rows(
    f"ortholog_species {HUMAN} {OTHER} support",
    "10090 101 ENSG00000000001 HGNC:1 n ABC1 1 - 201 ENSMUSG00000000001 MGI:1 n Abc1 1 - NCBI,Ensembl",
    "9598 102 ENSG00000000002 HGNC:2 n ABC2 1 - 301 ENSPTRG00000000002 - n ABC2 1 - OMA",
    "10090 999 ENSG00000000999 HGNC:9 n GONE 1 - 209 ENSMUSG00000000009 MGI:9 n Gone 1 - OMA",
)
HOMOLOGENE = rows("5 9606 103 NEW3 1 NP_1", "5 3702 401 NEW3 2 NP_2", "5 10090 203 New3 3 NP_3")


def test_both_sources_where_their_files_are_in_the_folder(tmp_path: Path) -> None:
    raw = upstream_files.write(tmp_path / "raw")
    (raw / "human_all_hcop_sixteen_column.txt.gz").write_bytes(gzip.compress(HCOP.encode(), mtime=0))
    (raw / "homologene.data").write_text(HOMOLOGENE)
    pack = build_pack("hsapiens", raw, tmp_path / "pack")
    genes = pl.read_parquet(pack / "genes.parquet")["gene_id"]
    table = pl.read_parquet(pack / "orthologs.parquet")
    assert [(genes[row[0]], *row[1:]) for row in table.rows()] == [
        ("ENSG00000000001", "mmusculus", "ENSMUSG00000000001", "201", "Abc1", "HCOP", "Ensembl|NCBI"),
        ("ENSG00000000002", "ptroglodytes", "ENSPTRG00000000002", "301", "ABC2", "HCOP", "OMA"),
        ("ENSG00000000003", "athaliana", "", "401", "NEW3", "HomoloGene", "HomoloGene:5"),
        ("ENSG00000000003", "mmusculus", "", "203", "New3", "HomoloGene", "HomoloGene:5"),
    ]
    made = upstream.content("hsapiens", raw)
    told = made.sources["orthologs"]
    assert told["name"] == "HCOP + HomoloGene"
    assert told["version"].startswith("human_all_hcop_sixteen_column.txt.gz 20")
    assert told["dropped"] == {"HCOP: gene that is not in the pack": 1}


def test_one_source_alone_and_none(tmp_path: Path) -> None:
    raw = upstream_files.write(tmp_path)
    made = upstream.content("hsapiens", raw)
    assert made.orthologs is None
    assert "orthologs" not in made.sources
    (raw / "homologene.data").write_text(HOMOLOGENE)
    made = upstream.content("hsapiens", raw)
    assert made.orthologs is not None
    assert made.orthologs.height == 2
    assert made.sources["orthologs"]["name"] == "HomoloGene"
