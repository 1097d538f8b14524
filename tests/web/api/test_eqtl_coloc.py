"""Colocalisation over HTTP gives what the library gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue, colocalise, stored_locus

BASE = "/api/v1/eqtl/coloc"
EXAMPLES = Path(__file__).parents[3] / "examples"


def test_a_study_of_the_client(node: TestClient) -> None:
    table = pl.read_csv(EXAMPLES / "hmgcr_ldl_gwas.tsv.gz", separator="\t")
    study = {**table.select("variant", "beta", "se", "maf").to_dict(as_series=False), "type": "quant", "N": 440_546}
    answer = node.post(BASE, json={"study": study, "p12": 1e-6})
    assert answer.status_code == 200, answer.text
    expected = colocalise(Catalogue(), study, p12=1e-6)
    assert answer.json()["result"] == expected.to_dicts()
    meta = answer.json()["meta"]
    assert (meta["p12"], meta["left_out"], meta["unavailable"], meta["method"]) == (1e-6, {}, {}, "coloc.abf")


def test_a_data_set_of_the_catalogue(node: TestClient) -> None:
    body = {"study": {"dataset": "QTD000085", "gene": "HMGCR"}, "region": "5:75300000-75360000"}
    answer = node.post(f"{BASE}.tsv", json=body)
    locus = stored_locus(Catalogue(), "QTD000085", gene="HMGCR", region="5:75300000-75360000")
    assert answer.text == colocalise(Catalogue(), locus, region="5:75300000-75360000").to_tsv()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "study is missing"),
        ({"study": []}, 422, "is not an object"),
        ({"study": {"betta": [1]}}, 422, "Did you mean beta?"),
        ({"study": {"beta": [True]}}, 422, "study.beta"),
        ({"study": {"beta": {"a": 1}}}, 422, "study.beta"),
        ({"study": {"dataset": "QTD000085", "beta": [1]}}, 422, "as well"),
        ({"study": {"dataset": "QTD000085"}}, 422, "3 traits there"),
        ({"study": {"dataset": "QTD1"}}, 404, "no data set"),
        ({"study": {"variant": ["1:1:A:G"], "beta": [1], "se": [1], "type": "cc"}}, 422, "GRCh38"),
        ({"study": {"dataset": "QTD000085", "gene": "HMGCR"}, "method": "x"}, 422, "abf, signals"),
        ({"study": {"dataset": "QTD000085", "gene": "HMGCR"}, "p1": 0}, 422, "above 0"),
    ],
)
def test_what_is_refused(node: TestClient, body: dict[str, Any], status: int, said: str) -> None:
    answer = node.post(BASE, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_it_is_posted(node: TestClient) -> None:
    answer = node.get(BASE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
