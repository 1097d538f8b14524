"""The page of a term: its facts, its neighbours, its genes, and what happens where there is no such term."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from lifenode.enrichment.about_term import find_term, term_genes
from lifenode.packs.pack import open_pack

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(node: TestClient, address: str, status: int = 200) -> str:
    """Return the text of a page."""
    answer = node.get(address, headers=BROWSER)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"].startswith("text/html")
    return unescape(answer.text)


def rows(text: str) -> list[str]:
    """Return the rows of the table of genes."""
    return re.findall(r"<tr>.*?</tr>", text[text.index('id="of-term"') :], re.DOTALL)[1:]


def test_a_term_with_its_facts(node: TestClient) -> None:
    text = page(node, "/term/GO:0006954?organism=hsapiens")
    assert "<h1>inflammatory response</h1>" in text
    for words in ("545", "16,859", "CC BY 4.0", "Gene Ontology Consortium", "gene2go 2023-11-29", "GO:0006952"):
        assert words in text
    assert 'name="query" value="GO:0006954"' in text
    assert "inferred from direct assay" in text


def test_the_neighbours_are_a_picture_and_lists(node: TestClient) -> None:
    text = page(node, "/term/GO:0006954")
    picture = text[text.index("<svg") : text.index("</svg>")]
    assert picture.count("<foreignObject") == 13
    links = re.findall(r'href="(/term/[^"]+)"', picture)
    assert len(links) == 12
    assert node.get(links[0]).status_code == 200
    lists = text[text.index("</svg>") : text.index('id="genes"')]
    for name in ("defense response", "acute inflammatory response", "chronic inflammatory response"):
        assert name in picture
        assert name in lists


def test_the_genes_come_a_page_at_a_time(node: TestClient) -> None:
    seen: list[str] = []
    for number in (1, 2):
        text = page(node, f"/term/GO:0006954?page={number}")
        seen += [re.findall(r">(ENSG\d+)<", row)[0] for row in rows(text)]
    pack = open_pack("hsapiens")
    assert seen == term_genes(pack, find_term(pack, "GO:0006954"))["gene_id"].tolist()


@pytest.mark.parametrize("number", ["0", "-1", "3", "99999", "x", "²", "9" * 500])
def test_a_page_that_is_not_there_is_the_nearest(node: TestClient, number: str) -> None:
    assert rows(page(node, f"/term/GO:0006954?page={number}"))


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/term/REAC:R-HSA-168256?organism=hsapiens", "/term/R-HSA-168256?organism=hsapiens"),
        ("/term/WP:WP554", "/term/WP554?organism=hsapiens"),
        ("/term/go:0006954", "/term/GO%3A0006954?organism=hsapiens"),
    ],
)
def test_other_spellings_lead_to_the_term(node: TestClient, path: str, leads: str) -> None:
    answer = node.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, leads)


def test_sets_without_hierarchy_have_no_picture(node: TestClient) -> None:
    text = page(node, "/term/R-HSA-168256")
    assert "<svg" not in text
    assert "CC0 1.0" in text
    assert "this term" not in text


def test_a_term_without_genes_says_so(node: TestClient) -> None:
    text = page(node, "/term/GO:0000011")
    assert "No gene of Homo sapiens has this term in this release" in text
    assert "Enrich these genes" not in text
    assert "<svg" in text


def test_the_root_is_quick_to_read(node: TestClient) -> None:
    text = page(node, "/term/GO:0008150?organism=scerevisiae")
    assert "None: this is the root of GO:BP." in text
    assert "further narrower terms not drawn" in text


@pytest.mark.parametrize("ending", ["tsv", "csv", "json", "jsonl", "parquet"])
def test_the_twins_hold_all_genes(node: TestClient, ending: str) -> None:
    answer = node.get(f"/term/GO:0006954.{ending}?organism=hsapiens")
    assert answer.status_code == 200
    if ending == "tsv":
        lines = answer.text.splitlines()
        assert lines[0] == "gene_id\tsymbol\tname\tevidence\tdirect"
        assert len(lines) == 546
    if ending == "json":
        assert len(answer.json()["result"]) == 545
        assert answer.json()["meta"]["term"]["name"] == "inflammatory response"
        assert answer.json()["meta"]["parents"] == ["GO:0006952"]


def test_an_unknown_term_is_answered_with_what_is_near(node: TestClient) -> None:
    text = page(node, "/term/GO:0006945", 404)
    assert "Unknown term" in text
    assert "inflammatory response" in text
    assert 'name="q" type="search" value="GO:0006945"' in text
    assert re.search(r"request <span class=\"mono\">[0-9a-f]{16}<", text)


def test_a_term_of_another_organism_is_offered(node: TestClient) -> None:
    text = page(node, "/term/R-MMU-168256?organism=hsapiens", 404)
    assert "/term/R-MMU-168256?organism=mmusculus" in text


def test_programs_get_a_problem_document(node: TestClient) -> None:
    answer = node.get("/term/GO:9999999.json", headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_term")


def test_an_unknown_organism_is_said(node: TestClient) -> None:
    assert "hsapiens" in page(node, "/term/GO:0006954?organism=hsapien", 404)
