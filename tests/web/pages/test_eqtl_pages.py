"""Pages of the eQTL catalogue over the shipped regions."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html import unescape

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("HMGCR", "/eqtl/gene/HMGCR"),
        ("hmgcr", "/eqtl/gene/HMGCR"),
        ("ENSG00000113161", "/eqtl/gene/HMGCR"),
        ("RS3846662", "/eqtl/variant/rs3846662"),
        ("chr5_75355259_A_G", "/eqtl/variant/chr5_75355259_A_G"),
        ("5:75355259:a:g", "/eqtl/variant/chr5_75355259_A_G"),
        ("5:75,300,000-75,400,000", "/eqtl/locus?region=5%3A75300000-75400000"),
        ("chr5:75355259", "/eqtl/locus?region=5%3A75105259-75605259"),
        ("QTD000085", "/eqtl/datasets/QTD000085"),
        ("fusion", "/eqtl/datasets?study_label=FUSION"),
        ("plasma", "/eqtl/datasets?tissue_label=plasma"),
    ],
)
def test_the_box_leads_to_what_is_named(node: TestClient, text: str, place: str) -> None:
    answer = node.get("/eqtl", params={"q": text}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, place)


def test_the_box_offers_what_is_near_and_keeps_what_was_typed(node: TestClient) -> None:
    answer = node.get("/eqtl?q=plasmma")
    assert answer.status_code == 404
    assert "Did you mean plasma?" in answer.text
    assert 'value="plasmma"' in answer.text
    hostile = node.get("/eqtl", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in hostile.text


def test_a_gene_shows_the_strongest_association_and_its_plot(node: TestClient) -> None:
    text = unescape(node.get("/eqtl/gene/HMGCR").text)
    assert "HMGCR: strongest with rs3846662, p 9.2e-9 in FUSION muscle ge" in text
    assert "Effect of rs3846662 on HMGCR" in text
    assert 'href="/eqtl/locus?gene=HMGCR&dataset=QTD000085&trait=ENSG00000113161"' in text
    rows = list(csv.DictReader(io.StringIO(node.get("/eqtl/gene/HMGCR.tsv").text), delimiter="\t"))
    assert [(row["rsid"], row["dataset_id"]) for row in rows] == [("rs3846662", "QTD000085")]


def test_another_variant_can_be_chosen(node: TestClient) -> None:
    text = unescape(node.get("/eqtl/gene/HMGCR?variant=chr5_75300026_A_G").text)
    assert "Effect of rs77271236 on HMGCR" in text
    values = node.get("/eqtl/gene/HMGCR/effects.csv?variant=chr5_75300026_A_G").text.splitlines()
    assert "-0.00183427" in values[1]


def test_credible_sets_of_a_gene(node: TestClient) -> None:
    text = unescape(node.get("/eqtl/gene/CHI3L2").text)
    assert "CHI3L2: most likely by rs75230690, PIP 0.21 in Sun_2018 plasma aptamer" in text
    values = list(csv.DictReader(io.StringIO(node.get("/eqtl/gene/CHI3L2/credible-sets.csv").text)))
    assert len(values) == 12
    assert sum(float(row["pip"]) for row in values) == pytest.approx(0.9695, abs=1e-3)


@pytest.mark.parametrize(
    "path",
    ["/eqtl/gene/HMGCR/effects.svg", "/eqtl/gene/CHI3L2/credible-sets.png", "/eqtl/variant/rs3846662/effects.pdf"],
)
def test_pictures_are_files(node: TestClient, path: str) -> None:
    answer = node.get(path)
    assert answer.status_code == 200
    assert answer.content[:5] in (b"<?xml", b"\x89PNG\r", b"%PDF-")
    assert "attachment" in answer.headers["content-disposition"]


def test_a_variant_has_its_direction_on_every_gene(node: TestClient) -> None:
    text = unescape(node.get("/eqtl/variant/rs3846662").text)
    assert "rs3846662: more HMGCR with G, p 9.2e-9 in FUSION muscle ge" in text
    rows = node.get("/eqtl/variant/rs3846662.json").json()["result"]
    assert next(row["gene_id"] for row in rows) == "ENSG00000113161"
    assert len(rows) == 3
    same = node.get("/eqtl/variant/chr5_75355259_A_G.json").json()["result"]
    assert same == rows


@pytest.mark.parametrize(
    "path", ["/eqtl/gene/TP53", "/eqtl/gene/NOSUCHGENE", "/eqtl/variant/rs1", "/eqtl/variant/nonsense",
             "/eqtl/datasets/QTD999999"],
)  # fmt: skip
def test_what_is_not_there_is_said(node: TestClient, path: str) -> None:
    answer = node.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert path.rpartition("/")[2] in unescape(answer.text)


@pytest.mark.parametrize("path", ["/eqtl/gene/HMGCR/nothing.svg", "/eqtl/gene/HMGCR/effects.gif"])
def test_other_pictures_are_refused(node: TestClient, path: str) -> None:
    assert 400 <= node.get(path).status_code < 500


def test_facets_count_as_by_hand(node: TestClient) -> None:
    rows = node.get("/eqtl/datasets.json").json()["result"]
    text = unescape(node.get("/eqtl/datasets").text)
    for facet in ("study_label", "tissue_label", "quant_method"):
        for value, count in Counter(row[facet] for row in rows).items():
            pattern = rf"\?{facet}={re.escape(value)}[^>]*>{re.escape(value)}</a><span class=\"num\">{count}</span>"
            assert re.search(pattern, text), (facet, value)
    chosen = node.get("/eqtl/datasets.json?tissue_label=plasma").json()["result"]
    assert [row["dataset_id"] for row in chosen] == ["QTD000584"]
    assert "1 data set" in node.get("/eqtl/datasets?tissue_label=plasma").text


def test_one_data_set_says_what_is_held(node: TestClient) -> None:
    text = unescape(node.get("/eqtl/datasets/QTD000085").text)
    for words in ("FUSION", "UBERON_0001134", "288", "969", "31076557"):
        assert words in text
    assert "CHI3L2" in node.get("/eqtl/datasets/QTD000584").text


def test_a_variant_that_only_credible_sets_have_is_found_by_its_rsid(node: TestClient) -> None:
    for name in ("rs75230690", "chr1_111230685_T_C"):
        text = unescape(node.get(f"/eqtl/variant/{name}").text)
        assert "rs75230690: PIP 0.21 for CHI3L2" in text
        assert "No association of it is held" in text
