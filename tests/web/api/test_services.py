"""Enrichment, conversion, orthologs and variants over HTTP: the library's bytes, in every form."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.web.api import SERVICES

GENES = ["IL6", "TNF", "CXCL8", "IL1B", "CCL2"]


def post(node: TestClient, name: str, **asked: Any) -> Any:
    return node.post(f"/api/v1/{name}", json=asked)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sources": ["REAC", "GO:MF"], "evidence": True},
        {"correction": "fdr", "threshold": 0.01, "domain": "known"},
        {"sources": ["GO:BP"], "highlight": True, "max_term_size": 500},
        {"ordered": True, "sources": "REAC"},
        {"organism": None, "gene_sets": {"one": ["IL6", "TNF", "A"], "two": ["B", "C"]}, "all_results": True},
        {"background": [*GENES, "TP53", "MDM2", "BRCA1", "CDK2", "EGFR"], "sources": ["REAC"]},
    ],
)
def test_enrichment_is_that_of_the_library_byte_for_byte(node: TestClient, options: dict[str, Any]) -> None:
    assert post(node, "enrich", query=GENES, **options).text == lifenode.enrich(GENES, **options).to_json()


def test_several_lists_are_compared(node: TestClient) -> None:
    lists = {"up": GENES, "down": ["TP53", "MDM2"]}
    assert post(node, "enrich", query=lists).text == lifenode.enrich(lists).to_json()
    text = "> up\nIL6 TNF CXCL8 IL1B CCL2\n> down\nTP53 MDM2\n"
    assert post(node, "enrich", query=text).json()["result"] == json.loads(lifenode.enrich(lists).to_json())["result"]


def test_conversion_is_that_of_the_library_byte_for_byte(node: TestClient) -> None:
    wanted = lifenode.convert(["TP53", "SEPT2", "7157", "none"], to="ENSG")
    assert post(node, "convert", query=["TP53", "SEPT2", 7157, "none"], to="ENSG").text == wanted.to_json()


@pytest.mark.parametrize("options", [{"to": "mmusculus"}, {"to": "drerio", "min_support": 2}, {"to": "scerevisiae"}])
def test_orthologs_are_those_of_the_library_byte_for_byte(node: TestClient, options: dict[str, Any]) -> None:
    asked = ["TP53", "IL6", "CDK1", "none"]
    assert post(node, "orthologs", query=asked, **options).text == lifenode.orthologs(asked, **options).to_json()


def test_variants_are_those_of_the_library_byte_for_byte(node: TestClient) -> None:
    asked = ["rs429358", "19:44908684:T:C", "rs1"]
    assert post(node, "variants", query=asked).text == lifenode.variants(asked).to_json()


@pytest.mark.parametrize("format_", ["json", "jsonl", "tsv", "csv"])
def test_the_ending_and_the_header_choose_the_same_form(node: TestClient, format_: str) -> None:
    wanted = lifenode.convert(["TP53", "MDM2"]).to_bytes(format_)
    by_ending = node.get(f"/api/v1/convert.{format_}", params={"query": "TP53,MDM2"})
    by_header = node.get(
        "/api/v1/convert", params={"query": "TP53 MDM2"}, headers={"Accept": by_ending.headers["content-type"]}
    )
    assert by_ending.content == by_header.content == wanted


def test_parquet_can_be_read(node: TestClient) -> None:
    answer = node.get("/api/v1/enrich.parquet", params={"query": "IL6,TNF,CXCL8", "sources": "REAC"})
    frame = pl.read_parquet(io.BytesIO(answer.content))
    assert frame["term_id"].to_list() == lifenode.enrich(GENES[:3], sources="REAC").values("term_id")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/*", "text/tab-separated-values"),
        ("text/csv;q=0.5, application/x-ndjson;q=0.9", "application/x-ndjson"),
        ("application/json;q=0, */*", "application/x-ndjson"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
    ],
)
def test_the_header_is_weighed(node: TestClient, accept: str, kind: str) -> None:
    answer = node.get("/api/v1/convert?query=TP53", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind


def test_no_form_is_acceptable(node: TestClient) -> None:
    answer = node.get("/api/v1/convert?query=TP53", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert node.get("/api/v1/convert.xml?query=TP53").status_code == 406


def test_sparse_intersections_hold_the_same_genes(node: TestClient) -> None:
    asked = {"query": GENES, "sources": ["REAC"], "evidence": True}
    sparse = post(node, "enrich", **asked, intersections="sparse").json()
    names = post(node, "enrich", **asked).json()
    genes = sparse["meta"]["genes"]
    assert sorted(genes) == sorted(GENES)
    for short, full in zip(sparse["result"], names["result"], strict=True):
        assert [genes[place] for place in short["intersection"]] == full["intersection"]


def test_sparse_intersections_need_the_evidence(node: TestClient) -> None:
    assert post(node, "enrich", query=GENES, intersections="sparse").json()["code"] == "invalid_option"


def test_rows_are_asked_for_by_parts(node: TestClient) -> None:
    whole = lifenode.enrich(GENES)
    part = node.get("/api/v1/enrich", params={"query": ",".join(GENES), "limit": 3, "offset": 2}).json()
    assert [row["term_id"] for row in part["result"]] == whole.values("term_id")[2:5]
    assert node.get("/api/v1/enrich", params={"query": "IL6,TNF", "offset": 10**6}).json()["result"] == []


def test_formulas_are_escaped_on_request(node: TestClient) -> None:
    body = {"query": ["=1+1", "TP53"]}
    assert "\n'=1+1\t" in node.post("/api/v1/convert.tsv?escape_formulas=true", json=body).text
    assert "\n=1+1\t" in node.post("/api/v1/convert.tsv", json=body).text


def test_text_of_a_request_is_never_a_path(node: TestClient, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TP53\n")
    for name in ("enrich", "convert", "orthologs", "variants"):
        answer = post(node, name, query=str(secret))
        assert answer.status_code == 422 or answer.json()["meta"]["accounting"]["mapped"] == 0
    folder = Path(lifenode.__file__).parent / "packs" / "starter" / "hsapiens"
    assert post(node, "convert", query="TP53", organism=str(folder)).json()["code"] == "unknown_organism"
    assert post(node, "enrich", query="TP53", gene_sets=str(secret)).json()["code"] == "unknown_link"


@pytest.mark.parametrize("name", ["enrich", "convert", "orthologs", "variants"])
def test_the_examples_work(node: TestClient, name: str) -> None:
    service = next(service for service in SERVICES if service.name == name)
    for body in service.examples.values():
        answer = node.post(f"/api/v1/{name}", json=body)
        assert answer.status_code == 200
        assert answer.json()["result"]


def test_what_is_fetched_can_be_revalidated(node: TestClient) -> None:
    first = node.get("/api/v1/convert?query=TP53")
    assert first.headers["cache-control"] == "no-cache"
    again = node.get("/api/v1/convert?query=TP53", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = node.get("/api/v1/convert?query=MDM2", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_pinned_release_holds_for_ever_or_is_refused(node: TestClient) -> None:
    release = lifenode.open_pack("hsapiens").release
    answer = node.get(f"/api/v1/convert?query=TP53&release={release}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    refused = node.get("/api/v1/convert?query=TP53&release=1999.1")
    assert (refused.status_code, refused.json()["code"]) == (404, "pack_not_found")
