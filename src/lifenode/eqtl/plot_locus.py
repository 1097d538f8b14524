"""`locus_plot`: -log10 p against position, one panel a data set, over the genes of the place."""

from __future__ import annotations

from functools import partial

from lifenode.eqtl.locus_data import Locus, Panel
from lifenode.eqtl.plot_axes import Margins, genome_wide, key, left_axis, position_axis, rate_axis
from lifenode.eqtl.plot_genes import GeneModel, draw_track, track_of
from lifenode.eqtl.plot_picture import WIDE, Plot
from lifenode.eqtl.plot_points import Drawn, draw_names, draw_points, levels_of, points_table, strongest
from lifenode.eqtl.plot_scene import Area, Scene, Text, shortened
from lifenode.eqtl.plot_tables import point_rows
from lifenode.errors import InvalidOption

_HEIGHTS = {1: 220.0, 2: 170.0, 3: 140.0}
_LOW = 120.0
_HEAD = 24.0
_AXIS = 44.0
# Dots with a label, in all; each takes some forty bytes of a packed page.
_LABELLED = 700
_ROWS = 5
_LEAST_TOP = 3.0


def locus_plot(locus: Locus, *, colour: str = "pip") -> Plot:
    """Draw a locus.

    Parameters
    ----------
    locus
        What `lifenode.eqtl.locus` returns.
    colour
        ``pip``, or ``ld`` for r² to the lead of each panel, where that is known.

    Returns
    -------
    Plot
        With ``save("locus.svg")`` (or png, pdf) and ``table``, the values of every dot.

    Raises
    ------
    InvalidOption
        There is no such colour.

    Notes
    -----
    The strongest variants, and those of credible sets, have a label each, 700 in all; the others are drawn as one mark
    a colour, and of those that lie on each other within 1.5 pixels one. ``notes`` says how many these are.
    """
    if colour not in ("pip", "ld"):
        raise InvalidOption(f"colour cannot be {colour[:20]!r}.", value=colour, next_step="It is pip or ld.")
    colour = "ld" if colour == "ld" and locus.has_ld else "pip"
    draw = partial(_scene, locus, colour)
    notes = _notes(locus, colour)
    return Plot(_title(locus), point_rows(points_table(locus.panels), notes), notes, draw)


def _title(locus: Locus) -> str:
    what = "1 data set" if len(locus.panels) == 1 else f"{len(locus.panels)} data sets"
    return f"Associations at {locus.subject} in {what}"


def _notes(locus: Locus, colour: str) -> tuple[str, ...]:
    counts: list[str] = []
    _scene(locus, colour, WIDE, True, counts)
    return (*locus.notes, *counts)


def _scene(locus: Locus, colour: str, width: float, labelled: bool, counts: list[str] | None = None) -> Scene:
    margins = Margins.of(width, right_axis=bool(locus.recombination))
    height = _HEIGHTS.get(len(locus.panels), _LOW)
    region = locus.region
    across = Area(margins.left, 0, width - margins.left - margins.right, 1, region.start, region.end, 0, 1)
    asked = locus.gene.gene_id if locus.gene else ""
    track = track_of(locus.genes, across, asked, _ROWS if width >= WIDE else _ROWS + 3)
    scene = Scene(width, 0, _title(locus))
    below_key = key(scene, margins.left, 14, width - margins.right, "ld" if colour == "ld" else "PIP") + 10
    genes_top = below_key + len(locus.panels) * (_HEAD + height)
    scene.height = genes_top + track.height + 12 + _AXIS
    drawn = []
    for number, panel in enumerate(locus.panels):
        top = below_key + number * (_HEAD + height) + _HEAD
        high = max(strongest(panel) * 1.15, _LEAST_TOP)
        area = Area(margins.left, top, across.width, height - 8, region.start, region.end, 0, high)
        drawn.append(_panel(scene, locus, panel, area, colour, _LABELLED // len(locus.panels) if labelled else 0))
    draw_track(scene, track, genes_top + 6, asked)
    position_axis(scene, across, genes_top + track.height + 12, region.chromosome)
    if track.left_out:
        scene.height += 16
        scene.add(Text(across.right, scene.height - 6, f"{track.left_out} more genes without room", "note", "end"))
    if counts is not None:
        merged, variants = sum(one.merged for one in drawn), sum(one.variants for one in drawn)
        named = sum(one.labelled for one in drawn)
        if named < variants:
            counts.append(f"of {variants:,} variants the {named:,} strongest say what they are under the pointer")
        if merged:
            counts.append(f"{merged:,} that lie on another of their colour are drawn once")
        if track.left_out:
            counts.append(f"{track.left_out:,} genes found no room in the track")
    return scene


def _panel(scene: Scene, locus: Locus, panel: Panel, area: Area, colour: str, budget: int) -> Drawn:
    left_axis(scene, area, panel.y_word)
    scene.add(Text(area.left, area.top - 8, shortened(panel_head(panel, locus), "head", area.width), "head"))
    if locus.recombination:
        rate_axis(scene, area, locus.recombination)
    if panel.is_gwas:
        genome_wide(scene, area)
    x, y = area.across(panel.points["position"].to_numpy()), area.down(panel.points["nlog10p"].to_numpy())
    if not len(x):
        scene.add(Text((area.left + area.right) / 2, area.top + area.height / 2, "nothing here", "note", "middle"))
    drawn = draw_points(scene, panel, x, y, levels_of(panel, colour), budget)
    draw_names(scene, panel, x, y, area)
    return drawn


def panel_head(panel: Panel, locus: Locus) -> str:
    """Return the line above a panel: the data set, and the trait where it is not the gene asked for."""
    symbol = next(
        (gene.name for gene in (*locus.genes, *_asked(locus)) if gene.gene_id == panel.gene_id), panel.gene_id
    )
    trait = panel.trait if panel.trait not in (panel.gene_id, panel.dataset_id) else ""
    symbol = "" if trait.startswith(symbol) else symbol
    words = [symbol, trait]
    return ": ".join(part for part in (panel.name, " ".join(word for word in words if word)) if part)


def _asked(locus: Locus) -> tuple[GeneModel, ...]:
    return (locus.gene,) if locus.gene else ()
