"""The locus page: what it shows is what the library says, by address alone, and as files."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue, locus, locus_plot


def page(node: TestClient, status: int = 200, **fields: Any) -> str:
    answer = node.get("/eqtl/locus", params=fields)
    assert answer.status_code == status, answer.text[-500:]
    return unescape(answer.text)


def test_empty_form_offers_the_data_sets_and_an_example(node: TestClient) -> None:
    text = page(node)
    assert 'value="QTD000085"' in text
    assert "FUSION muscle ge" in text
    example = re.search(r'href="(/eqtl/locus\?[^"]*)">Try an example', text)
    assert example is not None
    assert node.get(example[1]).status_code == 200


def test_plot_and_table_are_those_of_the_library(node: TestClient) -> None:
    text = page(node, gene="HMGCR")
    drawn = locus_plot(locus(Catalogue(), "HMGCR"))
    assert "<h1>rs3846662 leads at HMGCR, p 9.2e-9 in FUSION muscle ge</h1>" in text
    assert f"<title>{drawn.title} - lifenode</title>" in text
    assert unescape(drawn.page()) in text
    assert unescape(drawn.page(352, labelled=False)) in text
    assert "50 of 323 rows; the downloads have all" in text
    assert '<td class="p" title="-log10 p 8.0377" data-sort="-8.0' in text
    assert 'href="/eqtl/variant/chr5_75355259_A_G"' in text


def test_files_are_those_of_the_library(node: TestClient) -> None:
    drawn = locus_plot(locus(Catalogue(), "HMGCR"))
    asked = {"gene": "HMGCR"}
    for ending in ("svg", "png", "pdf"):
        answer = node.get(f"/eqtl/locus.{ending}", params=asked)
        assert answer.content == drawn.to_bytes(ending)
        assert answer.headers["content-disposition"] == f'attachment; filename="eqtl_locus.{ending}"'
    assert node.get("/eqtl/locus.tsv", params=asked).text == drawn.table.to_tsv()
    assert node.get("/eqtl/locus.csv", params=asked).text == drawn.table.to_csv()
    assert len(node.get("/eqtl/locus.json", params=asked).json()["result"]) == 323


def test_several_data_sets_have_a_panel_each(node: TestClient) -> None:
    fields: dict[str, Any] = {"region": "5:75300000-75400000", "dataset": ["QTD000085", "QTD000584"]}
    text = page(node, **fields)
    assert ">FUSION muscle ge: CERT1</text>" in text
    assert ">Sun_2018 plasma aptamer</text>" in text
    assert "nothing here" in text
    assert "has 2 further traits here; shown is ENSG00000113163" in text


def test_moves_lead_to_stretches_beside(node: TestClient) -> None:
    text = page(node, gene="HMGCR", region="5:75340000-75360000")
    moves = dict(re.findall(r'<a href="(/eqtl/locus\?[^"]*)">(Left|Right|Zoom in|Zoom out)</a>', text))
    places = {word: re.search(r"region=5%3A(\d+)-(\d+)", address) for address, word in moves.items()}
    found = {word: (int(place[1]), int(place[2])) for word, place in places.items() if place}
    assert found == {
        "Left": (75_330_000, 75_350_000), "Right": (75_350_000, 75_370_000),
        "Zoom in": (75_345_000, 75_355_000), "Zoom out": (75_330_000, 75_370_000),
    }  # fmt: skip
    for address in moves:
        assert node.get(address).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "field", "said"),
    [
        ({"gene": "HMGRC"}, 404, "gene", "Did you mean HMGCR?"),
        ({"gene": "TP53"}, 404, "gene", "no association of TP53"),
        ({"region": "five"}, 422, "region", "not a region"),
        ({"region": "5:1-9000000"}, 422, "region", "9,000,000 bases"),
        ({"gene": "HMGCR", "dataset": "QTD9"}, 404, "dataset", "no data set 'QTD9'"),
        ({"gene": "HMGCR", "dataset": ",".join(f"QTD{at}" for at in range(9))}, 422, "dataset", "9 data sets"),
        ({"gene": "HMGCR", "mood": "x"}, 422, "gene", "mood"),
    ],
)
def test_mistakes_lead_to_their_field_and_keep_what_was_typed(
    node: TestClient, fields: dict[str, str], status: int, field: str, said: str
) -> None:
    text = page(node, status, **fields)
    assert f'<a href="#{field}">' in text
    assert said in text
    if "gene" in fields:
        assert f'value="{fields["gene"]}"' in text


def test_without_a_gene_or_region_the_form_is_as_it_was(node: TestClient) -> None:
    text = page(node, dataset="QTD000085")
    assert 'value="QTD000085" checked' in text
    answer = node.post("/eqtl/locus", data={"dataset": "QTD000085"})
    assert answer.status_code == 422
    assert "Neither a gene nor a region" in answer.text


def test_hostile_text_stays_text(node: TestClient) -> None:
    answer = node.get("/eqtl/locus", params={"gene": '"><script>alert(1)</script>'})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_a_map_of_the_node_is_drawn(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "map.tsv"
    path.write_text("chromosome\tposition\trate\n5\t75310000\t12\n5\t75330000\t0.1\n")
    assert 'class="rate"' not in page(node, gene="HMGCR")
    monkeypatch.setenv("LIFENODE_EQTL_RECOMBINATION_MAP", str(path))
    assert 'class="rate"' in page(node, gene="HMGCR")
    table = tmp_path / "ld.tsv"
    table.write_text("SNP_A\tSNP_B\tR2\nrs3846662\trs6882842\t0.95\n")
    monkeypatch.setenv("LIFENODE_EQTL_LD_TABLE", str(table))
    assert "r² to the lead 0.95" in page(node, gene="HMGCR", colour="ld")


def test_recipes_run(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(node, gene="HMGCR", dataset="QTD000085")
    code = re.search(r"<code>(from lifenode.eqtl import[^<]*)</code>", text)
    assert code is not None
    monkeypatch.chdir(tmp_path)
    exec(code[1], {})  # noqa: S102 - what the page tells people to run
    ElementTree.parse(tmp_path / "locus.svg")  # noqa: S314 - made here
    assert "lifenode eqtl locus --gene HMGCR --dataset QTD000085 --plot locus.svg" in text
