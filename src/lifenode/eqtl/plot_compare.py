"""`locuscompare_plot`: -log10 p of one trait against that of another, variant by variant."""

from __future__ import annotations

from functools import partial

import polars as pl

from lifenode.eqtl.locus_data import Panel
from lifenode.eqtl.plot_axes import Margins, key, left_axis
from lifenode.eqtl.plot_mirrored import panel_name
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_points import draw_names, draw_points, levels_of
from lifenode.eqtl.plot_scene import Area, Line, Scene, Text, shortened, tick_texts, ticks
from lifenode.eqtl.plot_tables import COMPARED, table_of
from lifenode.errors import BadTable

_LABELLED = 300
_LEAST_TOP = 3.0


def locuscompare_plot(first: Panel, second: Panel) -> Plot:
    """Draw the variants that two traits share, -log10 p of the first across and of the second upwards.

    Where both have the same causal variant, dots lie along one rising line; where each has its own, along both axes.

    Parameters
    ----------
    first, second
        Panels, as in `lifenode.eqtl.mirrored_plot`.

    Returns
    -------
    Plot
        With ``save("compare.svg")`` and ``table``: one row a shared variant.

    Raises
    ------
    BadTable
        They share no variant.
    """
    other = second.points.select("variant", pl.col("nlog10p").alias("nlog10p_2"), pl.col("beta").alias("beta_2"))
    points = first.points.join(other, on="variant", how="inner", maintain_order="left")
    if points.is_empty():
        raise BadTable("No variant is in both traits.", value=first.name, next_step="Choose traits of one region.")
    title = f"{panel_name(second)} against {panel_name(first)}, {points.height:,} shared variants"
    marked = [row for row, name in enumerate(points["variant"]) if name == _marked(first)]
    joined = Panel(
        first.dataset_id, first.name, first.trait, first.gene_id, points, "", (), False,
        marked[0] if marked else None, first.pip_word, first.symbol,
    )  # fmt: skip
    table = table_of(
        points.rename({"nlog10p": "nlog10p_1", "beta": "beta_1"}),
        COMPARED,
        {"first": first.name, "second": second.name},
    )
    axes = tuple(f"{panel.y_word}, {panel_name(panel)}" for panel in (first, second))
    return Plot(title, table, (), partial(_scene, joined, axes, title))


def _marked(panel: Panel) -> str:
    return "" if panel.lead is None else str(panel.points["variant"][panel.lead])


def _scene(joined: Panel, axes: tuple[str, ...], title: str, width: float, labelled: bool) -> Scene:
    margins = Margins.of(width)
    scene = Scene(width, 0, title)
    top = key(scene, margins.left, 14, width - margins.right, joined.pip_word) + 10
    side = min(width - margins.left - margins.right, 420.0)
    x, y = joined.points["nlog10p"].to_numpy(), joined.points["nlog10p_2"].to_numpy()
    first, second = max(float(x.max()) * 1.12, _LEAST_TOP), max(float(y.max()) * 1.12, _LEAST_TOP)
    area = Area(margins.left, top, side, side * 0.85, 0, first, 0, second)
    left_axis(scene, area, shortened(axes[1], "title", area.height))
    values = ticks(0, first, max(int(area.width // 60), 2))
    for value, text in zip(values, tick_texts(values), strict=True):
        at = float(area.across(value))
        scene.add(Line((at, at), (area.top, area.base), "grid"))
        scene.add(Text(at, area.base + 15, text, "tick", "middle"))
    name = shortened(axes[0], "title", area.width)
    scene.add(Text(area.left + area.width / 2, area.base + 34, name, "title", "middle"))
    places, heights = area.across(x), area.down(y)
    draw_points(scene, joined, places, heights, levels_of(joined, "pip"), _LABELLED if labelled else 0)
    draw_names(scene, joined, places, heights, area)
    scene.height = area.base + 44
    return scene
