"""What a person sees of `lifenode eqtl`, and what a script gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import ROOT, seen, shell
from tests.eqtl.made import row, text, write
from tests.eqtl.tree_server import tree

EXAMPLES = ROOT / "examples" / "eqtl"


def test_results_go_to_standard_output_and_the_rest_to_standard_error(tmp_path: Path) -> None:
    done = shell(f"lifenode eqtl ingest {EXAMPLES} --catalogue cat", tmp_path)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert "QTD000085: duplicate_rsid: 69 repaired (row 131, 132," in done.stderr
    assert "1,105 rows read" in done.stderr
    again = shell(f"lifenode eqtl ingest {EXAMPLES} --catalogue cat --format json", tmp_path)
    assert [each["status"] for each in json.loads(again.stdout)["result"]] == ["unchanged", "unchanged"]


def test_strict_is_in_the_exit_code_and_findings_in_a_table(tmp_path: Path) -> None:
    done = shell(f"lifenode eqtl ingest {EXAMPLES} --catalogue cat --strict --findings found.tsv", tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("refused") == 2
    lines = (tmp_path / "found.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t")[:5] == ["dataset_id", "file", "finding", "action", "count"]
    assert len(lines) == 4
    allowed = "--allow duplicate_rsid --allow pip_sum_doubled"
    assert shell(f"lifenode eqtl ingest {EXAMPLES} --catalogue cat --strict {allowed}", tmp_path).returncode == 0


def test_a_pipe_gets_all_rows_in_full_precision(tmp_path: Path) -> None:
    done = shell("lifenode eqtl query --gene ENSG00000113161 --p-value 1e-7 | cut -f 8,11-13", tmp_path)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == ["variant", "beta", "se", "pvalue"]
    assert ["chr5_75355259_A_G", "0.0825859", "0.0139301", "9.16783e-09"] in lines
    assert all(float(line[3]) <= 1e-7 for line in lines[1:])
    assert shell("lifenode eqtl associations --gene ENSG00000113161 --p-value 1e-7", tmp_path).stdout.count(
        "\n"
    ) == len(lines)


def test_a_terminal_gets_twenty_rows_and_is_told_of_more(tmp_path: Path) -> None:
    shown = seen("lifenode eqtl query --region 5:75300000-75400000", tmp_path)
    assert "more rows: --format tsv shows all" in shown[0]
    assert len(shown) == 22


def test_nothing_found_is_said(tmp_path: Path) -> None:
    done = shell("lifenode eqtl query --gene ENSG00000000000 --format table", tmp_path)
    assert (done.returncode, done.stderr) == (0, "nothing found\n")


def test_a_cut_answer_and_a_lost_data_set_are_said(tmp_path: Path) -> None:
    for number in (1, 2):
        write(tmp_path / f"in/QTD00000{number}.all.tsv", [row(at) for at in range(1, 9)])
    shell("lifenode eqtl ingest in --catalogue cat", tmp_path)
    next((tmp_path / "cat/assoc_trait/release=local/dataset=QTD000001").rglob("*.parquet")).unlink()
    done = shell("lifenode eqtl query --catalogue cat --gene ENSG00000000001 --limit 3", tmp_path)
    assert "QTD000001 is unavailable: assoc_trait/release=local" in done.stderr
    assert "cut at 3 rows: there are more" in done.stderr
    assert done.stdout.count("\n") == 4
    assert "unavailable: " in shell("lifenode eqtl datasets --catalogue cat", tmp_path).stdout


def test_mistakes_have_one_line_and_exit_code_2(tmp_path: Path) -> None:
    for line, words in (
        ("lifenode eqtl query --catalogue nowhere --gene X", "is not a catalogue"),
        ("lifenode eqtl query --variant chr1_2", "is not a variant"),
        ("lifenode eqtl query --p-value 0.1", "alone would search everything"),
        ("lifenode eqtl query --dataset QTD00008x --gene X", "Did you mean QTD000"),
        ("lifenode eqtl credible-sets --region 5", "is not a region"),
        ("lifenode eqtl ingest nowhere --catalogue cat", "There is no folder"),
        ("lifenode eqtl ingest . --catalogue cat --allow x", "There is no finding"),
        ("lifenode eqtl datasets --output nowhere/x.tsv", "there is no folder"),
    ):
        done = shell(line, tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), line
        assert words in done.stderr, line
        assert done.stderr.count("\n") == 1


def test_coloc_of_two_tables_is_that_of_the_library(tmp_path: Path) -> None:
    files = "examples/hmgcr_muscle_eqtl.tsv.gz examples/hmgcr_ldl_gwas.tsv.gz"
    asked = f"lifenode eqtl coloc {files} --n-1 288 --n-2 440546"
    told = shell(asked)
    head, row = (line.split("\t") for line in told.stdout.splitlines())
    found = dict(zip(head, row, strict=True))
    assert found["nsnps"] == "1003"
    assert abs(float(found["PP.H4.abf"]) - 0.988514962608045) < 1e-6
    variants = shell(f"{asked} --variants").stdout.splitlines()
    assert len(variants) == 1004
    assert len(shell(f"{asked} --sensitivity").stdout.splitlines()) == 101
    wrong = tmp_path / "wrong.tsv"
    wrong.write_text("snp\tbeta\n1\t2\t3\n")
    refused = shell(f"lifenode eqtl coloc {wrong} {wrong}")
    assert refused.returncode == 2
    assert "wrong.tsv could not be read as a table" in refused.stderr


@pytest.mark.network
def test_an_address_is_fetched_or_refused_with_the_next_step(tmp_path: Path) -> None:
    with tree({"sumstats/QTS000001/QTD000001/QTD000001.all.tsv": text([row(at) for at in range(1, 9)])}) as server:
        line = f"lifenode eqtl ingest {server.url('sumstats/')} --catalogue cat --files kept --dataset QTD000001"
        refused = shell(line, tmp_path)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"{server.url('sumstats/')!r} is not fetched" in refused.stderr
        assert "LIFENODE_EQTL_HOSTS=" in refused.stderr
        assert not server.asked
        done = shell(line, tmp_path, LIFENODE_EQTL_HOSTS=server.host)
    assert (done.returncode, "QTD000001\tingested\t8" in done.stdout) == (0, True)
    assert (tmp_path / "kept/sumstats/QTS000001/QTD000001/QTD000001.all.tsv").is_file()


def test_genes_go_by_symbol_and_a_name_of_several_is_told(tmp_path: Path) -> None:
    by_id = shell("lifenode eqtl query --gene ENSG00000113161 --top 2", tmp_path)
    by_symbol = shell("lifenode eqtl query --gene HMGCR --top 2", tmp_path)
    assert by_symbol.stdout == by_id.stdout
    assert len(shell("lifenode eqtl credible-sets --gene ISG15", tmp_path).stdout.splitlines()) == 15
    done = shell("lifenode eqtl query --gene H4", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('error: "H4" can be ENSG')
    assert "Ensembl id" in done.stderr
    unknown = shell("lifenode eqtl query --gene HMGCRR", tmp_path)
    assert (unknown.returncode, "Did you mean HMGCR?" in unknown.stderr) == (2, True)


def test_a_locus_against_the_catalogue(tmp_path: Path) -> None:
    gwas = ROOT / "examples/hmgcr_ldl_gwas.tsv.gz"
    done = shell(f"lifenode eqtl colocalise {gwas} --n 440546 | cut -f 3,6,13", tmp_path)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == ["gene_id", "nsnps", "pp_h4"]
    assert [line[0] for line in lines[1:]] == ["ENSG00000113161", "ENSG00000152359", "ENSG00000113163"]
    assert float(lines[1][2]) > 0.99
    stored = shell("lifenode eqtl colocalise --stored QTD000085 --stored-gene HMGCR --gene COL4A3BP", tmp_path)
    assert [line.split("\t")[1] for line in stored.stdout.splitlines()[1:]] == ["ENSG00000113163"]
    refused = shell(f"lifenode eqtl colocalise {gwas} --stored QTD000085", tmp_path)
    assert (refused.returncode, "one of both" in refused.stderr) == (2, True)
