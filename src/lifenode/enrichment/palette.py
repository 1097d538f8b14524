"""One table of colours for pages and pictures.

The source colours are from Paul Tol's *bright*, *muted* and *high-contrast* schemes (SRON/EPS/TN/09-002, issue 3.2),
which stay apart for every common form of colour blindness. A source has the same colour everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

SOURCE_COLOURS = {
    "GO:MF": "#CC6677",
    "GO:BP": "#DDAA33",
    "GO:CC": "#117733",
    "REAC": "#4477AA",
    "WP": "#66CCEE",
    "HP": "#AA4499",
    "KEGG": "#EE6677",
    "TF": "#999933",
    "MIRNA": "#44AA99",
    "HPA": "#332288",
    "CORUM": "#882255",
}
# For sources of one's own, in the order they appear.
SPARE_COLOURS = ("#332288", "#44AA99", "#882255", "#999933", "#EE6677", "#228833", "#AA3377", "#004488")

INK = "#1c2024"
MUTED = "#5c636a"
RULE = "#dde0e3"
PAPER = "#ffffff"


def source_colours(sources: Iterable[str]) -> dict[str, str]:
    """Return a colour for each of the `sources`; unknown ones take the spare colours not in use, in turn."""
    names = list(dict.fromkeys(sources))
    used = {SOURCE_COLOURS[name] for name in names if name in SOURCE_COLOURS}
    spare = [colour for colour in SPARE_COLOURS if colour not in used] or list(SPARE_COLOURS)
    unknown = [name for name in names if name not in SOURCE_COLOURS]
    extra = {name: spare[i % len(spare)] for i, name in enumerate(unknown)}
    return {name: SOURCE_COLOURS.get(name) or extra[name] for name in names}
