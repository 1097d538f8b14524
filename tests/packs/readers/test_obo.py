from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import obo
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

EXAMPLE = r"""format-version: 1.4
data-version: releases/2024-01-17
ontology: go
default-namespace: gene_ontology ! not shown
subsetdef: goslim "A slim: with a colon"
! a comment of its own

[Term]
id: GO:0000001 {source="x"} ! said twice
name: alpha\-D-\{(1->4)\}, "shout\!" and {braces} ! hidden
namespace: biological_process
alt_id: GO:0009999
def: "Text with ! and {x=\"y\"} and \"quotes\"." [GOC:x] {comment="y"}
is_a: GO:0000002 {is_inferred="true", gci_filler="CL:1, 2"} ! parent
is_a: GO:0000003
intersection_of: GO:0000004 ! genus
intersection_of: part_of GO:0000005
relationship: part_of GO:0000006 {all_some="true"} ! whole
relationship: regulates GO:0000007

[Term]
id: GO:0000002
name: a name that goes on \
and on

[Term]
id: GO:0000008
name: obsolete thing
is_obsolete: true
replaced_by: GO:0000001
consider: GO:0000002
consider: GO:0000003 ! perhaps

[Instance]
id: somebody

[Typedef]
id: part_of
name: part of
is_a: overlaps
is_transitive: true
"""


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("crlf", [False, True])
def test_example(tmp_path: Path, packing: str, crlf: bool) -> None:
    content = EXAMPLE.replace("\n", "\r\n") if crlf else EXAMPLE
    found = obo.read(put(tmp_path, content, packing))
    assert found.header == ("1.4", "releases/2024-01-17", "", "go", "gene_ontology")
    first, second, gone = found.terms
    assert first == obo.Term(
        term_id="GO:0000001",
        name='alpha-D-{(1->4)}, "shout!" and {braces}',
        namespace="biological_process",
        alternatives=("GO:0009999",),
        obsolete=False,
        replaced_by=(),
        consider=(),
        is_a=("GO:0000002", "GO:0000003"),
        relationships=(("part_of", "GO:0000006"), ("regulates", "GO:0000007")),
        line=8,
    )
    assert (second.name, second.namespace, second.line) == ("a name that goes on and on", "gene_ontology", 21)
    assert (gone.obsolete, gone.replaced_by, gone.consider) == (True, ("GO:0000001",), ("GO:0000002", "GO:0000003"))
    assert found.typedefs == [obo.Typedef("part_of", "part of", ("overlaps",), True, 37)]


def test_frames(tmp_path: Path) -> None:
    terms, edges, merged = obo.read(put(tmp_path, EXAMPLE)).frames()
    assert terms.rows()[2] == ("GO:0000008", "obsolete thing", "gene_ontology", True)
    assert edges.rows() == [
        ("GO:0000001", "GO:0000002", "is_a"),
        ("GO:0000001", "GO:0000003", "is_a"),
        ("GO:0000001", "GO:0000006", "part_of"),
        ("GO:0000001", "GO:0000007", "regulates"),
    ]
    assert merged.rows() == [("GO:0009999", "GO:0000001")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"plain", "plain"),
        (r"a\nb\tc\Wd", "a\nb\tc d"),
        (r"back\\slash", "back\\slash"),
        (r"it is 5\!", "it is 5!"),
        (r"3\" long ! measured", '3" long'),
        (r'5" disk ! a lone mark', '5" disk'),
        (r'"quoted ! inside" ! outside', '"quoted ! inside"'),
        (r"poly{(1,4)-glucosyl}", "poly{(1,4)-glucosyl}"),
        (r"glycan {N-acetyl}", "glycan {N-acetyl}"),
        (r'name {xref="A:1", note="a } b"}', "name"),
        (r'name {xref="A:1"} ! said', "name"),
    ],
)
def test_values(tmp_path: Path, written: str, meant: str) -> None:
    path = put(tmp_path, f"format-version: 1.2\n\n[Term]\nid: X:1\nname: {written}\n")
    assert obo.read(path).terms[0].name == meant


def test_modifiers_that_never_close_are_read_in_no_time(tmp_path: Path) -> None:
    value = "x {" + "a=" * 40_000
    path = put(tmp_path, f"format-version: 1.2\n\n[Term]\nid: X:1\nname: {value}\n")
    assert obo.read(path).terms[0].name == value


HEAD = "format-version: 1.2\n\n"


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "not an OBO file"),
        ("id\tname\n", 1, "not of the form"),
        ("[Term]\nid: X:1\n", 1, "no format-version"),
        (HEAD + "[Term]\nid: X:1\nname without colon\n", 5, "'name without colon' is not of the form"),
        (HEAD + "[Term\nid: X:1\n", 3, "'[Term' is not the head of a stanza"),
        (HEAD + "[Term]\nname: x\n", 3, "the [Term] that begins here has no id"),
        (HEAD + "[Term]\nid: X:1\nid: X:2\n", 3, "has 2 ids"),
        (HEAD + "[Term]\nid: X:1\nis_a:\n", 5, "is_a has no value"),
        (HEAD + "[Term]\nid: X:1\nis_a: ! Y:2\n", 5, "is_a has no value"),
        (HEAD + "[Term]\nid: X:1\nname: x\nrelationship: part_of ! Y:2\n", 6, "a relation but no target"),
        (HEAD + "[Term]\nid: X:1\n\n[Term]\nid: X:1\n", 6, "X:1 is defined a second time, after line 3"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        obo.read(path)
    assert_fault(caught, path, line, problem)


def test_whole_gene_ontology_of_2012(shared_data: Path) -> None:
    path = shared_data / "annotation/upstream/gene_ontology.1_2_2012-01-04.obo.gz"
    found = obo.read(path)
    # Every figure counted with zcat and grep -c.
    assert found.header == ("1.2", "1.1.2476", "04:01:2012 11:50", "go", "gene_ontology")
    assert len(found.terms) == 35_520
    assert [typedef.relation for typedef in found.typedefs] == [
        "has_part",
        "negatively_regulates",
        "occurs_in",
        "part_of",
        "positively_regulates",
        "regulates",
    ]
    assert sum(len(term.is_a) for term in found.terms) + sum(len(one.is_a) for one in found.typedefs) == 51_656
    relations = Counter(relation for term in found.terms for relation, _ in term.relationships)
    assert relations == {
        "part_of": 5_975,
        "regulates": 2_079,
        "negatively_regulates": 1_710,
        "positively_regulates": 1_687,
    }
    assert sum(term.obsolete for term in found.terms) == 1_609
    assert sum(len(term.alternatives) for term in found.terms) == 1_508
    assert sum(len(term.consider) for term in found.terms) == 1_441
    assert sum(len(term.replaced_by) for term in found.terms) == 708
    assert Counter(term.namespace for term in found.terms) == {
        "biological_process": 22_373,
        "molecular_function": 10_079,
        "cellular_component": 3_068,
    }
    terms = {term.term_id: term for term in found.terms}
    assert terms["GO:0006281"].line == 72_814
    assert terms["GO:0033942"].name == "4-alpha-D-{(1->4)-alpha-D-glucano}trehalose trehalohydrolase activity"
    assert terms["GO:0000005"].consider == ("GO:0042254", "GO:0044183", "GO:0051082")
    assert all(parent in terms for term in found.terms for parent in term.is_a)
