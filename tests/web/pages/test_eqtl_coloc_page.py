"""The colocalisation page: from the store by address, from a table by a form, and its pictures and tables."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue, coloc_locus
from lifenode.eqtl.gwas_region import example_gwas
from tests.cli.command import ROOT
from tests.web.conftest import Opened

EXAMPLE: dict[str, Any] = {"second": "example-ldl-hmgcr"}
CERT1 = "QTD000085|ENSG00000113163||"
TABLE = ROOT / "examples" / "hmgcr_ldl_gwas.tsv.gz"


def page(node: TestClient, status: int = 200, **fields: Any) -> str:
    answer = node.get("/eqtl/coloc", params=fields)
    assert answer.status_code == status, answer.text[-500:]
    return unescape(answer.text)


def test_empty_form_and_its_example(node: TestClient) -> None:
    text = page(node)
    assert "Do two traits share a causal variant?" in text
    example = re.search(r'href="(/eqtl/coloc\?[^"]*)">Try an example', text)
    assert example is not None
    assert "share a causal variant: H4 0.999" in node.get(example[1]).text


def test_answer_is_that_of_the_library(node: TestClient) -> None:
    text = page(node, **EXAMPLE)
    found = coloc_locus(Catalogue(), gwas=example_gwas(), name="LDL cholesterol")
    assert "<h1>HMGCR and LDL cholesterol share a causal variant: H4 0.999</h1>" in text
    for row in found.table.to_dicts():
        assert f'title="{row["pp_h4"]!r}"' in text
        assert f">{row['gene']}</a></td>" in text
    for drawn in (found.mirrored_plot(), found.sensitivity_plot()):
        assert unescape(drawn.page()) in text
    assert unescape(found.locuscompare_plot().page(480.0)) in text
    assert found.warnings()[0] in text
    assert "neg_log_10_p_value" in text
    assert node.get("/eqtl/coloc.tsv", params=EXAMPLE).text == found.table.to_tsv()


def test_another_row_is_shown_by_its_link(node: TestClient) -> None:
    text = page(node, **EXAMPLE)
    links = re.findall(r'href="(/eqtl/coloc\?[^"]*)">show</a>', text)
    assert len(links) == 2
    other = unescape(node.get(links[-1]).text)
    assert "<h1>CERT1 and LDL cholesterol have different causal variants: H3 > 0.999</h1>" in other
    picture = re.search(r'href="(/eqtl/coloc\.mirrored\.svg\?[^"]*)"', other)
    assert picture is not None
    found = coloc_locus(Catalogue(), gwas=example_gwas(), name="LDL cholesterol")
    assert node.get(picture[1]).content == found.mirrored_plot(CERT1).to_bytes("svg")


@pytest.mark.parametrize("name", ["mirrored", "compare", "sensitivity"])
@pytest.mark.parametrize(("ending", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("csv", b"")])
def test_pictures_and_their_values(node: TestClient, name: str, ending: str, start: bytes) -> None:
    answer = node.get(f"/eqtl/coloc.{name}.{ending}", params=EXAMPLE)
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"] == f'attachment; filename="eqtl_coloc.{name}.{ending}"'
    if ending == "csv":
        first = {"mirrored": "dataset_id", "compare": "position", "sensitivity": "p12"}[name]
        assert answer.text.startswith(first)


def test_a_file_is_compared_and_kept_only_if_asked(node: TestClient) -> None:
    with TABLE.open("rb") as file:
        answer = node.post(
            "/eqtl/coloc", data={"name": "LDL", "n": "440,546", "gene": "HMGCR"}, files={"gwas_file": file},
            follow_redirects=False,
        )  # fmt: skip
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert "HMGCR and LDL share a causal variant: H4 0.999" in text
    assert "chromosome, position and alleles are those of the column variant" in text
    assert 'formaction="/eqtl/coloc.mirrored.png"' in text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert {"page", "gwas", "name", "n", "gene"} == set(kept)
    after = node.post("/links", data={name: unescape(value) for name, value in kept.items()})
    assert after.url.path == "/eqtl/coloc"
    assert "HMGCR and LDL share a causal variant" in after.text
    table = re.search(r'href="(/eqtl/coloc\.tsv\?link=[^"]*)"', after.text)
    assert table is not None
    assert "HMGCR" in node.get(table[1]).text


def test_a_pasted_table_that_is_short_has_an_address(node: TestClient) -> None:
    rows = example_gwas().splitlines()
    short = "\n".join([rows[0], *[row for row in rows if "\t75393424\t" in row or "\t75302660\t" in row]])
    answer = node.post("/eqtl/coloc", data={"gwas": short, "gene": "HMGCR"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/eqtl/coloc?gwas=")


def test_two_data_sets_by_address(node: TestClient) -> None:
    text = page(node, second="QTD000085", second_gene="CERT1", gene="HMGCR")
    assert "HMGCR and FUSION muscle ge have different causal variants" in text
    assert "What was read" not in text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"gwas": "foo bar\n1 2\n"}, "gwas", "The GWAS table has only 2 columns"),
        ({"gwas": "chr\tpos\tbeta\n5\t1\t1\n"}, "gwas", "no column for ref, alt"),
        ({"gwas": "x y z\n1 2 3\n", "gene": "HMGRC"}, "gene", "Did you mean HMGCR?"),
        ({"gene": "HMGCR"}, "gwas", "There is no second trait"),
        ({"second": "example-ldl-hmgcr", "n": "many"}, "n", "'many', which is no number"),
        ({"second": "example-ldl-hmgcr", "p12": "2"}, "p12", "not a number above 0"),
        ({"second": "example-ldl-hmgcr", "region": "5:9-1"}, "region", "ends before it starts"),
        ({"second": "example-ldl-hmgcr", "gene": "TP53"}, "gene", "no association"),
        ({"second": "QTD000085"}, "gene", "Nothing says where"),
        ({"second": "QTD9", "gene": "HMGCR"}, "dataset", "QTD9"),
        ({"second": "QTD000085", "gene": "HMGCR"}, "gwas", "nothing to compare"),
    ],
)
def test_mistakes_lead_to_their_field_and_nothing_typed_is_lost(
    node: TestClient, fields: dict[str, str], field: str, said: str
) -> None:
    answer = node.post("/eqtl/coloc", data=fields)
    text = unescape(answer.text)
    assert answer.status_code in (404, 422)
    assert f'<a href="#{field}">' in text
    assert said in text
    for name in ("gwas", "gene", "region"):
        assert fields.get(name, "").strip() in text


def test_a_picture_is_refused_as_a_table(node: TestClient, tmp_path: Path) -> None:
    answer = node.post("/eqtl/coloc", files={"gwas_file": ("plot.png", b"\x89PNG\r\n\x1a\n" + bytes(range(200)))})
    assert answer.status_code == 422
    assert "PNG picture" in answer.text


def test_what_takes_long_becomes_a_job_with_the_same_answer(opened: Opened) -> None:
    with opened(interactive_seconds=0.01, job_seconds=60) as node:
        answer = node.get("/eqtl/coloc", params=EXAMPLE)
        assert answer.url.path.startswith("/jobs/")
        until = time.monotonic() + 60
        while answer.status_code == 202 and time.monotonic() < until:
            time.sleep(0.2)
            answer = node.get(answer.url.path)
        assert "HMGCR and LDL cholesterol share a causal variant" in answer.text


def test_hostile_names_stay_text(node: TestClient) -> None:
    hostile = "<script>alert(1)</script>"
    answer = node.post("/eqtl/coloc", data={"gwas": example_gwas(), "name": hostile})
    assert answer.status_code == 200
    assert hostile not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_recipes_run(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(node, **EXAMPLE, gene="HMGCR", p12="1e-6")
    code = re.search(r"<code>(from lifenode.eqtl import[^<]*)</code>", text)
    assert code is not None
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - what the page tells people to run
    assert names["found"].priors.p12 == 1e-6
    assert (tmp_path / "mirrored.svg").is_file()
