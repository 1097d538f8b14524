"""The Manhattan picture of an enrichment: every term a dot, sources side by side, strength upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifenode._atomic import write_atomically
from lifenode.enrichment.manhattan_key import Key, make_key
from lifenode.enrichment.manhattan_layout import Layout, lay_out
from lifenode.enrichment.manhattan_pins import Pinned, choose_pins
from lifenode.enrichment.manhattan_words import Words, words
from lifenode.errors import InvalidOption, MissingPart
from lifenode.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = ("png", "svg", "pdf", "html")


@dataclass(frozen=True)
class Picture:
    """All a renderer needs: where things lie, what is numbered, what is said."""

    result: Table
    layout: Layout
    pinned: list[Pinned]
    key: Key
    words: Words


class Plot:
    """A Manhattan picture; it draws itself in a notebook and is saved by `savefig`.

    Parameters
    ----------
    picture
        What to draw.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self._figure: Figure | None = None

    @property
    def figure(self) -> Figure:
        """The matplotlib figure, to be changed or embedded; made at first use."""
        if self._figure is None:
            _require("matplotlib", "A static picture")
            from lifenode.enrichment.manhattan_static import draw

            self._figure = draw(self.picture)
        return self._figure

    @property
    def interactive(self) -> Any:
        """A new Plotly figure with the same content."""
        _require("plotly", "An interactive picture")
        from lifenode.enrichment.manhattan_interactive import draw

        return draw(self.picture)

    def savefig(self, path: str | Path) -> Path:
        """Write the picture, whole or not at all.

        Parameters
        ----------
        path
            Ends in ``.png``, ``.svg``, ``.pdf`` or ``.html`` (interactive, one self-contained file).

        Raises
        ------
        InvalidOption
            Another ending.
        MissingPart
            matplotlib or Plotly is not installed.
        OutputError
            The file cannot be written.
        """
        return write_atomically(path, self.to_bytes(_ending(path)))

    def to_bytes(self, format: str) -> bytes:
        """Return the picture as ``png``, ``svg``, ``pdf`` or ``html``; the same result gives the same bytes."""
        if format == "html":
            _require("plotly", "An interactive picture")
            from lifenode.enrichment.manhattan_page import page

            return page(self.picture).encode()
        figure = self.figure
        from lifenode._pictures import render

        return render(figure, format)

    def __repr__(self) -> str:
        return f"<Plot: {self.picture.words.title}>"

    def _repr_png_(self) -> bytes:
        return self.to_bytes("png")


def plot(result: Table, path: str | Path | None = None, *, terms: Sequence[str] | None = None) -> Plot:
    """Draw an enrichment result.

    Parameters
    ----------
    result
        Columns ``query, source, term_id, name, p_value, significant, term_size, query_size, intersection_size`` and,
        if present, ``highlighted``, ``source_order``, ``log10_p`` and ``log10_p_value``.
    path
        Where to save the picture; its ending says how (see `Plot.savefig`).
    terms
        Term ids to number. By default the driver terms, or the strongest few of each source.

    Returns
    -------
    Plot

    Raises
    ------
    InvalidOption
        The ending of `path` is unknown.
    UnknownTerm
        One of `terms` is not in the result.
    """
    if path is not None:
        _ending(path)
    layout = lay_out(result)
    pinned = choose_pins(result, layout, terms)
    picture = Picture(
        result, layout, pinned, make_key(result, layout, pinned), words(result, layout, pinned, terms is not None)
    )
    made = Plot(picture)
    if path is not None:
        made.savefig(path)
    return made


def _ending(path: str | Path) -> str:
    ending = Path(path).suffix[1:].lower()
    if ending not in ENDINGS:
        raise InvalidOption(
            f"A picture cannot be saved as {Path(path).name!r}.",
            value=path,
            next_step=f"End the name in {', '.join('.' + known for known in ENDINGS[:-1])} or .{ENDINGS[-1]}.",
        )
    return ending


def _require(library: str, purpose: str) -> None:
    try:
        __import__(library)
    except ModuleNotFoundError as error:
        raise MissingPart.library(library, purpose, "plot") from error
