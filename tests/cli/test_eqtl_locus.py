"""`lifenode eqtl locus` and the pictures of `lifenode eqtl coloc`, as a person and a script see them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command import ROOT, seen, shell

PAIR = f"{ROOT}/examples/hmgcr_muscle_eqtl.tsv.gz {ROOT}/examples/hmgcr_ldl_gwas.tsv.gz --n-1 288 --n-2 440546"


def test_a_picture_is_drawn_and_named(tmp_path: Path) -> None:
    done = shell("lifenode eqtl locus --gene HMGCR --plot locus.svg", tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("locus.svg: Associations at HMGCR, chr5:75,297,648-75,421,337")
    ElementTree.parse(tmp_path / "locus.svg")  # noqa: S314 - made here


def test_a_pipe_gets_the_values_behind_the_plot(tmp_path: Path) -> None:
    lines = shell("lifenode eqtl locus --gene HMGCR | cut -f 5,6,12", tmp_path).stdout.splitlines()
    assert lines[0].split("\t") == ["variant", "rsid", "pip"]
    assert len(lines) == 324
    shown = seen("lifenode eqtl locus --gene HMGCR", tmp_path)
    assert "chr5_75355259_A_G" in shown[2]
    assert any("303 more rows" in line for line in shown)


@pytest.mark.parametrize("kind", ["mirrored", "compare", "sensitivity"])
def test_a_comparison_is_drawn_beside_its_answer(tmp_path: Path, kind: str) -> None:
    done = shell(f"lifenode eqtl coloc {PAIR} --plot {kind}.png --plot-kind {kind} --format tsv", tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].startswith("1003\t")
    assert done.stderr.startswith(f"{kind}.png: ")
    assert (tmp_path / f"{kind}.png").read_bytes().startswith(b"\x89PNG")
    if kind == "compare":
        # Two of the 1,003 are deletions of other lengths at the same positions.
        assert "1,001 shared variants" in done.stderr


def test_a_gwas_is_compared_with_every_gene_there(tmp_path: Path) -> None:
    table = f"{ROOT}/examples/hmgcr_ldl_gwas.tsv.gz"
    done = shell(f"lifenode eqtl coloc-locus {table} --n 440546 --plot mirrored.svg | cut -f 3,13", tmp_path)
    assert done.returncode == 0
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == ["gene", "pp_h4"]
    assert [(gene, round(float(pp), 3)) for gene, pp in lines[1:]] == [
        ("HMGCR", 0.999), ("POC5", 0.044), ("CERT1", 0.0)
    ]  # fmt: skip
    assert "read: chromosome from chromosome" in done.stderr
    assert "HMGCR: Only 8.3 % of the posterior" in done.stderr
    ElementTree.parse(tmp_path / "mirrored.svg")  # noqa: S314 - made here
    two = shell("lifenode eqtl coloc-locus --with-dataset QTD000085 --with-gene CERT1 --gene HMGCR", tmp_path)
    assert two.stdout.splitlines()[1].split("\t")[2] == "HMGCR"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lifenode eqtl locus --gene HMGRC", "Did you mean HMGCR?"),
        ("lifenode eqtl locus --gene HMGCR --plot locus.bmp", "End it in .png, .svg or .pdf."),
        ("lifenode eqtl locus --gene HMGCR --plot no/where.png", "no"),
        ("lifenode eqtl coloc-locus --gene HMGCR", "There is no second trait."),
        ("lifenode eqtl coloc-locus gone.tsv", "There is no file"),
        ("lifenode eqtl locus --region 5:1-99999999", "99,999,999 bases"),
        (f"lifenode eqtl coloc {PAIR} --plot x.gif", "End it in .png, .svg or .pdf."),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(tmp_path: Path, line: str, said: str) -> None:
    done = shell(line, tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
