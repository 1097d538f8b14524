"""EDAM over the native API."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

import lifenode.edam

STAR = {"name": "STAR", "description": "Ultrafast universal RNA-seq aligner."}
BASE = "/api/v1/edam"


def labels(answer: dict[str, Any]) -> list[str]:
    return [row["label"] for row in answer["result"]]


def test_a_tool_gets_what_the_library_says(node: TestClient) -> None:
    answer = node.post(f"{BASE}/annotate", json={**STAR, "top": 3}).json()
    table = lifenode.edam.annotate(**STAR, top=3)
    assert labels(answer) == table["label"].tolist()
    assert [row["probability"] for row in answer["result"]] == table["probability"].tolist()
    fetched = node.get(f"{BASE}/annotate.tsv", params={**STAR, "top": 3})
    assert fetched.headers["content-type"].startswith("text/tab-separated-values")
    assert fetched.text.splitlines()[1].split("\t")[2] == labels(answer)[0]


def test_a_record_does_as_well_and_fields_win_over_it(node: TestClient) -> None:
    asked = {"record": {**STAR, "homepage": "https://example.org"}, "branches": "operation", "top": 2}
    assert labels(node.post(f"{BASE}/annotate", json=asked).json()) == ["Sequence alignment", "Read mapping"]
    other = node.post(f"{BASE}/annotate", json={**asked, "description": "Draws phylogenetic trees.", "top": 1}).json()
    assert labels(other) != ["Sequence alignment"]


def test_a_batch_says_which_tools_failed(node: TestClient) -> None:
    answer = node.post(f"{BASE}/annotate/batch", json={"tools": [STAR, {"id": "b", "name": ""}], "top": 1}).json()
    assert {row["tool"] for row in answer["result"]} == {"STAR"}
    assert answer["meta"]["tools"] == 2
    assert [one["tool"] for one in answer["meta"]["failed"]] == ["b"]


def test_terms_are_found_and_told(node: TestClient) -> None:
    found = node.get(f"{BASE}/search", params={"text": "aligning sequences", "branches": "operation", "top": 1}).json()
    assert found["result"][0]["term_id"] == "operation_0292"
    told = node.get(f"{BASE}/term", params={"term": "topic_0080"}).json()
    assert told["meta"]["label"] == "Sequence analysis"
    assert {"what": "parent", "term_id": "topic_3307", "value": "Computational biology"} in told["result"]
    old = node.get(f"{BASE}/term", params={"term": "topic_0182"}).json()
    assert [row["term_id"] for row in old["result"] if row["what"] == "replaced by"] == ["topic_0080"]


def test_releases_and_repair(node: TestClient) -> None:
    assert node.get(f"{BASE}/releases").json()["result"][0]["release"] == "1.25"
    answer = node.post(f"{BASE}/repair", json={"text": "name,topic\nStar,topic_0182\n", "kind": "csv"}).json()
    assert answer["meta"]["text"] == "name,topic\nStar,topic_0080\n"
    assert answer["result"][0]["status"] == "replaced"


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "says"),
    [
        ("annotate", {}, 422, "empty_input", "no text"),
        ("annotate", {"name": " "}, 422, "empty_input", "no text"),
        ("annotate", {"name": "x", "description": "y" * 100_001}, 413, "input_too_large", "100,001"),
        ("annotate", {"nmae": "x"}, 422, "unknown_field", 'did you mean "name"'),
        ("annotate", {"name": "x", "branches": ["colour"]}, 422, "invalid_option", "colour"),
        ("annotate", {"record": "{"}, 422, "format_error", "not JSON"),
        ("annotate", {"record": {"homepage": "x"}}, 422, "format_error", "no name"),
        ("annotate/batch", {"tools": []}, 422, "invalid_option", "tools"),
        ("annotate/batch", {"tools": [{"nom": "x"}]}, 422, "invalid_option", "tools[0]"),
        ("term", {"term": "topic_9999"}, 404, "unknown_term", "topic_9999"),
        ("term", {"term": "Sequense analysis"}, 404, "unknown_term", "Sequense"),
        ("term", {"term": "topic_0080", "edam": "0.1"}, 404, "unknown_name", "0.1"),
        ("search", {"text": "  "}, 422, "empty_input", "no word"),
        ("repair", {"text": "{", "kind": "json"}, 422, "format_error", "text"),
    ],
)
def test_mistakes_are_told(
    node: TestClient, path: str, body: dict[str, Any], status: int, code: str, says: str
) -> None:
    answer = node.post(f"{BASE}/{path}", json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert says in told["detail"] + told["next_step"]


def test_ten_megabytes_and_bytes_that_are_no_text_are_refused(node: TestClient) -> None:
    large = node.post(f"{BASE}/annotate", json={"name": "x", "description": "word " * 2_000_000})
    assert large.status_code == 413
    assert node.post(f"{BASE}/annotate", content=b"\x00\xff\xfe").status_code in (400, 415)


@pytest.mark.parametrize("text", ["序列比对工具", "Программа для выравнивания", "🧬🧬", "e\u0301\u202e"])
def test_other_scripts_get_an_answer_or_the_reason(node: TestClient, text: str) -> None:
    answer = node.post(f"{BASE}/annotate", json={"name": text}).json()
    for branch in ("topic", "operation"):
        assert answer["meta"]["reasons"].get(branch) or any(row["branch"] == branch for row in answer["result"])
