"""The data releases: every source with its terms, every checksum, and what is not here."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient

from lifenode.packs.find import known_packs


def test_every_source_stands_with_its_terms(node: TestClient) -> None:
    text = unescape(node.get("/data").text)
    for pack in known_packs():
        start = text.index(f'id="{pack.organism}"')
        part = text[start : text.index("</section>", start)]
        assert pack.fingerprint in part
        assert pack.release in part
        for code, source in pack.sources.items():
            assert code in part
            for words in (source.name, source.version, source.date, source.licence, source.attribution, source.url):
                assert words in part
            for reason, number in source.dropped.items():
                assert reason in part
                assert f"{number:,}" in part


def test_what_is_not_here_is_said(node: TestClient) -> None:
    text = unescape(node.get("/data").text)
    absent = text[text.index('id="absent"') :]
    for name in ("KEGG", "TRANSFAC", "own gene sets"):
        assert name in absent


@pytest.mark.parametrize("ending", ["tsv", "csv", "json", "jsonl", "parquet"])
def test_the_twins_have_a_row_per_source(node: TestClient, ending: str) -> None:
    answer = node.get(f"/data.{ending}")
    assert answer.status_code == 200
    expected = sum(len(pack.sources) for pack in known_packs())
    if ending == "tsv":
        assert len(answer.text.splitlines()) == expected + 1
    if ending == "json":
        body = answer.json()
        assert len(body["result"]) == expected
        human = next(pack for pack in body["meta"]["packs"] if pack["organism"] == "hsapiens")
        assert human["rows"]["genes"] == 69_299
        assert set(human["files"]) >= {"genes.parquet", "terms.parquet", "annotations.parquet"}


def test_another_ending_is_refused(node: TestClient) -> None:
    assert node.get("/data.docx").status_code == 406
