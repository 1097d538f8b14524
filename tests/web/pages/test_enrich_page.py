"""The enrich page, as its server makes it: what is asked comes back, in the page and in every file beside it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.web.pages.examples import EXAMPLES

ROOT = Path(__file__).parents[3]
GENES = (ROOT / "examples" / "inflammatory_response.txt").read_text(encoding="utf-8").split()
FEW = "IL6 TNF CXCL8 IL1B CCL2"


def page(node: TestClient, **fields: Any) -> str:
    """Return the text of the answer to fields in the address."""
    answer = node.get("/enrich", params=fields)
    assert answer.status_code == 200, answer.text[:500]
    return unescape(answer.text)


def rows(text: str) -> list[str]:
    """Return the rows of the table of terms."""
    return re.findall(r'<tr id="t\d+".*?</tr>', text, re.DOTALL)


def test_an_empty_form_asks_for_a_list(node: TestClient) -> None:
    text = page(node)
    assert "<h1>Find enriched terms</h1>" in text
    assert 'autocomplete="off"' in text
    for name in ("query", "organism", "sources", "domain", "background", "correction", "threshold", "gene_sets"):
        assert f'name="{name}"' in text


def test_the_answer_has_the_numbers_of_the_library(node: TestClient) -> None:
    text = page(node, query=FEW, sources=["GO:MF"])
    expected = lifenode.enrich(FEW.split(), sources=["GO:MF"])
    for row in expected.to_dicts():
        shown = text[text.index(f">{row['term_id']}<") :]
        assert repr(row["p_value"]) in shown
        assert row["name"] in shown
    assert "<strong" in text
    assert expected.meta["pack"]["sha256"][:16] in text


def test_drivers_stand_above_what_they_explain(node: TestClient) -> None:
    text = page(node, query=" ".join(GENES))
    expected = lifenode.enrich(GENES, highlight=True)
    leads = [row for row in expected.to_dicts() if row["highlighted"] or not row["explained_by"]]
    assert len(rows(text)) == len(leads)
    first = rows(text)[0]
    explained = sum(row["explained_by"] == "GO:0006954" for row in expected.to_dicts()) - 1
    assert "GO:0006954" in first
    assert f"explains {explained} terms" in first
    assert first.count("<li ") == explained


def test_all_terms_come_a_page_at_a_time(node: TestClient) -> None:
    expected = lifenode.enrich(GENES)
    seen: list[str] = []
    for number in range(1, 5):
        text = page(node, query=" ".join(GENES), view="all", page=number)
        seen += [re.findall(r"/term/([^?\"]+)", row)[0].replace("%3A", ":") for row in rows(text)]
    assert sorted(seen) == sorted(expected["term_id"])


@pytest.mark.parametrize(("sort", "column"), [("term_size", "term_size"), ("intersection_size", "intersection_size")])
def test_rows_are_sorted_by_the_server(node: TestClient, sort: str, column: str) -> None:
    text = page(node, query=" ".join(GENES), view="all", sort=sort)
    expected = sorted(lifenode.enrich(GENES)[column].tolist(), reverse=True)[:200]
    sizes = {str(row["term_id"]): row[column] for row in lifenode.enrich(GENES).to_dicts()}
    shown = [sizes[re.findall(r"/term/([^?\"]+)", row)[0].replace("%3A", ":")] for row in rows(text)]
    assert shown == expected


def test_every_significant_term_has_a_mark_with_its_numbers(node: TestClient) -> None:
    text = page(node, query=FEW, sources=["REAC"])
    expected = lifenode.enrich(FEW.split(), sources=["REAC"])
    labels = re.findall(r'<circle [^>]*aria-label="([^"]+)"', text)
    assert len(labels) == len(expected)
    assert text.count('tabindex="0" data-row') == 1
    strongest = expected.to_dicts()[0]
    assert any(
        label.startswith(f"{strongest['name']}; REAC {strongest['term_id']}; p adjusted ")
        and label.endswith(f"{strongest['term_size']} in the term")
        for label in labels
    )


def test_several_lists_have_a_picture_and_a_column_each(node: TestClient) -> None:
    example = EXAMPLES["lists"]
    text = page(node, example="lists")
    assert text.count("data-field") == 2
    repair = example.query.split(">")[1].split("\n", 1)[1].split()
    expected = lifenode.enrich(repair).to_dicts()[0]
    row = next(row for row in rows(text) if f">{expected['term_id']}<" in row)
    assert repr(expected["p_value"]) in row


def test_nothing_significant_says_why_and_what_to_try(node: TestClient) -> None:
    text = page(node, query="OR4F5 TTTY22 KRTAP5-1", sources="REAC")
    assert "<h1>No enriched terms</h1>" in text
    assert "None of 2,654 tested terms" in text
    assert "try a longer list" in text


def test_a_form_becomes_an_address(node: TestClient) -> None:
    sent = {"query": "IL6\r\nTNF\r\nCXCL8", "organism": "hsapiens", "threshold": "0.01", "background": " "}
    answer = node.post("/enrich", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert target.path == "/enrich"
    assert parse_qs(target.query) == {"query": ["IL6\nTNF\nCXCL8"], "organism": ["hsapiens"], "threshold": ["0.01"]}


@pytest.mark.parametrize(
    ("offered", "organism", "sources", "kept"),
    [
        ("hsapiens", "hsapiens", ["GO:MF", "GO:BP", "GO:CC", "REAC", "WP", "HP"], None),
        ("hsapiens", "hsapiens", ["GO:MF", "REAC"], ["GO:MF", "REAC"]),
        ("hsapiens", "mmusculus", ["GO:MF", "HP"], None),
    ],
)
def test_sources_are_named_only_if_they_were_chosen(
    node: TestClient, offered: str, organism: str, sources: list[str], kept: list[str] | None
) -> None:
    sent = {"query": FEW, "offered": offered, "organism": organism, "sources": sources}
    answer = node.post("/enrich", data=sent, follow_redirects=False)
    assert parse_qs(urlsplit(answer.headers["location"]).query).get("sources") == kept


def test_a_long_list_is_answered_at_once_and_kept_when_asked(node: TestClient) -> None:
    sent = {"query": "\n".join(GENES * 8), "organism": "hsapiens"}
    answer = node.post("/enrich", data=sent, follow_redirects=False)
    assert answer.status_code == 200
    assert 'action="/links"' in answer.text
    kept = node.post("/links", data={**sent, "page": "enrich"}, follow_redirects=False)
    assert kept.status_code == 303
    assert kept.headers["location"].startswith("/enrich?link=")
    again = node.get(kept.headers["location"])
    assert rows(again.text) == rows(answer.text)
    table = node.get(kept.headers["location"].replace("/enrich?", "/enrich.json?"))
    assert table.text == lifenode.enrich(GENES * 8).to_json()


def test_a_link_of_a_client_of_gprofiler_opens(node: TestClient) -> None:
    payload = {
        "organism": "hsapiens", "query": {"cytokines": FEW.split(), "repair": ["BRCA1", "RAD51"]}, "sources": ["REAC"],
        "user_threshold": 0.01, "significance_threshold_method": "fdr", "no_iea": True, "ordered": True,
    }  # fmt: skip
    kept = node.post("/gplink/l", json={"payload": payload})
    text = unescape(node.get(f"/gplink/l/{kept.json()['result']}").text)
    assert ">cytokines\nIL6 TNF" in text or ">cytokines\nIL6\nTNF" in text
    assert 'value="0.01"' in text
    assert '<option value="fdr" selected>' in text
    assert re.search(r'id="no_iea"[^>]* checked', text)


def test_own_gene_sets_are_tested_instead_of_the_sources(node: TestClient) -> None:
    sets = "cytokines\tmine\tIL6\tTNF\tCXCL8\tIL1B\tCCL2\nothers\tmine\t" + "\t".join(GENES[40:120])
    text = page(node, query=FEW, gene_sets=sets, organism="hsapiens")
    assert ">cytokines<" in text
    alone = page(node, query="a b c", gene_sets="one\tx\ta\tb\tc\ntwo\tx\td\te\tf\tg", organism="none")
    assert "own gene sets alone" in alone


def test_uploaded_gene_sets_are_found_by_their_token(node: TestClient) -> None:
    sets = "cytokines\tmine\tIL6\tTNF\tCXCL8\tIL1B\tCCL2\nothers\tmine\t" + "\t".join(GENES[40:120])
    token = node.post("/api/v1/gene-sets", content=sets, headers={"Content-Type": "text/plain"}).json()["token"]
    assert ">cytokines<" in page(node, query=FEW, gene_sets=token)
    unknown = node.get("/enrich", params={"query": FEW, "gene_sets": "gp__none_none_non"})
    assert unknown.status_code == 404
    assert "There are no gene sets gp__none_none_non." in unknown.text


def test_a_background_is_accounted_for(node: TestClient) -> None:
    text = page(node, query=f"{FEW} TP53", background=" ".join(GENES))
    assert "the genes given (200 identifiers" in text
    assert "(200 identifiers, 200 mapped)" in text
    assert "2 genes of the list not in the background, left out</summary><p>TNF, TP53</p>" in text


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"query": "NOSUCHGENE1 NOSUCHGENE2"}, 422, "query"),
        ({"query": FEW, "organism": "nosuch"}, 404, "organism"),
        ({"query": FEW, "organism": "../../etc"}, 404, "organism"),
        ({"query": FEW, "sources": "NOSUCH"}, 404, "sources"),
        ({"query": FEW, "threshold": "many"}, 422, "threshold"),
        ({"query": FEW, "min_term_size": "-1"}, 422, "min_term_size"),
        ({"query": FEW, "domain": "custom"}, 422, "domain"),
        ({"query": FEW, "nosuchfield": "1"}, 422, "query"),
        ({"link": "nosuchlink"}, 404, "query"),
    ],
)
def test_errors_name_their_field_and_keep_the_rest(
    node: TestClient, fields: dict[str, str], status: int, field: str
) -> None:
    answer = node.get("/enrich", params=fields)
    assert answer.status_code == status
    text = unescape(answer.text)
    assert 'role="alert"' in text
    assert f'<a href="#{field}">' in text
    assert f'id="{field}"' in text
    assert fields.get("query", "") in text


def test_a_form_without_genes_is_refused(node: TestClient) -> None:
    answer = node.post("/enrich", data={"query": " ", "organism": "mmusculus"})
    assert answer.status_code == 422
    assert '<option value="mmusculus" selected>' in answer.text


def test_every_file_of_an_answer_is_what_it_says(node: TestClient) -> None:
    expected = lifenode.enrich(FEW.split(), sources=["REAC"], highlight=True)
    address = "/enrich.{}?" + urlencode({"query": FEW, "sources": "REAC"})
    assert node.get(address.format("tsv")).text == lifenode.enrich(FEW.split(), sources=["REAC"]).to_tsv()
    assert orjson.loads(node.get(address.format("json")).content)["meta"]["release"] == expected.meta["release"]
    assert node.get(address.format("gem")).text == expected.to_gem()
    assert node.get(address.format("gmt")).text == expected.to_gmt()
    svg = node.get(address.format("svg"))
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.content == expected.plot().to_bytes("svg")
    assert node.get(address.format("png")).content.startswith(b"\x89PNG")
    for ending in ("gem", "svg"):
        told = node.get(address.format(ending)).headers["content-disposition"]
        assert told == f'attachment; filename="enrichment.{ending}"'


def test_evidence_is_told_by_its_kind(node: TestClient) -> None:
    text = page(node, query=FEW, sources="GO:BP")
    assert 'class="mark experiment"' in text
    assert re.search(r'<th scope="row">IL6</th>', text)
    listed = page(node, query=FEW, sources="REAC", evidence="true")
    assert "5 genes</summary><p>IL6, TNF, CXCL8, IL1B, CCL2</p>" in listed
