"""Requests that are not what an address takes, and bodies as clients send them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_curl_needs_no_content_type(node: TestClient) -> None:
    body = '{"query": ["IL6", "TNF", "CXCL8"]}'
    answer = node.post("/api/v1/enrich", content=body, headers=FORM)
    assert answer.status_code == 200
    assert answer.json()["meta"]["release"]


def test_an_unknown_field_is_refused_by_name(node: TestClient) -> None:
    answer = node.post("/api/v1/enrich", content='{"qeury": []}', headers=FORM)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["title"] == "Unknown field"
    assert told["detail"] == 'There is no field "qeury"; did you mean "query"?'
    assert told["code"] == "unknown_field"


@pytest.mark.parametrize(
    ("body", "named", "shown"),
    [
        ({"query": 5}, "query", "5"),
        ({"query": [["TP53"]]}, "query", "[['TP53']]"),
        ({"query": [True]}, "query", "[True]"),
        ({"query": {"up": "TP53"}}, 'query["up"]', "'TP53'"),
        ({"query": ["TP53"], "threshold": "0.05"}, "threshold", "'0.05'"),
        ({"query": ["TP53"], "threshold": 2}, "threshold", "2"),
        ({"query": ["TP53"], "ordered": 1}, "ordered", "1"),
        ({"query": ["TP53"], "ordered": None}, "ordered", "None"),
        ({"query": ["TP53"], "sources": [1]}, "sources", "[1]"),
        ({"query": ["TP53"], "min_term_size": 0}, "min_term_size", "0"),
        ({"query": ["TP53"], "correction": "gcss"}, "correction", "'gcss'"),
        ({"query": ["TP53"], "choices": {"a": 1}}, "choices", "{'a': 1}"),
        ({"query": ["TP53"], "gene_sets": ["a"]}, "gene_sets", "['a']"),
        ({"query": ["TP53"], "organism": 9606}, "organism", "9606"),
    ],
)
def test_a_value_of_another_kind_is_named_with_its_field(
    node: TestClient, body: dict[str, Any], named: str, shown: str
) -> None:
    answer = node.post("/api/v1/enrich", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_option")
    assert answer.json()["detail"].startswith(f"{named} is {shown}, which is not ")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("enrich", "query"),
        ("enrich?query=TP53&threshold=nan", "threshold"),
        ("enrich?query=TP53&ordered=yes", "ordered"),
        ("enrich?query=TP53&limit=0", "limit"),
        ("enrich?query=TP53&limit=1e3", "limit"),
        ("enrich?query=TP53&domain=known&domain=annotated", "domain"),
    ],
)
def test_an_address_is_read_as_strictly(node: TestClient, address: str, named: str) -> None:
    answer = node.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_option")
    assert named in answer.json()["detail"]


def test_the_nearest_word_is_offered(node: TestClient) -> None:
    answer = node.post("/api/v1/enrich", json={"query": ["TP53"], "correction": "bonferoni"})
    assert answer.json()["next_step"] == "Did you mean bonferroni?"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"query": NaN}', "application/json", 400),
        (b"query=TP53", "application/x-www-form-urlencoded", 415),
        (b'{"query": ["TP53"]}', "application/xml", 415),
        (b'{"query": ["TP53"]}', "application/vnd.api+json", 200),
        (b'\xef\xbb\xbf{"query": ["TP53"]}', "text/plain", 200),
    ],
)
def test_bodies(node: TestClient, content: bytes, kind: str, status: int) -> None:
    answer = node.post("/api/v1/convert", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status


def test_a_method_the_address_does_not_have(node: TestClient) -> None:
    answer = node.put("/api/v1/convert", json={})
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
