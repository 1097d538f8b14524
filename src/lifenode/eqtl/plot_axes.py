"""Axes and keys that association plots share."""

from __future__ import annotations

from typing import NamedTuple

from lifenode.eqtl.plot_points import LD_WORDS, PIP_WORDS
from lifenode.eqtl.plot_scene import Area, Dot, Line, Scene, Text, text_width, tick_texts, ticks

_NARROW = 500.0
_RATE_TOP = 20.0
_KEY_LINE = 18.0
_OFF = 16.0
GENOME_WIDE = 7.30103
"""-log10 of 5e-8."""
_TITLE = 36.0


class Margins(NamedTuple):
    """Room beside a field of values."""

    left: float
    right: float

    @classmethod
    def of(cls, width: float, *, right_axis: bool = False) -> Margins:
        """Return the margins for a width."""
        return cls(48.0 if width < _NARROW else 52.0, (40.0 if width < _NARROW else 48.0) if right_axis else 12.0)


def left_axis(scene: Scene, area: Area, title: str, *, turned: bool = False) -> None:
    """Draw ticks, their lines and the title at the left of a field; `turned`, its values grow downwards."""
    values = ticks(area.low, area.high, max(int(area.height // 34), 2))
    for value, text in zip(values, tick_texts(values), strict=True):
        at = float(area.top + (value - area.low) / (area.high - area.low) * area.height if turned else area.down(value))
        scene.add(Line((area.left, area.right), (at, at), "grid"))
        # Where two fields meet, one 0 stands for both.
        if value or not turned:
            scene.add(Text(area.left - 6, at + 4, text, "tick", "end"))
    edge = area.top if turned else area.base
    scene.add(
        Line((area.left, area.right), (edge, edge), "axis"),
        Text(area.left - _TITLE, area.top + area.height / 2, title, "title", "middle", upright=False),
    )


def position_axis(scene: Scene, area: Area, at: float, chromosome: str) -> None:
    """Draw the axis of positions, in Mb."""
    scene.add(Line((area.left, area.right), (at, at), "axis"))
    values = ticks(area.first / 1e6, area.last / 1e6, max(int(area.width // 80), 2))
    for value, text in zip(values, tick_texts(values), strict=True):
        x = float(area.across(value * 1e6))
        edge = scene.width - text_width(text, "tick") / 2
        scene.add(Line((x, x), (at, at + 5), "axis"), Text(min(x, edge), at + 17, text, "tick", "middle"))
    title = f"Position on chromosome {chromosome}, Mb (GRCh38)"
    scene.add(Text(area.left + area.width / 2, at + 35, title, "title", "middle"))


def genome_wide(scene: Scene, area: Area, *, turned: bool = False) -> None:
    """Draw the line of p = 5e-8, where it stands off the axis."""
    distance = GENOME_WIDE / (area.high - area.low) * area.height
    if _OFF < distance < area.height:
        at = area.top + distance if turned else area.base - distance
        words = Text(area.right, at + (13 if turned else -4), "5e-8", "note", "end")
        scene.add(Line((area.left, area.right), (at, at), "limit"), words)


def rate_axis(scene: Scene, area: Area, rates: tuple[tuple[float, float], ...]) -> None:
    """Draw the recombination rate as steps, with its axis at the right."""
    top = max(_RATE_TOP, *(rate for _, rate in rates))
    own = area._replace(low=0.0, high=top * 1.05)
    x: list[float] = []
    y: list[float] = []
    height = own.base
    for position, rate in rates:
        along = min(max(float(own.across(position)), own.left), own.right)
        x += [along, along]
        y += [height, height := float(own.down(rate))]
    x.append(own.right)
    y.append(height)
    scene.add(Line(tuple(x), tuple(y), "rate"))
    for value in ticks(0, top, 3):
        scene.add(Text(own.right + 6, float(own.down(value)) + 4, f"{value:g}", "rate-name"))
    middle = own.top + own.height / 2
    scene.add(Text(scene.width - 4, middle, "cM/Mb", "rate-name", "middle", upright=False))


def key(scene: Scene, left: float, line: float, right: float, colour: str) -> float:
    """Draw what colours and shapes mean, in as many lines as they take; return the last.

    `colour` is ``ld``, or what the probability that colours stand for is called.
    """
    words = LD_WORDS if colour == "ld" else PIP_WORDS
    name = "r\u00b2 to the lead" if colour == "ld" else f"{colour[:1].upper()}{colour[1:]}"
    scene.add(Text(left, line, name, "key"))
    at = left + text_width(name, "key") + 8
    entries = [(text, f"level{level}", "circle", False) for level, text in enumerate(words)]
    entries += [
        ("in a credible set", "level0", "circle", True),
        ("marked" if colour not in ("ld", "PIP") else "lead", "level0", "diamond", True),
    ]
    for text, kind, shape, marked in entries:
        width = 12 + text_width(text, "key")
        if at + width > right:
            at, line = left, line + _KEY_LINE
        scene.add(Dot(at + 4, line - 4, 4, kind, "", shape, marked), Text(at + 12, line, text, "key"))
        at += width + 10
    return line
