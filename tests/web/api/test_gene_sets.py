"""Own gene sets: kept under a token, used in an enrichment, described and deleted by who has the token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

import lifenode

GMT = "ONE\tcytokines\tIL6\tTNF\tCXCL8\nTWO\tguardians\tTP53\tMDM2\tBRCA1\n"
ASK: dict[str, Any] = {"query": ["IL6", "TNF"], "all_results": True}


def upload(node: TestClient) -> dict[str, Any]:
    answer = node.post("/api/v1/gene-sets", json={"name": "mine.gmt", "gmt": GMT})
    assert answer.status_code == 201
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/gene-sets/{told['token']}"
    return told


def test_uploaded_sets_give_the_numbers_of_the_library(node: TestClient) -> None:
    told = upload(node)
    assert (told["name"], told["sets"], told["genes"], told["warnings"]) == ("mine", 2, 6, [])
    rows = node.post("/api/v1/enrich", json=ASK | {"gene_sets": told["token"]}).json()["result"]
    sets = {"ONE": ["IL6", "TNF", "CXCL8"], "TWO": ["TP53", "MDM2", "BRCA1"]}
    wanted = lifenode.enrich(ASK["query"], None, gene_sets=sets, all_results=True)
    assert [(row["term_id"], row["p_value"]) for row in rows] == list(
        zip(wanted.values("term_id"), wanted.values("p_value"), strict=True)
    )


def test_the_moment_of_expiry_is_told_in_utc(node: TestClient) -> None:
    before = datetime.now(UTC)
    told = upload(node)
    expires = datetime.strptime(told["expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before <= expires - timedelta(days=told["days"]) <= datetime.now(UTC) + timedelta(seconds=1)
    assert node.get(f"/api/v1/gene-sets/{told['token']}").json()["expires"] == told["expires"]


def test_text_and_forms_are_uploads_too(node: TestClient) -> None:
    as_text = node.post("/api/v1/gene-sets?name=mine", content=GMT, headers={"Content-Type": "text/plain"})
    as_form = node.post("/api/v1/gene-sets", files={"gmt": ("mine.gmt", GMT.encode())})
    for answer in (as_text, as_form):
        assert (answer.status_code, answer.json()["sha256"]) == (201, upload(node)["sha256"])
        assert answer.json()["name"] == "mine"


def test_only_the_token_opens_them(node: TestClient) -> None:
    token = upload(node)["token"]
    assert node.get(f"/api/v1/gene-sets/{token}").json()["ids"] == ["ONE", "TWO"]
    assert node.get(f"/api/v1/gene-sets/{token[:-1]}").json()["code"] == "unknown_link"
    assert node.get("/api/v1/gene-sets").status_code == 405


def test_deleted_sets_are_gone(node: TestClient) -> None:
    token = upload(node)["token"]
    assert node.delete(f"/api/v1/gene-sets/{token}").status_code == 204
    assert node.get(f"/api/v1/gene-sets/{token}").status_code == 404
    assert node.post("/api/v1/enrich", json=ASK | {"gene_sets": token}).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"gmt": "one column\n"}, "format_error"),
        ({"gmt": "A\tx\tIL6\nA\tx\tTNF\n"}, "format_error"),
        ({"gmt": ""}, "empty_input"),
        ({"gmt": 5}, "invalid_option"),
        ({"name": "mine"}, "invalid_option"),
        ({"gmt": GMT, "nmae": "mine"}, "unknown_field"),
    ],
)
def test_what_is_no_gene_set_is_refused(node: TestClient, body: dict[str, Any], code: str) -> None:
    answer = node.post("/api/v1/gene-sets", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
