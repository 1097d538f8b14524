"""Version 1 of the eQTL Catalogue's API over the starter catalogue, as its clients ask."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue
from lifenode.web.compat.eqtl_v1 import FIELDS

GENE = "ENSG00000113161"
# What catalogueR needs in every row.
NEEDED = {
    "study_id", "qtl_group", "rsid", "chromosome", "position", "pvalue", "condition_label", "tissue_label",
    "molecular_trait_id", "gene_id", "ac", "ref", "beta", "variant", "an", "median_tpm", "condition", "r2", "alt",
    "type", "maf", "tissue",
}  # fmt: skip


def rows(node: TestClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    answer = node.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()["_embedded"]["associations"]
    assert list(found) == [str(at) for at in range(len(found))]
    return list(found.values())


@pytest.mark.parametrize("prefix", ["/eqtl/api/v1", "/eqtl/api"])
def test_following_next_gives_every_row_once(node: TestClient, prefix: str) -> None:
    path: str | None = f"{prefix}/genes/{GENE}/associations?size=100&links=False"
    found: list[dict[str, Any]] = []
    while path:
        page = node.get(path).json()
        found += page["_embedded"]["associations"].values()
        following = page["_links"].get("next")
        path = None if following is None else "{0.path}?{0.query}".format(urlsplit(following["href"]))
    expected = Catalogue().associations(GENE, quant_method="ge", by_rsid=True).to_polars()
    assert [row["variant"] for row in found] == expected["variant"].to_list()
    assert all(tuple(row) == tuple(FIELDS) and set(row) >= NEEDED for row in found)


def test_a_stretch_of_a_chromosome_without_pages(node: TestClient) -> None:
    asked = {
        "paginate": "False", "study": "FUSION", "qtl_group": "muscle_naive", "quant_method": "ge",
        "bp_lower": 75_300_000, "bp_upper": 75_330_000,
    }  # fmt: skip
    found = rows(node, "/eqtl/api/chromosomes/5/associations", **asked)
    expected = Catalogue().associations(region=("5", 75_300_000, 75_330_000), dataset="QTD000085", by_rsid=True)
    assert len(found) == len(expected) > 20
    assert all(75_300_000 <= row["position"] <= 75_330_000 for row in found)


def test_variants_and_p_values_count(node: TestClient) -> None:
    (one,) = rows(node, "/eqtl/api/associations", variant_id="chr5_75355259_A_G", gene_id=GENE)
    assert (one["rsid"], one["study_id"], one["qtl_group"]) == ("rs3846662", "FUSION", "muscle_naive")
    assert one in rows(node, "/eqtl/api/associations/rs3846662", size=1000)
    assert one in rows(node, "/eqtl/api/chromosomes/5/associations/chr5_75355259_A_G", size=1000)
    every = rows(node, f"/eqtl/api/genes/{GENE}/associations", size=1000)
    between = rows(node, f"/eqtl/api/genes/{GENE}/associations", size=1000, p_lower=1e-6, p_upper=1e-3)
    assert between == [row for row in every if 1e-6 <= row["pvalue"] <= 1e-3]
    (linked,) = rows(node, "/eqtl/api/associations", variant_id="chr5_75355259_A_G", gene_id=GENE, links="True")
    assert linked["_links"]["self"]["href"].endswith("/chromosomes/5/associations/chr5_75355259_A_G")


def test_collections_link_to_their_members(node: TestClient) -> None:
    for name, key in (("studies", "study_accession"), ("tissues", "tissue"), ("qtl_groups", "qtl_group")):
        members = node.get(f"/eqtl/api/{name}").json()["_embedded"][name]
        assert len(members) == 2
        for member in members:
            found = node.get(urlsplit(member["_links"]["self"]["href"]).path).json()
            assert found[key] == member[key]
    inside = node.get("/eqtl/api/tissues/UBERON_0001134/studies").json()["_embedded"]["studies"]
    assert [member["study_accession"] for member in inside] == ["FUSION"]
    assert node.get("/eqtl/api/chromosomes/X").json()["chromosome"] == "X"


@pytest.mark.parametrize(
    ("name", "key", "members"),
    [
        ("genes", "gene", [GENE, "ENSG00000113163", "ENSG00000152359"]),
        ("molecular_phenotypes", "molecular_trait_id", [GENE, "ENSG00000113163", "ENSG00000152359"]),
    ],
)
def test_genes_and_traits_are_listed_in_pages(node: TestClient, name: str, key: str, members: list[str]) -> None:
    path: str | None = f"/eqtl/api/{name}?size=2"
    found: list[dict[str, Any]] = []
    while path:
        page = node.get(path).json()
        found += page["_embedded"][name]
        following = page["_links"].get("next")
        path = None if following is None else "{0.path}?{0.query}".format(urlsplit(following["href"]))
    assert [member[key] for member in found] == members
    one = node.get(urlsplit(found[1]["_links"]["self"]["href"]).path).json()
    assert one[key] == members[1]
    assert rows(node, urlsplit(found[1]["_links"]["associations"]["href"]).path)[0]["gene_id"] == members[1]


def test_genes_go_by_their_names_as_well(node: TestClient) -> None:
    assert rows(node, "/eqtl/api/genes/HMGCR/associations") == rows(node, f"/eqtl/api/genes/{GENE}/associations")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("studies/x", 404, "There is no study x"),
        ("tissues/UBERON_0001134/studies/Sun_2018", 404, "There is no study"),
        ("chromosomes/Z/associations", 404, "There is no chromosome Z"),
        ("genes/ENSG00000000000", 404, "There are no associations"),
        ("genes/HMGCRR/associations", 404, "There are no associations of HMGCRR"),
        ("genes?start=x", 422, "int_parsing"),
        ("associations?study=x", 404, "No data set"),
        ("associations?p_upper=0.1", 400, "A p-value needs"),
        ("associations?bp_lower=5", 400, "need a chromosome"),
        ("chromosomes/5/associations?bp_lower=9&bp_upper=1", 400, "is larger than"),
        ("associations?start=x", 422, "int_parsing"),
        (f"genes/{GENE}/associations?p_upper=x", 422, "float_parsing"),
    ],
)
def test_what_is_refused(node: TestClient, path: str, status: int, said: str) -> None:
    answer = node.get(f"/eqtl/api/v1/{path}")
    assert answer.status_code == status, answer.text
    assert said in answer.text
    # Clients look for the number in the body.
    assert (answer.json().get("status") == 404) == (status == 404)
