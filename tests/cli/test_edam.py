"""``lifenode edam`` as a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import shell

TABLE = "name,topic\na,topic_0182\nb,topic_9999\nc,topic_0188\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "b.json").write_text('{"uri": "http://edamontology.org/topic_0182", "term": "Old"}')
    return tmp_path


def test_a_pipe_gets_the_report_and_files_stay(folder: Path) -> None:
    outcome = shell("lifenode edam repair a.csv b.json", folder)
    lines = [line.split("\t") for line in outcome.stdout.splitlines()]
    assert lines[0][:5] == ["file", "line", "term_id", "label", "status"]
    assert [(line[0], line[1], line[4]) for line in lines[1:]] == [
        ("a.csv", "2", "replaced"), ("a.csv", "3", "unknown"), ("a.csv", "4", "consider"), ("b.json", "1", "replaced"),
    ]  # fmt: skip
    assert outcome.stderr == "4 terms read · 0 live · 2 replaced · 1 to consider · 1 unknown\n"
    assert outcome.returncode == 0
    assert (folder / "a.csv").read_text() == TABLE


def test_files_are_repaired_in_place_or_elsewhere(folder: Path) -> None:
    assert shell("lifenode edam repair a.csv --save new.csv --accept-single --strict", folder).returncode == 1
    assert (folder / "new.csv").read_text() == "name,topic\na,topic_0080\nb,topic_9999\nc,topic_0160\n"
    assert shell("lifenode edam repair a.csv b.json --in-place", folder).returncode == 0
    assert (folder / "a.csv").read_text() == TABLE.replace("topic_0182", "topic_0080")
    assert json.loads((folder / "b.json").read_text())["term"] == "Sequence analysis"


def test_nothing_is_written_when_one_file_is_broken(folder: Path) -> None:
    (folder / "c.json").write_text("{")
    outcome = shell("lifenode edam repair a.csv c.json --in-place", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "c.json, line 1: it is not JSON" in outcome.stderr
    assert (folder / "a.csv").read_text() == TABLE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("edam repair a.csv b.json --save c", "--save names one place"),
        ("edam repair a.csv --release 1.25 --owl x.owl", "not both"),
        ("edam repair a.csv --release 1.1", "Shipped: 1.25, 1.25-"),
        ("edam search the", "holds no word"),
        ("edam search gene --branch gene", 'no branch "gene"'),
        ("edam annotate ' '", "no text"),
        ("edam annotate x --branch tool", "no branch"),
    ],
)
def test_what_cannot_be_done_is_refused(folder: Path, line: str, said: str) -> None:
    outcome = shell(f"lifenode {line}", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("error: ")
    assert said in outcome.stderr


def test_annotations_come_as_json_from_a_description_in_a_pipe(folder: Path) -> None:
    outcome = shell("echo 'Aligns RNA-seq reads to a genome.' | lifenode edam annotate STAR - --format json", folder)
    rows = json.loads(outcome.stdout)["result"]
    assert {row["branch"] for row in rows} == {"topic", "operation", "data", "format"}


def test_an_empty_answer_says_why(folder: Path) -> None:
    outcome = shell("lifenode edam annotate 蛋白质", folder)
    assert outcome.returncode == 0
    assert "no topic: no word of the texts is known" in outcome.stderr
    assert "no term of EDAM" in shell("lifenode edam search xyzzy", folder).stderr
