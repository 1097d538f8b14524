"""Version 3 of the eQTL Catalogue's API over the starter catalogue."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue
from lifenode.web.compat.eqtl_v3 import FIELDS

BASE = "/eqtl/api/v3"
GENE = "ENSG00000113161"


def test_studies_and_data_sets(node: TestClient) -> None:
    studies = node.get(f"{BASE}/studies").json()
    assert studies[0] == {"study_id": "QTS000001"}
    assert {"study_id": "QTS000011"} in node.get(f"{BASE}/studies", params={"size": 1000}).json()
    assert node.get(f"{BASE}/studies/QTS000011").json() == {"study_id": "QTS000011"}
    first, second = node.get(f"{BASE}/datasets/").json()[:2]
    assert (
        first == node.get(f"{BASE}/datasets/QTD000001").json() == {"dataset_id": "QTD000001", "study_id": "QTS000001"}
    )
    assert node.get(f"{BASE}/datasets", params={"start": 1}).json()[0] == second


@pytest.mark.parametrize("path", ["associations", "studies/QTS000011/associations", "datasets/QTD000085/associations"])
def test_associations_are_those_of_the_catalogue(node: TestClient, path: str) -> None:
    expected = Catalogue().associations(GENE, dataset="QTD000085", by_rsid=True).to_polars()
    found = node.get(f"{BASE}/{path}", params={"gene_id": GENE, "size": 10_000}).json()
    assert [row["variant"] for row in found] == expected["variant"].to_list()
    assert [row["pvalue"] for row in found] == expected["pvalue"].to_list()
    assert all(tuple(row) == FIELDS and None not in row.values() for row in found)


def test_variants_are_known_with_and_without_chr(node: TestClient) -> None:
    one, other = (
        node.get(f"{BASE}/associations", params={"gene_id": GENE, "variant": f"{prefix}5_75355259_A_G"}).json()
        for prefix in ("", "chr")
    )
    assert one == other
    assert one[0]["rsid"] == "rs3846662"
    elsewhere = node.get(f"{BASE}/associations", params={"gene_id": GENE, "chromosome": "6"})
    assert (elsewhere.status_code, elsewhere.json()) == (200, [])


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("studies/QTS9", 404, "Study not found."),
        ("studies/QTS9/associations", 404, "Study not found."),
        ("datasets/QTD9", 404, "Dataset not found."),
        ("datasets/QTD9/associations", 404, "Dataset not found."),
        ("associations?size=0", 422, "greater than 0"),
        ("associations?start=x", 422, "int_parsing"),
        ("associations?variant=x", 422, "is not a variant"),
    ],
)
def test_what_is_refused(node: TestClient, path: str, status: int, said: str) -> None:
    answer = node.get(f"{BASE}/{path}")
    assert answer.status_code == status
    assert said in answer.text
