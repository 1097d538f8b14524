"""The first page: a box that posts to the enrichment, and counts that are those of the packs."""

from __future__ import annotations

import re
from html import unescape

from starlette.testclient import TestClient

from lifenode.packs.find import known_packs
from lifenode.packs.pack import open_pack


def test_the_box_posts_a_list_to_the_enrichment(node: TestClient) -> None:
    text = node.get("/").text
    form = text[text.index('<form id="ask"') : text.index("</form>", text.index('<form id="ask"'))]
    assert 'method="post" action="/enrich"' in form
    for part in ('<textarea id="query" name="query"', '<select id="organism" name="organism"', '<button type="submit"'):
        assert part in form
    answer = node.post("/enrich", data={"query": "IL6 TNF CXCL8", "organism": "hsapiens"}, follow_redirects=False)
    assert answer.status_code == 303
    assert "query=" in answer.headers["location"]


def test_counts_are_those_of_the_tables(node: TestClient) -> None:
    text = unescape(node.get("/").text)
    packs = [open_pack(pack.organism) for pack in known_packs()]
    genes = sum(len(pack.genes()) for pack in packs)
    terms = sum(pack.table("terms").height for pack in packs)
    variants = sum(pack.table("variants").height for pack in packs if pack.has_table("variants"))
    for number, word in ((len(packs), "organisms"), (genes, "genes"), (terms, "terms"), (variants, "variants")):
        assert re.search(rf">{number:,}</strong> {word}<", text), word


def test_every_release_is_named_and_led_to(node: TestClient) -> None:
    text = node.get("/").text
    for pack in known_packs():
        assert f'<a href="/data#{pack.organism}">{pack.scientific_name}</a>' in text
        assert pack.release in text


def test_programs_find_their_addresses(node: TestClient) -> None:
    text = node.get("/").text
    assert f"<code>{str(node.base_url).rstrip('/')}/gprofiler</code>" in text
    assert 'href="/api/v1/docs"' in text
    links = set(re.findall(r'<a href="(/[^"#]*)', text))
    assert {link: node.get(unescape(link)).status_code for link in links} == dict.fromkeys(links, 200)


def test_nothing_of_the_page_breaks_its_policy(node: TestClient) -> None:
    answer = node.get("/")
    assert "style=" not in answer.text
    assert re.search(r"<script(?![^>]* src=)", answer.text) is None
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
