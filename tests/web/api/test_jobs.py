"""Questions answered later: on request, or because they take too long."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

import lifenode
from lifenode.settings import Settings
from lifenode.web.app import make_app


def finished(node: TestClient, answer: Any) -> Any:
    """Return the last status of the job that was offered."""
    assert answer.status_code == 202
    assert int(answer.headers["retry-after"]) > 0
    deadline = time.monotonic() + 60
    while (state := node.get(answer.headers["location"])).status_code == 202:
        assert state.json()["status"] in ("waiting", "running")
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert state.status_code == 200
    return state.json()


def test_a_job_gives_the_same_answer(node: TestClient) -> None:
    asked = {"query": ["TP53", "MDM2"], "to": "ENSG"}
    told = finished(node, node.post("/api/v1/convert", json=asked, headers={"Prefer": "respond-async"}))
    assert node.get(told["result"]).text == lifenode.convert(["TP53", "MDM2"], to="ENSG").to_json()
    as_table = node.post("/api/v1/convert.tsv", json=asked, headers={"Prefer": "respond-async"})
    result = node.get(finished(node, as_table)["result"])
    assert result.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert result.text.splitlines()[0].split("\t")[0] == "query"


def test_what_exceeds_the_interactive_limit_becomes_a_job(tmp_path: Path) -> None:
    hurried = replace(Settings(), state_dir=tmp_path, interactive_seconds=0.001)
    asked = {"query": ["IL6", "TNF"], "gene_sets": {"one": ["IL6", "TNF", "A"], "two": ["B"]}, "all_results": True}
    with TestClient(make_app(hurried)) as node:
        told = finished(node, node.post("/api/v1/enrich", json=asked | {"organism": None}))
        rows = node.get(told["result"]).json()["result"]
    assert [row["term_id"] for row in rows] == ["one"]


def test_a_failed_job_says_why(tmp_path: Path) -> None:
    hurried = replace(Settings(), state_dir=tmp_path, job_seconds=0.001)
    with TestClient(make_app(hurried)) as node:
        asked = {"query": ["TP53"]}
        answer = node.post("/api/v1/convert", json=asked, headers={"Prefer": "respond-async"})
        told = finished(node, answer)
        assert (told["status"], told["error"]["code"]) == ("failed", "took_too_long")
        result = node.get(f"{answer.headers['location']}/result")
    assert (result.status_code, result.headers["content-type"]) == (504, "application/problem+json")


def test_an_unknown_job_is_not_found(node: TestClient) -> None:
    for address in ("/api/v1/jobs/nothing", "/api/v1/jobs/nothing/result"):
        answer = node.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_link")
