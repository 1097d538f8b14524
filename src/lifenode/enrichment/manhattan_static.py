"""Draw a Manhattan picture with matplotlib. Lengths are points (1/72 inch) unless said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifenode._pictures import style
from lifenode.enrichment.manhattan_layout import AXIS, Facet, spread
from lifenode.enrichment.manhattan_pins import pin_targets, place_pins
from lifenode.enrichment.manhattan_text import fitted, readable, text_width
from lifenode.enrichment.manhattan_words import cap_note
from lifenode.enrichment.palette import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lifenode.enrichment.manhattan import Picture

_WIDTH = 720.0
_LEFT, _RIGHT = 56.0, 18.0
_PLOT = _WIDTH - _LEFT - _RIGHT
_HEADER, _HEADROOM = 56.0, 30.0
_BELOW = 46.0
_KEY_HEAD, _KEY_ROW = 34.0, 17.0
_FOOTER = 44.0
_MOST_WIDE_COLUMNS = 3
_STRIP = 7.0
_PIN = 7.0
_FEW_DOTS = 4
_EMPTY_HEIGHT, _FEW_HEIGHT = 70.0, 120.0
# Beyond this many faint dots a vector file is slow to open; they become one image inside it.
_MOST_VECTOR_DOTS = 4000


def draw(picture: Picture) -> Figure:
    """Return the picture as a matplotlib figure: a facet for each list, the numbered terms beneath."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    layout, rows = picture.layout, picture.key.rows
    plots = [_plot_height(picture, facet) for facet in layout.facets]
    key = _KEY_HEAD + _KEY_ROW * len(rows) if rows else 0.0
    height = _HEADER + sum(plots) + len(plots) * (_HEADROOM + _BELOW) + key + _FOOTER
    with style():
        figure = Figure(figsize=(_WIDTH / 72, height / 72))
        FigureCanvasAgg(figure)
        canvas = _canvas(figure, height)
        _text(canvas, 20, height - 28, fitted(picture.words.title, _WIDTH - 40, 15, "bold"), 15, weight="bold")
        _text(canvas, 20, height - 45, fitted(picture.words.subtitle, _WIDTH - 40, 9), 9, MUTED)
        bottom = height - _HEADER
        for facet, plot in zip(layout.facets, plots, strict=True):
            bottom -= _HEADROOM + plot
            _facet(figure, canvas, picture, facet, bottom, plot)
            bottom -= _BELOW
        if rows:
            _key(canvas, picture, bottom)
        for y, text in ((26, picture.words.legend), (13, picture.words.footer)):
            _text(canvas, 20, y, fitted(text, _WIDTH - 40, 7.5), 7.5, MUTED)
    return figure


def _plot_height(picture: Picture, facet: Facet) -> float:
    facets = picture.layout.facets
    if not len(facet.rows):
        return _EMPTY_HEIGHT
    if max(len(facet.rows) for facet in facets) <= _FEW_DOTS:
        return _FEW_HEIGHT
    return {1: 250.0, 2: 190.0, 3: 170.0}.get(len(facets), 130.0)


def _canvas(figure: Figure, height: float) -> Axes:
    """Return axes over the whole figure whose unit is the point."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(0, height)
    return axes


def _text(axes: Axes, x: float, y: float, text: str, size: float, colour: str = INK, **further: Any) -> None:
    axes.text(x, y, readable(text), fontsize=size, color=colour, parse_math=False, **further)


def _facet(figure: Figure, canvas: Axes, picture: Picture, facet: Facet, bottom: float, height: float) -> None:
    scale = picture.layout.scale
    whole = canvas.get_ylim()[1]
    axes = figure.add_axes((_LEFT / _WIDTH, bottom / whole, _PLOT / _WIDTH, height / whole))
    axes.set_xlim(*AXIS)
    axes.set_ylim(0, scale.top)
    axes.patch.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([])
    ticks = scale.ticks if len(facet.rows) else ()
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.tick_params(axis="y", length=0, pad=6, labelsize=8.5, labelcolor=MUTED)
    axes.hlines([0, *ticks], *AXIS, color=RULE, linewidth=0.7, zorder=0)
    if ticks:
        _text(canvas, 22, bottom + height / 2, "−log₁₀ adjusted p", 8.5, MUTED, rotation=90, ha="center", va="center")
    _dots(axes, picture, facet)
    _threshold_line(axes, picture, facet)
    taken = _cap_line(axes, canvas, picture, facet, bottom + height)
    taken += _facet_name(canvas, picture, facet, bottom + height)
    _pins(axes, picture, facet, (bottom, height), taken)
    _sources(axes, canvas, picture, facet, bottom, height)
    _emptiness(canvas, picture, facet, bottom + height / 2)


def _emptiness(canvas: Axes, picture: Picture, facet: Facet, middle: float) -> None:
    """Say why there is nothing to see; beneath the subtitle when there are faint dots."""
    several = len(picture.layout.facets) > 1
    lines = ["no significant terms"] if several and not len(facet.rows) else picture.words.empty.split("\n")
    if several and len(facet.rows):
        return
    y = middle + 6 if not len(facet.rows) else canvas.get_ylim()[1] - _HEADER - 14
    for text, size, colour in zip(lines, (10.5, 9.0), (INK, MUTED), strict=False):
        _text(canvas, _LEFT + _PLOT / 2, y, text, size, colour, ha="center")
        y -= 16


def _dots(axes: Axes, picture: Picture, facet: Facet) -> None:
    colours = np.array([block.colour for block in picture.layout.blocks])
    # Large dots first, so that a small one on top of them can be seen.
    order = np.argsort(-facet.size, kind="stable")
    for significant, alpha in ((False, 0.3), (True, 0.8)):
        chosen = order[facet.significant[order] == significant]
        axes.scatter(
            facet.x[chosen],
            facet.y[chosen],
            s=facet.size[chosen] ** 2,
            c=colours[facet.block[chosen]].tolist(),
            alpha=alpha,
            linewidths=0.4,
            edgecolors=PAPER,
            clip_on=False,
            zorder=2 + significant,
            rasterized=len(chosen) > _MOST_VECTOR_DOTS,
        )


Rectangles = list[tuple[float, float, float, float]]


def _threshold_line(axes: Axes, picture: Picture, facet: Facet) -> None:
    """Mark where significance begins, if there are dots on both its sides to tell apart."""
    threshold = picture.result.meta.get("correction", {}).get("threshold")
    if threshold and not facet.significant.all():
        axes.axhline(-np.log10(threshold), color=MUTED, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        _text(axes, AXIS[1], -np.log10(threshold), f"{threshold:g}", 7, MUTED, ha="right", va="bottom")


def _cap_line(axes: Axes, canvas: Axes, picture: Picture, facet: Facet, top: float) -> Rectangles:
    cap = picture.layout.scale.cap
    if cap is None or facet.above(cap) == 0:
        return []
    axes.hlines([cap], *AXIS, color=MUTED, linewidth=0.9, linestyles=(0, (4, 3)), zorder=1)
    right, text = _LEFT + _PLOT, cap_note(facet, cap)
    _text(canvas, right, top + 6, text, 8, MUTED, ha="right")
    return [(right - text_width(text, 8) - 4, top + 3, right, top + 15)]


def _facet_name(canvas: Axes, picture: Picture, facet: Facet, top: float) -> Rectangles:
    if len(picture.layout.facets) == 1:
        return []
    count = int(facet.significant.sum())
    name = fitted(facet.query, 260, 10, "bold")
    width = text_width(name, 10, "bold")
    note = f"{count:,} significant"
    _text(canvas, _LEFT, top + 10, name, 10, weight="bold")
    _text(canvas, _LEFT + width + 8, top + 10, note, 9, MUTED)
    return [(_LEFT, top + 7, _LEFT + width + 12 + text_width(note, 9), top + 22)]


def _pins(axes: Axes, picture: Picture, facet: Facet, span: tuple[float, float], taken: Rectangles) -> None:
    numbers, targets = pin_targets(facet, picture.pinned)
    if not targets:
        return
    bottom, height = span
    top = picture.layout.scale.top
    dots = np.column_stack([_LEFT + facet.x / AXIS[1] * _PLOT, bottom + facet.y / top * height])
    box = (_LEFT, bottom, _LEFT + _PLOT, bottom + height + _HEADROOM - 2)
    centres = place_pins(dots, facet.size / 2, targets, _PIN, box, taken)
    for number, target, centre in zip(numbers, targets, centres, strict=True):
        ends = np.array([dots[target], centre])
        x, y = (ends[:, 0] - _LEFT) / _PLOT * AXIS[1], (ends[:, 1] - bottom) / height * top
        axes.plot(x, y, color=INK, linewidth=0.7, zorder=5, clip_on=False)
        axes.plot(
            x[:1], y[:1], "o", ms=facet.size[target], mfc=picture.layout.blocks[facet.block[target]].colour,
            mec=INK, mew=0.9, zorder=6, clip_on=False,
        )  # fmt: skip
        axes.plot(x[1:], y[1:], "o", ms=2 * _PIN, mfc=PAPER, mec=INK, mew=0.9, zorder=7, clip_on=False)
        _text(axes, x[1], y[1], str(number), 7.5, weight="bold", ha="center", va="center_baseline", zorder=8)


def _sources(axes: Axes, canvas: Axes, picture: Picture, facet: Facet, bottom: float, height: float) -> None:
    blocks = picture.layout.blocks
    strip = axes.get_xaxis_transform()
    for block in blocks:
        # A block of few terms keeps a mark that can be seen.
        half = max((block.end - block.start) / 2, 1.0)
        axes.fill_between(
            [block.middle - half, block.middle + half], -(_STRIP + 3) / height, -_STRIP / height,
            color=block.colour, linewidth=0, transform=strip, clip_on=False,
        )  # fmt: skip
    names = [fitted(block.source, min(90, _PLOT / len(blocks) - 8), 8.5) for block in blocks]
    counts = [f"{facet.count(i):,}" for i in range(len(blocks))]
    widths = [max(text_width(name, 8.5), text_width(count, 8.5)) for name, count in zip(names, counts, strict=True)]
    centres = spread([block.middle / AXIS[1] * _PLOT for block in blocks], widths, 7, _PLOT)
    for x, name, count in zip(centres, names, counts, strict=True):
        _text(canvas, _LEFT + x, bottom - 22, name, 8.5, ha="center")
        _text(canvas, _LEFT + x, bottom - 34, count, 8.5, MUTED, ha="center")
    if blocks:
        _text(canvas, _LEFT - 6, bottom - 34, "significant", 7, MUTED, ha="right")


def _key(canvas: Axes, picture: Picture, top: float) -> None:
    key, right = picture.key, _WIDTH - _RIGHT
    columns = [("source", [row.source for row in key.rows], 90.0), ("term", [row.term_id for row in key.rows], 110.0)]
    most = 110.0 if len(key.headings) <= _MOST_WIDE_COLUMNS else 58.0
    columns += [(head, [row.cells[i] for row in key.rows], most) for i, head in enumerate(key.headings)]
    widths = [min(max(text_width(text, 8.5) for text in [head, *texts]), most) for head, texts, most in columns]
    term = 53 + widths[0] + 18
    name = term + widths[1] + 18
    rights = [right - sum(width + 16 for width in widths[i:]) for i in range(3, len(widths) + 1)]
    name_room = rights[0] - widths[2] - 16 - name
    y = top - 16

    def line(cells: list[str], size: float, colours: tuple[str, str, str]) -> None:
        lefts = zip((53.0, term, name), cells[:3], (widths[0], widths[1], name_room), colours, strict=True)
        for x, text, room, colour in lefts:
            _text(canvas, x, y, fitted(text, room, size), size, colour)
        for x, text, room in zip(rights, cells[3:], widths[2:], strict=True):
            _text(canvas, x, y, fitted(text, room, size), size, colours[0], ha="right")

    line(["source", "term", "name", *key.headings], 8, (MUTED, MUTED, MUTED))
    canvas.plot([20, right], [y - 6, y - 6], color=MUTED, linewidth=0.7)
    for row in key.rows:
        y -= _KEY_ROW
        canvas.plot([27], [y + 3], "o", ms=2 * _PIN - 2, mfc=PAPER, mec=INK, mew=0.8)
        _text(canvas, 27, y + 3, str(row.number), 7, weight="bold", ha="center", va="center_baseline")
        canvas.plot([45], [y + 3], "o", ms=6, mfc=row.colour, mec="none")
        line([row.source, row.term_id, row.name, *row.cells], 8.5, (INK, MUTED, INK))
