"""Resources over the native API."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(("status", "count"), [("core-data-resource", 32), ("deposition-database", 16)])
def test_statuses_of_a_day(node: TestClient, status: str, count: int) -> None:
    body = node.get(f"/api/v1/resources?status={status}&at=2023-12-31").json()
    assert len(body["result"]) == count
    assert body["meta"]["counts"][status]["count"] == count
    assert len(node.get(f"/api/v1/resources.tsv?status={status}&at=2023-12-31").text.splitlines()) == count + 1


def test_one_resource_and_its_entries(node: TestClient) -> None:
    assert len(node.get("/api/v1/resources/gwas-catalog").json()["result"]) == 2
    rows = node.get("/api/v1/resources/uniprot/links").json()["result"]
    assert ("FAIRsharing", "FAIRsharing.wf28wm") in {(row["registry"], row["identifier"]) for row in rows}
    missing = node.get("/api/v1/resources/unipro")
    assert missing.status_code == 404
    assert "UniProt" in missing.json()["next_step"]


def test_bad_questions_name_the_value(node: TestClient) -> None:
    answer = node.get("/api/v1/resources?status=core-data-resources")
    assert (answer.status_code, answer.json()["next_step"]) == (422, "Did you mean core-data-resource?")
    assert node.get("/api/v1/resources?at=yesterday").json()["value"] == "yesterday"
    assert node.get("/api/v1/uptime?days=0").status_code == 422
    assert node.get("/api/v1/uptime").status_code == 200


def test_fair_check_of_a_document(node: TestClient) -> None:
    licence = "https://spdx.org/licenses/CC0-1.0"
    document = f'{{"@context": "https://schema.org/", "@type": "Dataset", "license": "{licence}"}}'
    body = node.post("/api/v1/fair", json={"document": document}).json()
    assert body["meta"]["page"]["spdx"] == "CC0-1.0"
    assert {row["scheme"] for row in body["result"]} == {"fsf", "fair-checker", "bioschemas"}
    for place in ("http://127.0.0.1/", "file:///etc/passwd", ""):
        answer = node.post("/api/v1/fair", json={"place": place})
        assert answer.status_code == 422
