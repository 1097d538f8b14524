from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.edam import Ontology, repair
from lifenode.edam.repair import repair_text
from lifenode.errors import FormatError, InputTooLarge, InvalidOption, UnreadableInput

RECORD = """{
  "name": "tool", "topic": [{"uri": "http://edamontology.org/topic_0182", "term": "Sequence alignment"}],
  "function": [{"operation": [{"term": "Old", "uri": "http:\\/\\/edamontology.org\\/operation_2411"}]}],
  "description": "once topic_0182", "note": "topic_0182"
}"""

GALAXY = """<tool id="a" name="topic_0182">\r
  <edam_topics><edam_topic>topic_0182</edam_topic><!-- <edam_topic>topic_0182</edam_topic> --></edam_topics>\r
  <edam_operations>\r
    <edam_operation> operation_0292 </edam_operation>\r
  </edam_operations>\r
  <type edam_format="format_1929" edam_data='data_0007'/><help><![CDATA[<edam_topic>topic_0182</edam_topic>]]></help>
</tool>"""

CWL = """inputs:
  a: {type: File, format: "edam:format_1929"}  # was edam:topic_0182
s:about: http://edamontology.org/topic_0182
doc: about topic_0182
"""


def test_a_record_gets_new_uris_with_their_names() -> None:
    result = repair_text(RECORD, "tool.json")
    record = json.loads(result.text)
    assert record["topic"] == [{"uri": "http://edamontology.org/topic_0080", "term": "Sequence analysis"}]
    assert record["note"] == "topic_0080"
    assert record["description"] == "once topic_0182"
    assert record["function"] == json.loads(RECORD)["function"]
    assert result.table["status"].tolist() == ["replaced", "consider", "replaced"]
    assert result.table["line"].tolist() == [2, 3, 4]
    assert result.table["candidates"][1] == ["operation_0297 3D profile generation"]
    assert (result.table.meta["kind"], result.table.meta["terms"]) == ("json", 3)


def test_one_term_to_consider_is_taken_when_asked() -> None:
    record = json.loads(repair_text(RECORD, "tool.json", accept_single=True).text)
    assert record["function"][0]["operation"] == [
        {"term": "3D profile generation", "uri": "http://edamontology.org/operation_0297"}
    ]


def test_galaxy_elements_and_attributes_change_and_nothing_else() -> None:
    result = repair_text(GALAXY, "tool.xml")
    expected = GALAXY.replace("<edam_topics><edam_topic>topic_0182", "<edam_topics><edam_topic>topic_0080")
    assert result.text == expected.replace("data_0007", "data_0958")
    assert result.table.meta["live"] == 2


def test_cwl_changes_outside_comments_and_prose() -> None:
    result = repair_text(CWL, "tool.cwl")
    assert result.text == CWL.replace("org/topic_0182", "org/topic_0080")


def test_cells_with_nothing_but_terms_change() -> None:
    given_text = 'id;note;terms\r\n1;"see topic_0182";"topic_0182 | http://edamontology.org/data_0007"\r\n2;;topic_9999'
    result = repair_text(given_text, "tools.csv")
    assert result.text == (
        'id;note;terms\r\n1;"see topic_0182";"topic_0080 | http://edamontology.org/data_0958"\r\n2;;topic_9999'
    )
    assert result.table.to_dicts()[-1] | {"label": ""} == {
        "line": 3, "term_id": "topic_9999", "label": "", "status": "unknown", "replacement": "",
        "replacement_label": "", "candidates": [],
    }  # fmt: skip


def test_an_older_release_knows_less() -> None:
    newest, older = Ontology.load(), Ontology.load("1.25")
    added = next(concept.id for concept in newest if concept.id not in older)
    assert repair_text(f"term\n{added}\n", "a.tsv", ontology=older).table["status"].tolist() == ["unknown"]
    assert len(repair_text(f"term\n{added}\n", "a.tsv", ontology=newest).table) == 0


@given(st.lists(st.sampled_from(sorted(concept.id for concept in Ontology.load())), min_size=1, max_size=8))
def test_repairing_twice_changes_nothing_more(terms: list[str]) -> None:
    once = repair_text("terms\n" + "\n".join(terms), "a.csv")
    twice = repair_text(once.text, "a.csv")
    assert twice.text == once.text
    assert not twice.changed
    assert (
        once.table.meta["terms"]
        == len(terms)
        == sum(once.table.meta[status] for status in ("live", "replaced", "consider", "unknown"))
    )


@given(st.text(max_size=80), st.sampled_from(["csv", "cwl"]))
def test_text_without_terms_stays_as_it_is(text: str, kind: str) -> None:
    result = repair_text(text, kind=kind)
    assert result.text == text or result.changed


def test_files_are_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tool.json"
    path.write_bytes(RECORD.encode())
    assert repair(path).changed
    assert path.read_bytes() == RECORD.encode()


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("a.json", b"{", FormatError, "line 1: it is not JSON"),
        ("a.json", b"[" * 100_000, FormatError, "nested too deeply"),
        ("a.xml", b"<a>", FormatError, "not well-formed XML"),
        ("a.xml", b"<!DOCTYPE a><a/>", FormatError, "document type"),
        ("a.csv", b"a\0b", UnreadableInput, "binary"),
        ("a.csv", b"\xff\xfe", UnreadableInput, "not valid UTF-8 at byte 0"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    tmp_path: Path, name: str, content: bytes, error: type[Exception], said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=said):
        repair(tmp_path / name)


def test_missing_and_large_files_and_unknown_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableInput, match="No such file"):
        repair(tmp_path / "none.csv")
    with pytest.raises(InvalidOption, match='no kind "toml"'):
        repair_text("", kind="toml")
    (tmp_path / "a.csv").write_text("topic_0080,topic_0080")
    monkeypatch.setenv("LIFENODE_MAX_INPUT_BYTES", "10")
    with pytest.raises(InputTooLarge, match="at most 10"):
        repair(tmp_path / "a.csv")
