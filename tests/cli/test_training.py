"""``lifenode training`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifenode.cli.main import main

TABLE = (
    "Title,URL,Start,End,Timezone,Keywords\n"
    "Intro to R,https://x.org/r,2026-03-09 10:00,2026-03-09 12:00,Europe/Tallinn,R;statistics\n"
    "Nameless,,2026-03-10,,,\n"
)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFENODE_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "courses.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_dry_run_prints_the_records_and_keeps_nothing(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["training", "harvest", str(table), "--dry-run", "--format", "json"]) == 0
    said = capsys.readouterr()
    shown = json.loads(said.out)
    assert [event["start"] for event in shown["events"]] == ["2026-03-09T08:00:00Z"]
    assert shown["rejected"] == [{"title": "Nameless", "url": "", "reasons": ["url can't be blank"]}]
    assert "rejected  Nameless: url can't be blank" in said.err
    assert not (tmp_path / "state").exists()


def test_a_second_run_adds_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["training", "harvest", str(table), "--format", "table"]) == 0
    assert "1 added" in capsys.readouterr().err
    assert main(["training", "harvest", str(table), "--format", "jsonl", "--strict"]) == 1
    said = capsys.readouterr()
    assert "0 added · 0 updated · 1 unchanged" in said.err
    assert json.loads(said.out)["title"] == "Intro to R"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["http://127.0.0.1/"], "its host is a number"),
        (["missing.csv"], "cannot be read"),
        (["{table}", "--kind", "moodle"], "no kind of source"),
        (["{table}", "--kind", "ical"], "no calendar"),
        (["{table}", "--vocabulary", "missing.json"], "as a vocabulary"),
    ],
)
def test_what_cannot_be_read_is_said(
    table: Path, arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [text.replace("{table}", str(table)) for text in arguments]
    assert main(["training", "harvest", *given, "--dry-run"]) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert not said.out


def test_what_is_kept_is_found_shown_and_written_again(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["training", "harvest", str(table), "--format", "table"]) == 0
    capsys.readouterr()
    assert main(["training", "search", "intor", "--with", "include_expired=true", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert [record["title"] for record in json.loads(said.out)["result"]] == ["Intro to R"]
    assert "read 'intor' as intro" in said.err
    assert main(["training", "show", "events/intro-to-r", "--format", "jsonld"]) == 0
    assert json.loads(capsys.readouterr().out)["startDate"] == "2026-03-09T10:00:00+02:00"
    again = tmp_path / "again.xlsx"
    everything = ["training", "search", "--with", "include_expired=true", "--format", "xlsx", "--output", str(again)]
    assert main(everything) == 0
    capsys.readouterr()
    assert main(["training", "harvest", str(again), "--dry-run", "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["start_zone"] == "Europe/Tallinn"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["search", "--with", "city"], "has no value"),
        (["search", "--with", "citty=Tartu"], "city"),
        (["search", "--sort", "best"], "early"),
        (["search", "--all-kinds", "--format", "csv"], "different columns"),
        (["show", "nothing"], "There is no material 'nothing'"),
    ],
)
def test_impossible_searches_exit_with_2(
    table: Path, arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["training", *arguments]) == 2
    assert why in capsys.readouterr().err


def test_examples_can_be_put_in_and_taken_out(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (([], "12 added"), ([], "12 unchanged"), (["--remove"], "12 withdrawn"), ([], "12 updated")):
        assert main(["training", "demo", *arguments]) == 0
        assert said in capsys.readouterr().err


def test_a_database_that_cannot_be_opened_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIFENODE_DATABASE_URL", "sqlite:////no/such/folder/portal.sqlite")
    assert main(["training", "search"]) == 2
    assert "/no/such/folder/portal.sqlite cannot be opened" in capsys.readouterr().err
