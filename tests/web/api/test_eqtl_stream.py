"""A stream holds a part at a time, ends with what it is about, and is broken off rather than cut in silence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from lifenode.eqtl import Catalogue, ingest
from lifenode.errors import InputTooLarge, TookTooLong
from lifenode.web.api import eqtl_stream
from lifenode.web.api.eqtl_stream import whole_associations
from tests.eqtl.made import row, write


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    base = tmp_path_factory.mktemp("stream")
    for number in range(1, 4):
        write(base / f"in/QTD00000{number}.all.tsv", [row(at, beta=number / at) for at in range(1, 200)])
    ingest(base / "in", base / "cat")
    return Catalogue(base / "cat")


def pieces(catalogue: Catalogue, form: str, seconds: float = 60) -> Iterator[bytes]:
    answer = whole_associations(catalogue, {"region": "5:1-1000"}, form, seconds)
    assert isinstance(answer, StreamingResponse)
    return eqtl_stream._FORMS[form](  # the response only hands them on
        eqtl_stream._bounded(catalogue.stream(region="5:1-1000"), 10**6, seconds), lambda: '{"told": 1}'
    )


@pytest.mark.parametrize("form", ["json", "jsonl", "tsv", "csv", "parquet", "arrow"])
def test_parts_together_are_the_answer(catalogue: Catalogue, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eqtl_stream, "_ROWS", 50)
    every = list(pieces(catalogue, form))
    assert len(every) >= 12
    content = b"".join(every)
    expected = catalogue.associations(region="5:1-1000").to_polars()
    if form == "json":
        document = json.loads(content)
        assert document["meta"] == {"told": 1}
        found = pl.DataFrame(document["result"], schema=expected.schema)
    elif form == "jsonl":
        found = pl.read_ndjson(content, schema=expected.schema)
    elif form in ("tsv", "csv"):
        found = pl.read_csv(content, separator="\t" if form == "tsv" else ",", schema=expected.schema)
    else:
        found = (pl.read_parquet if form == "parquet" else pl.read_ipc_stream)(io.BytesIO(content))
    assert_frame_equal(found, expected)


def test_an_empty_stream_is_an_empty_answer(node: TestClient) -> None:
    address = "/api/v1/eqtl/associations.{}?gene=ENSG00000000099&all=true"
    answer = node.get(address.format("json"))
    assert answer.json()["result"] == []
    assert (answer.json()["meta"]["total"], answer.headers["x-total-count"]) == (0, "0")
    assert node.get(address.format("tsv")).text.count("\n") == 1
    assert pl.read_parquet(io.BytesIO(node.get(address.format("parquet")).content)).shape == (0, 21)


def test_reading_has_a_time(catalogue: Catalogue) -> None:
    with pytest.raises(TookTooLong, match="Reading took more than 0 s"):
        list(pieces(catalogue, "tsv", seconds=0.0))


def test_what_turns_out_too_large_is_broken_off(catalogue: Catalogue) -> None:
    with pytest.raises(InputTooLarge, match="at most 250 are sent"):
        list(eqtl_stream._bounded(catalogue.stream(), 250, 60))


def test_what_is_known_to_be_too_large_is_refused(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_ASSOCIATION_ROWS", "596")
    with pytest.raises(InputTooLarge, match="597 rows"):
        whole_associations(catalogue, {}, "json", 60)
