"""Search: what is named exactly opens, the rest is listed, and where nothing is found there is advice."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient


def page(node: TestClient, **asked: str) -> str:
    """Return the text of the page of a search that opens nothing."""
    answer = node.get("/search", params=asked, follow_redirects=False)
    assert answer.status_code == 200, answer.headers.get("location")
    return unescape(answer.text)


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ({"q": "IL6"}, "/gene/ENSG00000136244?organism=hsapiens"),
        ({"q": " il6 "}, "/gene/ENSG00000136244?organism=hsapiens"),
        ({"q": "3569"}, "/gene/ENSG00000136244?organism=hsapiens"),
        ({"q": "BSF2"}, "/gene/ENSG00000136244?organism=hsapiens"),
        ({"q": "ENSMUSG00000059552"}, "/gene/ENSMUSG00000059552?organism=mmusculus"),
        ({"q": "YFL039C"}, "/gene/YFL039C?organism=scerevisiae"),
        ({"q": "Il6", "organism": "mmusculus"}, "/gene/ENSMUSG00000025746?organism=mmusculus"),
        ({"q": "GO:0006954"}, "/term/GO%3A0006954?organism=hsapiens"),
        ({"q": "go:0006954", "organism": "drerio"}, "/term/GO%3A0006954?organism=drerio"),
        ({"q": "REAC:R-HSA-168256"}, "/term/R-HSA-168256?organism=hsapiens"),
        ({"q": "R-MMU-168256"}, "/term/R-MMU-168256?organism=mmusculus"),
        ({"q": "rs429358"}, "/variants?query=rs429358&organism=hsapiens"),
        ({"q": "1-Mar"}, "/gene/1-Mar?organism=hsapiens"),
    ],
)
def test_what_is_named_exactly_opens(node: TestClient, asked: dict[str, str], leads: str) -> None:
    answer = node.get("/search", params=asked, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (302, leads)


def test_an_alias_that_is_a_word_too_is_listed_first(node: TestClient) -> None:
    text = page(node, q="p53", organism="hsapiens")
    genes = text[text.index('id="found-genes"') :]
    first = re.findall(r"<tr>.*?</tr>", genes, re.DOTALL)[1]
    assert ">TP53</a>" in first
    assert ">P53<" in first
    assert "p53 binding" in text


def test_words_find_terms_best_first_and_tell_how_many_more(node: TestClient) -> None:
    text = page(node, q="inflammatory response", organism="hsapiens")
    assert "the best 50 of 70 terms" in text
    terms = text[text.index('id="found-terms"') :]
    rows = re.findall(r"<tr>.*?</tr>", terms, re.DOTALL)[1:]
    assert len(rows) == 50
    assert 'href="/term/GO%3A0006954?organism=hsapiens"' in rows[0]


def test_all_organisms_are_searched_and_each_term_is_listed_once(node: TestClient) -> None:
    text = page(node, q="inflammatory response")
    rows = re.findall(r"<tr>.*?</tr>", text[text.index('id="found-terms"') :], re.DOTALL)[1:]
    # Plants and yeast have none.
    assert "Homo sapiens and 6 more" in rows[0]
    ids = [re.findall(r'<td class="id">([^<]+)', row)[0] for row in rows]
    assert len(set(ids)) == len(ids) == 50
    assert "Drosophila melanogaster" in page(node, q="interleukin")


def test_nothing_found_says_what_to_try(node: TestClient) -> None:
    text = page(node, q="inflamatory respons", organism="hsapiens")
    assert "Nothing found" in text
    assert "<table" not in text
    leads = re.findall(r'href="(/search\?q=[^"]+)"', text)
    assert "/search?q=inflam+respons&organism=hsapiens" in leads
    assert "inflammatory response" in unescape(node.get(leads[0]).text)
    assert "Try" in page(node, q="TP53x")
    assert "Nothing found" in page(node, q="zzzzzzzz")


def test_an_empty_search_is_a_form(node: TestClient) -> None:
    for asked in ({}, {"q": ""}, {"q": "   "}):
        text = page(node, **asked)
        assert "Search genes and terms</h1>" in text
        assert "<table" not in text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "x" * 9_000, "\x00", "%", "é\u2028", "'\"", "(((", "/etc/passwd"]
)
def test_any_text_is_only_searched_for(node: TestClient, text: str) -> None:
    answer = node.get("/search", params={"q": text}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_unknown_organism_is_said(node: TestClient) -> None:
    answer = node.get("/search", params={"q": "IL6", "organism": "../hsapiens"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_organism")


@pytest.mark.parametrize("ending", ["tsv", "csv", "json", "jsonl", "parquet"])
def test_the_twins_list_the_same(node: TestClient, ending: str) -> None:
    answer = node.get(f"/search.{ending}", params={"q": "p53", "organism": "hsapiens"})
    assert answer.status_code == 200
    if ending == "json":
        body = answer.json()
        assert body["result"][0]["id"] == "ENSG00000141510"
        assert body["meta"]["genes_in_all"] >= 50
        assert {row["kind"] for row in body["result"]} == {"gene", "term"}
