from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lifenode.errors import FormatError, InvalidOption
from lifenode.packs.readers import tables
from lifenode.packs.readers.layouts import LAYOUTS
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

GENES = "ensgene\tentrez\tsymbol\tchr\tstart\tend\tstrand\tbiotype\tdescription\n"
GENE = "ENSG00000141510\t7157|1\tTP53\t17\t7661779\t7687546\t-1\tprotein_coding\ttumor protein p53\n"


@pytest.mark.parametrize("packing", PACKINGS)
def test_text_numbers_and_blanks(tmp_path: Path, packing: str) -> None:
    blank = "ENSG00000000001\t\t\tMT\t1\t2\t1\tMt_tRNA\t\n"
    frame = tables.read(put(tmp_path, GENES + GENE + blank, packing), "genes")
    assert frame.rows() == [
        ("ENSG00000141510", "7157|1", "TP53", "17", 7661779, 7687546, -1, "protein_coding", "tumor protein p53"),
        ("ENSG00000000001", None, None, "MT", 1, 2, 1, "Mt_tRNA", None),
    ]


def test_header_without_rows(tmp_path: Path) -> None:
    frame = tables.read(put(tmp_path, GENES), "genes")
    assert frame.height == 0
    assert frame.schema["start"] == pl.Int64


def test_quotation_marks(tmp_path: Path) -> None:
    columns = "wpid\torganism\tname\tversion\tnode_type\tdatabase\tidentifier\tlabel\n"
    content = columns + 'WP1\tMus musculus\tn\tv\tGeneProduct\tEnsembl\tE1\t"""TUSC2 / Fus1 , Fusion """\n'
    content += 'WP1\tMus musculus\t5" disc\tv\tGeneProduct\tEnsembl\t"\t""\n'
    frame = tables.read(put(tmp_path, content), "wikipathways_nodes")
    assert frame["label"].to_list() == ['"TUSC2 / Fus1 , Fusion "', ""]
    assert frame.row(1)[2] == '5" disc'
    assert frame.row(1)[6] == '"'


def test_minus_strand_of_yeast(tmp_path: Path) -> None:
    content = rows(
        "sgdid feature_type qualifier orf symbol aliases chr start end strand description",
        "S000002142 ORF Verified YAL068C PAU8 _ 1 2169 1807 C _",
        "S000002143 ORF Dubious YAL069W _ _ 1 335 649 W _",
    )
    frame = tables.sgd_features(put(tmp_path, content)).select("orf", "start", "end", "strand")
    assert frame.rows() == [("YAL068C", 1807, 2169, -1), ("YAL069W", 335, 649, 1)]
    assert frame.schema["strand"] == pl.Int8


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (
            "GeneID symbol GO_ID Evidence Qualifier Category",
            "1 A1BG GO:0000001 TAS NOT BP",
            ("GO:BP", "1", "A1BG", "GO:0000001", "NOT", "TAS", None),
        ),
        (
            "GeneID symbol GO_ID Evidence Qualifier Category",
            "1 A1BG GO:0000001 ND - MF",
            ("GO:MF", "1", "A1BG", "GO:0000001", None, "ND", None),
        ),
        (
            "entrez symbol go_id namespace experimental",
            "1 A1BG GO:0000001 CC 1",
            ("GO:CC", "1", "A1BG", "GO:0000001", None, None, True),
        ),
        (
            "entrez go_id experimental namespace",
            "1 GO:0000001 0 BP",
            ("GO:BP", "1", None, "GO:0000001", None, None, False),
        ),
        (
            "uniprot go_id namespace",
            "P04637 GO:0000001 BP",
            ("GO:BP", "P04637", None, "GO:0000001", None, None, None),
        ),
    ],
)
def test_annotations_of_every_layout(tmp_path: Path, header: str, cells: str, expected: tuple[object, ...]) -> None:
    assert tables.go_annotations(put(tmp_path, rows(header, cells))).rows() == [expected]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "no header line"),
        (GENES.replace("strand", "direction"), 1, "the column strand is missing; the header has ensgene, entrez"),
        ("\n" + GENES.replace("symbol", "Symbol"), 2, "the column symbol is missing"),
        (GENES.replace("entrez", "symbol"), 1, "the column symbol comes twice"),
        (GENES + GENE + "\n" + GENE.rpartition("\t")[0] + "\n", 4, "8 columns where the header has 9"),
        (GENES + GENE + GENE.replace("7661779", "7.6e6"), 3, "start '7.6e6' is not a whole number"),
        (GENES + GENE + GENE.replace("\t17\t", "\t\t"), 3, "chr is blank"),
        (GENES + GENE + "\n\n" + GENE.replace("\t-1\t", "\t-\t"), 5, "strand '-' does not match -?1"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        tables.read(path, "genes")
    assert_fault(caught, path, line, problem)


def test_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="Known kinds: genes"):
        tables.read(tmp_path / "x", "gene")


REAL = {
    "genes_celegans": ("genes", 46_926),
    "genes_dmelanogaster": ("genes", 23_932),
    "genes_ggallus": ("genes", 30_108),
    "genes_hsapiens": ("genes", 69_299),
    "genes_mmulatta": ("genes", 35_432),
    "genes_mmusculus": ("genes", 57_010),
    "genes_rnorvegicus": ("genes", 30_560),
    "genes_scerevisiae_sgd_2020-10": ("sgd_features", 7_141),
    "go_edges": ("go_edges", 91_477),
    "go_terms": ("go_terms", 47_729),
    "gwas_catalog_2020-04-30_sample50k": ("gwas", 50_000),
    "homologene2": ("homologene", 151_592),
    "hpo_genes_to_phenotype_2023-01": ("hpo_genes_to_phenotype", 220_065),
    "hpo_terms_2024-02-08": ("hpo_terms", 18_484),
    "mgi_genes_grcm39_2024": ("mgi_genes", 79_701),
    "mgi_mouse_human_homology_2024-11": ("mgi_homology", 46_396),
    "wikipathways_hsapiens_members_ensembl": ("wikipathways_members", 41_282),
    "wikipathways_nodes_2026-08": ("wikipathways_nodes", 88_451),
    "zfin_human_orthologs_2024-11": ("zfin_orthologs", 17_139),
}


def _table(shared_data: Path, name: str) -> Path:
    return shared_data / f"annotation/tables/{name}.tsv.gz"


@pytest.mark.parametrize("name", REAL)
def test_real_tables(shared_data: Path, name: str) -> None:
    kind, count = REAL[name]
    assert tables.read(_table(shared_data, name), kind).height == count


def test_every_layout_is_tried_on_a_real_table() -> None:
    annotations = {kind for kind in LAYOUTS if kind.startswith("go_annotations")}
    assert {kind for kind, _ in REAL.values()} | annotations == set(LAYOUTS)


@pytest.mark.parametrize(
    ("name", "count", "experimental"),
    [
        ("evidence_hsapiens_gene2go_2020-12", 322_873, None),
        ("evidence_mmusculus_gene2go_2020-12", 367_110, None),
        ("hsapiens_gene2go_2023-11_direct_expflag", 279_242, 111_923),
        ("hsapiens_goa_2026-03_direct_noevidence", 361_185, None),
        ("athaliana_gene2go_2018-10", 163_984, None),
        ("rnorvegicus_gene2go_2018-10", 48_809, 48_809),
    ],
)
def test_real_annotations(shared_data: Path, name: str, count: int, experimental: int | None) -> None:
    frame = tables.go_annotations(_table(shared_data, f"go_annotations_{name}"))
    assert frame.height == count
    if experimental is not None:
        assert frame["experimental"].sum() == experimental
    assert frame["evidence"].null_count() == (0 if name.startswith("evidence") else count)


def test_human_genes_and_codes(shared_data: Path) -> None:
    genes = tables.read(_table(shared_data, "genes_hsapiens"), "genes")
    assert (genes["primary_assembly"] == "1").sum() == 62_656
    coded = tables.go_annotations(_table(shared_data, "go_annotations_evidence_hsapiens_gene2go_2020-12"))
    assert (coded["evidence"] == "IEA").sum() == 76_294
    assert coded["qualifier"].str.contains("NOT").sum() == 1_231


def test_yeast_strands(shared_data: Path) -> None:
    path = _table(shared_data, "genes_scerevisiae_sgd_2020-10")
    raw, frame = tables.read(path, "sgd_features"), tables.sgd_features(path)
    assert (raw["start"] > raw["end"]).sum() == (frame["strand"] == -1).sum() == 3_514
    assert (frame["start"] <= frame["end"]).all()
    aliases = frame.filter(orf="YNL039W")["aliases"].item()
    assert aliases == 'transcription factor TFIIIB subunit BDP1|TFC7|TFIIIB90|B"|TFC5'


def test_gwas_positions_are_whole_numbers(shared_data: Path) -> None:
    frame = tables.read(_table(shared_data, "gwas_catalog_2020-04-30_sample50k"), "gwas")
    assert frame.row(0, named=True)["CHR_POS"] == 58_153_390
    assert (frame["CONTEXT"] == "intron_variant").sum() == 28_668
    assert frame["MAPPED_TRAIT"].str.contains('feeling "fed-up" measurement', literal=True).sum() == 13


def test_human_wikipathways(shared_data: Path) -> None:
    frame = tables.read(_table(shared_data, "wikipathways_nodes_2026-08"), "wikipathways_nodes")
    assert frame.filter(organism="Homo sapiens")["wpid"].n_unique() == 1_010
