"""Points of an association plot: coloured by level, the strong with a label each, the many weak as one mark."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lifenode.eqtl.locus_data import Panel, point_label
from lifenode.eqtl.plot_scene import LEVELS, Area, Dot, Dots, Floats, Scene, Text, text_width

_RADIUS, _SMALL_RADIUS, _NARROW = 3.2, 2.5, 500.0
PIP_EDGES = (0.01, 0.1, 0.5, 0.9)
PIP_WORDS = ("< 0.01", "0.01-0.1", "0.1-0.5", "0.5-0.9", "\u2265 0.9")
LD_EDGES = (0.2, 0.4, 0.6, 0.8)
LD_WORDS = ("< 0.2", "0.2-0.4", "0.4-0.6", "0.6-0.8", "\u2265 0.8")
# Dots that lie within so many pixels of each other are one dot to the eye.
_CELL = 1.5
_NAME = 10.0


class Drawn(NamedTuple):
    """How many variants were drawn, how many of these have a label, and how many lie on another."""

    variants: int
    labelled: int
    merged: int


def levels_of(panel: Panel, colour: str) -> npt.NDArray[np.intp]:
    """Return the level of each variant, 0 to 4, by ``pip`` or by ``ld``; what is not known has the lowest."""
    column, edges = ("r2_lead", LD_EDGES) if colour == "ld" else ("pip", PIP_EDGES)
    values = panel.points[column].fill_null(float("nan")).to_numpy()
    return np.asarray(np.searchsorted(np.array(edges), np.nan_to_num(values, nan=-1.0), side="right"))


def draw_points(scene: Scene, panel: Panel, x: Floats, y: Floats, levels: npt.NDArray[np.intp], budget: int) -> Drawn:
    """Draw the variants of a panel.

    Parameters
    ----------
    scene
        Where to.
    x, y
        Pixels of each variant.
    levels
        Colour of each.
    budget
        Most dots with a label; the others are drawn as one mark a colour, without.
    """
    radius = _RADIUS if scene.width > _NARROW else _SMALL_RADIUS
    in_set = (panel.points["credible_set"] != "").to_numpy()
    strength = panel.points["nlog10p"].to_numpy()
    lead = -1 if panel.lead is None else panel.lead
    order = np.lexsort((-strength, -levels, ~in_set))
    labelled = np.zeros(len(x), dtype=bool)
    labelled[order[: max(budget, int(in_set.sum())) if budget else 0]] = True
    if lead >= 0:
        labelled[lead] = True
    among = ~labelled & ~in_set
    kept = _apart(x, y, levels, among)
    for level in range(len(LEVELS)):
        rows = np.flatnonzero(kept & (levels == level))
        if len(rows):
            scene.add(Dots(x[rows], y[rows], radius, f"level{level}"))
    named = np.flatnonzero((labelled | in_set) & (np.arange(len(x)) != lead))
    named = named[np.lexsort((strength[named], levels[named]))]
    rows_of = panel.points[named.tolist()].to_dicts()
    for at, row in zip(named.tolist(), rows_of, strict=True):
        label = point_label(row, panel) if labelled[at] else ""
        own = radius + 0.3 * in_set[at]
        scene.add(Dot(x[at], y[at], own, f"level{levels[at]}", label, marked=bool(in_set[at])))
    if lead >= 0:
        label = point_label(panel.points.row(lead, named=True), panel)
        scene.add(Dot(x[lead], y[lead], radius + 1.2, f"level{levels[lead]}", label, "diamond", marked=True))
    return Drawn(len(x), int(labelled.sum()), int(among.sum() - kept.sum()))


def _apart(x: Floats, y: Floats, levels: npt.NDArray[np.intp], among: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which of the dots `among` are drawn: one of those of a colour that lie on each other."""
    rows = np.flatnonzero(among)
    cells = np.stack([levels[rows], np.floor(x[rows] / _CELL), np.floor(y[rows] / _CELL)], axis=1).astype(np.int64)
    _, first = np.unique(cells, axis=0, return_index=True)
    kept = np.zeros(len(x), dtype=bool)
    kept[rows[first]] = True
    return kept


def draw_names(scene: Scene, panel: Panel, x: Floats, y: Floats, area: Area, *, below: bool = False) -> None:
    """Write the names of the lead and of the leads of credible sets above their dots (or `below`), if there is room."""
    taken: list[tuple[float, float, float, float]] = []
    for row in panel.named_leads():
        name = str(panel.points["rsid"][row] or panel.points["variant"][row]).split(",")[0]
        width = text_width(name, "name")
        left = min(max(x[row] - width / 2, area.left), area.right - width)
        line = y[row] + (_NAME + 10 if below else -_NAME)
        box = left, line - 12, left + width, line + 2
        if all(box[0] > b[2] or box[2] < b[0] or box[1] > b[3] or box[3] < b[1] for b in taken):
            taken.append(box)
            scene.add(Text(left, line, name, "name"))


def strongest(panel: Panel) -> float:
    """Return the largest -log10 p of a panel, 0 without variants."""
    value = panel.points["nlog10p"].max()
    return float(value) if isinstance(value, int | float) else 0.0


def points_table(panels: tuple[Panel, ...]) -> pl.DataFrame:
    """Return the points of all panels, panel by panel."""
    frames = [
        panel.points.select(
            pl.lit(panel.dataset_id).alias("dataset_id"),
            pl.lit(panel.gene_id).alias("gene_id"),
            pl.lit(panel.trait).alias("molecular_trait_id"),
            pl.all(),
        )
        for panel in panels
    ]
    return pl.concat(frames)
