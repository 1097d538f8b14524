"""The pages of EDAM: proposals, the record made of them, and terms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

STAR = {"name": "STAR", "description": "Ultrafast universal RNA-seq aligner."}
HOME = {"homepage": "https://github.com/alexdobin/STAR"}


def test_a_tool_gets_terms_with_evidence_and_a_link(node: TestClient) -> None:
    sent = node.post("/edam", data=STAR, follow_redirects=False)
    assert sent.status_code == 303
    page = node.get(sent.headers["location"]).text
    assert 'value="operation_0292" checked' in page
    assert "Sequence alignment" in page
    assert '">aligner</mark>' in page
    assert '">of</mark>' not in node.get("/edam", params={"description": "Alignment of reads to a genome."}).text
    assert 'href="/edam.tsv?name=STAR' in page
    assert node.get("/edam.tsv", params=STAR).text.startswith("branch\tterm_id\tlabel")


def test_a_record_is_read_and_a_broken_one_told_at_its_field(node: TestClient) -> None:
    page = node.get("/edam", params={"record": json.dumps({**STAR, **HOME})})
    assert 'value="https://github.com/alexdobin/STAR"' in page.text
    wrong = node.get("/edam", params={"record": "{"})
    assert wrong.status_code == 422
    assert 'href="#record"' in wrong.text


def test_nothing_to_read_is_said(node: TestClient) -> None:
    assert node.post("/edam", data={"name": " "}).status_code == 422
    strange = node.get("/edam", params={"name": "Zzyzxq"}).text
    assert "No topic" in strange or "proposals" in strange


def test_hostile_text_stays_text(node: TestClient) -> None:
    page = node.get("/edam", params={"name": "<script>alert(1)</script>", "description": "aligner <b>"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_record_is_made_and_checked(node: TestClient) -> None:
    accepted = {"accept": ["topic_3170", "operation_0292"]}
    page = node.post("/edam/export", data={**STAR, **HOME, **accepted})
    assert "Valid under biotoolsSchema 3.3.0" in page.text
    assert "&lt;edam_operation&gt;operation_0292" in page.text
    record = node.post("/edam/export", data={**STAR, **HOME, **accepted, "as": "json"})
    assert record.headers["content-disposition"] == 'attachment; filename="biotools.json"'
    assert record.json()["topic"] == [{"uri": "http://edamontology.org/topic_3170", "term": "RNA-Seq"}]
    faulty = node.post("/edam/export", data={"name": "STAR", **accepted}).text
    assert "homepage</span> is missing" in faulty
    assert "description</span> is missing" in faulty


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 400), ({"accept": "topic_9999"}, 404), ({"accept": "topic_0182"}, 404), ({"as": "pdf", **STAR}, 422),
     ({"record": "[", **STAR}, 422), ({"colour": "red"}, 422)],
)  # fmt: skip
def test_exports_that_cannot_be(node: TestClient, fields: dict[str, Any], status: int) -> None:
    assert node.post("/edam/export", data=fields).status_code == status


def test_terms_are_browsed(node: TestClient) -> None:
    page = node.get("/edam/term/operation_0292").text
    assert "Structure-based sequence alignment" in page
    assert 'href="/edam/term/operation_2928"' in page or "Alignment" in page
    old = node.get("/edam/term/topic_0182").text
    assert "obsolete" in old
    assert 'href="/edam/term/topic_0080"' in old
    by_name = node.get("/edam/term/EDAM:topic_0080", follow_redirects=False)
    assert by_name.headers["location"] == "/edam/term/topic_0080"
    for unknown in ("topic_9999", "nothing like this", "%20"):
        assert node.get(f"/edam/term/{unknown}").status_code == 404
