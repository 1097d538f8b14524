"""The native API of the eQTL catalogue: the same rows as the library, in every form, page by page and whole."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.store import STARTER
from tests.eqtl.made import row, write

BASE = "/api/v1/eqtl"
GENE = "ENSG00000113161"
ROWS = f"{BASE}/associations"

READERS: dict[str, Callable[[bytes], pl.DataFrame]] = {
    "json": lambda content: pl.DataFrame(json.loads(content)["result"], infer_schema_length=None),
    "jsonl": lambda content: pl.read_ndjson(content),
    "tsv": lambda content: pl.read_csv(content, separator="\t", infer_schema_length=None),
    "csv": lambda content: pl.read_csv(content, infer_schema_length=None),
    "parquet": lambda content: pl.read_parquet(io.BytesIO(content)),
    "arrow": lambda content: pl.read_ipc_stream(io.BytesIO(content)),
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the starter catalogue that the node serves instead."""
    place = Path(shutil.copytree(STARTER, tmp_path / "own"))
    monkeypatch.setenv("LIFENODE_EQTL_CATALOGUE", str(place))
    return place


def result(node: TestClient, name: str, **asked: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    answer = node.get(f"{BASE}/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"], answer.json()["meta"]


@pytest.mark.parametrize("form", READERS)
def test_every_form_has_the_same_rows(node: TestClient, form: str) -> None:
    asked: dict[str, str] = {"gene": "HMGCR", "nlog10p": "3"}
    expected = Catalogue().associations("HMGCR", nlog10p=3).to_polars()
    by_ending = node.get(f"{ROWS}.{form}", params=asked)
    by_field = node.get(ROWS, params={**asked, "format": form})
    by_accept = node.get(ROWS, params=asked, headers={"Accept": by_ending.headers["content-type"].partition(";")[0]})
    whole = node.get(f"{ROWS}.{form}", params={**asked, "all": "true"})
    for answer in (by_ending, by_field, by_accept, whole):
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-total-count"] == str(expected.height)
        rows = READERS[form](answer.content)
        assert rows.columns == expected.columns
        assert_frame_equal(rows.cast(expected.schema), expected)
    assert by_ending.content == by_field.content == by_accept.content


def test_following_the_link_gives_every_row_once(node: TestClient) -> None:
    address, found = f"{ROWS}.jsonl?gene=HMGCR,COL4A3BP&limit=100", list[str]()
    while address:
        answer = node.get(address)
        found += [json.loads(line)["variant"] for line in answer.text.splitlines()]
        assert answer.headers["x-total-count"] == "646"
        address = answer.links.get("next", {}).get("url", "")
    assert found == Catalogue().associations(["HMGCR", "COL4A3BP"])["variant"].tolist()


def test_a_cursor_in_a_body_goes_on(node: TestClient) -> None:
    asked: dict[str, Any] = {"gene": ["HMGCR"], "region": "5:75300000-75400000", "limit": 90}
    found, cursor = [], None
    while True:
        answer = node.post(ROWS, json=asked | ({"cursor": cursor} if cursor else {})).json()
        found += answer["result"]
        cursor = answer["meta"]["next"]
        if cursor is None:
            break
    expected = Catalogue().associations("HMGCR", region="5:75300000-75400000")
    assert [line["variant"] for line in found] == expected["variant"].tolist()
    assert answer["meta"]["total"] == len(expected)


def test_the_answer_says_where_it_comes_from(node: TestClient) -> None:
    _, meta = result(node, "associations", gene="HMGCR", p_value=1e-6, quant_method="ge")
    assert meta["releases"] == ["r7"]
    assert meta["genes"] == {"HMGCR": GENE}
    assert meta["parameters"] == {
        "gene": ["HMGCR"], "p_value": 1e-6, "quant_method": ["ge"], "release": None, "limit": 1000,
    }  # fmt: skip
    assert meta["complete"] is True
    assert (meta["total"], meta["unavailable"], meta["assembly"]) == (39, {}, "GRCh38")
    assert str(STARTER) not in json.dumps(meta)


@pytest.mark.parametrize(
    ("name", "asked", "verb", "question"),
    [
        ("phewas", {"variant": "rs3846662"}, "phewas", {"variant": "rs3846662"}),
        ("top-variants", {"gene": "HMGCR", "n": 3}, "top_variants", {"gene": GENE, "n": 3}),
        ("credible-sets", {"gene": "ISG15", "min_pip": 0.1}, "credible_sets", {"gene": "ISG15", "min_pip": 0.1}),
        ("signals", {"region": "1:1-2000000"}, "signals", {"region": "1:1-2000000"}),
        ("datasets", {"tissue_label": "Muscle"}, "datasets", {"tissue_label": "muscle"}),
        ("permuted", {"gene": "HMGCR"}, "permuted", {"gene": GENE}),
        ("lbf", {"gene": "ISG15"}, "lbf", {"gene": "ISG15"}),
    ],
)
def test_other_questions_are_those_of_the_library(
    node: TestClient, name: str, asked: dict[str, Any], verb: str, question: dict[str, Any]
) -> None:
    rows, meta = result(node, name, **asked)
    expected = json.loads(getattr(Catalogue(), verb)(**question).to_json())["result"]
    assert rows == expected
    assert meta["total"] == len(expected)
    assert node.post(f"{BASE}/{name}", json=asked).json()["result"] == expected


def test_all_questions_together_are_one_filter(node: TestClient) -> None:
    rows, _ = result(
        node, "associations", gene="HMGCR", rsid="rs3846662,rs12916", region="5:75300000-75400000", dataset="QTD000085",
        tissue_label="muscle", study_label="FUSION", nlog10p=5,
    )  # fmt: skip
    assert {line["rsid"] for line in rows} == {"rs3846662", "rs12916"}


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("associations?gene=H4", 422, "can be ENSG"),
        ("associations?gene=HMGCRR", 404, "HMGCR"),
        ("associations?gene=", 422, "is not a name"),
        ("associations?gene=,", 422, "is not a name"),
        ("associations?limit=50001", 422, "at most 50,000 rows"),
        ("associations?limit=0", 422, "a whole number from 1"),
        ("associations?cursor=abc", 422, "none that was given out"),
        ("associations?region=5:9-1", 422, "ends before it starts"),
        ("associations?p_value=0.01", 422, "search everything"),
        ("associations?p_value=2", 422, "above 0 and at most 1"),
        ("associations?nlog10p=-1", 422, "a number from 0"),
        ("associations?rsid=x", 422, "is not an rsid"),
        ("associations?variant=x", 422, "is not a variant"),
        ("associations?dataset=QTD00008x", 404, "Did you mean QTD000"),
        ("associations?release=r1", 404, "Releases: r7"),
        ("associations?format=xls", 422, "json, jsonl"),
        ("associations?tissue=x", 422, 'did you mean \\"tissue_id\\"'),
        ("associations?all=true&limit=3", 422, "has no limit"),
        ("associations.xls", 406, "no form"),
        ("phewas", 422, "variant is missing"),
        ("top-variants", 422, "gene is missing"),
        ("lbf", 422, "by trait, gene or region"),
        ("credible-sets?min_pip=1.5", 422, "from 0 to 1"),
        ("nothing", 404, "nothing at this address"),
    ],
)
def test_what_is_refused(node: TestClient, address: str, status: int, said: str) -> None:
    answer = node.get(f"{BASE}/{address}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_too_many_names_are_refused(node: TestClient) -> None:
    answer = node.post(ROWS, json={"rsid": [f"rs{number}" for number in range(1, 1002)]})
    assert (answer.status_code, answer.json()["code"]) == (413, "input_too_large")
    assert node.post(ROWS, json={"gene": []}).status_code == 422


def test_a_client_that_has_the_answer_is_told_so(node: TestClient) -> None:
    answer = node.get(f"{ROWS}?gene=HMGCR&limit=3")
    again = node.get(f"{ROWS}?gene=HMGCR&limit=3", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_lost_file_is_told_and_the_others_answer(node: TestClient, own: Path, tmp_path: Path) -> None:
    write(tmp_path / "new/QTD000001.all.tsv.gz", [row(75_350_000, GENE, chromosome="5")])
    ingest(tmp_path / "new", own, release="r7")
    next((own / "assoc_trait/release=r7/dataset=QTD000085").rglob("*.parquet")).unlink()
    for more in ({}, {"all": "true"}):
        answer = node.get(ROWS, params={"gene": "HMGCR", **more})
        assert [line["dataset_id"] for line in answer.json()["result"]] == ["QTD000001"]
        meta = answer.json()["meta"]
        assert list(meta["unavailable"]) == ["QTD000085"]
        assert meta["complete"] is False
        assert str(own) not in answer.text
    assert node.get(f"{ROWS}.tsv?gene=HMGCR").headers["x-unavailable"] == "QTD000085"
    status = {line["dataset_id"]: line["status"] for line in result(node, "datasets")[0]}
    assert status["QTD000001"] == "available"
    assert status["QTD000085"].startswith("unavailable: ")


def test_a_walk_that_cannot_go_on_is_gone(node: TestClient, own: Path, tmp_path: Path) -> None:
    _, meta = result(node, "associations", gene="HMGCR", limit=3)
    write(tmp_path / "new/QTD000085.all.tsv.gz", [row(75_350_000, GENE, chromosome="5")])
    ingest(tmp_path / "new", own, release="r7")
    answer = node.get(ROWS, params={"gene": "HMGCR", "limit": 3, "cursor": meta["next"]})
    assert (answer.status_code, answer.json()["code"]) == (410, "stale_cursor")
    assert "QTD000085" in answer.json()["detail"]


def test_rows_have_a_limit(node: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_ASSOCIATION_ROWS", "300")
    answer = node.get(f"{ROWS}?gene=HMGCR&all=true")
    assert (answer.status_code, answer.json()["code"]) == (413, "input_too_large")
    assert "323 rows" in answer.json()["detail"]
