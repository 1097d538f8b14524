"""Conversion on the wire, facts, files, links, and what is kept for repetition."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.genes.identifiers import identifiers
from lifenode.packs.pack import installed, open_pack
from lifenode.web.compat.gprofiler_cache import ByteCache, Encoded


def test_convert_numbers_inputs_and_targets(node: TestClient) -> None:
    body = {"organism": "hsapiens", "query": "TP53 zz GO:0038066", "target": "ENTREZGENE_ACC", "numeric_ns": ""}
    rows = node.post("/gprofiler/api/convert/convert", json=body).json()["result"]
    assert list(rows[0]) == [
        "incoming", "converted", "n_incoming", "n_converted", "name", "description", "namespaces", "query",
    ]  # fmt: skip
    assert [row["incoming"] for row in rows[:2]] == ["TP53", "zz"]
    assert (rows[1]["converted"], rows[1]["name"]) == ("None", "None")
    members = [row for row in rows if row["n_incoming"] == 3]
    assert [row["n_converted"] for row in members] == list(range(1, len(members) + 1))
    assert {row["converted"] for row in members} - {"None"} == set(
        filter(None, lifenode.convert(["GO:0038066"], to="ENTREZGENE")["converted"])
    )


def test_repeated_and_blank_inputs_keep_their_place(node: TestClient) -> None:
    body = {"query": ["TP53", "", "tp53", "TP53", None, "x" * 300 + "a", "x" * 300 + "b"]}
    rows = node.post("/gprofiler/api/convert/convert/", json=body).json()["result"]
    gene = "ENSG00000141510"
    assert [row["converted"] for row in rows] == [gene, "None", gene, gene, "None", "None", "None"]
    assert [row["n_incoming"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]


def test_ambiguous_identifiers_are_told_and_all_given_when_strict(node: TestClient) -> None:
    index = identifiers(open_pack("hsapiens"))
    symbols = Counter(filter(None, open_pack("hsapiens").genes().symbols.to_list()))
    twice = [symbol for symbol, times in symbols.items() if times > 1]
    text, outcome = next(pair for pair in zip(twice, index.outcomes(twice), strict=True) if pair[1].reason)
    ids = open_pack("hsapiens").genes().gene_ids.take(outcome.genes)
    settled, strict = (
        node.post(f"/gprofiler{place}/api/convert/convert/", json={"query": [text]}).json() for place in ("", "/strict")
    )
    assert [row["converted"] for row in settled["result"]] == ids[:1]
    assert [row["converted"] for row in strict["result"]] == ids
    assert [row["n_converted"] for row in strict["result"]] == list(range(1, len(ids) + 1))
    told = settled["meta"]["lifenode"]["ambiguous"][text]
    assert (told["chosen"], told["candidates"], bool(told["why"])) == (ids[0], ids, True)


def test_convert_vector(node: TestClient, shared_data: Path) -> None:
    lines = (shared_data / "enrichment" / "convert_query18_e114.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    body = {"query": [pair[0] for pair in pairs], "target": "ENSG"}
    rows = node.post("/gprofiler/api/convert/convert/", json=body).json()["result"]
    assert [[row["incoming"], row["converted"]] for row in rows] == pairs


def test_own_ids_stand_for_ensembl_ids_where_a_pack_has_none(node: TestClient) -> None:
    body = {"organism": "scerevisiae", "query": ["ACT1"], "target": "ENSG"}
    (row,) = node.post("/gprofiler/api/convert/convert/", json=body).json()["result"]
    assert row["converted"] == "YFL039C"


@pytest.mark.parametrize(
    "body",
    [
        {"query": ["TP53"], "target": "NOSUCH"},
        {"query": ["TP53"], "organism": "xx"},
        {"query": ["TP53"], "target": 3},
        {"target": "ENSG"},
    ],
)
def test_convert_names_what_it_cannot_do(node: TestClient, body: dict[str, object]) -> None:
    answer = node.post("/gprofiler/api/convert/convert/", json=body)
    assert answer.status_code in (400, 404)
    assert answer.json()["message"]


def test_organisms(node: TestClient) -> None:
    for path in ("/gprofiler/api/util/organisms_list", "/gprofiler/api/util/organisms_list/"):
        rows = node.get(path).json()
        assert {row["id"] for row in rows} == {open_pack(path).organism for path in installed()}
        assert set(rows[0]) == {"display_name", "id", "scientific_name", "taxonomy_id", "version"}


def test_data_versions_begin_as_the_r_client_wants(node: TestClient) -> None:
    found = node.post("/gprofiler/api/util/data_versions", json={"organism": "hsapiens"}).json()
    assert re.match(r"e109_", found["gprofiler_version"])
    assert found["sources"]["REAC"]["version"]
    # Genes that do not come from Ensembl have no release of it.
    yeast = node.post("/gprofiler/api/util/data_versions", json={"organism": "scerevisiae"}).json()
    assert yeast["gprofiler_version"].startswith("e0_")
    assert node.post("/gprofiler/api/util/data_versions", json={"organism": "xx"}).status_code == 404


def test_a_random_query_can_be_profiled(node: TestClient) -> None:
    genes = node.post("/gprofiler/api/gost/random_query/", json={"organism": "celegans"}).json()
    assert len(set(genes)) == len(genes) == 100
    found = node.post("/gprofiler/api/gost/profile/", json={"organism": "celegans", "query": genes}).json()
    assert found["meta"]["genes_metadata"]["failed"] == []


def test_all_terms_as_a_file(node: TestClient, tmp_path: Path) -> None:
    for kind in ("name", "ENSG"):
        answer = node.get(f"/gprofiler/static/gprofiler_full_scerevisiae.{kind}.gmt")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        path = tmp_path / f"{kind}.gmt"
        path.write_bytes(answer.content)
        sets = lifenode.GeneSets.read(path)
        annotations = open_pack("scerevisiae").annotations()
        assert list(sets.ids) == annotations.term_ids.to_list()
        assert [len(members) for members in sets.members[:500]] == annotations.term_sizes[:500].tolist()
    assert "YFL039C" in sets.members[sets.ids.index("GO:0005884")]


@pytest.mark.parametrize("name", ["gprofiler_full_xx.name.gmt", "passwd", "gprofiler_full_..name.gmt", "%2e%2e%2fx"])
def test_other_files_are_not_there(node: TestClient, name: str) -> None:
    assert node.get(f"/gprofiler/static/{name}").status_code == 404


def test_short_links_lead_to_the_page(node: TestClient) -> None:
    payload = {"organism": "hsapiens", "query": "IL6 TNF"}
    for place in ("/gplink/l", "/gprofiler/gplink/l"):
        kept = node.post(place, json={"url": "http://x/gost", "data_version": "e109", "payload": payload}).json()
        answer = node.get(f"/gplink/l/{kept['result']}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, f"/enrich?link={kept['result']}")
    assert node.post("/gplink/l", json={"payload": "text"}).status_code == 400
    assert node.get("/gplink/l/nosuch", follow_redirects=False).status_code == 404


def test_addresses_of_the_original_pages(node: TestClient) -> None:
    for old, new in (("gost", "/enrich"), ("orth", "/orthologs"), ("snpense", "/variants"), ("convert", "/convert")):
        assert node.get(f"/gprofiler/{old}", follow_redirects=False).headers["location"] == new


def test_what_is_kept_is_bounded() -> None:
    cache = ByteCache(100)
    for number in range(10):
        cache.put(bytes([number]), "hsapiens", "f", Encoded(b"x" * 10, b"y" * 10))
        cache.get(b"\x00")
    assert len(cache) == 5
    assert cache.get(b"\x00") is not None
    assert cache.get(b"\x05") is None
    cache.put(b"large", "hsapiens", "f", Encoded(b"x" * 90, b""))
    assert cache.get(b"large") is None
    assert re.fullmatch(rb"a\d{4}-\d\d-\d\dT[\d:.]+\+00:00b", Encoded(b"a", b"b").stamped())
