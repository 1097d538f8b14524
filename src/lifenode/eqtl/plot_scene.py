"""What a plot is made of: marks in CSS pixels, each of a kind that has one look on pages and in files."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LETTER = 0.58
"""Width of a letter, as a share of the size of its font."""


class Line(NamedTuple):
    """A line through points."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: str


class Dots(NamedTuple):
    """Many dots without a label, drawn as one."""

    x: Floats
    y: Floats
    radius: float
    kind: str


class Dot(NamedTuple):
    """One dot that says what it is; `shape` is circle or diamond, `marked` puts a ring around it."""

    x: float
    y: float
    radius: float
    kind: str
    label: str
    shape: str = "circle"
    marked: bool = False


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str = ""


class Text(NamedTuple):
    """A text; `anchor` is start, middle or end, `upright` false turns it by 90 degrees to the left."""

    x: float
    y: float
    text: str
    kind: str
    anchor: str = "start"
    upright: bool = True


Mark = Line | Dots | Dot | Box | Text


class Look(NamedTuple):
    """How a kind looks in files, which have a white ground; pages have the same in their style sheet."""

    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    size: float = 12.0
    bold: bool = False
    dash: tuple[float, ...] = ()


INK, MUTED, RULE, ACCENT = "#1c2024", "#59616a", "#dde0e3", "#0b6e75"
LEVELS = ("#a9b1b9", "#56b4e9", "#009e73", "#e69f00", "#d55e00")
"""Colours of five levels, of Okabe and Ito's set, which stay apart for every common form of colour blindness."""
HYPOTHESIS_COLOURS = ("#8a929a", "#e69f00", "#56b4e9", "#aa4499", "#0b6e75")
"""Colours of H0 to H4."""

LOOKS: dict[str, Look] = {
    **{f"level{at}": Look(fill=colour) for at, colour in enumerate(LEVELS)},
    **{f"h{at}": Look(stroke=colour, width=2.0) for at, colour in enumerate(HYPOTHESIS_COLOURS)},
    **{f"h{at}-name": Look(fill=INK, size=12) for at in range(len(HYPOTHESIS_COLOURS))},
    "axis": Look(stroke=MUTED),
    "grid": Look(stroke=RULE),
    "ring": Look(stroke=INK, width=1.5),
    "rate": Look(stroke="#7a8fc9", width=1.2),
    "rate-name": Look(fill="#4b62a3", size=11),
    "limit": Look(stroke=MUTED, dash=(4, 3)),
    "chosen": Look(stroke=ACCENT, dash=(4, 3), width=1.5),
    "supported": Look(fill="#e6f1f1"),
    "gene": Look(fill="#8a929a"),
    "gene-asked": Look(fill=ACCENT),
    "gene-name": Look(fill=INK, size=11),
    "gene-name-asked": Look(fill=ACCENT, size=11, bold=True),
    "tick": Look(fill=MUTED, size=11),
    "title": Look(fill=MUTED, size=12),
    "head": Look(fill=INK, size=13, bold=True),
    "name": Look(fill=INK, size=12, bold=True),
    "note": Look(fill=MUTED, size=11),
    "key": Look(fill=MUTED, size=11),
}


@dataclass
class Scene:
    """A picture as marks.

    Attributes
    ----------
    width, height
        In CSS pixels.
    title
        What it shows, in a sentence.
    marks
        What is drawn, from the lowest.
    """

    width: float
    height: float
    title: str
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Draw above what is there."""
        self.marks.extend(marks)


class Area(NamedTuple):
    """A field of values: where it lies, and which values its edges have."""

    left: float
    top: float
    width: float
    height: float
    first: float
    last: float
    low: float
    high: float

    def across(self, x: npt.ArrayLike) -> Floats:
        """Return pixels from the left of the picture."""
        values = np.asarray(x, dtype=np.float64)
        return np.asarray(self.left + (values - self.first) / ((self.last - self.first) or 1) * self.width)

    def down(self, y: npt.ArrayLike) -> Floats:
        """Return pixels from the top of the picture."""
        values = np.asarray(y, dtype=np.float64)
        return np.asarray(self.base - (values - self.low) / ((self.high - self.low) or 1) * self.height)

    @property
    def base(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`."""
    span = high - low
    if span <= 0 or most < 1:
        return [low]
    step = 10.0 ** math.floor(math.log10(span / most))
    step = next((step * factor for factor in (1, 2, 5, 10, 20) if span / (step * factor) <= most), step * 50)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def tick_texts(values: list[float]) -> list[str]:
    """Return numbers with as many decimals as they need to differ."""
    for digits in range(7):
        texts = [f"{value:,.{digits}f}" for value in values]
        if all(abs(round(value, digits) - value) < 1e-9 for value in values):
            return texts
    return texts


def text_width(text: str, kind: str) -> float:
    """Return about how wide a text is."""
    look = LOOKS[kind]
    return len(text) * look.size * (LETTER * 1.07 if look.bold else LETTER)


def shortened(text: str, kind: str, width: float) -> str:
    """Return a text cut to a width."""
    if text_width(text, kind) <= width:
        return text
    room = max(int(width / (text_width("x", kind) or 1)) - 1, 1)
    return f"{text[:room].rstrip(' ,')}\u2026"
