"""Inserts by the percent that goes in, with its interval; and one insert by the lengths of the arms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lifenode._atomic import write_atomically
from lifenode.errors import InvalidOption, MissingPart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lifenode.table import Table

ENDINGS = ("png", "svg", "pdf")
MOST = 40
_INK, _MUTED, _ACCENT = "#1c2024", "#5c636a", "#0b6e75"
_ROW = 0.24


def draw(result: Table, path: str | Path) -> Path:
    """Draw inserts, the best first: up to 40 with their letters, more as a curve; or a scan as a grid.

    Raises
    ------
    InvalidOption
        The path does not end in ``.png``, ``.svg`` or ``.pdf``.
    MissingPart
        matplotlib is not installed.
    """
    ending = Path(path).suffix[1:].lower()
    if ending not in ENDINGS:
        raise InvalidOption(
            f"A picture cannot be saved as {Path(path).name!r}.", value=path, next_step="End it in .png, .svg or .pdf."
        )
    return write_atomically(path, picture(result, ending))


def picture(result: Table, format: str) -> bytes:
    """Return the picture as ``png``, ``svg`` or ``pdf``; the same result gives the same bytes."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingPart.library("matplotlib", "A picture", "plot") from error
    from lifenode._pictures import render, style

    if "pbs_length" in result:
        with style():
            figure = Figure(figsize=(7.2, 4.6), layout="constrained")
            FigureCanvasAgg(figure)
            _grid(figure.add_subplot(), result)
        return render(figure, format)
    order = np.argsort(-np.asarray(result["percent"], np.float64), kind="stable")
    ordered = result.take(order)
    few = len(result) <= MOST
    with style():
        figure = Figure(figsize=(7.2, 1.1 + _ROW * len(result) if few else 4.2), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        (_named if few else _curve)(axes, ordered)
        axes.set_title(_title(result), loc="left", fontsize=11, fontweight="bold", color=_INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=_MUTED, labelsize=8)
    return render(figure, format)


def _grid(axes: Axes, rows: Table) -> None:
    pbs, ha = (np.unique(np.asarray(rows[name])) for name in ("pbs_length", "ha_length"))
    values = np.full((len(pbs), len(ha)), np.nan)
    for row in rows:
        values[np.searchsorted(pbs, row["pbs_length"]), np.searchsorted(ha, row["ha_length"])] = row["percent"]
    axes.imshow(values, cmap="GnBu", aspect="auto", origin="lower", vmin=0)
    middle = np.nanmax(values) * 0.6
    for (y, x), value in np.ndenumerate(values):
        if np.isfinite(value):
            colour = "#ffffff" if value > middle else _INK
            axes.text(x, y, f"{value:.1f}", ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(len(ha)), [str(each) for each in ha])
    axes.set_yticks(range(len(pbs)), [str(each) for each in pbs])
    axes.set_xlabel("bases of the homology arm", fontsize=8, color=_MUTED)
    axes.set_ylabel("bases of the primer-binding site", fontsize=8, color=_MUTED)
    best: Any = rows.meta["insert"]
    title = f"{_short(str(best))}: percent of reads by the lengths of the arms"
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=_INK)
    axes.tick_params(colors=_MUTED, labelsize=8, length=0)
    axes.spines[:].set_visible(False)


def _named(axes: Axes, rows: Table) -> None:
    places = np.arange(len(rows))
    percent, low, high = (np.asarray(rows[name], np.float64) for name in ("percent", "low", "high"))
    axes.barh(places, percent, color=_ACCENT, height=0.62)
    axes.hlines(places, low, high, color=_INK, lw=1.0)
    axes.set_yticks(places, [_short(str(insert)) for insert in rows["insert"]], fontfamily="DejaVu Sans Mono")
    axes.invert_yaxis()
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.set_xlabel("percent of reads with the insert, and 80 % interval", fontsize=8, color=_MUTED)


def _curve(axes: Axes, rows: Table) -> None:
    places = np.arange(1, len(rows) + 1)
    percent, low, high = (np.asarray(rows[name], np.float64) for name in ("percent", "low", "high"))
    axes.fill_between(places, low, high, color=_ACCENT, alpha=0.2, lw=0)
    axes.plot(places, percent, color=_ACCENT, lw=1.4)
    axes.set_xlim(1, len(rows))
    axes.set_ylim(bottom=0)
    axes.set_xlabel("inserts, the best first", fontsize=8, color=_MUTED)
    axes.set_ylabel("percent of reads, and 80 % interval", fontsize=8, color=_MUTED)


def _title(result: Table) -> str:
    best: Any = result["insert"][int(np.argmax(np.asarray(result["percent"], np.float64)))]
    return f"{_short(str(best))} goes in best of {len(result):,}" if len(result) > 1 else f"{_short(str(best))}"


def _short(insert: str) -> str:
    return insert if len(insert) <= 24 else f"{insert[:20]}...{len(insert)} nt"
