"""EDAMmap's API: keys, messages, limits, and the numbers of the matcher behind it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.edam import LexicalMatcher, Tool
from lifenode.web.compat.edammap_answer import MEASURES, measures
from tests.web.api.conftest import node

__all__ = ["node"]

QUERY = {
    "id": "clustalo", "name": "Clustal Omega", "keywords": ["Sequence analysis", "alignment"],
    "description": "Multiple sequence alignment of proteins.",
}  # fmt: skip
RESULT_KEYS = {
    "edamUri", "edamUriReplaced", "label", "obsolete", "childOf", "childOfAnnotation", "childOfExcludedAnnotation",
    "parentOf", "parentOfAnnotation", "parentOfExcludedAnnotation", "bestOneQuery", "bestOneConcept", "score", "test",
}  # fmt: skip


def asked(node: TestClient, **body: Any) -> dict[str, Any]:
    answer = node.post("/edammap/api", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_core_answer_has_the_keys_that_clients_read(node: TestClient) -> None:
    body = asked(node, **QUERY)
    assert {"success", "version", "type", "api", "txt", "html", "json", "generator", "time", "mapping", "args"} == set(
        body
    )
    assert (body["success"], body["version"], body["type"]) == (True, "1", "core")
    assert set(body["mapping"]) == {"query", "results"}
    assert body["mapping"]["query"]["keywords"] == QUERY["keywords"]
    results = body["mapping"]["results"]
    assert (results["data"], results["format"]) == (None, None)
    assert all(set(one) == RESULT_KEYS for one in (*results["topic"], *results["operation"]))
    assert set(body["time"]) == {"start", "startHuman", "stop", "stopHuman", "duration"}
    assert set(body["args"]["mapperArgs"]) >= {"algorithmArgs", "idfArgs", "multiplierArgs", "scoreArgs", "branches"}


def test_the_scores_are_those_of_the_matcher(node: TestClient) -> None:
    results = asked(node, **QUERY)["mapping"]["results"]
    table = LexicalMatcher().match(Tool(QUERY["name"], QUERY["description"], QUERY["keywords"]))  # type: ignore[arg-type]
    for branch in ("topic", "operation"):
        own = [row for row in table.to_dicts() if row["branch"] == branch]
        assert [one["edamUri"].rpartition("/")[2] for one in results[branch]] == [row["term_id"] for row in own]
        for one, row in zip(results[branch], own, strict=True):
            assert one["score"] == {
                "class": row["score_class"], "bestOneScore": row["best_one_score"],
                "withoutPathScore": row["without_path_score"], "score": row["score"],
            }  # fmt: skip
    assert results["operation"][0]["bestOneQuery"]["value"] in (QUERY["name"], QUERY["description"], *QUERY["keywords"])


def test_branches_and_matches_are_heeded_also_within_groups(node: TestClient) -> None:
    body = asked(node, **QUERY, args={"mapperArgs": {"branches": ["data"], "matches": "2"}})
    results = body["mapping"]["results"]
    assert [results[name] is None for name in ("topic", "operation", "data", "format")] == [True, True, False, True]
    assert len(results["data"]) <= 2
    assert body["args"]["mapperArgs"]["matches"] == 2
    more = asked(node, **QUERY, outputBadScores="true", matches=20)["mapping"]["results"]["topic"]
    assert {one["score"]["class"] for one in more} >= {"bad"}


def test_what_another_value_cannot_change_is_said(node: TestClient) -> None:
    body = asked(node, **QUERY, mismatchMultiplier=3.0, goodScoreTopic=0.63)
    assert body["args"]["mainArgs"]["ignored"] == ["mismatchMultiplier"]
    assert body["args"]["mapperArgs"]["algorithmArgs"]["mismatchMultiplier"] == 2.0


def test_annotations_are_tested_and_relatives_named(node: TestClient) -> None:
    given = ["http://edamontology.org/topic_0080", "http://edamontology.org/operation_0004"]
    body = asked(node, **QUERY, annotations=given, type="full")
    topics = body["mapping"]["results"]["topic"]
    assert [one["test"] for one in topics if one["edamUri"] == given[0]] == ["tp"]
    assert body["counts"]["tp"]["topic"] == 1
    assert body["counts"]["fn"] == {"topic": 0, "operation": 1, "total": 1}
    operations = body["mapping"]["results"]["operation"]
    assert all({"edamUri": given[1], "label": "Operation"} in one["childOfExcludedAnnotation"] for one in operations)
    assert body["measures"]["recall"]["topic"] == 1
    assert body["measures"]["recall"]["total"] == 0.5
    parts = topics[0]["parts"]
    assert [one["queryMatch"]["type"] for one in parts] == ["name", "keyword", "keyword", "description"]
    assert max(one["score"] for one in parts) == pytest.approx(topics[0]["score"]["bestOneScore"], abs=1e-9)


def test_measures_by_hand() -> None:
    found = measures({"topic": ([True, False, True], 4), "operation": ([], 0), "data": ([False], 1)})
    assert found["precision"]["topic"] == pytest.approx(2 / 3)
    assert found["recall"] == {"topic": 0.5, "data": 0.0, "total": 0.25}
    assert found["Jaccard"]["topic"] == pytest.approx(2 / 5)
    assert found["AveP"]["topic"] == pytest.approx((1 + 2 / 3) / 4)
    assert found["RP"]["topic"] == 0.5
    assert found["DCG"]["topic"] == pytest.approx((1 + 1 / math.log2(3)) / (1 + 1 + 1 / math.log2(3)))
    assert found["DCGa"]["topic"] == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3) + 1 / 2))
    assert set(found) == set(MEASURES)


def test_a_record_gets_its_terms_merged(node: TestClient) -> None:
    tool = {
        "name": "Clustal Omega", "description": "Multiple sequence alignment.", "homepage": "http://clustal.org",
        "biotoolsID": "clustalo", "license": "GPL-2.0",
        "topic": [{"uri": "http://edamontology.org/topic_0080", "term": "Sequence analysis"}],
        "function": [{"operation": [{"uri": "http://edamontology.org/operation_0292", "term": "Sequence alignment"}]}],
    }  # fmt: skip
    body = asked(node, tool=tool, name="something else", branches=["topic", "operation", "format"])
    assert body["mapping"]["query"]["name"] == "Clustal Omega"
    assert body["mapping"]["query"]["webpageUrls"] == ["http://clustal.org"]
    merged = body["tool"]
    assert merged["license"] == "GPL-2.0"
    assert merged["topic"][0] == tool["topic"][0]
    assert [one["uri"] for one in merged["topic"]].count("http://edamontology.org/topic_0080") == 1
    assert merged["function"][0] == tool["function"][0]
    added = [one["uri"] for one in merged["function"][1]["operation"]] if len(merged["function"]) > 1 else []
    assert "http://edamontology.org/operation_0292" not in added


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Param 'name' is mandatory"),
        ({"name": "x", "goodScoreTopic": 2.0}, "Param 'goodScoreTopic=2.0' is above limit 1.0"),
        ({"name": "x", "badScoreData": "-1"}, "Param 'badScoreData=-1.0' is below limit 0.0"),
        ({"name": "x", "matches": "many"}, "Param 'matches=many' is not an integer"),
        ({"name": "x", "outputBadScores": "maybe"}, "Param 'outputBadScores=maybe' is not a boolean"),
        ({"name": "x", "branches": ["topics"]}, "Param 'branches=topics' is not one of topic, operation, data, format"),
        ({"name": "x", "annotations": ["http://edamontology.org/1775"]}, "Illegal EDAM URI: http://edamontology.org/1775"),
        ({"name": "x", "annotations": ["topic_9999"]}, "Illegal EDAM URI: topic_9999"),
        ({"name": "x", "publicationIds": ["23479348\tPMC3654706"]},
         "Publication ID has illegal number of parts (2), first part is 23479348"),
        ({"name": "x", "publicationIds": [{"doi": "11.1/x"}]}, "Publication ID part is not DOI: 11.1/x"),
        ({"name": "x", "webpageUrls": ["javascript:alert(1)"]}, "Malformed URL: javascript:alert(1)"),
        ({"name": "x", "docUrls": ["http://a.org"] * 11}, "Param 'docUrls' has more than 10 values"),
        ({"name": "x" * 1001}, "Param 'name' has more than 1000 characters"),
        ({"name": "x", "description": "y " * 50_001}, "Param 'description' has more than 100000 characters"),
        ({"name": "x", "type": "whole"}, "Illegal response type: whole"),
        ({"name": "x", "version": "2"}, "Illegal API version: 2"),
        ({"tool": {"name": "x"}}, "Param 'tool' has no description"),
        ({"tool": []}, "Param 'tool' is not a JSON object"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_has_a_message(node: TestClient, body: dict[str, Any], message: str) -> None:
    answer = node.post("/edammap/api", json=body)
    assert answer.status_code == 400
    found = answer.json()
    assert {name: found[name] for name in ("success", "status", "message")} == {
        "success": False, "status": 400, "message": message,
    }  # fmt: skip
    assert found["time"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 5_000, b'{"name": NaN}'])
def test_bodies_that_are_no_request(node: TestClient, body: bytes) -> None:
    answer = node.post("/edammap/api", content=body)
    assert answer.status_code == 400
    assert answer.json()["success"] is False


def test_texts_without_a_known_word_give_empty_lists(node: TestClient) -> None:
    for name in ("???", "的 工具", "qqqqzzz"):
        results = asked(node, name=name)["mapping"]["results"]
        assert (results["topic"], results["operation"]) == ([], [])


def test_parts_of_a_query_are_checked_one_by_one(node: TestClient) -> None:
    web = node.post("/edammap/api/web", json={"webpageUrls": ["https://a.example.org/x"]}).json()
    assert web == {"success": True, "webpageUrls": [{"id": "https://a.example.org/x", "status": "empty"}]}
    assert node.post("/edammap/api/doc", json={"docUrls": ["nonsense"]}).status_code == 400
    pub = node.post(
        "/edammap/api/pub", json={"publicationIds": ["23479348\tPMC3654706\t10.1093/bioinformatics/btt113"]}
    )
    assert pub.json()["publicationIds"][0]["id"]["pmid"] == "23479348"
    alone = node.post("/edammap/api/pub", json={"publicationIds": "10.1093/bioinformatics/btt113"}).json()
    assert alone["publicationIds"][0]["id"]["doi"] == "10.1093/bioinformatics/btt113"
    edam = node.post("/edammap/api/edam", json={"annotations": ["http://edamontology.org/topic_0182"]}).json()
    assert edam["annotations"][0]["obsolete"] is True
    assert (
        node.post("/edammap/api/edam", json={"annotations": ["topic_x"]}).json()["message"]
        == "Illegal EDAM URI: topic_x"
    )


def test_pages_of_other_sites_may_ask(node: TestClient) -> None:
    answer = node.post("/edammap/api", json=QUERY, headers={"origin": "https://example.org"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
