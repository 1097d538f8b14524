"""``lifenode edit`` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from lifenode.editing import base, cas9, prime
from tests.cli.test_commands import run

TARGET = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
NICKED = "GATGGCCCAGACTGAGCACG{}TGATGGCAGAGGAAAGGAAGCCCTGC"
PARTS = ("--spacer", "GGCCCAGACTGAGCACGTGA", "--pbs", "CAGACTGAGCACG", "--ha", "TGATGGCAGAGGAAA")


def test_each_kind_writes_the_table_of_the_library(tmp_path: Path) -> None:
    assert run("edit", "cas9", TARGET, "--pam", "42").stdout == cas9(TARGET, 42).to_tsv()
    assert run("edit", "base", "-", stdin="TCTGCTCAGCTCATGCCGAT\n").stdout == base("TCTGCTCAGCTCATGCCGAT").to_tsv()
    file = tmp_path / "inserts.txt"
    file.write_text("CTT\nCACCATCACCATCACCAC\n")
    expected = prime(["CTT", "CACCATCACCATCACCAC"], target=NICKED, cell_line="HAP1")
    assert run("edit", "prime", file, "--target", NICKED, "--cell-line", "HAP1").stdout == expected.to_tsv()
    written = json.loads(run("edit", "prime", "CTT", *PARTS, "--format", "json").stdout)
    assert written["meta"]["answered_by"] == "the screens HEK3 HAP1dMLH1, HEK3 HEK293T"


def test_prime_reads_proteins_tables_and_scans(tmp_path: Path) -> None:
    ranked = list(csv.DictReader(io.StringIO(run("edit", "prime", "HH", "--protein", *PARTS).stdout), delimiter="\t"))
    assert len(ranked) == 4
    assert float(ranked[0]["z"]) >= float(ranked[-1]["z"])
    table = tmp_path / "pegrnas.tsv"
    table.write_text("insert\tspacer\tPBS\tHA\nCTT\tGGCCCAGACTGAGCACGTGA\tCAGACTGAGCACG\tTGATGGCAGAGGAAA\n")
    (row,) = csv.DictReader(io.StringIO(run("edit", "prime", table).stdout), delimiter="\t")
    assert row["name"] == "1"
    scan = run("edit", "prime", "CTT", "--scan", "--target", NICKED, "--format", "table", "--top", "2")
    assert scan.stdout.splitlines()[0].split()[:4] == ["pbs", "length", "ha", "length"]
    assert "more; --top 0 shows all" in scan.stdout


def test_pictures_are_drawn_and_mistakes_named(tmp_path: Path) -> None:
    picture = tmp_path / "inserts.svg"
    assert run("edit", "prime", "MJ", "--protein", *PARTS).returncode == 2
    assert run("edit", "prime", "NNNN CTT", *PARTS, "--plot", picture).returncode == 0
    assert b"<svg" in picture.read_bytes()
    assert run("edit", "prime", "CTT", "--scan", "--target", NICKED, "--plot", picture).returncode == 0
    assert picture.read_bytes().count(b"<g id=") > 50
    wrong = run("edit", "prime", "CTT", "--scan", *PARTS)
    assert wrong.returncode == 2
    assert "--scan needs --target" in wrong.stderr
    wrong = run("edit", "prime", "CTT", *PARTS, "--plot", tmp_path / "inserts.gif")
    assert wrong.returncode == 2
    assert not (tmp_path / "inserts.gif").exists()
