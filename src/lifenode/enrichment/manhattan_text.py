"""Texts in matplotlib pictures: how wide they are, and what the font can show of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

FONT = "DejaVu Sans"


@lru_cache(maxsize=4)
def _font(weight: str) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FONT, weight=weight)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(_font("normal"))).get_charmap())


def readable(text: str) -> str:
    """Return `text` on one line, with a sign in place of letters the font lacks."""
    letters = _letters()
    shown = (char if ord(char) in letters and char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return "".join(" " if char in "\t\n\r" else sign for char, sign in zip(text, shown, strict=True))


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line in points."""
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    width, _, _ = text_to_path.get_text_width_height_descent(readable(text), _sized(size, weight), False)
    return float(width)


def _sized(size: float, weight: str) -> Any:
    font = _font(weight).copy()
    font.set_size(size)
    return font


def fitted(text: str, room: float, size: float, weight: str = "normal") -> str:
    """Return `text`, or as much of it as fits into `room` points with an ellipsis."""
    if text_width(text, size, weight) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", size, weight) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
