"""Tables of variants of four kinds, told by how they begin and brought to one form."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError, UnreadableInput
from lifenode.packs.readers import variants
from lifenode.packs.readers.variant import Consequence, Variant, are_alleles, fit, genes_inside, rsids
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

GWAS = "SNPS\tCHR_ID\tCHR_POS\tMAPPED_GENE\tCONTEXT\tUPSTREAM_GENE_ID\tSNP_GENE_IDS\tMAPPED_TRAIT\n"
CSQ = (
    "##fileformat=VCFv4.2\n"
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. '
    'Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)
PLAIN = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
VEP = (
    "## ENSEMBL VARIANT EFFECT PREDICTOR v112.0\n## Column descriptions:\n"
    "#Uploaded_variation\tLocation\tAllele\tGene\tFeature\tFeature_type\tConsequence\tcDNA_position\tCDS_position\t"
    "Protein_position\tAmino_acids\tCodons\tExisting_variation\tExtra\n"
)


def read(path: Path, chromosome: str = "") -> tuple[list[Variant], dict[str, int]]:
    refused: Counter[str] = Counter()
    return list(variants.read(path, refused, chromosome)), dict(refused)


def effect(uploaded: str, location: str, allele: str, gene: str, feature: str, terms: str, known: str = "-") -> str:
    cells = (uploaded, location, allele, gene, feature, "Transcript", terms, "-", "-", "-", "-", "-", known, "-")
    return "\t".join(cells) + "\n"


# What a variant is


def test_names_alleles_and_genes() -> None:
    assert rsids(["RS7", "rs007", "ss9", " rs8 ", "rs", "rs0"]) == ("rs7", "rs8")
    assert all(map(are_alleles, ["A/G", "-/T", "AT/-/A", "a/g", "N/<DEL>", "G/]13:5]T", "C/*", "T"]))
    assert not any(map(are_alleles, ["", "A/", "COSMIC_MUTATION", "A/G T", "A//G", "<DEL>/A", "A/X"]))
    assert fit("AT/A", 5, 6)
    assert fit("-/A", 5, 6)
    assert not fit("-/A", 5, 5)
    stated = [Consequence("G1", "intron_variant", 2), Consequence("G2", "upstream_gene_variant", 1)]
    assert genes_inside([*stated, Consequence("", "missense_variant", 1)]) == ("G1",)


# The GWAS Catalog


def test_gwas(tmp_path: Path) -> None:
    table = GWAS + (
        "rs7\t19\t100.0\tAPOE\tmissense_variant\t\tENSG1\theight\n"
        "rs8\tX\t200\tA, B\tintron_variant\t\tENSG1, ENSG2\t\n"
        "rs9\t1\t300\tA - B\tintergenic_variant\tENSG3\t\t\n"
        "rs10\t1\t400\tA\tintron_variant\t\t\t\n"
        "rs11\t1\t500\t\t\t\t\t\n"
    )
    found, refused = read(put(tmp_path, table))
    assert not refused
    whole = Consequence("", "missense_variant", 1)
    assert found[0] == Variant(("rs7",), "19", 100, 100, "", ("ENSG1",), (whole,), 2)
    assert (found[1].genes, found[1].consequences) == (("ENSG1", "ENSG2"), (Consequence("", "intron_variant", 1),))
    assert (found[2].genes, found[2].consequences) == ((), (Consequence("", "intergenic_variant", 1),))
    assert found[3].genes is None
    assert (found[4].genes, found[4].consequences) == (None, ())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("rs1 x rs2\t1\t5", "several variants in one row"),
        ("rs1; rs2\t1\t5", "several variants in one row"),
        ("chr1:5\t1\t5", "no rsID"),
        ("rs1\t\t5", "no position"),
        ("rs1\t1\t", "no position"),
        ("rs1\t1\t0", "no position"),
        ("rs1\t1\t9999999999", "no position"),
        ("rs1\t1\t5.5", "no position"),
    ],
)
def test_gwas_rows_that_cannot_be_used(tmp_path: Path, row: str, reason: str) -> None:
    assert read(put(tmp_path, f"SNPS\tCHR_ID\tCHR_POS\n{row}\n")) == ([], {reason: 1})


def test_the_sample_of_the_catalogue(shared_data: Path) -> None:
    path = shared_data / "annotation/tables/gwas_catalog_2020-04-30_sample50k.tsv.gz"
    found, refused = read(path)
    assert refused == {"several variants in one row": 9}
    assert len(found) == 50_000 - 9
    assert len({variant.ids for variant in found}) == 38_888


# VEP


def test_vep_counts_transcripts_by_gene(tmp_path: Path) -> None:
    table = VEP + (
        effect("rs7", "1:100", "A", "G1", "T1", "intron_variant")
        + effect("rs7", "1:100", "C", "G1", "T1", "intron_variant")
        + effect("rs7", "1:100", "A", "G1", "T2", "intron_variant,splice_region_variant")
        + effect("rs7", "1:100", "A", "G2", "T3", "downstream_gene_variant")
        + effect("rs7", "1:100", "A", "-", "R1", "regulatory_region_variant")
        + effect("1_200_A/G", "1:200", "G", "-", "-", "intergenic_variant", "COSV5,rs8")
        + effect("1_300_AT/-", "1:300-301", "-", "G1", "T1", "frameshift_variant")
        + effect("own", "1:400-401", "TT", "G1", "T1", "missense_variant&NMD_transcript_variant")
    )
    (first, second, third, fourth), refused = read(put(tmp_path, table))
    assert not refused
    assert set(first.consequences) == {
        Consequence("G1", "intron_variant", 2),
        Consequence("G1", "splice_region_variant", 1),
        Consequence("G2", "downstream_gene_variant", 1),
        Consequence("", "regulatory_region_variant", 1),
    }
    assert (first.ids, first.genes, first.alleles, first.line) == (("rs7",), ("G1",), "", 4)
    assert (second.ids, second.genes, second.alleles) == (("rs8",), (), "A/G")
    assert (third.position, third.end, third.alleles) == (300, 301, "AT/-")
    assert [one.term for one in fourth.consequences] == ["missense_variant", "NMD_transcript_variant"]


def test_vep_tells_the_reference_or_not(tmp_path: Path) -> None:
    table = VEP + effect("rs1", "1:5", "G", "G1", "T1", "intron_variant")
    for extra, alleles in (
        ("IMPACT=LOW;USED_REF=A", "A/G"),
        ("UPLOADED_ALLELE=A/G", "A/G"),
        ("UPLOADED_ALLELE=CA/CG", ""),  # as in a VCF, while the place is that of the changed base
        ("IMPACT=LOW", ""),
    ):
        path = put(tmp_path, table.removesuffix("-\n") + f"{extra}\n")
        assert read(path)[0][0].alleles == alleles


def test_vep_with_a_column_for_each_field(tmp_path: Path) -> None:
    table = "## x\n" + rows(
        "#Uploaded_variation Location Allele Gene Feature Feature_type Consequence Existing_variation REF_ALLELE",
        "x 1:5 G G1 T1 Transcript intron_variant rs4 A",
    )
    (found,), _ = read(put(tmp_path, table.replace("## x", "## ENSEMBL VARIANT EFFECT PREDICTOR")))
    assert found == Variant(("rs4",), "1", 5, 5, "A/G", ("G1",), (Consequence("G1", "intron_variant", 1),), 3)


@pytest.mark.parametrize(
    ("uploaded", "location", "reason"),
    [
        ("rs1", "-", "no position"),
        ("rs1", "1:9-5", "no position"),
        ("rs1", "1:0", "no position"),
        ("1_5_Q/G", "1:5", "alleles that are not bases"),
    ],
)
def test_vep_rows_that_cannot_be_used(tmp_path: Path, uploaded: str, location: str, reason: str) -> None:
    row = effect(uploaded, location, "G", "G1", "T1", "intron_variant")
    assert read(put(tmp_path, VEP + row)) == ([], {reason: 1})


def test_vep_broken(tmp_path: Path) -> None:
    for content, line, problem in (
        (VEP + "rs1\t1:5\n", 4, "2 columns where the header has 14"),
        (VEP.replace("\tGene\t", "\tgen\t"), 3, "the column Gene is missing"),
    ):
        path = put(tmp_path, content + effect("rs1", "1:5", "G", "G1", "T1", "x"))
        with pytest.raises(FormatError) as caught:
            read(path)
        assert_fault(caught, path, line, problem)


# VCF


@pytest.mark.parametrize("packing", PACKINGS)
def test_vcf_without_consequences(tmp_path: Path, packing: str) -> None:
    content = PLAIN + rows(
        "chr1 100 rs1;rs2 AT A . . NS=1", "2 7 . C <DEL> . . SVTYPE=DEL;END=90", "2 8 x C G . . END=9"
    )
    (first, second, third), refused = read(put(tmp_path, content, packing))
    assert first == Variant(("rs1", "rs2"), "chr1", 100, 101, "AT/A", None, (), 3)
    assert (second.ids, second.position, second.end, second.alleles) == ((), 7, 90, "C/<DEL>")
    assert (third.end, refused) == (8, {})


def test_vcf_with_csq(tmp_path: Path) -> None:
    entries = "G|intron_variant&non_coding_transcript_variant|LOW|A|G1|Transcript|T1,G|intron_variant|LOW|A|G1|x|T2"
    content = CSQ + rows(
        f"1 100 rs1 A G . . AC=1;CSQ={entries};AN=2", "1 200 rs2 A G . . AC=1", "1 300 rs3 A G . . CSQ=|"
    )
    (first, second, third), _ = read(put(tmp_path, content))
    assert first.genes == ("G1",)
    assert set(first.consequences) == {
        Consequence("G1", "intron_variant", 2),
        Consequence("G1", "non_coding_transcript_variant", 1),
    }
    # What VEP says nothing of is not said to lie outside genes.
    assert (second.genes, third.genes) == (None, None)


def test_vcf_rows_that_cannot_be_used(tmp_path: Path) -> None:
    content = PLAIN + rows(
        "1 0 . A G . . .", "1 x . A G . . .", "1 5 . Q G . . .", "1 5 . A 7 . . .", "1 6 . A G . . ."
    )
    found, refused = read(put(tmp_path, content))
    assert [variant.position for variant in found] == [6]
    assert refused == {"no position": 2, "alleles that are not bases": 2}


def test_vcf_broken(tmp_path: Path) -> None:
    path = put(tmp_path, CSQ.replace("Gene|", "Gen|") + rows("1 5 . A G . . ."))
    with pytest.raises(FormatError) as caught:
        read(path)
    assert_fault(caught, path, 2, "CSQ has the fields Allele|", "without Gene, Feature, Consequence")
    path = put(tmp_path, PLAIN + rows("1 5 . A G"))
    with pytest.raises(FormatError) as caught:
        read(path)
    assert_fault(caught, path, 3, "5 columns where the header has 8")


def test_vcf_example(shared_data: Path) -> None:
    found, refused = read(shared_data / "annotation/examples/vep_example_GRCh38.vcf")
    assert (len(found), refused) == (173, {})
    assert found[0] == Variant(("rs7289170",), "22", 17181903, 17181903, "A/G", None, (), 3)


# Ensembl's cache


def test_cache(tmp_path: Path) -> None:
    content = (
        "rs1   100  C/T  T 0.01\nrs2   200 199 -/T\nrs3   300 301 AT/-\nTMP_9   400  A/G -1\n"
        "rs5 1  500  A/G\nCOSM6  1 600  COSMIC_MUTATION\nrs7   700 702 A/G\n"
    )
    found, refused = read(put(tmp_path, content), "21")
    assert [(one.ids, one.position, one.end, one.alleles) for one in found] == [
        (("rs1",), 100, 100, "C/T"),
        (("rs2",), 199, 200, "-/T"),
        (("rs3",), 300, 301, "AT/-"),
        ((), 400, 400, "T/C"),
    ]
    assert {one.chromosome for one in found} == {"21"}
    assert refused == {
        "failed the checks of the source": 1,
        "alleles that are not bases": 1,
        "alleles that do not fit the position": 1,
    }


def test_cache_broken(tmp_path: Path) -> None:
    for content, problem in (("rs1 1\n", "2 columns where"), ("rs1   x  A/G\n", "start is 'x', not a whole number")):
        path = put(tmp_path, content)
        with pytest.raises(FormatError) as caught:
            read(path, "1")
        assert_fault(caught, path, 1, problem)


# Telling them apart


@pytest.mark.parametrize("content", ["", "\n", "##x\n", "gene\tname\nTP53\tx\n", "rs1\nrs2\n", "##fileformat=BCF\nx\n"])
def test_anything_else_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(FormatError, match=r"neither a VCF, nor output of VEP .*, nor a table of the GWAS Catalog"):
        read(put(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"no\.vcf cannot be read"):
        read(tmp_path / "no.vcf")
