"""`mirrored_plot`: two traits at one locus, one upwards and one downwards, over the same positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from lifenode.eqtl.locus_data import Panel
from lifenode.eqtl.plot_axes import Margins, genome_wide, key, left_axis, position_axis
from lifenode.eqtl.plot_genes import GeneModel, draw_track, track_of
from lifenode.eqtl.plot_picture import WIDE, Plot
from lifenode.eqtl.plot_points import draw_names, draw_points, levels_of, points_table, strongest
from lifenode.eqtl.plot_scene import Area, Floats, Line, Scene, Text, shortened
from lifenode.eqtl.plot_tables import point_rows
from lifenode.eqtl.query import Region

_HEIGHT = 160.0
_LABELLED = 250
_ROWS = 3
_LEAST_TOP = 3.0


def mirrored_plot(first: Panel, second: Panel, region: Region, genes: Sequence[GeneModel] = ()) -> Plot:
    """Draw two traits of one locus against each other: the first upwards, the second downwards.

    Parameters
    ----------
    first, second
        Panels, such as those of `lifenode.eqtl.locus` or of a compared pair.
    region
        The stretch shown.
    genes
        Genes to draw below.

    Returns
    -------
    Plot
        With ``save("mirrored.svg")`` and ``table``. Dots are coloured by ``pip``; a line joins the marked variants.
    """
    title = f"{panel_name(first)} above {panel_name(second)}, chr{region.chromosome}:{region.start:,}-{region.end:,}"
    first, second = within(first, region), within(second, region)
    draw = partial(_scene, first, second, region, tuple(genes), title)
    return Plot(title, point_rows(points_table((first, second)), ()), (), draw)


def within(panel: Panel, region: Region) -> Panel:
    """Return a panel with the variants of a region."""
    inside = panel.points["position"].is_between(region.start, region.end)
    marked = panel.marked
    if marked is not None:
        marked = int(inside[:marked].sum()) if inside[marked] else None
    return replace(panel, points=panel.points.filter(inside), marked=marked)


def panel_name(panel: Panel) -> str:
    """Return the data set and the trait of a panel."""
    trait = panel.symbol if panel.symbol and panel.trait == panel.gene_id else panel.trait
    return panel.name if trait in ("", panel.name, panel.dataset_id) else f"{panel.name}: {trait}"


def _scene(
    first: Panel, second: Panel, region: Region, genes: tuple[GeneModel, ...], title: str, width: float, labelled: bool
) -> Scene:
    margins = Margins.of(width)
    inner = width - margins.left - margins.right
    across = Area(margins.left, 0, inner, 1, region.start, region.end, 0, 1)
    track = track_of(genes, across, first.gene_id, _ROWS if width >= WIDE else _ROWS + 3)
    scene = Scene(width, 0, title)
    top = key(scene, margins.left, 14, width - margins.right, first.pip_word) + 32
    above = across._replace(top=top, height=_HEIGHT, high=max(strongest(first) * 1.15, _LEAST_TOP))
    below = across._replace(top=above.base + 10, height=_HEIGHT, high=max(strongest(second) * 1.15, _LEAST_TOP))
    budget = _LABELLED if labelled else 0
    scene.add(Text(above.left, above.top - 8, shortened(panel_name(first), "head", inner), "head"))
    scene.add(Text(below.left, below.base + 17, shortened(panel_name(second), "head", inner), "head"))
    for panel, area, turned in ((first, above, False), (second, below, True)):
        left_axis(scene, area, panel.y_word, turned=turned)
        if panel.is_gwas:
            genome_wide(scene, area, turned=turned)
    marked = next(
        (panel.points["position"][panel.marked] for panel in (first, second) if panel.marked is not None), None
    )
    if marked is not None:
        x = float(across.across(marked))
        scene.add(Line((x, x), (above.top, below.base), "chosen"))
    for panel, area, turned in ((first, above, False), (second, below, True)):
        x_of = area.across(panel.points["position"].to_numpy())
        y_of = _down(area, panel.points["nlog10p"].to_numpy(), turned)
        draw_points(scene, panel, x_of, y_of, levels_of(panel, "pip"), budget)
        draw_names(scene, panel, x_of, y_of, area, below=turned)
        if not len(x_of):
            scene.add(Text((area.left + area.right) / 2, area.top + 80, "no p-values are held", "note", "middle"))
    genes_top = below.base + 28
    draw_track(scene, track, genes_top, first.gene_id)
    position_axis(scene, across, genes_top + track.height + 6, region.chromosome)
    scene.height = genes_top + track.height + 6 + 44
    return scene


def _down(area: Area, values: Floats, turned: bool) -> Floats:
    y = area.down(values)
    return area.top + area.base - y if turned else y
