"""Version 2 of the eQTL Catalogue's API over the starter catalogue: rows, rules, errors and the end of paging."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue
from lifenode.web.compat.eqtl_v2 import ASSOCIATION_FIELDS, DATASET_FIELDS

BASE = "/eqtl/api/v2"
ROWS = f"{BASE}/datasets/QTD000085/associations"
GENE = "ENSG00000113161"


def rows(node: TestClient, path: str = ROWS, **asked: Any) -> list[dict[str, Any]]:
    answer = node.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_datasets_are_listed_with_and_without_a_slash(node: TestClient) -> None:
    found = rows(node, f"{BASE}/datasets")
    assert found == rows(node, f"{BASE}/datasets/")
    assert [row["dataset_id"] for row in found][:2] == ["QTD000001", "QTD000002"]
    assert len(rows(node, f"{BASE}/datasets", size=1000)) == 758
    assert tuple(found[0]) == DATASET_FIELDS
    assert [row["dataset_id"] for row in rows(node, f"{BASE}/datasets", quant_method="aptamer")] == ["QTD000584"]
    assert rows(node, f"{BASE}/datasets", start=1, size=1) == found[1:2]
    assert node.get(f"{BASE}/datasets/QTD000001").json() == found[0]


def test_a_client_that_pages_until_it_is_refused_gets_every_row_once(node: TestClient) -> None:
    found: list[dict[str, Any]] = []
    while (answer := node.get(ROWS, params={"gene_id": GENE, "size": 150, "start": len(found)})).status_code == 200:
        found += answer.json()
    assert answer.status_code == 400
    assert answer.json() == {"message": "No results"}
    expected = Catalogue().associations(GENE, dataset="QTD000085", by_rsid=True).to_polars()
    assert len(found) == len(expected)
    assert [row["variant"] for row in found] == expected["variant"].to_list()
    assert all(tuple(row) == ASSOCIATION_FIELDS for row in found)
    assert sorted(row["position"] for row in found) == [row["position"] for row in found]


def test_a_region_limits_what_a_gene_gives(node: TestClient) -> None:
    whole = rows(node, gene_id=GENE, size=1000)
    middle = whole[len(whole) // 2]["position"]
    part = rows(node, gene_id=GENE, size=1000, pos=f"5:{middle}-{middle + 20_000}")
    assert part == [row for row in whole if middle <= row["position"] <= middle + 20_000]
    assert 0 < len(part) < len(whole)


def test_variants_rsids_and_thresholds(node: TestClient) -> None:
    (one,) = rows(node, variant="chr5_75355259_A_G", gene_id=GENE)
    assert one["rsid"] == "rs3846662"
    assert one["pvalue"] == pytest.approx(9.16783e-09)
    assert one in rows(node, rsid="rs3846662", size=1000)
    strong = rows(node, gene_id=GENE, nlog10p=6, size=1000)
    assert strong == [row for row in rows(node, gene_id=GENE, size=1000) if row["pvalue"] <= 1e-6]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{ROWS}?rsid=rs1&pos=5:1-2", 400, "Only one of rsid and pos"),
        (f"{ROWS}?gene_id=A&molecular_trait_id=B", 400, "Only one of gene_id and molecular_trait_id"),
        (f"{ROWS}?pos=5:1-1000002", 400, "larger than the maximum allowable window of 1000000"),
        (f"{ROWS}?pos=5:9-1", 400, "larger than its end"),
        (f"{ROWS}?nlog10p=3", 400, "Query is not permitted"),
        (f"{ROWS}?gene_id=ENSG00000000000", 400, "No results"),
        (f"{ROWS}?variant=chrX_5_A_G", 400, "No results"),
        (f"{ROWS}?variant=5_A_G", 422, "string_pattern_mismatch"),
        (f"{ROWS}?gene_id=A&nlog10p=-1", 422, "float_parsing"),
        (f"{ROWS}?size=1001", 422, "less_than_equal"),
        (f"{ROWS}?start=-1", 422, "int_parsing"),
        (f"{BASE}/datasets?quant_method=rna", 422, "majiq"),
        (f"{BASE}/datasets/QTD999999", 400, "Can't find any data"),
        (f"{BASE}/datasets/QTD999999/associations", 400, "Can't find any data"),
        (f"{BASE}/datasets/x", 422, "string_pattern_mismatch"),
    ],
)
def test_what_is_refused_and_how(node: TestClient, path: str, status: int, said: str) -> None:
    answer = node.get(path)
    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert ("message" in answer.json()) == (status == 400)


def test_other_origins_may_read(node: TestClient) -> None:
    answer = node.get(f"{BASE}/datasets", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [f"{ROWS}?gene_id={GENE}", f"/eqtl/api/v3/associations?gene_id={GENE}", f"/eqtl/api/genes/{GENE}/associations"],
)
def test_a_question_has_a_time(node: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_CLIENT_SECONDS", "0")
    answer = node.get(path)
    assert answer.status_code == 504
    assert "took more than 0 s" in answer.json()["message"]
