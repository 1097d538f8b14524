"""Plots of the registry: counts by year, and the hours of the uptime monitor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_LEFT, _TOP, _STEP, _HEIGHT = 40, 16, 56, 120


class Bar(NamedTuple):
    """One bar: label, place in the drawing, and what hovering tells."""

    label: str
    x: int
    y: float
    height: float
    upper_y: float
    upper_height: float
    value: str
    title: str


class Bars(NamedTuple):
    """A bar chart with a certain part and an uncertain part on top."""

    title: str
    width: int
    height: int
    base: float
    bars: list[Bar]
    ticks: list[tuple[float, int]]


def bars(values: Sequence[tuple[str, int, int]], title: str) -> Bars:
    """Return the places of bars; each value is a label, a certain count and an uncertain one."""
    top = max((certain + uncertain for _, certain, uncertain in values), default=0) or 1
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10_000) if top / one <= 4)
    most = -(-top // step) * step
    base = _TOP + _HEIGHT

    def high(count: float) -> float:
        return round(_HEIGHT * count / most, 1)

    drawn = [
        Bar(
            label, _LEFT + number * _STEP, base - high(certain), high(certain),
            base - high(certain + uncertain), high(uncertain), str(certain) if certain else "",
            f"{label}: {certain}" + (f", and {uncertain} that may have been" if uncertain else ""),
        )
        for number, (label, certain, uncertain) in enumerate(values)
    ]  # fmt: skip
    ticks = [(base - high(count), count) for count in range(0, most + 1, step)]
    return Bars(title, _LEFT + _STEP * len(values) + 8, base + 24, base, drawn, ticks)


class Hour(NamedTuple):
    """One cell of the strip: place, class and what hovering tells."""

    x: int
    y: int
    kind: str
    title: str


KINDS = {"u": "up", "c": "challenged", "d": "down", "-": "unrecorded"}


def strip(days: Sequence[tuple[str, Mapping[str, str] | None, str]]) -> list[Hour]:
    """Return a cell an hour: a column a day, midnight on top.

    Parameters
    ----------
    days
        Day, reasons by hour, and the 24 letters of the day.
    """
    return [
        Hour(8 * column, 5 * hour, KINDS[letter], _title(day, hour, letter, reasons or {}))
        for column, (day, reasons, letters) in enumerate(days)
        for hour, letter in enumerate(letters)
        if letter != "-"
    ]


def _title(day: str, hour: int, letter: str, reasons: Mapping[str, str]) -> str:
    reason = reasons.get(f"{hour:02}", "")
    return f"{day} {hour:02}:00 UTC: {KINDS[letter]}" + (f", {reason}" if reason else "")
