"""``lifenode orthologs`` as a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import seen, shell
from tests.genes.ortholog_packs import made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    made(tmp_path / "packs")
    (tmp_path / "list.txt").write_text("Cat\nDog\nFox\nnothing\n")
    return tmp_path


def test_a_pipe_gets_tsv_and_the_account_goes_to_standard_error(folder: Path) -> None:
    outcome = shell("lifenode orthologs list.txt -o tsapiens --to ttarget", folder)
    lines = [line.split("\t") for line in outcome.stdout.splitlines()]
    assert lines[0][:5] == ["query", "gene_id", "symbol", "ortholog", "ortholog_symbol"]
    assert [(line[0], line[3]) for line in lines[1:]] == [
        ("Cat", "TGTG00"), ("Dog", "TGTG02"), ("Dog", "TGTG01"), ("Fox", ""), ("nothing", ""),
    ]  # fmt: skip
    assert outcome.stderr.splitlines() == [
        "4 identifiers read · 3 mapped (symbol 3) · 1 unmapped · 0 ambiguous · 0 duplicate",
        "  nothing  not a test human identifier in this release",
        "2 of 3 genes have an ortholog in ttarget",
    ]
    assert outcome.returncode == 0


def test_a_terminal_gets_a_table(folder: Path) -> None:
    lines = [line.split() for line in seen("lifenode orthologs list.txt -o tsapiens --to ttarget", folder)]
    assert lines[3] == ["query", "status", "ortholog", "symbol", "relation", "source", "support"]
    assert lines[4] == ["Cat", "mapped", "TGTG00", "cat", "one-to-one", "HCOP", "3"]
    assert lines[7] == ["Fox", "mapped"]


def test_options_reach_the_library(folder: Path) -> None:
    line = "echo Dog | lifenode orthologs - -o tsapiens --to ttarget --format json"
    for more, expected in (
        ("--min-support 3", ["TGTG02"]),
        ("--min-support 6", [""]),
        ("--sources HomoloGene", [""]),
        ("--sources hcop,homologene", ["TGTG02", "TGTG01"]),
    ):
        told = json.loads(shell(f"{line} {more}", folder).stdout)
        assert [row["ortholog"] for row in told["result"]] == expected, more
    chosen = shell("echo bird | lifenode orthologs - -o tsapiens --to ttarget --choose bird=TSTG04", folder)
    assert chosen.stdout.splitlines()[1].split("\t")[1] == "TSTG04"


def test_formats_and_strictness(folder: Path) -> None:
    outcome = shell("lifenode orthologs list.txt -o tsapiens --to ttarget --strict --output found.json", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert json.loads((folder / "found.json").read_text())["meta"]["with_ortholog"] == 2
    # A gene without an ortholog is an answer, not a fault of the list.
    assert shell("echo Fox | lifenode orthologs - -o tsapiens --to ttarget --strict", folder).returncode == 0


def test_mistakes_are_said_in_one_line(folder: Path) -> None:
    for more, words in (
        ("--to targt", "Did you mean ttarget?"),
        ("--to tsapiens", "the organism of the query"),
        ("--to ttarget --sources HCPO", "Did you mean HCOP?"),
        ("--to ttarget --min-support 0", "--min-support"),
        ("--to ttarget --output no/found.tsv", "there is no folder no"),
    ):
        outcome = shell(f"lifenode orthologs list.txt -o tsapiens {more}", folder)
        assert (outcome.returncode, outcome.stdout) == (2, ""), more
        assert words in outcome.stderr.splitlines()[-1], outcome.stderr
        assert "Traceback" not in outcome.stderr
