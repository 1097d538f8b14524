"""Yearly reports on pages: what `lifenode report` wrote, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lifenode.cli.main import main

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the example node."""
    folder = tmp_path_factory.mktemp("node")
    shutil.copytree(ROOT / "examples" / "node", folder / "node")
    assert main(["report", "2023", str(folder / "node"), "--write", str(folder / "reports"), "--output",
                 str(folder / "table.tsv")]) == 0  # fmt: skip
    return folder / "reports"


@pytest.fixture
def reports(written: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFENODE_REPORTS_DIR", str(written))
    return written


def test_every_number_stands_on_the_page_and_leads_to_its_rule(node: TestClient, reports: Path) -> None:
    text = unescape(node.get("/report/2023").text)
    content = json.loads((reports / "report-2023.json").read_text())
    assert len(content["indicators"]) > 20
    for place, one in enumerate(content["indicators"], 1):
        value = f"{int(one['value']):,}" if one["value"].isdecimal() else one["value"]
        row = re.search(rf'href="#note-{place}"[^>]*>{place}</a></sup></th><td class="number"><strong>([^<]*)<', text)
        assert row, one["code"]
        assert row[1] == value
        assert f'<li id="note-{place}">{one["rule"]}' in text
        assert one["fingerprint"] in text
    assert "A draft." in text
    assert "305" in text
    assert "Jan 2023, people" in text


def test_reports_are_listed_with_their_headlines(node: TestClient, reports: Path) -> None:
    text = node.get("/report").text
    assert 'href="/report/2023"' in text
    assert "813" in text
    assert "draft" in text


@pytest.mark.parametrize(("ending", "begins"), [("json", "{"), ("md", "---"), ("html", "<!doctype html>")])
def test_files_are_downloads(node: TestClient, reports: Path, ending: str, begins: str) -> None:
    answer = node.get(f"/report/2023.{ending}")
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="report-2023.{ending}"'


@pytest.mark.parametrize(
    "path", ["/report/1999", "/report/2023.pdf", "/report/2023.sqlite", "/report/../etc", "/report/x"]
)
def test_what_is_not_there_is_not_found(node: TestClient, reports: Path, path: str) -> None:
    assert node.get(path).status_code == 404


def test_a_node_without_reports_says_how_to_write_one(
    node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFENODE_REPORTS_DIR", str(tmp_path / "none"))
    assert "lifenode report 2026" in node.get("/report").text


def test_a_damaged_report_is_named(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report-2020.json").write_text('{"year": 2020')
    monkeypatch.setenv("LIFENODE_REPORTS_DIR", str(tmp_path))
    answer = node.get("/report/2020", headers={"accept": "text/html"})
    assert answer.status_code >= 400
    assert "report-2020.json" in answer.text
