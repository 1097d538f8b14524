"""Draw a Manhattan picture with Plotly: hover tells of each dot, the legend toggles sources. Lengths are px."""

from __future__ import annotations

import html
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from lifenode.enrichment.manhattan_layout import AXIS, Facet, spread
from lifenode.enrichment.manhattan_pins import pin_targets, place_pins
from lifenode.enrichment.manhattan_words import cap_note, p_text, shortened
from lifenode.enrichment.palette import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from lifenode.enrichment.manhattan import Picture

FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
# The picture is as wide as its window; pins are placed for this width.
_NOMINAL_WIDTH = 1000.0
_LEFT, _RIGHT = 64, 24
_TOP, _BETWEEN, _BOTTOM = 44, 76, 60
# Room of each facet for what stands above its axis, and for dots that lie on it: Plotly hides what is off the axis.
_ABOVE, _BELOW = 36.0, 7.0
_PX_PER_POINT = 4 / 3
_PIN = 9.5
_LONGEST_NAME = 14
_LETTER = 8.0
# Beyond this many dots an SVG picture is slow; WebGL draws them.
_MOST_SVG_DOTS = 6000


def draw(picture: Picture) -> Any:
    """Return the picture as a Plotly figure: a trace for each source of each list, and one for each pin."""
    from plotly.subplots import make_subplots

    facets = picture.layout.facets
    heights = [_plot_height(picture, facet) for facet in facets]
    whole = [height + _ABOVE + _BELOW for height in heights]
    inner = sum(whole) + _BETWEEN * (len(facets) - 1)
    figure = make_subplots(
        rows=len(facets), cols=1, shared_xaxes=True, row_heights=whole, vertical_spacing=_BETWEEN / inner
    )
    in_legend: set[str] = set()
    for number, (facet, height) in enumerate(zip(facets, heights, strict=True), start=1):
        texts = [_hover(picture, row, high) for row, high in zip(facet.rows.tolist(), facet.height, strict=True)]
        for i, block in enumerate(picture.layout.blocks):
            for trace in _dots(picture, facet, i, texts):
                trace.update(legendgroup=block.source, showlegend=block.source not in in_legend)
                in_legend.add(block.source)
                figure.add_trace(trace, row=number, col=1)
        for trace in _pins(picture, facet, height, texts):
            figure.add_trace(trace, row=number, col=1)
        _axes(figure, picture, facet, number, height)
        _furniture(figure, picture, facet, number, height)
    _frame(figure, inner + _TOP + _BOTTOM)
    return figure


def _frame(figure: Any, height: float) -> None:
    figure.update_layout(
        height=height,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        hovermode="closest",
        hoverlabel={"bgcolor": PAPER, "bordercolor": MUTED, "font": {"color": INK}, "align": "left"},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "top", "yref": "container", "itemsizing": "constant"},
    )


def _plot_height(picture: Picture, facet: Facet) -> float:
    facets = picture.layout.facets
    if not len(facet.rows):
        return 110.0
    return {1: 400.0, 2: 280.0, 3: 240.0}.get(len(facets), 190.0)


def _dots(picture: Picture, facet: Facet, block: int, texts: list[str]) -> list[Any]:
    import plotly.graph_objects as go

    here = np.flatnonzero(facet.block == block)
    if not len(here):
        return []
    here = here[np.argsort(-facet.size[here], kind="stable")]
    place = picture.layout.blocks[block]
    drawn = sum(len(other.rows) for other in picture.layout.facets)
    kind, further = (go.Scatter, {"cliponaxis": False}) if drawn <= _MOST_SVG_DOTS else (go.Scattergl, {})
    trace = kind(
        x=facet.x[here],
        y=facet.y[here],
        mode="markers",
        name=html.escape(place.source),
        marker={
            "color": place.colour,
            "size": facet.size[here] * _PX_PER_POINT,
            "opacity": np.where(facet.significant[here], 0.8, 0.3),
            "line": {"width": 0.5, "color": PAPER},
        },
        hovertext=[texts[i] for i in here.tolist()],
        hoverinfo="text",
        **further,
    )
    return [trace]


def _hover(picture: Picture, row: int, height: float) -> str:
    result = picture.result
    name = "<br>".join(html.escape(line) for line in textwrap.wrap(result["name"][row] or "", 60)) or "–"
    p = float(result["p_value"][row])
    return (
        f"<b>{html.escape(result['term_id'][row])}</b> ({result['term_size'][row]:,})<br>{name}<br>"
        f"{f'{p:.3e}' if p > 1e-300 else p_text(p, height)}<br>"
        f"{result['intersection_size'][row]:,} of {result['query_size'][row]:,} genes of the list"
    )


def _pins(picture: Picture, facet: Facet, height: float, texts: list[str]) -> list[Any]:
    """Return a trace for each pin, so that it goes when its source is switched off."""
    import plotly.graph_objects as go

    numbers, targets = pin_targets(facet, picture.pinned)
    width, top = _NOMINAL_WIDTH - _LEFT - _RIGHT, picture.layout.scale.top
    dots = np.column_stack([facet.x / AXIS[1] * width, facet.y / top * height])
    box = (0.0, 0.0, width, height + _ABOVE - 2)
    taken = [(width - 260.0, height + 2, width, height + 22)] if picture.layout.scale.cap is not None else []
    taken += [(0.0, height + 8, 300.0, height + 34)] if len(picture.layout.facets) > 1 else []
    centres = place_pins(dots, facet.size * _PX_PER_POINT / 2, targets, _PIN, box, taken)
    traces = []
    for number, target, (x, y) in zip(numbers, targets, centres, strict=True):
        block = picture.layout.blocks[int(facet.block[target])]
        traces.append(
            go.Scatter(
                x=[float(facet.x[target]), x / width * AXIS[1]],
                y=[float(facet.y[target]), y / height * top],
                mode="lines+markers+text",
                line={"color": INK, "width": 1},
                marker={
                    "size": [float(facet.size[target]) * _PX_PER_POINT, 2 * _PIN],
                    "color": [block.colour, PAPER],
                    "line": {"color": INK, "width": 1.2},
                    "opacity": 1,
                },
                text=["", f"<b>{number}</b>"],
                textposition="middle center",
                textfont={"size": 11, "color": INK},
                hovertext=[texts[target], texts[target]],
                hoverinfo="text",
                cliponaxis=False,
                legendgroup=block.source,
                showlegend=False,
            )
        )
    return traces


def _axes(figure: Any, picture: Picture, facet: Facet, number: int, height: float) -> None:
    scale = picture.layout.scale
    empty, per_px = not len(facet.rows), scale.top / height
    figure.update_xaxes(range=AXIS, visible=False, fixedrange=False, row=number, col=1)
    figure.update_yaxes(
        range=(-_BELOW * per_px, scale.top + _ABOVE * per_px),
        tickvals=[] if empty else scale.ticks,
        ticktext=[f"{tick:g}" for tick in scale.ticks],
        gridcolor=RULE,
        zeroline=True,
        zerolinecolor=RULE,
        title={"text": "" if empty else "−log₁₀ adjusted p", "font": {"size": 12, "color": MUTED}},
        tickfont={"size": 12, "color": MUTED},
        row=number,
        col=1,
    )


def _furniture(figure: Any, picture: Picture, facet: Facet, number: int, height: float) -> None:
    """Add what is no dot: strips and names of the sources, the dashed line, the list, the reason of emptiness."""
    suffix = "" if number == 1 else str(number)
    at: dict[str, Any] = {"xref": f"x{suffix}", "yref": f"y{suffix} domain", "showarrow": False}
    whole = height + _ABOVE + _BELOW
    top = 1 - _ABOVE / whole
    blocks, width = picture.layout.blocks, _NOMINAL_WIDTH - _LEFT - _RIGHT
    longest = min(_LONGEST_NAME, int((width / max(len(blocks), 1) - 8) / _LETTER))
    widths = [_LETTER * len(block.source[:longest]) for block in blocks]
    centres = spread([block.middle / AXIS[1] * width for block in blocks], widths, 8, width)
    for i, (block, x) in enumerate(zip(blocks, centres, strict=True)):
        half = max((block.end - block.start) / 2, 1.0)
        figure.add_shape(
            type="rect", xref=at["xref"], yref=at["yref"], x0=block.middle - half, x1=block.middle + half,
            y0=-6 / whole, y1=-2 / whole, fillcolor=block.colour, line={"width": 0},
        )  # fmt: skip
        name = html.escape(shortened(block.source, longest))
        text = f'{name}<br><span style="color:{MUTED}">{facet.count(i):,}</span>'
        figure.add_annotation(x=x / width * AXIS[1], y=0, yshift=-7, yanchor="top", text=text, font_size=12, **at)
    cap = picture.layout.scale.cap
    if cap is not None and facet.above(cap):
        figure.add_hline(y=cap, line={"color": MUTED, "width": 1.2, "dash": "5px,4px"}, row=number, col=1)
        note = {"x": AXIS[1], "xanchor": "right", "y": top, "yanchor": "bottom", "font": {"size": 12, "color": MUTED}}
        figure.add_annotation(text=cap_note(facet, cap), **note, **at)
    if len(picture.layout.facets) > 1:
        title = f"<b>{html.escape(shortened(facet.query, 40))}</b>  {int(facet.significant.sum()):,} significant"
        figure.add_annotation(x=0, xanchor="left", y=1, yanchor="top", text=title, font_size=13, **at)
    reason = picture.words.empty if len(picture.layout.facets) == 1 else "no significant terms"
    if not facet.significant.any() and reason:
        lines = reason.replace("\n", "<br>")
        y = top / 2 if not len(facet.rows) else 1.0
        figure.add_annotation(x=AXIS[1] / 2, y=y, yanchor="middle", text=lines, font_size=14, **at)
