"""Forest plots and plots of credible sets: what is drawn is what the table says."""

from __future__ import annotations

import re

import polars as pl
import pytest

from lifenode.eqtl.plot_forest import MOST_ROWS, forest_plot
from lifenode.eqtl.plot_sets import credible_sets_plot


def effects(count: int) -> pl.DataFrame:
    numbers = list(range(count))
    return pl.DataFrame({
        "label": [f"tissue <{number}>" for number in numbers],
        "variant": ["chr1_5_A_G"] * count,
        "dataset_id": [f"QTD{number:06}" for number in numbers],
        "gene_id": ["ENSG00000000001"] * count,
        "molecular_trait_id": ["ENSG00000000001"] * count,
        "beta": [0.1 * (number % 5) - 0.2 for number in numbers],
        "se": [0.05 if number % 7 else None for number in numbers],
        "nlog10p": [float(number) for number in numbers],
    })  # fmt: skip


def test_intervals_are_1_96_standard_errors_and_the_strongest_is_on_top() -> None:
    plot = forest_plot(effects(10), "Effect")
    rows = plot.table.to_dicts()
    assert [row["nlog10p"] for row in rows] == sorted((row["nlog10p"] for row in rows), reverse=True)
    for row in rows:
        if row["se"] == row["se"]:
            assert row["upper"] - row["lower"] == pytest.approx(2 * 1.959963984540054 * row["se"])
    picture = plot.page()
    assert picture.count("<circle") == 10
    assert "tissue &lt;9&gt;" in picture
    assert "tissue <9>" not in picture


@pytest.mark.parametrize("count", [1, MOST_ROWS + 40])
def test_one_row_and_many_are_drawn(count: int) -> None:
    plot = forest_plot(effects(count), "Effect")
    assert len(plot.table) == count
    assert plot.page().count("<circle") == min(count, MOST_ROWS)
    assert any("are drawn" in note for note in plot.notes) == (count > MOST_ROWS)
    assert plot.to_bytes("png")[:4] == b"\x89PNG"


def test_dots_lie_where_effects_are() -> None:
    plot = forest_plot(effects(5), "Effect")
    x = [float(found) for found in re.findall(r'<circle cx="([\d.]+)"', plot.page())]
    betas = [row["beta"] for row in plot.table.to_dicts()]
    steps = [(b - a) / (d - c) for a, b, c, d in zip(x, x[1:], betas, betas[1:], strict=False)]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-2)


def test_effects_of_none_do_not_break_the_axis() -> None:
    assert "<svg" in forest_plot(effects(5).with_columns(beta=pl.lit(0.0), se=pl.lit(None, pl.Float64)), "E").page()


def test_every_variant_of_a_set_is_drawn() -> None:
    rows = pl.DataFrame({
        "label": ["muscle"] * 3 + ["blood"], "dataset_id": ["Q1"] * 3 + ["Q2"], "molecular_trait_id": ["G"] * 4,
        "cs_id": ["G_L1"] * 4, "variant": ["chr1_1_A_G", "chr1_9_A_G", "chr1_5_A_G", "chr1_5_A_G"],
        "rsid": ["rs1", None, "rs3", "rs3"], "position": [1, 9, 5, 5], "pip": [0.2, 0.05, 0.7, 0.99],
        "chromosome": ["1"] * 4,
    })  # fmt: skip
    plot = credible_sets_plot(rows, "Sets")
    picture = plot.page()
    assert len(re.findall(r"<title>[^<]*PIP", picture)) == 4
    assert picture.index("blood") < picture.index("muscle")
    assert len(plot.table) == 4
