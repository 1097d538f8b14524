from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import gtf
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

HEADER = "#!genome-build GRCh38.p13\n#!genome-version GRCh38\n#!genebuild-last-updated 2022-11\n"
GENE = (
    "17\tensembl_havana\tgene\t7661779\t7687546\t.\t-\t.\t"
    'gene_id "ENSG00000141510"; gene_version "19"; gene_name "TP53"; gene_source "ensembl_havana"; '
    'gene_biotype "protein_coding";\n'
)
TRANSCRIPT = GENE.replace("\tgene\t", "\ttranscript\t")
PLAIN = 'MT\tinsdc\tgene\t577\t647\t.\t+\t.\tgene_id "ENSG00000210049"; gene_biotype "Mt_tRNA"\n'
GENCODE = (
    "chrY\tHAVANA\tgene\t253743\t255091\t.\t+\t.\t"
    'gene_id "ENSG00000182378.15_PAR_Y"; gene_type "protein_coding"; gene_name "PLCXD1"; level 2; '
    'tag "ncRNA_host"; tag "a; b"; note "";\n'
)


@pytest.mark.parametrize("packing", PACKINGS)
def test_genes_only(tmp_path: Path, packing: str) -> None:
    path = put(tmp_path, HEADER + GENE + TRANSCRIPT + PLAIN + GENCODE, packing)
    tp53, trna, plcxd1 = gtf.read(path)
    assert tp53[:8] == ("ENSG00000141510", "19", "TP53", "protein_coding", "17", 7661779, 7687546, -1)
    assert dict(tp53.attributes)["gene_source"] == "ensembl_havana"
    assert (trna.symbol, trna.biotype, trna.strand, trna.line) == ("", "Mt_tRNA", 1, 6)
    assert (plcxd1.gene_id, plcxd1.version, plcxd1.biotype) == ("ENSG00000182378", "15_PAR_Y", "protein_coding")
    assert plcxd1.attributes[3:] == (("level", "2"), ("tag", "ncRNA_host"), ("tag", "a; b"), ("note", ""))


def test_header_and_frame(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + GENE + PLAIN)
    assert gtf.header(path)["genome-build"] == "GRCh38.p13"
    frame = gtf.genes_frame(path)
    assert frame.rows()[1] == ("ENSG00000210049", "", "Mt_tRNA", "MT", 577, 647, 1)
    assert [str(kind) for kind in frame.dtypes[4:]] == ["Int32", "Int32", "Int8"]


def test_worm_ids_keep_their_points(tmp_path: Path) -> None:
    path = put(tmp_path, GENE.replace("ENSG00000141510", "Y74C9A.6").replace(' gene_version "19";', ""))
    assert next(gtf.read(path)).gene_id == "Y74C9A.6"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("\t.\t-\t.\t", "\t.\t-\t", "8 columns, not 9"),
        ("gene_id", "geneid", "the gene has no gene_id"),
        ("7661779", "7_661", "the start is '7_661'"),
        ("7661779", "7687547", "the range 7687547-7687546 is impossible"),
        ("7661779", "0", "the range 0-7687546 is impossible"),
        ("\t-\t", "\tC\t", "the strand is 'C'"),
        ('gene_name "TP53"', 'gene_name "TP53', "is not of the form"),
        ('gene_name "TP53";', "gene_name;", "'gene_name; gene_source"),
    ],
)
def test_broken(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GENE
    path = put(tmp_path, HEADER + PLAIN + GENE.replace(old, new, 1))
    with pytest.raises(FormatError) as caught:
        list(gtf.read(path))
    assert_fault(caught, path, 5, problem)


def test_without_gene_rows(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + TRANSCRIPT * 3)
    with pytest.raises(FormatError) as caught:
        list(gtf.read(path))
    assert_fault(caught, path, 6, "without any row of feature type gene")
