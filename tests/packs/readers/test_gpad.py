from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import gpad
from lifenode.packs.readers.frames import ANNOTATION_COLUMNS
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

VERSION_1 = "!gpa-version: 1.1\n!generated: 2023-11-15\n" + rows(
    "UniProtKB P04637 enables GO:0003677 PMID:8657117 ECO:0000314 _ _ 20210801 UniProt _ go_evidence=IDA",
    "UniProtKB P04637 NOT|involved_in GO:0006915 PMID:1 ECO:0000315 _ _ 20210801 UniProt",
    "MGI MGI:98834 located_in GO:0005634 GO_REF:0000043 ECO:0007322 UniProtKB-KW:KW-0539 _ 20200101 UniProt _ "
    "id=1|go_evidence=IEA|note=a=b",
)
VERSION_2 = "!gpad-version: 2.0\n!generated-by: SGD\n!date-generated: 2023-01-30\n" + rows(
    "SGD:S000002164 NOT RO:0002331 GO:0043409 PMID:26546002 ECO:0000316 SGD:S000003631 _ 2018-01-19 SGD "
    "RO:0002233(UniProtKB:Q00772),BFO:0000050(GO:0071852) model-state=production|noctua-model-id=gomodel:6086",
    "MGI:MGI:98834 _ RO:0001025 GO:0005634 MGI:1|PMID:2 ECO:0000318 _ NCBITaxon:5476 2020-01-01 MGI _ _",
)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_version_1(tmp_path: Path, packing: str, version: str) -> None:
    path = put(tmp_path, VERSION_1.replace("1.1", version, 1), packing)
    first, second, third = gpad.read(path)
    assert first == gpad.Annotation(
        database="UniProtKB",
        object_id="P04637",
        negated=False,
        relations=("enables",),
        term_id="GO:0003677",
        references=("PMID:8657117",),
        eco="ECO:0000314",
        with_from="",
        interacting_taxon="",
        date="20210801",
        assigned_by="UniProt",
        extension="",
        properties=(("go_evidence", "IDA"),),
        line=3,
    )
    assert (second.negated, second.relations, second.evidence()) == (True, ("involved_in",), "IMP")
    assert (third.object_id, third.evidence()) == ("MGI:98834", "IEA")
    assert third.properties[2] == ("note", "a=b")


def test_version_2(tmp_path: Path) -> None:
    path = put(tmp_path, VERSION_2)
    first, second = gpad.read(path)
    assert (first.database, first.object_id, first.negated) == ("SGD", "S000002164", True)
    assert (first.relations, first.evidence()) == (("RO:0002331",), "IGI")
    assert first.properties[1] == ("noctua-model-id", "gomodel:6086")
    assert (second.database, second.object_id, second.negated) == ("MGI", "MGI:98834", False)
    assert (second.references, second.interacting_taxon) == (("MGI:1", "PMID:2"), "NCBITaxon:5476")
    assert gpad.header(path)["generated-by"] == "SGD"


def test_frame(tmp_path: Path) -> None:
    frame = gpad.annotations_frame(put(tmp_path, VERSION_1))
    assert tuple(frame.columns) == ANNOTATION_COLUMNS
    assert frame.rows()[1] == ("GO", "P04637", "", "GO:0006915", "NOT|involved_in", "IMP", "")


def test_unknown_eco_class_has_no_code_unless_a_mapping_tells(tmp_path: Path) -> None:
    path = put(tmp_path, VERSION_2.replace("ECO:0000316", "ECO:0005547"))
    assert next(gpad.read(path)).evidence() == ""
    flat = put(tmp_path, "# map\nIEA\tGO_REF:0000002\tECO:0000256\nNAS\tDefault\tECO:0005547\n", name="flat")
    derived = put(tmp_path, "ECO:0005547\tDEFAULT\tNAS\nECO:0000256\tGO_REF:0000002\tIEA\n", name="derived")
    for mapping in (flat, derived):
        codes = gpad.evidence_codes(mapping)
        assert codes == {"ECO:0005547": "NAS"}
        assert gpad.annotations_frame(path, codes)["evidence"][0] == "NAS"


def test_codes_are_those_of_go() -> None:
    assert len(set(gpad.EVIDENCE_CODES.values())) == 26
    assert sum(code == "IEA" for code in gpad.EVIDENCE_CODES.values()) == 5


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("UniProtKB\tP1\tenables\n", 1, "no line '!gpa-version: ...'"),
        ("!gpa-version: 1.0\n", 1, "GPAD version '1.0'"),
        (VERSION_2 + "SGD:S1\t\tRO:1\tGO:1\n", 6, "4 columns, not 10 to 12"),
        (VERSION_2.replace("\tNOT\t", "\tMAYBE\t"), 4, "the negation is 'MAYBE'"),
        (VERSION_2.replace("SGD:S000002164", "S000002164"), 4, "the object is empty"),
        (VERSION_1.replace("ECO:0000314", ""), 3, "the evidence is empty"),
        (VERSION_1.replace("GO:0006915", "apoptosis"), 4, "'apoptosis' in column 4 is not a term id"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(gpad.read(path))
    assert_fault(caught, path, line, problem)


def test_broken_mapping(tmp_path: Path) -> None:
    path = put(tmp_path, "# map\nIEA\tECO:1\n")
    with pytest.raises(FormatError) as caught:
        gpad.evidence_codes(path)
    assert_fault(caught, path, 2, "2 columns, not 3")
