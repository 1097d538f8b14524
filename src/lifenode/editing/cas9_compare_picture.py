"""Repair backgrounds side by side as a picture: change from the control, kinds of outcomes, frameshift, likeliest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode._atomic import write_atomically
from lifenode.editing.cas9_backgrounds import CONTROL, WILD_TYPE, backgrounds
from lifenode.editing.cas9_compare import Comparison, shares_of
from lifenode.editing.cas9_picture import ENDINGS
from lifenode.errors import InvalidOption, MissingPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _MUTED, _LINE, _ACCENT = "#1c2024", "#5c636a", "#d5dade", "#0b6e75"
# Okabe and Ito's colours, which stay apart for every common form of colour blindness.
_KINDS = (
    ("insertions", "#E69F00", "insertions"),
    ("microhomology", "#0072B2", "deletions at microhomology"),
    ("deletions", "#9fb8c8", "other deletions"),
)
_COLUMNS = 8
_WORDS = {CONTROL: "control cells", WILD_TYPE: "wild type*"}
_NOTE = (
    "Change: share of outcomes that differs from the control, mouse embryonic stem cells that lack no gene. "
    "* FORECasT, other cells."
)

# Points from the left and from below, of which 72 are an inch.
_NAMES, _BAR, _GAP, _CELL, _ROW = 92.0, 130.0, 26.0, 38.0, 15.0
_HEAD, _TITLES, _FOOT, _EDGE = 46.0, 72.0, 18.0, 36.0
_LONGEST_NAME = 40


class _Row(NamedTuple):
    """One background: facts of the comparison and its shares of the outcomes shown, both in percent."""

    name: str
    facts: dict[str, Any]
    shares: npt.NDArray[np.float64]


def draw_comparison(result: Comparison, path: str | Path) -> Path:
    """Draw the repair backgrounds of the first target.

    Parameters
    ----------
    result
        What `lifenode.editing.cas9_compare.compare_backgrounds` returned.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.

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
    return write_atomically(path, comparison_picture(result, ending))


def comparison_picture(result: Comparison, format: str) -> bytes:
    """Return the picture as ``png``, ``svg`` or ``pdf``; the same result gives the same bytes."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingPart.library("matplotlib", "A picture", "plot") from error
    from lifenode._pictures import render, style

    outcomes, rows = _content(result)
    width = _NAMES + 3 * (_BAR + _GAP) + len(outcomes) * _CELL + _EDGE
    height = _HEAD + _TITLES + (len(rows) + 0.6) * _ROW + _FOOT
    with style():
        figure = Figure(figsize=(width / 72, height / 72))
        FigureCanvasAgg(figure)
        canvas = figure.add_axes((0, 0, 1, 1))
        canvas.set_xlim(0, width)
        canvas.set_ylim(0, height)
        canvas.axis("off")
        _Drawing(canvas, height, outcomes, rows).draw(result.targets[0].name)
    return render(figure, format)


def _content(result: Comparison) -> tuple[list[str], list[_Row]]:
    """Return the outcomes that are likely in any background, and the backgrounds: controls, then by change."""
    target = result.targets[0]
    names, shares = shares_of(target)
    # The likeliest of each background has its column, and what is likely in any fills the rest.
    tops, likely = np.unique(shares.argmax(axis=1)), np.argsort(-shares.max(axis=0), kind="stable")
    order = np.array([*tops, *(at for at in likely if at not in tops)])[: max(_COLUMNS, len(tops))]
    order = order[np.argsort(-shares[backgrounds().index(CONTROL), order], kind="stable")]
    facts = {row["background"]: row for row in result if row["target"] == target.name}
    first = [CONTROL, WILD_TYPE]
    ordered = [*first, *(name for name in facts if name not in first)]
    rows = [_Row(name, facts[name], 100 * shares[backgrounds().index(name), order]) for name in ordered]
    return [names[at] for at in order], rows


class _Drawing:
    """Draws the parts of the picture, from left to right."""

    def __init__(self, canvas: Axes, height: float, outcomes: list[str], rows: list[_Row]) -> None:
        self._canvas = canvas
        self._height = height
        self._outcomes = outcomes
        self._rows = rows
        # The genes stand a little apart from the two that lack none.
        top = height - _HEAD - _TITLES
        self._y = [top - (place + (0.6 if place > 1 else 0)) * _ROW - _ROW / 2 for place in range(len(rows))]
        self._x = [_NAMES + place * (_BAR + _GAP) for place in range(4)]

    def draw(self, target: str) -> None:
        """Draw everything."""
        most = self._rows[2]
        called = "this target" if target == "target" else target[:_LONGEST_NAME]
        title = f"Losing {most.name} changes the outcomes of {called} most: {100 * most.facts['change']:.0f} % differ"
        self._text(14, self._height - 22, title, size=12, weight="bold")
        self._text(14, self._height - 37, _NOTE, colour=_MUTED)
        for row, y in zip(self._rows, self._y, strict=True):
            gene = row.name not in _WORDS
            self._text(
                _NAMES - 10, y, _WORDS.get(row.name, row.name), align="right", style="italic" if gene else "normal",
                size=8.5,
            )  # fmt: skip
        self._changes()
        self._kinds()
        self._frames()
        self._cells()

    def _changes(self) -> None:
        self._heading(0, "Change", "share of outcomes, percent")
        longest = max(row.facts["change"] for row in self._rows)
        for row, y in zip(self._rows, self._y, strict=True):
            if row.name == CONTROL:
                self._text(self._x[0], y, "compared with this", colour=_MUTED, size=7.5)
                continue
            length = (_BAR - 30) * row.facts["change"] / max(longest, 1e-9)
            colour = _LINE if row.name == WILD_TYPE else _ACCENT
            self._box(self._x[0], y, length, colour)
            self._text(self._x[0] + length + 4, y, f"{100 * row.facts['change']:.0f}")

    def _kinds(self) -> None:
        self._heading(1, "What is left", "")
        y = self._height - _HEAD - _TITLES + 38
        for _, colour, words in _KINDS:
            self._box(self._x[1], y, 7, colour, height=7)
            self._text(self._x[1] + 11, y, words, colour=_MUTED, size=7)
            y -= 10.5
        for row, y in zip(self._rows, self._y, strict=True):
            inserted, paired = row.facts["insertions"], row.facts["microhomology"]
            x = self._x[1]
            for share, (_, colour, _) in zip((inserted, paired, 100 - inserted - paired), _KINDS, strict=True):
                self._box(x, y, _BAR * share / 100, colour)
                x += _BAR * share / 100

    def _frames(self) -> None:
        self._heading(2, "Frameshift", "percent of outcomes")
        shifts = [100 - row.facts["in_frame"] for row in self._rows]
        low, high = 10 * np.floor(min(shifts) / 10), 10 * np.ceil(max(shifts) / 10)
        high = max(high, low + 10)

        def x_of(percent: float) -> float:
            return float(self._x[2] + (_BAR - 24) * (percent - low) / (high - low))

        bottom, top = self._y[-1] - _ROW / 2, self._y[0] + _ROW / 2
        for mark in (low, high):
            self._canvas.plot([x_of(mark)] * 2, [bottom, top], lw=0.6, color=_LINE)
            self._text(x_of(mark), top + 7, f"{mark:.0f}", colour=_MUTED, size=7, align="center")
        self._canvas.plot([x_of(shifts[0])] * 2, [bottom, top], lw=0.8, color=_MUTED, ls=":")
        for shift, y in zip(shifts, self._y, strict=True):
            self._canvas.plot([x_of(shifts[0]), x_of(shift)], [y, y], lw=1.2, color=_ACCENT)
            self._canvas.plot([x_of(shift)], [y], "o", ms=4, color=_ACCENT)
            self._text(self._x[2] + _BAR, y, f"{shift:.0f}", align="right")

    def _cells(self) -> None:
        self._heading(3, "Likeliest outcomes", "percent; the likeliest of each row framed")
        most = max(float(row.shares.max()) for row in self._rows)
        top = self._height - _HEAD - _TITLES
        for place, name in enumerate(self._outcomes):
            x = self._x[3] + (place + 0.5) * _CELL
            self._canvas.text(
                x - 8,
                top + 4,
                name,
                fontsize=7,
                rotation=28,
                rotation_mode="anchor",
                ha="left",
                va="bottom",
                color=_INK,
            )
        for row, y in zip(self._rows, self._y, strict=True):
            for place, share in enumerate(row.shares.tolist()):
                framed = self._outcomes[place] == row.facts["top"]
                self._cell(self._x[3] + place * _CELL, y, share, most, framed=framed)

    def _cell(self, x: float, y: float, share: float, most: float, *, framed: bool) -> None:
        from matplotlib.patches import Rectangle

        strength = share / most
        white, deep = np.array([1.0, 1.0, 1.0]), np.array([0.02, 0.34, 0.42])
        colour = tuple((white + (deep - white) * strength**0.8).tolist())
        box = Rectangle((x + 0.6, y - _ROW / 2 + 0.8), _CELL - 1.2, _ROW - 1.6, fc=colour, ec="none")
        if framed:
            box.set(edgecolor=_INK, linewidth=1.1, zorder=3)
        self._canvas.add_patch(box)
        words = f"{share:.0f}" if share >= 1 else "<1" if share >= 0.05 else ""
        ink = "#ffffff" if strength > 0.55 else _INK if share >= 1 else _MUTED
        self._text(x + _CELL / 2, y, words, colour=ink, align="center", size=7.5, above=True)

    def _heading(self, column: int, title: str, unit: str) -> None:
        top = self._height - _HEAD - _TITLES + 62
        self._text(self._x[column], top, title, size=9, weight="bold")
        self._text(self._x[column], top - 11, unit, colour=_MUTED, size=7.5)

    def _box(self, x: float, y: float, width: float, colour: str, height: float = 9.0) -> None:
        from matplotlib.patches import Rectangle

        self._canvas.add_patch(Rectangle((x, y - height / 2), max(width, 0.4), height, color=colour, lw=0))

    def _text(
        self, x: float, y: float, words: str, *, colour: str = _INK, size: float = 8, align: str = "left",
        weight: str = "normal", style: str = "normal", above: bool = False,
    ) -> None:  # fmt: skip
        self._canvas.text(
            x, y, words, fontsize=size, color=colour, ha=align, va="center", fontweight=weight, fontstyle=style,
            zorder=4 if above else 3,
        )  # fmt: skip
