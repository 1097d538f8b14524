"""``lifenode edit`` with a reference, in batches, and its pictures, as a user runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars
import pytest

from lifenode.editing import base, cas9
from tests.cli.command import ROOT, seen, shell
from tests.editing.test_cas9_many import table_of

REFERENCE = ROOT / "examples" / "reference.fa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "genome.fa").write_bytes(REFERENCE.read_bytes())
    (tmp_path / "regions.txt").write_text("chrDemo:238-242\n\nchrDemo:190-250\n")
    (tmp_path / "targets.tsv").write_text(table_of(30) + "\nbad\tACGTN\t2\n")
    return tmp_path


def rows(text: str) -> list[dict[str, str]]:
    head, *lines = (line.split("\t") for line in text.splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_a_region_is_predicted_in_places_of_the_genome(folder: Path) -> None:
    outcome = shell("lifenode edit cas9 demo:238-242 --reference genome.fa", folder)
    found = rows(outcome.stdout)
    assert outcome.returncode == 0, outcome.stderr
    assert {row["target"] for row in found} == {"chrDemo:240+"}
    assert (found[0]["start"], found[0]["end"], found[0]["chromosome"], found[0]["strand"]) == (
        "233", "240", "chrDemo", "+",
    )  # fmt: skip
    vcf = shell("lifenode edit cas9 demo:238-242 --reference genome.fa --format vcf", folder).stdout
    assert "##contig=<ID=chrDemo,length=700>" in vcf
    assert any(line.startswith("chrDemo\t233\t") and "OUTCOME=D7_L-7C4R5" in line for line in vcf.splitlines())


def test_guides_of_a_region_are_predicted_with_what_stands_around(folder: Path) -> None:
    found = rows(shell("lifenode edit base chrDemo:225-250 --reference genome.fa --editor CBE", folder).stdout)
    bases = "".join(REFERENCE.read_text().splitlines()[1:])
    assert [(row["start"], row["end"], row["strand"]) for row in found] == [("219", "239", "-"), ("222", "242", "+")]
    assert found[1]["guide"] == bases[222:242]
    expected = base([bases[218:248]], "CBE")
    assert float(found[1]["total"]) == pytest.approx(expected["total"][0], rel=1e-5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cas9 chrDemo:1-900 --reference genome.fa", "no stretch of chrDemo, which has 700 bases"),
        ("cas9 chrX:1-90 --reference genome.fa", 'no chromosome "chrX" in genome.fa'),
        ("cas9 TP53 --reference genome.fa", "TP53 lies on chromosome 17, and genome.fa has none"),
        ("cas9 NOGENE7 --reference genome.fa", "no region, no chromosome of genome.fa, and no gene"),
        ("cas9 chrDemo --pam 20 --reference genome.fa", "--pam counts on a sequence"),
        ("cas9 chrDemo --reference targets.tsv", "targets.tsv is no FASTA"),
        ("cas9 chrDemo --reference nothing.fa", "nothing.fa cannot be read"),
        ("base chrDemo:1-9 --reference genome.fa", "20 known bases before its PAM"),
        ("batch targets.tsv --output sites.tsv --profiles sites.tsv", "named twice"),
        ("batch targets.tsv --profiles sites.png", "no form of a file of outcomes"),
        ("batch targets.tsv --background Lig5", "no repair background"),
    ],
)
def test_mistakes_are_one_line(folder: Path, line: str, said: str) -> None:
    outcome = shell(f"lifenode edit {line}", folder)
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    (told,) = outcome.stderr.splitlines()
    assert told.startswith("error: ")
    assert said in told
    assert not list(folder.glob("sites*"))


def test_too_many_targets_lead_to_the_batch(folder: Path) -> None:
    outcome = shell("lifenode edit cas9 chrDemo --reference genome.fa", folder, LIFENODE_MAX_PROFILES="10")
    assert "lifenode edit batch chrDemo --reference genome.fa" in outcome.stderr
    many = shell("lifenode edit batch chrDemo --reference genome.fa", folder, LIFENODE_MAX_PROFILES="10")
    assert len(rows(many.stdout)) > 10


def test_regions_of_a_file_have_a_line_for_each_target_once(folder: Path) -> None:
    outcome = shell("lifenode edit batch regions.txt --reference genome.fa", folder)
    found = rows(outcome.stdout)
    assert len({row["target"] for row in found}) == len(found) > 1
    assert all(189 <= int(row["cut"]) < 250 and row["chromosome"] == "chrDemo" for row in found)


def test_a_batch_tells_which_targets_are_at_fault(folder: Path) -> None:
    outcome = shell("lifenode edit batch targets.tsv --output sites.csv --profiles outcomes.parquet", folder)
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[0] == "31 targets"
    assert "1 of 31 targets could not be predicted: bad has 'N' at base 5" in outcome.stderr
    assert len((folder / "sites.csv").read_text().splitlines()) == 31
    assert polars.read_parquet(folder / "outcomes.parquet").equals(cas9(table_of(30)).to_polars())


def test_a_terminal_gets_a_table(folder: Path) -> None:
    lines = [" ".join(line.split()) for line in seen("lifenode edit batch targets.tsv 2>/dev/null", folder)]
    assert lines[0].startswith("target guide frameshift % insertions %")
    assert len(lines) == 31


def test_an_interrupted_batch_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "many.tsv").write_text(table_of(1_200))
    cache = {"LIFENODE_CACHE_DIR": str(tmp_path / "own")}
    command = ["lifenode", "edit", "batch", "many.tsv", "--output", "sites.tsv", "--workers", "2"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **cache, "PATH": path}, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while len(list((tmp_path / "own").glob("batches/*/*.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "of 1,200 targets are done and kept" in told
    assert not (folder / "sites.tsv").exists()
    again = shell(" ".join(command), folder, **cache)
    assert again.returncode == 0
    assert " of them done before" in again.stderr
    assert (folder / "sites.tsv").read_text() == shell(
        "lifenode edit batch many.tsv --workers 1", folder, **cache
    ).stdout
    assert not list((tmp_path / "own").glob("batches/*"))


def test_backgrounds_are_drawn_beside_their_table(folder: Path) -> None:
    line = "lifenode edit cas9 demo:238-242 --reference genome.fa --compare --plot"
    table = shell(f"{line} one.svg", folder)
    assert table.stdout.startswith("target\tbackground\tchange")
    shell(f"{line} two.svg", folder)
    assert (folder / "one.svg").read_bytes() == (folder / "two.svg").read_bytes()
    assert shell(f"{line} one.doc", folder).returncode == 2
