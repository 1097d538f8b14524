from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lifenode.enrichment.export import GEM_HEADER, gem_text, gmt_text
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

Row = tuple[str, str, str, str, float, list[str]]


def result_of(rows: Sequence[Row], *, genes: bool = True) -> Table:
    kinds: list[Any] = ["text", "text", "text", "text", "number", "list"]
    names = ["query", "source", "term_id", "name", "p_value", "intersection"]
    chosen = range(len(names) if genes else len(names) - 1)
    columns = [Column(names[i], kinds[i], "") for i in chosen]
    return Table(columns, {names[i]: [row[i] for row in rows] for i in chosen}, {}, len(rows))


ROWS: list[Row] = [
    ("q", "GO:BP", "GO:0006954", "inflammatory response", 1.9e-50, ["IL6", "TNF"]),
    ("q", "KEGG", "KEGG:04668", "TNF signaling pathway", 1e-20, ["TNF"]),
    ("q", "TF", "TF:M00001", "Factor: MyoD", 1e-3, ["TNF"]),
    ("q", "WP", "WP5473", "a\tname\nbroken", 0.1 + 0.2, ["a,b", "c\td"]),
]


def test_gem_bytes() -> None:
    assert gem_text(result_of(ROWS)) == (
        "GO.ID\tDescription\tp.Val\tFDR\tPhenotype\tGenes\n"
        "GO:0006954\tinflammatory response\t1.9e-50\t1.9e-50\t+1\tIL6,TNF\n"
        "WP5473\ta name broken\t0.30000000000000004\t0.30000000000000004\t+1\ta;b,c d\n"
    )


def test_given_intersections_are_used() -> None:
    text = gem_text(result_of(ROWS[:1], genes=False), [["CXCL8"]])
    assert text.splitlines()[1].endswith("\t+1\tCXCL8")


def test_an_empty_result_is_a_header() -> None:
    assert gem_text(result_of([])) == "\t".join(GEM_HEADER) + "\n"


def test_a_gem_without_genes_says_how_to_get_them() -> None:
    with pytest.raises(InvalidOption, match="evidence=True"):
        gem_text(result_of(ROWS, genes=False))


def test_several_lists_do_not_share_a_gem() -> None:
    rows = [ROWS[0], ("down", *ROWS[0][1:])]
    with pytest.raises(InvalidOption, match="has 2"):
        gem_text(result_of(rows))
    only = result_of(rows)
    assert len(gem_text(only.filter(only["query"] == "down")).splitlines()) == 2


def test_gmt_bytes() -> None:
    rows = [
        ("GO:1", "one", ["A", "B"]),
        ("KEGG:1", "not ours to give", ["A"]),
        ("TF:M1_2", "nor this", ["A"]),
        ("GO:2", "no genes", []),
        ("GO:1", "again", ["C"]),
        ("TFX", "a name that only looks alike", ["tab\there"]),
    ]
    assert gmt_text(rows) == "GO:1\tone\tA\tB\nTFX\ta name that only looks alike\ttab here\n"
    assert gmt_text([]) == ""


def test_the_layout_is_that_of_a_gem_file_in_use(shared_data: Path) -> None:
    real = (shared_data / "enrichment" / "cran_gprofiler2_gProfiler.gem.txt").read_text()
    header, *lines = [line.split("\t") for line in real.splitlines()]
    rows: list[Row] = [("q", "", cells[0], cells[1], float(cells[2]), cells[5].split(",")) for cells in lines]
    ours = [line.split("\t") for line in gem_text(result_of(rows)).splitlines()]
    assert tuple(header) == GEM_HEADER
    assert len(rows) == 134
    # R writes 15 digits and pads some; the numbers, and every other cell, are the same.
    assert [[*cells[:2], float(cells[2]), float(cells[3]), *cells[4:]] for cells in ours[1:]] == [
        [*cells[:2], float(cells[2]), float(cells[3]), *cells[4:]] for cells in lines
    ]


def test_gmt_reads_back_as_the_sets_it_was_made_from(shared_data: Path) -> None:
    text = (shared_data / "enrichment" / "biocarta.gmt").read_text()
    rows = [(name, note, genes) for name, note, *genes in (line.split("\t") for line in text.splitlines())]
    assert gmt_text(rows).split() == text.split()
