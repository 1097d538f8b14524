from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import ncbi
from lifenode.packs.readers.frames import ANNOTATION_COLUMNS
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

GENE_INFO = rows(
    "#tax_id GeneID Symbol LocusTag Synonyms dbXrefs chromosome map_location description type_of_gene "
    "Symbol_from_nomenclature_authority Full_name_from_nomenclature_authority Nomenclature_status Other_designations "
    "Modification_date Feature_type",
    "9606 7157 TP53 - BCC7|LFS1|P53 MIM:191170|HGNC:HGNC:11998|Ensembl:ENSG00000141510 17 17p13.1 tumor-protein-p53 "
    "protein-coding TP53 tumor-protein-p53 O antigen 20231107 -",
    "10090 22059 Trp53 - - MGI:MGI:98834 11 11-42.83-cM p53 protein-coding Trp53 p53 O - 20231107 -",
)
# Since about 2017 the header is tab-separated; before, it was this sentence.
OLD_HEADER = (
    "#Format: tax_id GeneID Symbol LocusTag Synonyms dbXrefs chromosome map_location description type_of_gene "
    "Symbol_from_nomenclature_authority Full_name_from_nomenclature_authority Nomenclature_status Other_designations "
    "Modification_date Feature_type (tab is used as a separator, pound sign - start of a comment)\n"
)
GENE2GO = rows(
    "#tax_id GeneID GO_ID Evidence Qualifier GO_term PubMed Category",
    "3702 814629 GO:0005634 ISM located_in nucleus - Component",
    "9606 7157 GO:0006915 IMP NOT|involved_in apoptosis 8657117|1 Process",
    "9606 7157 GO:0003677 IDA - DNA-binding 8657117 Function",
)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("old", [False, True])
def test_gene_info(tmp_path: Path, packing: str, old: bool) -> None:
    body = GENE_INFO.partition("\n")
    path = put(tmp_path, (OLD_HEADER if old else body[0] + "\n") + body[2], packing)
    human, mouse = ncbi.gene_info(path)
    assert human == ncbi.Gene(
        taxonomy_id=9606,
        gene_id="7157",
        symbol="TP53",
        locus_tag="",
        synonyms=("BCC7", "LFS1", "P53"),
        references=(("MIM", "191170"), ("HGNC", "HGNC:11998"), ("Ensembl", "ENSG00000141510")),
        chromosome="17",
        description="tumor-protein-p53",
        kind="protein-coding",
        official_symbol="TP53",
        official_name="tumor-protein-p53",
        modified="20231107",
        line=2,
    )
    assert (mouse.taxonomy_id, mouse.synonyms, mouse.references) == (10090, (), (("MGI", "MGI:98834"),))


def test_only_the_taxa_asked_for(tmp_path: Path) -> None:
    assert [gene.gene_id for gene in ncbi.gene_info(put(tmp_path, GENE_INFO), {10090})] == ["22059"]
    assert [row.line for row in ncbi.gene2go(put(tmp_path, GENE2GO), {9606})] == [3, 4]
    moved = rows("GeneID tax_id Symbol", "1 9606 A", "2 10090 B")
    assert [gene.gene_id for gene in ncbi.gene_info(put(tmp_path, moved), {10090})] == ["2"]


def test_gene2go(tmp_path: Path) -> None:
    leaf, apoptosis, dna = ncbi.gene2go(put(tmp_path, GENE2GO))
    assert (leaf.taxonomy_id, leaf.source, leaf.relations, leaf.references) == (3702, "GO:CC", ("located_in",), ())
    assert apoptosis == ncbi.Annotation(
        9606, "7157", "", "GO:0006915", "IMP", True, ("involved_in",), "GO:BP", ("8657117", "1"), 3
    )
    assert (dna.negated, dna.relations, dna.source) == (False, (), "GO:MF")


def test_frames(tmp_path: Path) -> None:
    frame = ncbi.gene2go_frame(put(tmp_path, GENE2GO), {9606})
    assert tuple(frame.columns) == ANNOTATION_COLUMNS
    assert frame.rows()[0] == ("GO:BP", "7157", "", "GO:0006915", "NOT|involved_in", "IMP", "9606")
    genes = ncbi.gene_info_frame(put(tmp_path, GENE_INFO))
    assert genes.columns[0] == "tax_id"
    assert genes["Synonyms"].to_list() == ["BCC7|LFS1|P53", "-"]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("\tGeneID\t", "\tgene\t", 1, "the column GeneID is missing; the header has tax_id, gene, Symbol"),
        ("10090\t22059", "10090\tx", 3, "GeneID is 'x', not a whole number"),
        ("10090\t22059", "mouse\t22059", 3, "tax_id is 'mouse'"),
        ("\t20231107\t-\n10090", "\t20231107\n10090", 2, "15 columns where the header has 16"),
    ],
)
def test_broken_gene_info(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    assert old in GENE_INFO
    path = put(tmp_path, GENE_INFO.replace(old, new))
    with pytest.raises(FormatError) as caught:
        list(ncbi.gene_info(path))
    assert_fault(caught, path, line, problem)


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("\tCategory", "\tBranch", 1, "the column Category is missing"),
        ("GO:0003677", "0003677", 4, "'0003677' is not a GO id"),
        ("Process", "process", 3, "the category 'process'"),
    ],
)
def test_broken_gene2go(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    path = put(tmp_path, GENE2GO.replace(old, new))
    with pytest.raises(FormatError) as caught:
        list(ncbi.gene2go(path))
    assert_fault(caught, path, line, problem)


def test_empty_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 1: no header line"):
        list(ncbi.gene_info(put(tmp_path, "")))


def test_taxa_of_a_table_that_does_not_tell_them(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the column tax_id is missing"):
        list(ncbi.gene2go(put(tmp_path, rows("GeneID GO_ID Evidence Category")), {9606}))


def test_gene_info_tables(shared_data: Path) -> None:
    tables = shared_data / "annotation/tables"
    counts = Counter(gene.taxonomy_id for gene in ncbi.gene_info(tables / "ncbi_gene_info_scerevisiae.tsv.gz"))
    assert counts == {559292: 6_478, 4932: 36}
    human = list(ncbi.gene_info(tables / "ncbi_gene_info_hsapiens.tsv.gz", {9606}))
    assert len(human) == 63_281  # the file has 73 more, of Neanderthals and Denisovans
    assert sum(any(database == "Ensembl" for database, _ in gene.references) for gene in human) == 35_163
    tp53 = next(gene for gene in human if gene.gene_id == "7157")
    assert tp53.synonyms == ("BCC7", "BMFS5", "LFS1", "P53", "TRP53")


@pytest.mark.parametrize(("species", "count", "negated"), [("hsapiens", 322_873, 1_231), ("mmusculus", 367_110, 826)])
def test_gene2go_tables(shared_data: Path, species: str, count: int, negated: int) -> None:
    path = shared_data / f"annotation/tables/go_annotations_evidence_{species}_gene2go_2020-12.tsv.gz"
    frame = ncbi.gene2go_frame(path)
    assert frame.height == count
    assert frame["qualifier"].str.contains("NOT").sum() == negated
    assert set(frame["source"]) == {"GO:BP", "GO:MF", "GO:CC"}
