"""The interactive Manhattan picture as one self-contained HTML file."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from lifenode.enrichment.manhattan_interactive import FONT, draw
from lifenode.enrichment.palette import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from lifenode.enrichment.manhattan import Picture

_TOGGLE = "Click a source above the picture to hide or show it, double-click to see it alone."
_CONFIG = {
    "displaylogo": False,
    "responsive": True,
    # Named one by one: the default set has a button that sends the picture, and so the gene list, to a server.
    "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
    "plotlyServerURL": "",
    "toImageButtonOptions": {"format": "svg", "filename": "manhattan"},
}


def page(picture: Picture) -> str:
    """Return one self-contained HTML file: picture, numbered terms, how to read it. It makes no request."""
    words = picture.words
    plot = draw(picture).to_html(
        full_html=False,
        include_plotlyjs=True,
        div_id="manhattan",
        config=_CONFIG | {"displayModeBar": bool(words.legend)},
    )
    return _PAGE.format(
        title=html.escape(words.title),
        subtitle=html.escape(words.subtitle),
        plot=plot,
        key=_key(picture) if picture.key.rows else "",
        legend=html.escape(f"{words.legend} {_TOGGLE}" if words.legend else ""),
        footer=html.escape(words.footer),
        font=FONT,
        ink=INK,
        muted=MUTED,
        rule=RULE,
        paper=PAPER,
    )


def _key(picture: Picture) -> str:
    headings = "".join(f'<th class="number">{html.escape(heading)}</th>' for heading in picture.key.headings)
    rows = []
    for row in picture.key.rows:
        cells = "".join(f'<td class="number">{html.escape(cell)}</td>' for cell in row.cells)
        rows.append(
            f'<tr><td><span class="pin">{row.number}</span></td>'
            f'<td class="source"><span class="dot" style="background:{row.colour}"></span> '
            f"{html.escape(row.source)}</td>"
            f'<td class="id">{html.escape(row.term_id)}</td><td>{html.escape(row.name)}</td>{cells}</tr>'
        )
    head = f"<tr><th></th><th>source</th><th>term</th><th>name</th>{headings}</tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


# The policy lets the page run its own script and fetch nothing; WebGL traces compile functions (unsafe-eval).
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; \
style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>
body {{ margin: 24px auto; max-width: 1100px; padding: 0 24px; font: 15px/1.4 {font}; color: {ink}; \
background: {paper}; }}
h1 {{ font-size: 24px; margin: 0 0 4px; }}
p {{ color: {muted}; font-size: 13px; margin: 4px 0; }}
div.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; margin: 8px 0 16px; font-variant-numeric: tabular-nums; }}
th {{ text-align: left; font-size: 13px; font-weight: 600; color: {muted}; border-bottom: 1px solid {muted}; }}
th, td {{ padding: 5px 10px 5px 0; vertical-align: baseline; }}
td {{ border-bottom: 1px solid {rule}; }}
.source {{ white-space: nowrap; }}
.number {{ text-align: right; padding-left: 10px; white-space: nowrap; }}
.id {{ font: 13px ui-monospace, monospace; color: {muted}; white-space: nowrap; }}
.pin {{ display: inline-block; width: 20px; height: 20px; line-height: 20px; text-align: center; font-weight: 700; \
font-size: 11px; border: 1.2px solid {ink}; border-radius: 50%; }}
.dot {{ display: inline-block; width: 9px; height: 9px; border-radius: 50%; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{subtitle}</p>
{plot}
<div class="scroll">{key}</div>
<p>{legend}</p>
<p>{footer}</p>
</body>
</html>
"""
