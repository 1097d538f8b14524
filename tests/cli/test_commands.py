"""The command as a user runs it: real processes, real packs."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

import lifenode

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "inflammatory_response.txt"
COMMAND = [sys.executable, "-m", "lifenode.cli.main"]


def run(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, encoding="utf-8", cwd=ROOT,
        env=os.environ | environment, timeout=120, check=False,
    )  # fmt: skip


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    program = (
        "import sys; from lifenode.cli.main import main; main(['--help']);"
        "print([m for m in ('numpy', 'polars', 'rich', 'numba', 'pandas') if m in sys.modules])"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    for name in ("batch", "convert", "enrich", "orthologs", "packs", "selftest", "variants"):
        assert f"  {name} " in outcome.stdout
    assert outcome.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize(
    "command",
    [
        *("enrich", "convert", "orthologs", "batch", "selftest", "variants"),
        *("packs list", "packs build", "packs pull", "packs variants"),
    ],
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    outcome = run(*command.split(), "--help")
    assert outcome.returncode == 0
    assert f"lifenode {command}" in outcome.stdout.split("Example", 1)[1]


def test_a_pipe_gets_tsv_with_full_precision() -> None:
    outcome = run("enrich", EXAMPLE)
    rows = list(csv.DictReader(io.StringIO(outcome.stdout), delimiter="\t"))
    expected = lifenode.enrich(EXAMPLE)
    assert [row["term_id"] for row in rows] == expected["term_id"].tolist()
    assert [float(row["p_value"]) for row in rows] == expected["p_value"].tolist()
    assert outcome.stderr == "200 identifiers read · 200 mapped (symbol 200) · 0 unmapped · 0 ambiguous · 0 duplicate\n"


def test_a_plain_query_loads_neither_compiler_nor_frames() -> None:
    run("enrich", EXAMPLE)
    program = (
        "import sys; from lifenode.cli.main import main; main(['enrich', sys.argv[1], '--top', '1']);"
        "print([m for m in ('polars', 'rich', 'numba', 'pandas', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    outcome = subprocess.run([sys.executable, "-c", program, EXAMPLE], capture_output=True, text=True, check=True)
    assert outcome.stdout.rstrip().endswith("[]")


def test_the_table_for_a_terminal() -> None:
    outcome = run("enrich", EXAMPLE, "--top", "3", "--highlight", "--format", "table", COLUMNS="120")
    lines = outcome.stdout.splitlines()
    assert lines[0].startswith("hsapiens, release 2026.11, background: annotated genes of each source, gscs 0.05")
    assert " ".join(lines[2].split()) == "source term name p adjusted term query both of driver"
    assert lines[3].split()[:4] == ["GO:BP", "GO:0006954", "inflammatory", "response"]
    assert lines[3].endswith("*")
    assert len(lines) == 6
    assert "more significant terms: --top 0 shows all, --plot terms.svg draws them" in outcome.stderr


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "jsonl", "parquet", "gem", "gmt"])
def test_every_format_by_the_ending_of_the_output(form: str, tmp_path: Path) -> None:
    target = tmp_path / f"terms.{form}"
    outcome = run("enrich", EXAMPLE, "--sources", "REAC", "--output", target)
    assert (outcome.returncode, outcome.stdout) == (0, "")
    content = target.read_bytes()
    if form == "json":
        assert json.loads(content)["meta"]["correction"]["method"] == "gscs"
    elif form == "parquet":
        assert "R-HSA-6783783" in pl.read_parquet(target)["term_id"]
    else:
        assert b"R-HSA-6783783" in content


def test_standard_input_several_files_and_tables(tmp_path: Path) -> None:
    repair = tmp_path / "repair.txt"
    repair.write_text("BRCA1\nBRCA2\nRAD51\nPALB2\nATM\n")
    piped = run("enrich", "-", "--ordered", "--format", "json", stdin=repair.read_text())
    assert json.loads(piped.stdout)["meta"]["parameters"]["ordered"] is True
    both = run("enrich", repair, EXAMPLE, "--sources", "WP")
    assert {row["query"] for row in csv.DictReader(io.StringIO(both.stdout), delimiter="\t")} == {
        "repair", "inflammatory_response",
    }  # fmt: skip
    table = tmp_path / "deseq2.csv"
    genes = [*EXAMPLE.read_text().split()[:60], "ACTB", "GAPDH", "TTN", "ALB"]
    lines = [f"{g},{2.0 if i % 2 else -2.0},{1e-5 if i < 60 else 0.9}" for i, g in enumerate(genes)]
    table.write_text("\n".join(["gene,log2FoldChange,padj", *lines]) + "\n")
    split = run("enrich", table, "--sources", "GO:BP", "--format", "json", "--all-results")
    meta = json.loads(split.stdout)["meta"]
    assert list(meta["queries"]) == ["up", "down", "both"]
    assert meta["background"]["domain"] == "custom"
    assert any("log2FoldChange" in note for note in meta["notes"])


def test_own_gene_sets_without_an_organism(tmp_path: Path) -> None:
    sets = tmp_path / "mine.gmt"
    sets.write_text("first\tdescribed\ta\tb\tc\td\nsecond\t\te\tf\tg\th\ti\tj\tk\tl\tm\tn\n")
    outcome = run("enrich", "-", "-o", "none", "--gene-sets", sets, "--all-results", stdin="a b c")
    row = next(csv.DictReader(io.StringIO(outcome.stdout), delimiter="\t"))
    assert (row["source"], row["name"], row["effective_domain_size"]) == ("mine", "described", "14")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "html"])
def test_pictures(ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"terms.{ending}"
    outcome = run("enrich", EXAMPLE, "--plot", target, "--top", "1")
    assert outcome.returncode == 0
    assert target.stat().st_size > 10_000


def test_convert_accounts_for_every_line() -> None:
    outcome = run("convert", "-", "--to", "ENTREZGENE", stdin="TP53\ntp53\nENSG00000141510.17\n1-Mar\nBRCA3x\n\n")
    rows = list(csv.DictReader(io.StringIO(outcome.stdout), delimiter="\t"))
    assert [row["status"] for row in rows] == ["mapped", "duplicate", "duplicate", "ambiguous", "unmapped", "blank"]
    assert rows[0]["converted"] == "7157"
    lines = outcome.stderr.splitlines()
    assert "1 mapped (symbol 1) · 1 unmapped · 1 ambiguous · 2 duplicate · 1 blank" in lines[0]
    assert "looks like a date made by a spreadsheet: MARCHF1 or MTARC1?" in lines[1]
    assert "nearest: BRCA1, BRCA2" in lines[2]


def test_batch_of_a_gmt_file(tmp_path: Path) -> None:
    sets = tmp_path / "modules.gmt"
    genes = EXAMPLE.read_text().split()
    sets.write_text("".join(f"m{i}\t\t" + "\t".join(genes[i : i + 40]) + "\n" for i in range(0, 120, 20)))
    outcome = run("batch", sets, "--sources", "REAC", "--workers", "2")
    alone = run("batch", sets, "--sources", "REAC", "--workers", "1")
    assert outcome.returncode == 0
    assert outcome.stdout == alone.stdout
    assert {row["query"] for row in csv.DictReader(io.StringIO(outcome.stdout), delimiter="\t")} >= {"m0", "m60"}


def test_packs_are_listed_with_licences_and_verified() -> None:
    rows = list(csv.DictReader(io.StringIO(run("packs", "list", "--sources").stdout), delimiter="\t"))
    assert {row["organism"] for row in rows} >= {"hsapiens", "mmusculus", "athaliana"}
    assert all(row["licence"] and row["version"] for row in rows)
    assert run("packs", "verify", "scerevisiae").stdout.endswith("ok\n")


def test_a_published_pack_is_pulled_and_a_tampered_one_refused(tmp_path: Path) -> None:
    source = ROOT / "src" / "lifenode" / "packs" / "starter" / "ggallus"
    published = tmp_path / "published"
    published.mkdir()
    for file in source.iterdir():
        (published / file.name).write_bytes(file.read_bytes())
    good = run("packs", "pull", published.as_uri(), "--out", tmp_path / "packs")
    assert good.returncode == 0, good.stderr
    assert (tmp_path / "packs" / "ggallus-2026.11" / "manifest.json").is_file()
    with (published / "terms.parquet").open("r+b") as handle:
        handle.seek(100)
        handle.write(b"\0\0\0\0")
    bad = run("packs", "pull", published.as_uri(), "--out", tmp_path / "other")
    assert bad.returncode == 2
    assert "terms.parquet" in bad.stderr
    assert not any((tmp_path / "other").iterdir())
    refused = run("packs", "verify", published)
    assert refused.returncode == 2
    assert "terms.parquet" in refused.stderr
    assert len([word for word in refused.stderr.replace(",", " ").replace(".", " ").split() if len(word) == 64]) == 2


def test_selftest_passes() -> None:
    outcome = run("selftest")
    assert outcome.returncode == 0, outcome.stdout
    assert all(line.startswith("ok ") for line in outcome.stdout.splitlines())


def test_strict_says_that_something_was_lost() -> None:
    assert run("enrich", "-", "--strict", "--sources", "REAC", stdin="IL6 TNF CXCL8 nonsense1").returncode == 1
    assert run("enrich", "-", "--sources", "REAC", stdin="IL6 TNF CXCL8 nonsense1").returncode == 0


def test_a_reader_that_leaves_early_is_no_error() -> None:
    program = " ".join([*COMMAND, "enrich", str(EXAMPLE), "--all-results", "|", "head", "-1"])
    outcome = subprocess.run(["bash", "-o", "pipefail", "-c", program], capture_output=True, text=True, check=False)
    assert outcome.stdout.startswith("query\tsource\tterm_id")
    assert "Traceback" not in outcome.stderr
    assert outcome.returncode == 0


def test_interrupt_exits_with_130() -> None:
    process = subprocess.Popen([*COMMAND, "enrich", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in messages


def test_examples_of_the_help_keep_their_lines() -> None:
    assert "\n    lifenode enrich examples/inflammatory_response.txt --top 3\n" in run("enrich", "--help").stdout
    assert "printf 'TP53\\nENSG00000141510.17\\n' | lifenode convert -" in run("convert", "--help").stdout
