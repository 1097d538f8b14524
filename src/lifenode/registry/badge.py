"""A badge that says how FAIR a page is, as SVG of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

_COLOURS = ((75.0, "#2e7d32"), (50.0, "#8a6d00"), (0.0, "#b3261e"))
_WIDTH = 6.6  # of a letter of the font, in pixels


def badge(meta: Mapping[str, Any]) -> str:
    """Return a badge for the sums of an assessment.

    Parameters
    ----------
    meta
        ``meta`` of `lifenode.registry.fair.assess`, with ``fsf``.

    Notes
    -----
    It shows points of points that could be assessed; what could not is in the title that screen readers read.
    """
    fsf = meta["fsf"]
    earned, total = fsf["score_earned"]["FAIR"], fsf["score_total"]["FAIR"]
    share = fsf["score_percent"].get("FAIR", 0.0)
    right = f"{share:.0f} % ({earned:g} of {total:g})" if total else "not assessable"
    colour = next(colour for least, colour in _COLOURS if share >= least)
    left = "FAIR"
    open_points = f"{fsf['not_assessed']['points']:g} of {fsf['not_assessed']['of']:g} points could not be assessed"
    title = f"FAIR: {right} by FsF {fsf['version']}; {open_points}"
    start, length = _room(left), _room(right)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{start + length}" height="20" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<rect width="{start}" height="20" fill="#37474f"/>'
        f'<rect x="{start}" width="{length}" height="20" fill="{colour}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{start / 2:g}" y="14">{left}</text>'
        f'<text x="{start + length / 2:g}" y="14">{escape(right)}</text></g></svg>\n'
    )


def _room(text: str) -> int:
    return round(len(text) * _WIDTH) + 12
