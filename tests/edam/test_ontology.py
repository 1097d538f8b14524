from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lifenode.edam import Ontology, releases
from lifenode.edam.concept import Concept, from_line, id_of, to_line
from lifenode.edam.ontology import manifest
from lifenode.edam.recipe import compile_releases, main
from lifenode.errors import EmptyInput, FormatError, InvalidOption, UnknownName, UnknownTerm, UnreadableInput

DATA = Path(str(__import__("lifenode.edam.ontology").__file__)).parent / "edam" / "data"


@pytest.fixture(scope="module")
def edam() -> Ontology:
    return Ontology.load()


def test_releases_stand_side_by_side() -> None:
    assert releases() == ("1.25", "1.25-20260626T1230Z")
    assert [len(Ontology.load(one)) for one in releases()] == [3471, 3537]
    assert Ontology.load().release == releases()[-1]
    with pytest.raises(UnknownName, match=r'"1\.19" is not shipped.*Shipped: 1\.25'):
        Ontology.load("1.19")


def test_counts_of_the_newest_release() -> None:
    assert manifest()["releases"][-1]["concepts"] == {
        "topic": {"live": 294, "obsolete": 190}, "operation": {"live": 541, "obsolete": 265},
        "data": {"live": 950, "obsolete": 546}, "format": {"live": 633, "obsolete": 118},
    }  # fmt: skip


def test_the_licence_is_kept_beside_the_tables() -> None:
    assert (DATA / "LICENSE.txt").read_text(encoding="utf-8").startswith("Attribution-ShareAlike 4.0 International")
    assert manifest()["licence"] == "CC BY-SA 4.0"
    assert "edamontology.org" in manifest()["attribution"]


def test_relations_and_synonyms_as_counted_in_the_source(edam: Ontology) -> None:
    kinds = {how: 0 for concept in edam for how, _ in concept.relations}
    for concept in edam:
        for how, _ in concept.relations:
            kinds[how] += 1
    expected = {"has_topic": 232, "has_output": 135, "is_format_of": 113, "is_identifier_of": 73, "has_input": 54}
    assert {how: kinds[how] for how in expected} == expected
    assert sum(len(concept.exact) for concept in edam) == 1510
    assert not any(concept.definition or concept.comments for concept in edam)


@pytest.mark.parametrize(
    "text",
    [
        "topic_0080", "http://edamontology.org/topic_0080", "https://edamontology.org/topic_0080", "EDAM:topic_0080",
        "edam:topic_0080", "<http://edamontology.org/topic_0080>", " Topic_0080 ", "EDAM_topic:0080",
    ],
)  # fmt: skip
def test_ids_may_be_written_in_many_ways(text: str) -> None:
    assert id_of(text) == "topic_0080"


@pytest.mark.parametrize(
    "text", ["", "topic_80", "topic_00800", "subject_0080", "topic", "http://example.org/topic_0080"]
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert id_of(text) is None


def test_find_takes_ids_labels_and_synonyms(edam: Ontology) -> None:
    assert edam.find("fasta").id == "format_1929"
    assert edam.find("Multiple  sequence alignment", branch="data").id == "data_0863"
    assert edam.find("EDAM:operation_0292").label == "Sequence alignment"
    with pytest.raises(UnknownTerm, match=r"name of several terms: operation_0292 .*data_0863"):
        edam.find("Sequence alignment")
    with pytest.raises(UnknownTerm, match="Did you mean Phylogenetics"):
        edam.find("Phylogenetcs")
    with pytest.raises(UnknownTerm, match="no topic_9999"):
        edam.find("topic_9999")
    with pytest.raises(InvalidOption, match='no branch "topics"'):
        edam.find("x", branch="topics")


def test_every_live_concept_leads_up_to_the_root_of_its_branch(edam: Ontology) -> None:
    roots = {"topic": "topic_0003", "operation": "operation_0004", "data": "data_0006", "format": "format_1915"}
    for concept in edam:
        if not concept.obsolete:
            for way in edam.path(concept.id):
                assert (way[0].id, way[-1].id) == (roots[concept.branch], concept.id)


def test_children_and_ancestors_are_each_others_inverse(edam: Ontology) -> None:
    for concept in list(edam)[::29]:
        for child in edam.children(concept.id):
            assert concept in edam.ancestors(child.id)
        for above in edam.ancestors(concept.id):
            assert concept in edam.descendants(above.id)


def test_relations_are_seen_from_both_ends(edam: Ontology) -> None:
    assert ("has_output", "data_0863") in [(how, one.id) for how, one in edam.related("operation_0292")]
    assert ("inverse has_output", "operation_0292") in [(how, one.id) for how, one in edam.related("data_0863")]


def test_every_obsolete_concept_has_live_replacements(edam: Ontology) -> None:
    for concept in edam:
        replaced, considered = edam.replacements(concept.id)
        assert bool(replaced or considered) == concept.obsolete, concept.id
        assert not any(one.obsolete for one in (*replaced, *considered))


def test_search_finds_words_in_any_form_and_order(edam: Ontology) -> None:
    found = edam.search("aligning sequences", branches=["operation"])
    assert found["term_id"][0] == "operation_0292"
    assert set(found["branch"]) == {"operation"}
    assert edam.search(".bam")["term_id"][0] == "format_2572"
    assert edam.search("msa", branches=["data"])["kind"][0] == "exact synonym"
    assert len(edam.search("xyzzy")) == 0
    with pytest.raises(EmptyInput, match="no word"):
        edam.search("the of?")
    with pytest.raises(InvalidOption, match="top is 0"):
        edam.search("gene", top=0)


def test_search_scores_fall_and_stay_within_bounds(edam: Ontology) -> None:
    scores = edam.search("protein structure prediction", top=None, obsolete=True)["score"]
    assert scores.min() > 0
    assert scores.max() == 1
    assert (scores[:-1] >= scores[1:]).all()


def test_a_line_gives_its_concept_back(edam: Ontology) -> None:
    for concept in edam:
        assert from_line(to_line(concept)) == concept
    with pytest.raises(ValueError, match="topic_0001: a value of exact"):
        to_line(Concept("topic_0001", "x", exact=("a | b",)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a/>", "no concept of EDAM"), (b"id\tlabel\n", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
    ],
)  # fmt: skip
def test_files_that_are_no_ontology_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "EDAM.owl"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=said):
        Ontology.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"none\.owl cannot be read"):
        Ontology.read(tmp_path / "none.owl")


def test_the_recipe_gives_the_shipped_bytes(shared_data: Path, tmp_path: Path) -> None:
    assert compile_releases(shared_data / "edam", tmp_path) == manifest()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in DATA.iterdir()}
    for path in DATA.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_recipe_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), str(tmp_path)]) == 2
    assert "lacks EDAM_LICENSE.txt" in capsys.readouterr().err
    assert main([]) == 2


def test_an_independent_reading_of_the_source_agrees(shared_data: Path, edam: Ontology) -> None:
    with gzip.open(shared_data / "edam" / "edam_concepts_20260626.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert {row["id"] for row in rows} == {concept.id for concept in edam}
    for row in rows:
        own = edam.term(row["id"])
        assert (own.label, own.obsolete, own.not_recommended) == (row["label"], row["obsolete"], row["notRec"])
        for ours, theirs in (("exact", "exact"), ("narrow", "narrow"), ("parents", "parents"), ("consider", "consider"),
                             ("replaced_by", "replacedBy")):  # fmt: skip
            assert sorted(getattr(own, ours)) == sorted(row[theirs]), (own.id, ours)
