"""A scene as PNG or PDF, by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifenode.eqtl.plot_scene import LOOKS, Box, Dot, Dots, Line, Scene, Text
from lifenode.errors import MissingPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PIXELS_PER_INCH = 96
_POINTS = 72 / _PIXELS_PER_INCH
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def picture_bytes(scene: Scene, format: str) -> bytes:
    """Return a scene as ``png`` or ``pdf``; the same scene gives the same bytes.

    Raises
    ------
    MissingPart
        matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingPart.library("matplotlib", "A picture", "plot") from error
    from lifenode._pictures import render, style

    with style():
        figure = Figure(figsize=(scene.width / _PIXELS_PER_INCH, scene.height / _PIXELS_PER_INCH))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, scene.width)
        axes.set_ylim(scene.height, 0)
        axes.axis("off")
        for order, mark in enumerate(scene.marks, start=1):
            _draw(axes, mark, order)
    return render(figure, format)


def _draw(axes: Axes, mark: Any, order: int) -> None:
    look = LOOKS[mark.kind]
    options: dict[str, Any] = {"zorder": order}
    if isinstance(mark, Line):
        dashes: Any = (0, look.dash) if look.dash else "-"
        axes.plot(mark.x, mark.y, color=look.stroke, lw=look.width * _POINTS, ls=dashes, **options)
    elif isinstance(mark, Dots):
        axes.plot(mark.x, mark.y, "o", ms=2 * mark.radius * _POINTS, mew=0, color=look.fill, **options)
    elif isinstance(mark, Dot):
        ring = LOOKS["ring"]
        edge = {"mec": ring.stroke, "mew": ring.width * _POINTS} if mark.marked else {"mew": 0}
        form = "D" if mark.shape == "diamond" else "o"
        axes.plot([mark.x], [mark.y], form, ms=2 * mark.radius * _POINTS, color=look.fill, **edge, **options)
    elif isinstance(mark, Box):
        from matplotlib.patches import Rectangle

        axes.add_patch(Rectangle((mark.x, mark.y), mark.width, mark.height, fc=look.fill, lw=0, **options))
    elif isinstance(mark, Text):
        weight = "bold" if look.bold else "normal"
        turned: dict[str, Any] = {} if mark.upright else {"rotation": 90, "rotation_mode": "anchor"}
        axes.text(
            mark.x, mark.y, mark.text, color=look.fill, fontsize=look.size * _POINTS, weight=weight,
            ha=_ALIGNED[mark.anchor], va="baseline", parse_math=False, **turned, **options,
        )  # fmt: skip
