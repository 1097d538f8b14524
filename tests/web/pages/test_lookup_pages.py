"""The pages of convert, orthologs and variants: every row of the library, and the same to be had elsewhere."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.genes import listing
from tests.web.server import running_server

ASKED: dict[str, dict[str, Any]] = {
    "convert": {"query": "TP53 tp53 1-Mar BRCA3x SEPT2", "to": "ENTREZGENE"},
    "orthologs": {"query": "TP53 IL6 CYP2D6 KRTAP5-1", "to": "drerio", "min_support": "2", "sources": "HCOP"},
    "variants": {"query": "rs429358 7:22725884:C:G rs1 19:44908000-44909000"},
    "enrich": {"query": "IL6 TNF CXCL8 IL1B CCL2", "sources": "REAC", "ordered": "true", "threshold": "0.01"},
}
PATHS = tuple(ASKED)


def page(node: TestClient, name: str, **fields: Any) -> str:
    """Return the text of a page."""
    answer = node.get(f"/{name}", params=fields)
    assert answer.status_code == 200, answer.text[-500:]
    return unescape(answer.text)


def recipe(text: str, language: str) -> str:
    """Return what the page says to type."""
    found = re.search(rf"<figcaption>{language}</figcaption>\s*<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", PATHS)
def test_an_empty_page_is_a_form(node: TestClient, name: str) -> None:
    text = page(node, name)
    assert 'name="query"' in text
    assert 'type="submit"' in text
    assert "<table" not in text


def test_every_identifier_has_a_row(node: TestClient) -> None:
    text = page(node, "convert", **ASKED["convert"])
    table = lifenode.convert(ASKED["convert"]["query"].split(), to="ENTREZGENE")
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert body.count("<tr") == len(table)
    for row in table:
        assert f">{row['query']}</td>" in body
        assert row["converted"] in body
    assert "/gene/ENSG00000141510?organism=hsapiens" in body
    assert "2 of 5 identifiers as ENTREZGENE" in text
    assert "MARCHF1 or MTARC1" in text


def test_every_ortholog_has_a_row_with_who_states_it(node: TestClient) -> None:
    text = page(node, "orthologs", **ASKED["orthologs"])
    query = ASKED["orthologs"]["query"].split()
    table = lifenode.orthologs(query, to="drerio", min_support=2, sources="HCOP")
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert body.count("<tr") == len(table)
    for row in table:
        assert ", ".join(row["support"]) in body
        assert row["ortholog"] in body
    assert "3 of 4 genes have an ortholog in Danio rerio" in text
    assert "none stated" in body


def test_orthologs_in_an_organism_without_a_pack_have_no_page(node: TestClient) -> None:
    text = page(node, "orthologs", query="TP53", to="btaurus")
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert "in Bos taurus" in text
    assert "organism=btaurus" not in body


def test_every_variant_has_a_row_with_its_genes(node: TestClient) -> None:
    text = page(node, "variants", **ASKED["variants"])
    table = lifenode.variants(ASKED["variants"]["query"].split())
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert body.count("<tr") == len(table)
    assert "19:44908684" in body
    assert "missense variant (1)" in body
    assert "/gene/ENSG00000130203?organism=hsapiens" in body
    assert "This release holds 38,888 variants" in text
    assert "rs1: an rsID that this release does not hold" in text
    assert "holds no variants of this organism" in page(node, "variants", query="IV:1000", organism="scerevisiae")


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("ending", ["tsv", "csv", "json"])
def test_a_page_has_its_table_beside_it(node: TestClient, name: str, ending: str) -> None:
    text = page(node, name, **ASKED[name])
    address = next(each for each in re.findall(r'href="([^"]+)"', text) if each.startswith(f"/{name}.{ending}?"))
    answer = node.get(address)
    assert answer.status_code == 200
    assert answer.text == node.get(f"/api/v1/{name}.{ending}", params=ASKED[name]).text


@pytest.mark.parametrize("name", PATHS)
def test_the_python_of_a_page_gives_the_same(node: TestClient, name: str) -> None:
    *lines, call = recipe(page(node, name, **ASKED[name]), "Python").strip().split("\n")
    names: dict[str, Any] = {}
    exec("\n".join([*lines, f"result = {call}"]), names)  # noqa: S102 - what a visitor would run
    assert names["result"].to_tsv() == node.get(f"/{name}.tsv", params=ASKED[name]).text


@pytest.mark.parametrize("name", PATHS)
def test_the_shell_of_a_page_gives_the_same(node: TestClient, name: str, tmp_path: Path) -> None:
    command = recipe(page(node, name, **ASKED[name]), "Shell")
    folder = Path(sys.executable).parent
    run = subprocess.run(
        ["/bin/sh", "-c", f"PATH={folder}:$PATH; {command} --format tsv"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == node.get(f"/{name}.tsv", params=ASKED[name]).text


@pytest.mark.network
def test_the_curl_of_each_page_gives_the_same(tmp_path: Path) -> None:
    import urllib.request

    with running_server() as base:
        for name, asked in ASKED.items():
            with urllib.request.urlopen(f"{base}/{name}?{urlencode(asked)}") as answer:  # noqa: S310 - loopback
                command = recipe(unescape(answer.read().decode()), "curl")
            run = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
            with urllib.request.urlopen(f"{base}/{name}.tsv?{urlencode(asked)}") as answer:  # noqa: S310 - loopback
                assert run.stdout == answer.read().decode()


def test_a_long_list_is_named_by_a_file(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genes = listing.genes()["gene_id"][:300].tolist()
    text = page(node, "convert", query="\n".join(genes), to="ENSG")
    call = recipe(text, "Python").strip().split("\n")[-1]
    assert call == "lifenode.convert('genes.txt', to='ENSG')"
    monkeypatch.chdir(tmp_path)
    Path("genes.txt").write_text("\n".join(genes))
    assert len(lifenode.convert("genes.txt", to="ENSG")) == len(genes)


def test_a_file_stands_for_the_text(node: TestClient) -> None:
    for content in (b"TP53\r\nIL6", gzip.compress(b"TP53\nIL6"), "TP53\nIL6".encode("utf-16")):
        answer = node.post(
            "/convert",
            data={"query": "typed", "to": "ENSG"},
            files={"query_file": ("genes.txt", content)},
            follow_redirects=False,
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == "/convert?to=ENSG&query=TP53%0AIL6"


def test_no_file_leaves_what_was_typed(node: TestClient) -> None:
    answer = node.post("/convert", data={"query": "TP53"}, files={"query_file": ("", b"")}, follow_redirects=False)
    assert answer.headers["location"] == "/convert?query=TP53"


@pytest.mark.parametrize(
    ("content", "said"), [(b"\x89PNG\r\n\x1a\n123", "a PNG picture"), (b"TP53\0IL6", "a NUL character")]
)
def test_a_file_that_is_no_text_is_refused(node: TestClient, content: bytes, said: str) -> None:
    answer = node.post("/convert", data={"query": ""}, files={"query_file": ("genes.png", content)})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text


def test_a_question_too_long_for_an_address_is_answered_and_kept_when_asked(node: TestClient) -> None:
    genes = listing.genes()["gene_id"][:3_000].tolist()
    sent = {"query": "\n".join(genes), "to": "ENSG"}
    answer = node.post("/convert", data=sent, follow_redirects=False)
    assert answer.status_code == 200
    assert "2,000 of 3,000 rows; the downloads have all" in answer.text
    assert 'formaction="/convert.tsv"' in answer.text
    table = node.post("/convert.tsv", data=sent)
    assert table.text == lifenode.convert(genes, to="ENSG").to_tsv()
    assert table.headers["content-disposition"] == 'attachment; filename="convert.tsv"'
    kept = node.post("/links", data={**sent, "page": "convert"}, follow_redirects=False)
    again = node.get(kept.headers["location"].replace("/convert?", "/convert.tsv?"))
    assert again.text == table.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"page": "nosuch", "query": "TP53"}, 400), ({"query": "TP53"}, 400)],
)
def test_links_lead_to_pages_only(node: TestClient, sent: dict[str, str], status: int) -> None:
    assert node.post("/links", data=sent).status_code == status


def test_what_is_no_form_is_refused(node: TestClient) -> None:
    answer = node.post("/convert", json={"query": ["TP53"]})
    assert answer.status_code == 400
    assert "not a form" in answer.text
    assert node.get("/convert.xml", params={"query": "TP53"}).status_code == 406
    assert node.get("/convert.tsv").status_code == 422
    assert node.get("/convert", params={"query": "TP53", "too": "ENSG"}).status_code == 422
