"""Organisms, sources and genes; the page about the API."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape

from starlette.testclient import TestClient

from lifenode.packs.find import STARTER
from lifenode.packs.pack import open_pack


def test_organisms_are_those_of_the_packs(node: TestClient) -> None:
    rows = node.get("/api/v1/organisms").json()["result"]
    assert [row["organism"] for row in rows] == sorted(path.name for path in STARTER.iterdir() if path.is_dir())
    assert "path" not in rows[0]


def test_one_organism(node: TestClient) -> None:
    (row,) = node.get("/api/v1/organisms/scerevisiae").json()["result"]
    assert row["scientific_name"] == "Saccharomyces cerevisiae"
    answer = node.get("/api/v1/organisms/scerevisae")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_organism")
    assert "scerevisiae" in answer.json()["next_step"]


def test_sources_with_licences(node: TestClient) -> None:
    rows = node.get("/api/v1/sources?organism=hsapiens").json()["result"]
    assert {row["source"]: row["licence"] for row in rows} == {
        name: source.licence for name, source in open_pack("hsapiens").sources.items()
    }


def test_genes(node: TestClient) -> None:
    text = node.get("/api/v1/genes.tsv?organism=scerevisiae&limit=5").text
    assert len(text.splitlines()) == 6


def test_rows_are_walked_by_following_the_link(node: TestClient) -> None:
    address, ids = "/api/v1/genes.jsonl?organism=scerevisiae&limit=2500", list[str]()
    while address:
        answer = node.get(address)
        ids += [json.loads(line)["gene_id"] for line in answer.text.splitlines()]
        address = answer.links.get("next", {}).get("url", "")
        assert not address or f"release={open_pack('scerevisiae').release}" in address
    assert ids == open_pack("scerevisiae").genes().gene_ids.to_list()
    assert "link" not in node.get("/api/v1/genes?organism=scerevisiae").headers


def test_every_command_of_the_page_works(node: TestClient) -> None:
    page = node.get("/api/v1/docs").text
    assert re.search(r"<script(?! src=)", page) is None
    assert "style=" not in page
    blocks = re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)
    assert len(blocks) >= 10
    for command in map(unescape, blocks):
        words = shlex.split(command)
        assert words[:2] == ["curl", "-s"]
        path = words[2].removeprefix(str(node.base_url))
        answer = node.post(path, content=words[4]) if len(words) > 3 else node.get(path)
        assert answer.status_code == (201 if path == "/api/v1/gene-sets" else 200), command


def test_every_operation_is_described(node: TestClient) -> None:
    document = node.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert any("application/problem+json" in told.get("content", {}) for told in operation["responses"].values())
    assert "/work" not in json.dumps(document)
