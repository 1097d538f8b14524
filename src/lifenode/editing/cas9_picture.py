"""The likeliest outcomes of a cut as aligned sequences with bars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lifenode._atomic import write_atomically
from lifenode.errors import InvalidOption, MissingPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lifenode.editing.cas9_profile import Cas9Outcomes
    from lifenode.editing.target import Target

ENDINGS = ("png", "svg", "pdf")

_AROUND = 24
_INK, _MUTED, _ACCENT = "#1c2024", "#5c636a", "#0b6e75"
# Okabe and Ito's colours, which stay apart for every common form of colour blindness.
_BASES = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}
_COLUMN, _ROW = 8.0, 15.0
_LEFT, _BARS, _TOP, _BOTTOM = 16.0, 190.0, 56.0, 20.0


class Letter(NamedTuple):
    """One place of an aligned outcome; `kind` is kept, lost or inserted."""

    text: str
    kind: str


def aligned(target: Target, row: dict[str, Any], around: int = _AROUND) -> list[Letter]:
    """Return an outcome beside the cut: so many places left of it and as many right of it.

    Bases that are lost keep their place as dashes; inserted ones stand at the cut and move what is left of them.
    """
    length = len(target.sequence)
    start, end = target.own(row["start"], row["end"])
    left = [
        Letter("-", "lost") if start <= at < end else Letter(target.sequence[at] if at >= 0 else " ", "kept")
        for at in range(target.cut - around + len(row["inserted"]), target.cut)
    ]
    right = [
        Letter("-", "lost") if start <= at < end else Letter(target.sequence[at] if at < length else " ", "kept")
        for at in range(target.cut, target.cut + around)
    ]
    return [*left, *(Letter(base, "inserted") for base in row["inserted"]), *right]


def draw(result: Cas9Outcomes, path: str | Path, *, top: int = 12) -> Path:
    """Draw the likeliest outcomes of the first target.

    Parameters
    ----------
    result
        Outcomes, as `lifenode.editing.cas9` returns them.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    top
        How many outcomes.

    Raises
    ------
    InvalidOption
        Another ending.
    MissingPart
        matplotlib is not installed.
    """
    ending = Path(path).suffix[1:].lower()
    if ending not in ENDINGS:
        raise InvalidOption(
            f"A picture cannot be saved as {Path(path).name!r}.", value=path, next_step="End it in .png, .svg or .pdf."
        )
    return write_atomically(path, picture(result, ending, top=top))


def picture(result: Cas9Outcomes, format: str, *, top: int = 12) -> bytes:
    """Return the picture as ``png``, ``svg`` or ``pdf``; the same result gives the same bytes."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingPart.library("matplotlib", "A picture", "plot") from error
    from lifenode._pictures import render, style

    target = result.targets[0]
    rows = [row for row in result if row["target"] == target.name][:top]
    width = 2 * _LEFT + 2 * _AROUND * _COLUMN + _BARS
    height = _TOP + _ROW * (len(rows) + 1) + _BOTTOM
    with style():
        figure = Figure(figsize=(width / 72, height / 72))
        FigureCanvasAgg(figure)
        canvas = _canvas(figure, width, height)
        _head(canvas, result, target, height)
        _sequence(canvas, [Letter(letter, "kept") for letter in _reference(target)], height - _TOP, _MUTED)
        canvas.plot([_LEFT + _AROUND * _COLUMN] * 2, [_BOTTOM - 6, height - _TOP + 10], lw=0.8, color=_MUTED, ls=":")
        most = max(row["probability"] for row in rows)
        for place, row in enumerate(rows, start=1):
            y = height - _TOP - place * _ROW
            _sequence(canvas, aligned(target, row), y, _INK)
            _bar(canvas, row, most, y)
    return render(figure, format)


def _reference(target: Target) -> str:
    padded = " " * _AROUND + target.sequence + " " * _AROUND
    return padded[target.cut : target.cut + 2 * _AROUND]


def _canvas(figure: Figure, width: float, height: float) -> Axes:
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return axes


def _head(canvas: Axes, result: Cas9Outcomes, target: Target, height: float) -> None:
    facts = result.meta["targets"][target.name]
    title = f"{facts['top']} is the likeliest outcome of {target.name}"
    canvas.text(_LEFT, height - 22, title, fontsize=12, fontweight="bold", color=_INK)
    said = f"in frame {facts['in_frame']:.1f} % · insertions {facts['insertions']:.1f} % · {result.meta['background']}"
    canvas.text(_LEFT, height - 37, said, fontsize=8, color=_MUTED)


def _sequence(canvas: Axes, letters: list[Letter], y: float, colour: str) -> None:
    for place, letter in enumerate(letters):
        shade = (
            _BASES.get(letter.text, colour)
            if letter.kind == "inserted"
            else "#b9c0c6"
            if letter.kind == "lost"
            else colour
        )
        canvas.text(
            _LEFT + (place + 0.5) * _COLUMN, y, letter.text, fontsize=8, family="DejaVu Sans Mono", ha="center",
            va="center", color=shade, fontweight="bold" if letter.kind == "inserted" else "normal",
        )  # fmt: skip


def _bar(canvas: Axes, row: dict[str, Any], most: float, y: float) -> None:
    from matplotlib.patches import Rectangle

    x = _LEFT + 2 * _AROUND * _COLUMN + 10
    length = max(row["probability"] / most * 70, 0.5)
    canvas.add_patch(Rectangle((x, y - 4), length, 8, color=_ACCENT, lw=0))
    canvas.text(x + 74, y, f"{100 * row['probability']:.1f} %", fontsize=8, va="center", color=_INK)
    canvas.text(x + 110, y, row["outcome"], fontsize=7, va="center", color=_MUTED)
