from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import gaf
from lifenode.packs.readers.frames import ANNOTATION_COLUMNS
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

HEADER = "!gaf-version: 2.2\n!\n!date-generated: 2023-11-15\n!generated-by: UniProt\n"
ROWS = rows(
    "UniProtKB P04637 TP53 enables GO:0003677 PMID:8657117 IDA _ F p53 TP53|P53 protein taxon:9606 20210801 UniProt "
    "_ _",
    "UniProtKB P04637 TP53 NOT|involved_in GO:0006915 PMID:1|DOI:2 IMP UniProtKB:Q0|UniProtKB:Q1 P p53 TP53 protein "
    "taxon:9606|taxon:11103 20210801 UniProt part_of(CL:0000066) UniProtKB:P04637-2",
    "MGI MGI:98834 Trp53 colocalizes_with GO:0005634 MGI:MGI:1 IEA InterPro:IPR1 C p53 _ protein taxon:10090 20200101 "
    "MGI",
)


@pytest.mark.parametrize("packing", PACKINGS)
def test_rows_of_every_width(tmp_path: Path, packing: str) -> None:
    first, second, third = gaf.read(put(tmp_path, HEADER + ROWS, packing))
    assert first == gaf.Annotation(
        database="UniProtKB",
        object_id="P04637",
        symbol="TP53",
        negated=False,
        relations=("enables",),
        term_id="GO:0003677",
        references=("PMID:8657117",),
        evidence="IDA",
        with_from="",
        source="GO:MF",
        name="p53",
        synonyms=("TP53", "P53"),
        object_type="protein",
        taxon=9606,
        interacting_taxon=0,
        date="20210801",
        assigned_by="UniProt",
        extension="",
        product_form="",
        line=5,
    )
    assert (second.negated, second.relations, second.source) == (True, ("involved_in",), "GO:BP")
    assert (second.taxon, second.interacting_taxon) == (9606, 11103)
    assert (second.extension, second.product_form) == ("part_of(CL:0000066)", "UniProtKB:P04637-2")
    assert (third.object_id, third.source, third.extension, third.line) == ("MGI:98834", "GO:CC", "", 7)


def test_header_and_frame(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROWS)
    assert gaf.header(path)["generated-by"] == "UniProt"
    frame = gaf.annotations_frame(path)
    assert tuple(frame.columns) == ANNOTATION_COLUMNS
    assert frame.rows()[1] == ("GO:BP", "P04637", "TP53", "GO:0006915", "NOT|involved_in", "IMP", "9606")
    assert gaf.annotations_frame(put(tmp_path, HEADER)).shape == (0, len(ANNOTATION_COLUMNS))


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_versions(tmp_path: Path, version: str) -> None:
    row = rows("SGD S000002143 ADE1 _ GO:0004639 PMID:1 IDA _ F _ _ gene taxon:559292 20200101 SGD")
    (found,) = gaf.read(put(tmp_path, f"!gaf-version: {version}\n{row}"))
    assert (found.negated, found.relations) == (False, ())


@pytest.mark.parametrize("qualifier", ["NOT", "not", "NOT|", "NOT|enables", "enables|NOT", "NOT enables"])
def test_every_spelling_of_not(tmp_path: Path, qualifier: str) -> None:
    row = ROWS.splitlines()[0].replace("enables", qualifier)
    (found,) = gaf.read(put(tmp_path, row + "\n"))
    assert found.negated
    assert set(found.relations) <= {"enables"}


def test_symbol_may_be_missing(tmp_path: Path) -> None:
    (found,) = gaf.read(put(tmp_path, ROWS.splitlines()[0].replace("\tTP53\t", "\t\t", 1)))
    assert found.symbol == ""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("\tUniProt\t\t", "", "14 columns, not 15 to 17"),
        ("\tUniProt\t\t", "\tUniProt\t\t\t", "18 columns"),
        ("GO:0003677", "DNA binding", "'DNA binding' in column 5 is not a term id"),
        ("GO:0003677", "", "column 5, GO id, is empty"),
        ("\tIDA\t", "\t\t", "column 7, evidence code, is empty"),
        ("\tF\t", "\tX\t", "the aspect 'X' is not P, F or C"),
        ("taxon:9606", "9606", "'9606' in column 13"),
        ("taxon:9606", "taxon:1|taxon:2|taxon:3", "in column 13"),
    ],
)
def test_broken_rows(tmp_path: Path, old: str, new: str, problem: str) -> None:
    lines = ROWS.splitlines()
    assert old in lines[0]
    path = put(tmp_path, HEADER + lines[1] + "\n" + lines[0].replace(old, new, 1) + "\n")
    with pytest.raises(FormatError) as caught:
        list(gaf.read(path))
    assert_fault(caught, path, 6, problem)


def test_unknown_version(tmp_path: Path) -> None:
    path = put(tmp_path, "!generated-by: X\n!gaf-version: 1.0\n")
    with pytest.raises(FormatError) as caught:
        list(gaf.read(path))
    assert_fault(caught, path, 2, "GAF version '1.0'", "2.2")
