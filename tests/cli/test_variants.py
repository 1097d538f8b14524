"""``lifenode variants`` and ``lifenode packs variants`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import seen, shell
from tests.genes.made_pack import made

VCF = (
    "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "1\t120\trs1\tA\tG\t.\t.\t.\n9\t1\trs2\tA\tG\t.\t.\t.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made(tmp_path / "zoo")
    (tmp_path / "list.txt").write_text("rs10\n1:120:A:T\nrs99\n")
    (tmp_path / "some.vcf").write_text(VCF)
    return tmp_path


def test_a_pipe_gets_tsv_and_the_account_goes_to_standard_error(folder: Path) -> None:
    outcome = shell("lifenode variants list.txt --organism ./zoo", folder)
    lines = outcome.stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["query", "rsid", "chromosome", "start"]
    assert lines[1].split("\t")[:3] == ["rs10", "rs10", "1"]
    assert len(lines) == 4
    assert outcome.stderr.splitlines() == [
        "3 identifiers read · 2 mapped (rsID 1, change 1) · 1 unmapped · 0 ambiguous · 0 duplicate",
        "  rs99  an rsID that this release does not hold",
    ]
    assert outcome.returncode == 0


def test_a_terminal_gets_a_table(folder: Path) -> None:
    lines = [line.split() for line in seen("printf 'rs10\\n1:160-161\\n' | lifenode variants - -o ./zoo", folder)]
    assert lines[1] == ["query", "status", "rsid", "place", "alleles", "genes", "consequences", "found", "by"]
    assert lines[2][:6] == ["rs10", "mapped", "rs10", "1:120", "A/G", "Cat"]
    assert lines[3] == ["1:160-161", "mapped", "1:160-161", "Cat", "Dog", "range"]
    assert lines[4] == ["1:160-161", "mapped", "rs12", "1:160-163", "ATAT/A", "Cat", "Dog", "range"]


def test_formats_and_strictness(folder: Path) -> None:
    outcome = shell("lifenode variants list.txt -o ./zoo --strict --output found.json", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert json.loads((folder / "found.json").read_text())["result"][0]["consequences"] == [
        "intron_variant:7",
        "missense_variant:1",
    ]
    assert shell("echo rs10 | lifenode variants - -o ./zoo --strict", folder).returncode == 0
    refused = shell("lifenode variants list.txt -o ./zoo --output no/found.json", folder)
    assert refused.returncode == 2
    assert "there is no folder no" in refused.stderr


def test_variants_are_added_to_a_copy(folder: Path) -> None:
    facts = "--name Somebody --release '7 (made)' --licence CC0"
    outcome = shell(f"lifenode packs variants ./zoo some.vcf {facts} --output more", folder)
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert outcome.stderr.splitlines()[:3] == [
        "1 variant, 1 of them with an rsID, added to tsapiens-2026.11.",
        "Genes as the file states them: 0; by position among the genes of the pack: 1.",
        "Left out: 1 × chromosome without a gene in the pack.",
    ]
    found = shell("echo rs1 | lifenode variants - -o ./more --format json", folder)
    told = json.loads(found.stdout)
    assert told["result"][0]["genes_by"] == "position"
    assert told["meta"]["sources"]["variants"] == {
        "name": "Somebody", "version": "7 (made)", "licence": "CC0", "attribution": "Somebody",
    }  # fmt: skip


def test_mistakes_are_said_in_one_line(folder: Path) -> None:
    for line, words in (
        ("lifenode packs variants ./zoo some.vcf --name a --release b", "Missing option '--licence'"),
        (
            "lifenode packs variants ./zoo list.txt --name a --release b --licence c --out x",
            "list.txt, line 1: neither",
        ),
        ("lifenode packs variants ./zoo no.vcf --name a --release b --licence c --out x", "no.vcf cannot be read"),
        ("lifenode packs variants ./zoo some.vcf --name a --release b --licence c --out .", "is not a knowledge pack"),
        ("lifenode variants no.txt -o ./zoo", "no.txt"),
    ):
        outcome = shell(line, folder)
        assert (outcome.returncode, outcome.stdout) == (2, ""), line
        assert words in outcome.stderr.splitlines()[-1]
        assert "Traceback" not in outcome.stderr
    assert not (folder / "x").exists()
