from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import lifenode
from lifenode.enrichment.manhattan import ENDINGS, Plot, plot
from lifenode.enrichment.manhattan_words import p_text, shortened
from lifenode.errors import InvalidOption, MissingPart, OutputError, UnknownTerm
from lifenode.table import Table
from tests.enrichment.small_result import result_of, term, typical

TWO_LISTS = [term("WP", 1, 9, query="up"), term("GO:BP", 5, 40, query="down"), term("WP", 1, 2, query="down")]
CASES: dict[str, Table] = {
    "typical": result_of(typical()),
    "empty": result_of([]),
    "empty without meta": result_of([], terms={}),
    "nothing significant": result_of([term("WP", i, 0.5 + i / 1000) for i in range(1, 300)]),
    "one": result_of([term("REAC", 7, 25)]),
    "depleted": result_of([term("REAC", 7, 5), term("HP", 9, 3)], parameters={"underrepresented": True}),
    "three lists": result_of(TWO_LISTS, queries=["up", "down", "neither"]),
    "many lists": result_of([term("WP", i, i, query=f"list {i}") for i in range(2, 17)], queries=[]),
    "capped": result_of([*typical(), term("GO:BP", 1, 0, p_value=0.0, log10_p=-400.0)]),
    "own": result_of([term("a source with quite a long name", 7, 5)], terms={"a source with quite a long name": 50}),
}
STRANGE = "<script>alert('$x^2$')</script> 遺伝子\x1b[31m\n" + "very " * 60


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("format", ENDINGS)
def test_every_case_can_be_drawn(case: str, format: str) -> None:
    content = plot(CASES[case]).to_bytes(format)
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}[format]
    assert content.startswith(start)


@pytest.mark.parametrize("format", ENDINGS)
def test_the_same_result_gives_the_same_bytes(format: str) -> None:
    import matplotlib as mpl

    first = plot(CASES["three lists"]).to_bytes(format)
    with mpl.rc_context({"axes.grid": True, "font.family": "serif", "svg.hashsalt": None, "savefig.bbox": "tight"}):
        second = plot(CASES["three lists"]).to_bytes(format)
    assert first == second
    assert b"2026-" not in first.replace(b"hsapiens-2026", b"").replace(b"2012-2026", b"")


def test_pyplot_and_its_global_state_are_left_alone() -> None:
    code = (
        "import sys; from tests.enrichment.small_result import result_of;"
        "from lifenode.enrichment.manhattan import plot;"
        "assert not {'matplotlib', 'plotly', 'polars', 'pandas'} & set(sys.modules);"
        "plot(result_of([])).to_bytes('png'); assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_says_how_to_save(ending: str, tmp_path: Path) -> None:
    made = plot(CASES["one"], tmp_path / f"picture.{ending.upper()}")
    assert isinstance(made, Plot)
    assert (tmp_path / f"picture.{ending.upper()}").read_bytes() == made.to_bytes(ending)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["picture.gif", "picture", "svg"])
def test_other_endings_list_the_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match=r"\.png, \.svg, \.pdf or \.html"):
        plot(CASES["one"], tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        plot(CASES["one"], tmp_path / "missing" / "picture.svg")


@pytest.mark.parametrize(("library", "format"), [("matplotlib", "png"), ("plotly", "html")])
def test_a_missing_library_is_named(library: str, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingPart, match=rf"{library}.*lifenode\[plot\]"):
        plot(CASES["one"]).to_bytes(format)


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("empty", "No enriched terms"),
        ("nothing significant", "No enriched terms"),
        ("one", "Process 7 is the only enriched term"),
        ("depleted", "Process 7 leads 2 depleted terms"),
        ("three lists", "3 enriched terms in 3 lists"),
        ("many lists", "15 enriched terms in 15 lists"),
    ],
)
def test_the_title_states_the_finding(case: str, title: str) -> None:
    assert plot(CASES[case]).picture.words.title == title


def test_the_subtitle_says_how_the_result_came_about() -> None:
    assert plot(CASES["typical"]).picture.words.subtitle == (
        "199 of 200 identifiers mapped · Homo sapiens · p adjusted by gscs, threshold 0.05 · "
        "compared with the annotated genes of each source"
    )


def test_an_empty_picture_says_why_and_what_to_try() -> None:
    reason = plot(CASES["empty"]).picture.words.empty
    assert reason.startswith("None of 35,815 tested terms is enriched at 0.05 (gscs).")
    assert "ask for all results" in reason
    assert "faint dots" in plot(CASES["nothing significant"]).picture.words.empty


def test_lists_that_are_not_drawn_are_counted() -> None:
    picture = plot(CASES["many lists"]).picture
    assert len(picture.layout.facets) == 12
    assert "3 further lists not drawn" in picture.words.footer
    assert picture.key.headings == ("strongest in", "p adjusted", "genes in term")
    assert picture.key.rows[0].cells == ("list 13", "1.0e-13", "200")


def test_the_key_compares_few_lists() -> None:
    key = plot(CASES["three lists"]).picture.key
    assert key.headings == ("up", "down", "neither", "genes in term")
    assert [(row.term_id, row.cells) for row in key.rows] == [
        ("GO:BP:00005", ("–", "1.0e-40", "–", "200")),
        ("WP:00001", ("1.0e-09", "0.01", "–", "200")),
    ]


def test_the_key_of_one_list_has_its_counts() -> None:
    (row,) = plot(CASES["one"]).picture.key.rows
    assert row.cells == ("1.0e-25", "20 of 199", "200")


def test_strange_names_are_shown_as_text_in_every_format() -> None:
    rows = [term("WP", 1, 9, name=STRANGE, query=STRANGE), term("<b>", 2, 8, name="", query="b")]
    made = plot(result_of(rows, queries=[]))
    page = made.to_bytes("html").decode()
    assert "<script>alert" not in page
    assert "<b>" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "\\u003cscript" not in page
    ET.fromstring(made.to_bytes("svg"))  # noqa: S314  # our own bytes
    assert made.to_bytes("png")


def test_the_page_asks_for_nothing_and_sends_nothing() -> None:
    page = plot(CASES["typical"]).to_bytes("html").decode()
    outside_script = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "default-src 'none'" in outside_script
    assert not re.search(r"(src|href)\s*=", outside_script.replace("default-src", "").replace("script-src", ""))
    assert re.search(r'"modeBarButtons":\s*\[\["toImage"', page)


def test_the_interactive_figure_has_a_trace_a_source_and_hover_with_counts() -> None:
    figure: Any = plot(CASES["three lists"]).interactive
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [(trace.name, trace.xaxis, trace.showlegend) for trace in dots] == [
        ("WP", "x", True),
        ("GO:BP", "x2", True),
        ("WP", "x2", False),
    ]
    assert dots[0].hovertext[0] == "<b>WP:00001</b> (200)<br>process 1<br>1.000e-09<br>20 of 199 genes of the list"
    pins = [trace for trace in figure.data if trace.mode == "lines+markers+text"]
    assert [(trace.text[1], trace.legendgroup) for trace in pins] == [
        ("<b>2</b>", "WP"),
        ("<b>1</b>", "GO:BP"),
        ("<b>2</b>", "WP"),
    ]
    assert all(figure.layout.yaxis.range[1] >= trace.y[1] for trace in pins)


def test_large_results_use_webgl() -> None:
    figure: Any = plot(result_of([term("GO:BP", i, 1 + i / 1000) for i in range(1, 6500)])).interactive
    assert {trace.type for trace in figure.data if trace.mode == "markers"} == {"scattergl"}


def test_chosen_terms_and_unknown_ones() -> None:
    made = plot(CASES["typical"], terms=[CASES["typical"]["term_id"][3]])
    assert [row.term_id for row in made.picture.key.rows] == [CASES["typical"]["term_id"][3]]
    assert "Numbered" not in made.picture.words.legend
    with pytest.raises(UnknownTerm):
        plot(CASES["typical"], terms=["GO:0"])


def test_a_notebook_shows_the_picture() -> None:
    made = plot(CASES["one"])
    assert made._repr_png_().startswith(b"\x89PNG")
    assert repr(made) == "<Plot: Process 7 is the only enriched term>"
    assert made.figure is made.figure


@pytest.mark.parametrize(
    ("p", "height", "text"),
    [
        (1.0, 0, "1"),
        (0.0123, 1.91, "0.012"),
        (1.9e-50, 49.7, "1.9e-50"),
        (0.0, 399.7, "2.0e-400"),
        (0.0, 400.001, "1.0e-400"),
    ],
)
def test_p_values_are_written_for_reading(p: float, height: float, text: str) -> None:
    assert p_text(p, height) == text


def test_long_names_are_cut_at_a_word() -> None:
    assert shortened("regulation of multicellular organismal process", 30) == "regulation of multicellular…"
    assert shortened("x" * 40, 10) == "x" * 9 + "…"
    assert shortened("short", 10) == "short"


def test_messenger_rna_keeps_its_small_letter() -> None:
    words = plot(result_of([term("GO:BP", 1, 9, name="mRNA processing")])).picture.words
    assert words.title == "mRNA processing is the only enriched term"


def test_a_result_of_a_starter_pack_can_be_drawn_and_exported() -> None:
    genes = ["RPL3", "RPL4A", "RPL5", "RPS3", "RPS5", "RPS6A", "RPP0", "RPL10"]
    result = lifenode.enrich(genes, organism="scerevisiae", sources=["GO"], correction="fdr")
    picture = result.plot().picture
    assert [block.source for block in picture.layout.blocks] == ["GO:MF", "GO:BP", "GO:CC"]
    assert picture.words.title.endswith(f"{len(result)} enriched terms")
    assert result.plot().to_bytes("svg") == result.plot().to_bytes("svg")
    gem = [line.split("\t") for line in result.to_gem().splitlines()[1:]]
    sets = {line.split("\t")[0]: set(line.split("\t")[2:]) for line in result.to_gmt().splitlines()}
    assert len(gem) == len(result) == len(sets)
    assert all(set(cells[5].split(",")) <= sets[cells[0]] for cells in gem)
