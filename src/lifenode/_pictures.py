"""How matplotlib pictures are drawn here: one style, and the same bytes for the same content."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAPER = "#ffffff"
_RESOLUTION = 200
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "lifenode"},
    "pdf": {"CreationDate": None, "Creator": "lifenode", "Producer": None},
}
_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "svg.hashsalt": "lifenode",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}
# Styles are settings of the whole process; two threads must not draw under each other's.
_DRAWING = threading.Lock()


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of lifenode."""
    from matplotlib import style as styles

    with _DRAWING, styles.context(["default", _STYLE]):
        yield


def render(figure: Figure, format: str) -> bytes:
    """Return the figure as png, svg or pdf; the same figure gives the same bytes."""
    buffer = BytesIO()
    with style():
        figure.savefig(buffer, format=format, dpi=_RESOLUTION, metadata=_METADATA[format], facecolor=PAPER)
    return buffer.getvalue()
