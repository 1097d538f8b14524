"""Several files as several lists, backgrounds, and places that results are written to."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from lifenode.cli.main import main
from tests.cli.command import EXAMPLE, shell

GENES = EXAMPLE.read_text().split()


def results(significant: int, padj: float, genes: list[str]) -> str:
    rows = [f"{gene},{2.0 if i % 2 else -2.0},{padj if i < significant else 0.9}" for i, gene in enumerate(genes)]
    return "\n".join(["gene,log2FoldChange,padj", *rows]) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "first.csv").write_text(results(60, 0.001, GENES))
    (tmp_path / "second.csv").write_text(results(40, 0.03, GENES))
    (tmp_path / "fewer.csv").write_text(results(40, 0.001, GENES[:150]))
    (tmp_path / "plain.txt").write_text("\n".join(GENES[:30]))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_tables_keep_their_thresholds_and_tested_genes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", "first.csv", "second.csv", "--sources", "REAC", "--format", "json", "--all-results"]) == 0
    written = capsys.readouterr()
    meta = json.loads(written.out)["meta"]
    assert list(meta["queries"]) == [
        f"{stem}: {name}" for stem in ("first", "second") for name in ("up", "down", "both")
    ]
    assert (meta["background"]["domain"], meta["background"]["given"]) == ("custom", len(GENES))
    assert "second: Significant: padj <= 0.05" in written.err
    assert main(["enrich", "first.csv", "second.csv", "--max-adjusted-p", "0.01"]) == 2
    message = capsys.readouterr().err
    assert "second.csv: None of 200 tested genes is significant" in message


@pytest.mark.usefixtures("folder")
def test_one_of_several_tables_gives_what_it_gives_alone(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--sources", "REAC", "--all-results"]
    assert main(["enrich", "first.csv", *options]) == 0
    alone = capsys.readouterr().out.splitlines()[1:]
    assert main(["enrich", "first.csv", "second.csv", *options]) == 0
    together = [line for line in capsys.readouterr().out.splitlines() if line.startswith("first: ")]
    assert len(alone) > 10
    assert [line.removeprefix("first: ") for line in together] == alone


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("files", [("first.csv", "fewer.csv"), ("first.csv", "plain.txt"), ("plain.txt", "first.csv")])
def test_files_without_a_common_background_need_one(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", *files]) == 2
    assert f"{files[0]} and {files[1]} do not bring the same tested genes" in capsys.readouterr().err
    assert main(["enrich", *files, "--background", str(EXAMPLE), "--sources", "REAC"]) == 0


def test_standard_input_serves_once(folder: Path) -> None:
    outcome = shell(f"lifenode enrich plain.txt --background - --sources REAC --format json < {EXAMPLE}", folder)
    assert json.loads(outcome.stdout)["meta"]["background"]["given"] == len(GENES)
    for twice in ("enrich - -", "enrich - --background -", "batch - --background -"):
        outcome = shell(f"lifenode {twice} < {EXAMPLE}", folder)
        assert (outcome.returncode, outcome.stdout) == (2, "")
        assert "Standard input is named twice" in outcome.stderr


@pytest.mark.parametrize("command", ["enrich", "convert", "batch"])
@pytest.mark.parametrize("place", ["absent/x.tsv", ".", "x.xlsx", "x.svg"])
def test_a_place_that_cannot_be_is_refused_before_anything_is_written(
    command: str, place: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    picture = ["--plot", "good.svg"] if command == "enrich" else []
    assert main([command, "plain.txt", "--output", place, *picture]) == 2
    written = capsys.readouterr()
    assert (written.out, place in written.err) == ("", True)
    assert sorted(folder.iterdir()) == before


@pytest.mark.usefixtures("folder")
def test_a_picture_that_cannot_be_leaves_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    for place in ("absent/x.svg", "x.doc"):
        assert main(["enrich", "plain.txt", "--plot", place, "--output", "x.tsv"]) == 2
        assert place.rpartition("/")[2] in capsys.readouterr().err
        assert not Path("x.tsv").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["tsv", "gem"])
def test_top_holds_for_every_list_and_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", "plain.txt", "--sources", "REAC,WP", "--top", "2", "--format", form]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter="\t"))
    assert len(rows) == 2
