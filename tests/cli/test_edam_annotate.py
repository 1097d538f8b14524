from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import shell

STAR = {"name": "STAR", "description": "Ultrafast universal RNA-seq aligner.", "homepage": "https://example.org/star"}


def test_a_record_goes_in_and_a_valid_one_comes_out(tmp_path: Path) -> None:
    (tmp_path / "star.json").write_text(json.dumps(STAR), encoding="utf-8")
    outcome = shell("lifenode edam annotate --from star.json --format biotools", tmp_path)
    made = json.loads(outcome.stdout)
    assert outcome.stderr == ""
    assert made["homepage"] == STAR["homepage"]
    assert "operation_0292" in json.dumps(made["function"])
    galaxy = shell("lifenode edam annotate --from star.json --format galaxy", tmp_path).stdout
    assert "<edam_operation>operation_0292</edam_operation>" in galaxy


def test_many_tools_are_written_as_they_come_and_taken_up_again(tmp_path: Path) -> None:
    tools = [{**STAR, "id": "star"}, {"id": "none", "name": ""}, {"id": "qc", "name": "FastQC", "description": "reads"}]
    (tmp_path / "tools.jsonl").write_text("".join(json.dumps(one) + "\n" for one in tools), encoding="utf-8")
    asked = "lifenode edam annotate --from tools.jsonl --format jsonl --output out.jsonl"
    first = shell(f"{asked} --strict", tmp_path)
    assert first.returncode == 1
    assert "none: The tool has no text." in first.stderr
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["tool"] for line in lines] == ["star", "none", "qc"]
    (tmp_path / "out.jsonl").write_text(f"{lines[0]}\n{lines[1][:9]}", encoding="utf-8")
    again = shell(f"{asked} --resume", tmp_path)
    assert "1 done before" in again.stderr
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines() == lines
    table = shell("lifenode edam annotate --from tools.jsonl | cut -f1 | sort -u", tmp_path)
    assert table.stdout.split() == ["qc", "star", "tool"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("annotate --from nowhere.json", "nowhere.json"),
        ("annotate --from two.jsonl --format biotools", "tsv or jsonl"),
        ("annotate X --from two.jsonl", "holds 2 tools"),
        ("annotate --from two.jsonl --resume", "--output"),
        ("annotate --from zero.bin", "zero.bin"),
    ],
)
def test_mistakes(tmp_path: Path, asked: str, says: str) -> None:
    (tmp_path / "two.jsonl").write_text('{"name": "A"}\n{"name": "B"}\n', encoding="utf-8")
    (tmp_path / "zero.bin").write_bytes(b"\x00\x01\x02" * 100)
    outcome = shell(f"lifenode edam {asked}", tmp_path)
    assert outcome.returncode == 2
    assert says in outcome.stderr
    assert "Traceback" not in outcome.stderr
