"""Pages of the registry: statuses on a day, one resource, changes, uptime, FAIR check, checklist and rounds."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from lifenode.registry.bioschemas import validate
from lifenode.registry.graph import read_page
from lifenode.registry.questions import questions, read_replies

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "examples" / "dataset_page.html").read_text(encoding="utf-8")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the node watch resources and run a round, as in the examples."""
    monkeypatch.setenv("LIFENODE_UPTIME_DIR", str(ROOT / "examples" / "uptime"))
    monkeypatch.setenv("LIFENODE_ROUNDS_LOG", str(ROOT / "examples" / "rounds.jsonl"))


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("status=core-data-resource&at=2023-12-31", 32),
        ("status=deposition-database&at=2023-12-31", 16),
        ("status=core-data-resource&at=2026-09-17", 39),
        ("status=deposition-database&at=2026-09-17", 18),
        ("status=core-data-resource&at=2023-06-01&uncertain=true", 32),
        ("node=ELIXIR+Estonia&status=service-delivery-plan", 9),
    ],
)
def test_page_and_table_count_the_same(node: TestClient, asked: str, count: int) -> None:
    rows = list(csv.DictReader(io.StringIO(node.get(f"/resources.tsv?{asked}").text), delimiter="\t"))
    assert len(rows) == count
    text = node.get(f"/resources?{asked}").text
    assert f"{count} rows" in text
    assert text.count('href="/resources/') - text.count('class="more"') >= count


def test_a_day_that_is_none_is_named_and_nothing_typed_is_lost(node: TestClient) -> None:
    answer = node.get("/resources?at=2023-02-31&status=core-data-resource")
    assert answer.status_code == 422
    assert "&#39;2023-02-31&#39; is not a date" in answer.text
    assert 'value="2023-02-31"' in answer.text
    assert '<option value="core-data-resource" selected' in answer.text
    assert node.get("/resources.tsv?status=core-resource").status_code in (404, 422)


def test_the_mark_up_of_every_resource_passes_our_own_check(node: TestClient) -> None:
    names = {row["resource"] for row in node.get("/resources.json").json()["result"]}
    assert len(names) == 76
    for name in ("uniprot", "g-profiler", "bridgedb"):
        page = node.get(f"/resources/{name}")
        checked = validate(read_page(page.content, f"http://testserver/resources/{name}"))
        catalogues = [one for one in checked.meta["nodes"] if "DataCatalog" in one["profile"]]
        assert catalogues
        assert all(one["valid"] for one in catalogues), catalogues
    for name in names:
        found = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', node.get(f"/resources/{name}").text, re.S
        )
        assert found
        assert json.loads(found[1])["name"]


def test_one_resource_says_what_is_known(node: TestClient) -> None:
    text = unescape(node.get("/resources/GWAS Catalog").text)
    for words in ("Deposition Database", "gwas_catalog", "inferred", "gavinf97/ECD", "This node does not watch it"):
        assert words in text
    assert len(node.get("/resources/gwas-catalog.json").json()["result"]) == 2
    missing = node.get("/resources/unipro")
    assert missing.status_code == 404
    assert 'href="/resources/uniprot"' in missing.text


def test_hostile_names_do_no_harm(node: TestClient) -> None:
    page = node.get("/resources/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert page.status_code == 404
    assert "<script>alert" not in page.text


def test_changes_are_a_page_and_a_feed(node: TestClient, own: None) -> None:
    feed = ElementTree.fromstring(node.get("/resources/changes.atom").content)  # noqa: S314 - our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert "gene-atlas became a Community Database" in titles
    assert sum("became a Core Data Resource" in str(title) for title in titles) == 39
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    days = [str(entry.findtext(f"{ATOM}updated")) for entry in feed.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True)
    assert "gene-atlas became a Community Database" in node.get("/resources/changes").text


def test_uptime_is_shown_with_its_rules(node: TestClient, own: None) -> None:
    text = node.get("/resources/status?days=9999").text
    assert "the monitor has stood still" in text
    assert "97.18%" in text
    rows = node.get("/resources/status.json?days=9999").json()["result"]
    assert {row["resource"]: row["state"] for row in rows} == {
        "gene-atlas": "down", "protein-archive": "challenged", "variant-browser": "up"
    }  # fmt: skip
    assert "status 503" in node.get("/resources/gene-atlas").text


def test_nothing_watched_says_how_to_begin(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_UPTIME_DIR", str(tmp_path / "uptime"))
    monkeypatch.setenv("LIFENODE_ROUNDS_LOG", str(tmp_path / "log"))
    assert "lifenode resources uptime watch" in node.get("/resources/status").text
    assert "lifenode resources round open" in node.get("/resources/rounds").text
    assert not (tmp_path / "uptime").exists()


def test_fair_check_of_a_pasted_page(node: TestClient) -> None:
    page = node.post("/resources/fair", data={"document": EXAMPLE, "place": "https://data.example.org/blood-100"})
    assert page.status_code == 200
    assert "83 % (19.5 of 23.5)" in page.text
    assert "Add &#34;publisher&#34;." in page.text
    assert "All 68 tests" in page.text


@pytest.mark.parametrize("place", ["http://127.0.0.1/", "ftp://example.org/", "nonsense", "http://169.254.169.254/"])
def test_fair_check_fetches_no_private_place(node: TestClient, place: str) -> None:
    page = node.post("/resources/fair", data={"place": place})
    assert page.status_code == 422
    assert f'value="{place}"' in page.text


def test_a_self_assessment_is_checked_and_comes_back_as_a_file(node: TestClient, tmp_path: Path) -> None:
    filled = {"form": "community-database", "answer-3.1": "yes", "answer-4.9": "no", "description-2.1a": "w " * 120}
    text = unescape(node.post("/resources/checklist", data=filled).text)
    assert "120 words, 100 are allowed" in text
    assert "The description is missing" in text
    assert 'href="#answer-4.9"' in text
    assert text.count("Not answered.") == 52 - 3
    path = tmp_path / "answers.tsv"
    path.write_text(node.post("/resources/checklist.tsv", data=filled).text)
    replies = read_replies(path, "community-database")
    assert {name: reply.answer for name, reply in replies.items()} == {"3.1": "yes", "4.9": "no", "2.1a": ""}
    page = node.get("/resources/checklist?form=core-data-resource").text
    assert page.count("<fieldset>") == len(questions("core-data-resource")) == 21
    assert node.get("/resources/checklist?form=nothing").status_code == 422


def test_rounds_show_states_but_no_reviews(node: TestClient, own: None) -> None:
    text = node.get("/resources/rounds").text
    assert "provisional" in text
    assert "health check on 2027-04-15" in text
    assert "Reviewer" not in text
    assert "a clear gap" not in text


def test_a_log_that_was_altered_is_not_shown(node: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (ROOT / "examples" / "rounds.jsonl").read_text().splitlines(keepends=True)
    altered = tmp_path / "log.jsonl"
    altered.write_text("".join(lines[:1] + lines[2:]))
    monkeypatch.setenv("LIFENODE_ROUNDS_LOG", str(altered))
    answer = node.get("/resources/rounds")
    assert answer.status_code != 200
    assert "altered" in answer.text
