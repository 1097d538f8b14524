"""Many targets on the editing page: a job with its page and files, the same lines as the library's."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.editing import cas9_batch
from lifenode.web.pages.editing_batch import table_of, view
from tests.editing.test_cas9_many import table_of as drawn
from tests.web.conftest import Opened

TARGET = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def finished(node: TestClient, answer: Any) -> Any:
    until = time.monotonic() + 60
    path = answer.url.path
    assert path.startswith("/jobs/")
    while answer.status_code == 202 and time.monotonic() < until:
        time.sleep(0.2)
        answer = node.get(path)
    return answer


def test_many_targets_become_a_job_with_a_page_and_files(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_PROFILES", "20")
    text = drawn(30) + "\nbad\tACGTN\t2\n<b>\tACGT\t1"
    table = cas9_batch(drawn(30), "LIG4")
    with opened() as node:
        sent = {"background": "LIG4", "motif": "NGG"}
        upload = {"target_file": ("targets.tsv", text.encode(), "text/tab-separated-values")}
        shown = finished(node, node.post("/editing", data=sent, files=upload, follow_redirects=True))
        assert shown.status_code == 200, shown.text[-300:]
        assert "30 targets" in shown.text
        assert "2 targets could not be predicted" in shown.text
        assert "bad has &#39;N&#39; at base 5" in shown.text
        assert "<b> has 4 bases" in unescape(shown.text)
        assert "<b>" not in shown.text
        for row in table:
            assert row["guide"] in shown.text
        first = max(table, key=lambda row: float(row["frameshift"]))
        assert re.search(r'<tbody>\s*<tr>\s*<td class="text">(\w+)</td>', shown.text)[1] == first["target"]  # type: ignore[index]
        path = shown.url.path
        assert f'href="{path}.tsv"' in shown.text
        file = node.get(f"{path}.tsv")
        assert file.text == table.to_tsv()
        assert file.headers["content-disposition"] == 'attachment; filename="editing.tsv"'
        told = node.get(f"{path}.json").json()
        assert [one["target"] for one in told["meta"]["failed"]] == ["bad", "<b>"]
        assert node.get(f"{path}.parquet").content[:4] == b"PAR1"
        assert node.get(f"{path}.docx").status_code == 406
        assert node.get("/jobs/nosuchjob.tsv").status_code == 404
        # The same job by its address for programs.
        assert node.get(f"/api/v1{path}/result").json()["result"] == told["result"]


def test_a_batch_of_which_nothing_can_be_used_says_why(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_PROFILES", "2")
    with opened() as node:
        text = "\n".join(f"bad{number}\t{'ACGTN' * 30}\t2" for number in range(4))
        answer = finished(node, node.post("/editing", data={"target": text}, follow_redirects=True))
        assert "4 of 4 targets could not be predicted" in answer.text


def test_few_targets_stay_on_the_page(opened: Opened) -> None:
    with opened() as node:
        answer = node.post("/editing", data={"target": drawn(14)}, follow_redirects=True)
        assert answer.url.path == "/editing"
        assert "14 sites predicted" in answer.text


def test_the_service_has_a_line_each(node: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = node.post("/api/v1/editing/cas9/batch.tsv", json={"target": drawn(3)})
    assert answer.text == cas9_batch(drawn(3)).to_tsv()
    monkeypatch.setenv("LIFENODE_MAX_TARGETS", "2")
    refused = node.post("/api/v1/editing/cas9/batch", json={"target": drawn(3)})
    assert refused.status_code == 413
    assert "LIFENODE_MAX_TARGETS" in refused.json()["next_step"]
    assert node.post("/api/v1/editing/cas9/batch", json={"target": "bad\tACGT\t1"}).status_code == 422
    refused = node.post("/api/v1/editing/cas9", json={"target": drawn(3)})
    assert "/api/v1/editing/cas9/batch" in refused.json()["next_step"]


def test_a_page_has_no_more_rows_than_a_browser_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifenode.web.pages.editing_batch.MOST_ROWS", 5)
    table = cas9_batch(drawn(12))
    shown = view(table_of(table.to_json().encode()))
    assert len(shown["rows"]) == 5
    assert shown["every"] == 12
    best = sorted(table["frameshift"], reverse=True)[:5]
    assert [row["frameshift"] for row in shown["rows"]] == [f"{value:.1f}" for value in best]


def test_backgrounds_are_drawn(node: TestClient) -> None:
    asked = {"target": TARGET, "pam": "42", "background": "LIG4"}
    text = unescape(node.get("/editing", params=asked).text)
    address = re.search(r'<img src="(/editing\.backgrounds\.svg[^"]+)"', text)
    assert address is not None
    picture = node.get(address[1])
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    assert node.get("/editing.backgrounds.png", params=asked).content.startswith(b"\x89PNG")
