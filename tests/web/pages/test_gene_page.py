"""The page of a gene: any identifier leads to it, and it says all that the pack holds."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

import lifenode

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


def page(node: TestClient, address: str, status: int = 200) -> str:
    """Return the text of a page."""
    answer = node.get(address, headers=BROWSER)
    assert answer.status_code == status, answer.text[:500]
    return unescape(answer.text)


@pytest.fixture(scope="module")
def il6(node: TestClient) -> str:
    return page(node, "/gene/ENSG00000136244?organism=hsapiens")


def test_place_and_identifiers(il6: str) -> None:
    for words in ("interleukin 6", "7:22,725,884-22,732,002", "GRCh38, 1-based", "forward strand", "protein coding"):
        assert words in il6
    for identifier in ("3569", "HGNC:6018", "P05231", "IFNB2", "NM_000600"):
        assert f">{identifier}<" in il6
    assert 'href="https://www.uniprot.org/uniprotkb/P05231"' in il6


def test_terms_lead_to_their_pages_with_evidence(node: TestClient, il6: str) -> None:
    table = il6[il6.index('id="terms-of-gene"') : il6.index('id="orthologs"')]
    assert table.count("<tr>") == 264
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL) if ">inflammatory response<" in row]
    assert 'href="/term/GO%3A0006954?organism=hsapiens"' in row
    assert 'title="inferred from direct assay"' in row
    assert "545" in row


def test_orthologs_lead_to_the_packs_at_hand(il6: str) -> None:
    table = il6[il6.index('id="orthologs-of-gene"') : il6.index('id="variants"')]
    assert table.count("<tr>") == 12
    assert 'href="/gene/ENSMUSG00000025746?organism=mmusculus"' in table
    assert "Bos taurus" in table
    assert "organism=btaurus" not in table
    assert "10 databases: Ensembl, HGNC" in table


def test_variants_are_those_of_the_service(il6: str) -> None:
    table = il6[il6.index('id="variants-of-gene"') :]
    found = re.findall(r"rs\d+(?=</a>)", table)
    expected = lifenode.variants(["7:22725884-22732002"]).to_dicts()
    assert set(found) == {row["rsid"] for row in expected if row["rsid"]}


def test_organisms_without_variants_say_so(node: TestClient) -> None:
    text = page(node, "/gene/YFL039C?organism=scerevisiae")
    assert "This release has no variants of Saccharomyces cerevisiae." in text
    assert "VI:53,260-54,696 (1-based, both ends included)" in text
    assert "reverse strand" in text


@pytest.mark.parametrize("text", ["IL6", "il6", "3569", "P05231", "ENSG00000136244.13", "HGNC:6018", "IFNB2"])
def test_any_identifier_leads_to_the_gene(node: TestClient, text: str) -> None:
    answer = node.get(f"/gene/{text}?organism=hsapiens", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/gene/ENSG00000136244?organism=hsapiens")


def test_without_an_organism_the_one_that_has_it_is_taken(node: TestClient) -> None:
    answer = node.get("/gene/YFL039C", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/gene/YFL039C?organism=scerevisiae")
    twin = node.get("/gene/YFL039C.json", follow_redirects=False)
    assert twin.headers["location"] == "/gene/YFL039C.json?organism=scerevisiae"


def test_what_may_be_several_genes_is_asked_back(node: TestClient) -> None:
    text = page(node, "/gene/1-Mar")
    assert "1-Mar may stand for 2 genes" in text
    assert "/gene/ENSG00000145416?organism=hsapiens" in text
    assert "MTARC1" in text
    twin = node.get("/gene/1-Mar.tsv")
    assert (twin.status_code, twin.json()["code"]) == (422, "invalid_option")
    assert "ENSG00000186205" in twin.json()["next_step"]


def test_an_unknown_gene_is_answered_with_what_is_near(node: TestClient) -> None:
    text = page(node, "/gene/TP53x?organism=hsapiens", 404)
    assert "There is no gene" in text
    assert "TP53" in text
    assert 'action="/search"' in text


def test_a_gene_of_another_organism_is_offered(node: TestClient) -> None:
    text = page(node, "/gene/YFL039C?organism=hsapiens", 404)
    assert "/gene/YFL039C?organism=scerevisiae" in text


@pytest.mark.parametrize("ending", ["tsv", "csv", "json", "jsonl", "parquet"])
def test_the_twins_hold_everything(node: TestClient, ending: str) -> None:
    answer = node.get(f"/gene/ENSG00000136244.{ending}?organism=hsapiens")
    assert answer.status_code == 200
    if ending == "json":
        body = answer.json()
        assert body["meta"]["gene"]["start"] == 22_725_884
        assert {row["about"] for row in body["result"]} == {"identifier", "term", "ortholog", "variant"}
    if ending == "tsv":
        assert answer.text.startswith("about\tsource\tid\tname\tdetail\tstart\tend\n")


def test_hostile_names_stay_text(node: TestClient) -> None:
    answer = node.get("/gene/%3Cscript%3Ealert(1)%3C%2Fscript%3E", headers=BROWSER)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
