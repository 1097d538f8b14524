"""A finished plot: its scene at any width, its files, and the values it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lifenode._atomic import write_atomically
from lifenode.eqtl.plot_scene import Scene
from lifenode.eqtl.plot_static import picture_bytes
from lifenode.eqtl.plot_svg import file_svg, page_svg
from lifenode.errors import InvalidOption
from lifenode.table import Table

ENDINGS = ("png", "svg", "pdf")
WIDE, NARROW = 848.0, 352.0
"""Widths in CSS pixels of a picture on a desk and on a phone."""


@dataclass(frozen=True, repr=False)
class Plot:
    """A plot.

    Attributes
    ----------
    title
        What it shows.
    table
        The values behind every mark.
    notes
        What was thinned, left out or assumed.
    draw
        Function of a width in CSS pixels, and of whether dots have labels, that returns the scene.
    """

    title: str
    table: Table
    notes: tuple[str, ...]
    draw: Callable[[float, bool], Scene]

    def page(self, width: float = WIDE, *, labelled: bool = True) -> str:
        """Return SVG to put into a page, whose style sheet colours it."""
        return page_svg(self.draw(width, labelled))

    def to_bytes(self, format: str, *, width: float = WIDE) -> bytes:
        """Return the plot as ``png``, ``svg`` or ``pdf``; the same values give the same bytes.

        Raises
        ------
        InvalidOption
            There is no such format.
        MissingPart
            ``png`` and ``pdf`` need matplotlib.
        """
        if format not in ENDINGS:
            raise InvalidOption(
                f"A picture cannot be saved as {format[:20]!r}.", value=format, next_step="Take png, svg or pdf."
            )
        scene = self.draw(width, True)
        return file_svg(scene).encode() if format == "svg" else picture_bytes(scene, format)

    def save(self, path: str | Path, *, width: float = WIDE) -> Path:
        """Write the plot to a file that ends in ``.png``, ``.svg`` or ``.pdf``.

        Raises
        ------
        InvalidOption
            Another ending.
        MissingPart
            ``png`` and ``pdf`` need matplotlib.
        """
        return write_atomically(path, self.to_bytes(Path(path).suffix[1:].lower(), width=width))

    def _repr_svg_(self) -> str:
        return file_svg(self.draw(WIDE, True))

    def __repr__(self) -> str:
        return f"<Plot: {self.title}>"
