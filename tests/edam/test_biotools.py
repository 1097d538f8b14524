from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lifenode.edam.biotools import parse_record, parse_records, submission_of, with_terms
from lifenode.edam.biotools_validation import validate
from lifenode.edam.galaxy import galaxy_xml
from lifenode.errors import FormatError, UnknownTerm

STAR = {
    "name": "STAR", "description": "Ultrafast universal RNA-seq aligner.", "homepage": "https://github.com/alexdobin/STAR",
    "topic": [{"uri": "http://edamontology.org/topic_3170", "term": "RNA-Seq"}],
    "function": [{"operation": [{"uri": "http://edamontology.org/operation_0292", "term": "Sequence alignment"}]}],
}  # fmt: skip


def test_accepted_terms_join_those_of_the_record_and_the_result_is_valid() -> None:
    made = with_terms(STAR, ["topic_3170", "topic_0102", "operation_0292", "operation_3198", "format_1930"])
    assert [one["term"] for one in made["topic"]] == ["RNA-Seq", "Mapping"]
    assert len(made["function"]) == 2
    assert made["function"][1]["operation"] == [
        {"uri": "http://edamontology.org/operation_3198", "term": "Read mapping"}
    ]
    assert "format_1930" in made["function"][1]["note"]
    assert validate(made) == []
    assert STAR["topic"] == [{"uri": "http://edamontology.org/topic_3170", "term": "RNA-Seq"}], "the original stays"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"name": ""}, "name", "is missing"),
        ({"name": "x" * 101}, "name", "101 characters"),
        ({"description": "short"}, "description", "10 to 1,000"),
        ({"homepage": "star"}, "homepage", "not an address"),
        ({"colour": "red"}, "colour", "no field"),
        ({"toolType": ["Tool"]}, "toolType[0]", "none of"),
        ({"topic": [{"uri": "http://edamontology.org/topic_3170", "term": "Genetics"}]}, "topic[0].term", "RNA-Seq"),
        ({"topic": [{"uri": "http://edamontology.org/operation_0292"}]}, "topic[0].uri", "branch operation"),
        ({"topic": [{"uri": "topic_3170"}]}, "topic[0].uri", "not written like"),
        ({"topic": [{"uri": "http://edamontology.org/topic_9999"}]}, "topic[0].uri", "has no topic_9999"),
        ({"topic": [{"uri": "http://edamontology.org/topic_0182"}]}, "topic[0].uri", "use topic_0080"),
        ({"topic": "RNA-Seq"}, "topic", "not a list"),
        ({"function": [{}]}, "function[0].operation", "at least one"),
        ({"publication": [{"pmid": "PMC123"}]}, "publication[0].pmid", "23104886"),
        ({"publication": [{"doi": "doi:10.1093/x"}]}, "publication[0].doi", "10.1093/bioinformatics/bts635"),
        ({"link": [{"url": "nowhere", "type": ["Other"]}]}, "link[0].url", "not an address"),
    ],
)
def test_each_fault_names_its_field(change: dict[str, object], field: str, says: str) -> None:
    faults = validate(STAR | change)
    assert [fault.field for fault in faults] == [field]
    assert says in faults[0].message


def test_terms_that_are_unknown_or_obsolete_are_refused_with_what_to_use() -> None:
    with pytest.raises(UnknownTerm, match="topic_0080"):
        with_terms(STAR, ["topic_0182"])
    with pytest.raises(UnknownTerm, match="topic_9999"):
        galaxy_xml(["topic_9999"])


def test_galaxy_gets_topics_and_operations() -> None:
    xml = galaxy_xml(["operation_0292", "EDAM:topic_0080", "format_1930"])
    assert xml.splitlines()[:3] == ["<edam_topics>", "    <edam_topic>topic_0080</edam_topic>", "</edam_topics>"]
    assert "<edam_operation>operation_0292</edam_operation>" in xml
    assert "format" not in xml


def test_records_are_read_as_the_registry_writes_them() -> None:
    assert parse_record(json.dumps({"list": [STAR], "count": 1})) == STAR
    assert len(parse_records(json.dumps([STAR, STAR]))) == 2
    for wrong in ("", "{", "[1]", '{"nom": "STAR"}', "[" * 100_000):
        with pytest.raises(FormatError):
            parse_record(wrong)


@pytest.mark.data
def test_records_of_the_registry_give_their_texts(shared_data: Path) -> None:
    with gzip.open(shared_data / "edam" / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        record = json.loads(next(lines))
    found = submission_of(record)
    assert found.id == "1000genomes"
    assert found.publications
    assert "topic_0199" in {one["uri"] for one in record["topic"]}
    assert "Genetic variation" in found.annotated(branches=["topic"], top=10)["label"].tolist()


def test_data_and_formats_go_where_they_go_in_or_come_out() -> None:
    terms = ["operation_0292", "data_2044", "format_1929", "data_0863", "format_2573"]
    roles = {"data_2044": "input", "format_1929": "input", "data_0863": "output", "format_2573": ""}
    function = with_terms({"name": "x"}, terms, roles=roles)["function"][0]
    assert [one["data"]["uri"].rpartition("/")[2] for one in function["input"]] == ["data_2044"]
    assert [one["uri"].rpartition("/")[2] for one in function["input"][0]["format"]] == ["format_1929"]
    assert [one["data"]["uri"].rpartition("/")[2] for one in function["output"]] == ["data_0863"]
    assert "format" not in function["output"][0]
    assert "format_2573" in function["note"]
    assert "data_2044" not in function["note"]
    alone = with_terms({"name": "x"}, ["operation_0292", "format_1929"], roles={"format_1929": "input"})["function"][0]
    assert "input" not in alone
    assert "format_1929" in alone["note"]
