"""A scene as SVG: for a page, whose style sheet colours it, or as a file that stands by itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from lifenode.eqtl.plot_scene import LOOKS, Box, Dot, Dots, Line, Mark, Scene, Text

_FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"


def page_svg(scene: Scene) -> str:
    """Return SVG for a page: kinds are classes, sizes follow the width that there is."""
    size = f'class="plot" viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    return _document(scene, size, "", _Writer(page=True))


def file_svg(scene: Scene) -> str:
    """Return SVG that stands by itself on white ground."""
    width, height = _n(scene.width), _n(scene.height)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{_FONTS}"'
    ground = f'<title>{escape(scene.title)}</title>\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_document(scene, size, ground, _Writer(page=False))}\n'


def _document(scene: Scene, size: str, ground: str, writer: _Writer) -> str:
    marks = "\n".join(map(writer.mark, scene.marks))
    label = escape(scene.title)
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {size}>\n{ground}{marks}\n</svg>'


@dataclass(frozen=True)
class _Writer:
    """Writes marks, their kinds as classes for a page, else as colours."""

    page: bool

    def mark(self, mark: Mark) -> str:
        if isinstance(mark, Line):
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in zip(mark.x, mark.y, strict=True))
            return f'<polyline points="{points}" {self.look(mark.kind)}/>'
        if isinstance(mark, Dots):
            return f'<path d="{_strokes(mark)}" {self.dots(mark)}/>'
        if isinstance(mark, Dot):
            return self.dot(mark)
        if isinstance(mark, Box):
            place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
            return _titled("rect", f"{place} {self.look(mark.kind)}", mark.label)
        return self.text(mark)

    def look(self, kind: str) -> str:
        if self.page:
            return f'class="{kind}"'
        look = LOOKS[kind]
        parts = [f'fill="{look.fill or "none"}"']
        if look.stroke:
            parts.append(f'stroke="{look.stroke}" stroke-width="{_n(look.width)}"')
        if look.dash:
            parts.append(f'stroke-dasharray="{" ".join(map(_n, look.dash))}"')
        return " ".join(parts)

    def dots(self, mark: Dots) -> str:
        width = f'stroke-width="{_n(2 * mark.radius)}"'
        if self.page:
            return f'class="dots {mark.kind}" {width}'
        return f'fill="none" stroke="{LOOKS[mark.kind].fill}" stroke-linecap="round" {width}'

    def dot(self, mark: Dot) -> str:
        x, y, r = mark.x, mark.y, mark.radius
        look = self.look(mark.kind)
        if mark.marked:
            ring = LOOKS["ring"]
            edge = f'{look} stroke="{ring.stroke}" stroke-width="{_n(ring.width)}"'
            look = f'class="{mark.kind} ring"' if self.page else edge
        if mark.shape == "diamond":
            r *= 1.4
            points = f"{_n(x)},{_n(y - r)} {_n(x + r)},{_n(y)} {_n(x)},{_n(y + r)} {_n(x - r)},{_n(y)}"
            return _titled("polygon", f'points="{points}" {look}', mark.label)
        return _titled("circle", f'cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {look}', mark.label)

    def text(self, mark: Text) -> str:
        look = LOOKS[mark.kind]
        place = f'x="{_n(mark.x)}" y="{_n(mark.y)}"'
        if not mark.upright:
            place = f'transform="translate({_n(mark.x)} {_n(mark.y)}) rotate(-90)"'
        weight = ' font-weight="bold"' if look.bold else ""
        anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
        font = f'font-size="{_n(look.size)}"{weight}{anchor}'
        return f"<text {place} {font} {self.look(mark.kind)}>{escape(mark.text)}</text>"


def _strokes(dots: Dots) -> str:
    """Return dots as strokes without length, which take some ten bytes each."""
    x, y = np.round(10 * dots.x).astype(int), np.round(10 * dots.y).astype(int)
    dx, dy = np.diff(x, prepend=0), np.diff(y, prepend=0)
    return "".join(f"m{_tenths(a)} {_tenths(b)}h0" for a, b in zip(dx.tolist(), dy.tolist(), strict=True))


def _tenths(number: int) -> str:
    whole, rest = divmod(abs(number), 10)
    return f"{'-' if number < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def _titled(tag: str, attributes: str, label: str) -> str:
    return f"<{tag} {attributes}><title>{escape(label)}</title></{tag}>" if label else f"<{tag} {attributes}/>"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
