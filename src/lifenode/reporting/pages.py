"""The report as one HTML page that needs nothing else: no script, no font, no address of another site but in links."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from lifenode.reporting.indicators import Indicator
from lifenode.reporting.posts import MONTHS, SECTIONS, address

if TYPE_CHECKING:
    from lifenode.reporting.report import Report

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #d5dce3; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.draft { border-left: 4px solid #b35900; background: #fff6ec; padding: .6rem 1rem; }
.notes { font-size: .875rem; } code { font-size: .9em; } svg { width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; } }
"""
_COLOURS = {"human": "#1f5f8b", "machine": "#e07b00"}
_NAMES = {"human": "people", "machine": "programs"}


def to_html(report: Report) -> str:
    """Return the report as an HTML page with its plot drawn in."""
    title = f"{escape(str(report.node.get('name', 'Node')))} in {report.year}"
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(_body(report, title))
    return f"{head}{view}<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"


def _body(report: Report, title: str) -> Iterator[str]:
    yield f"<h1>{title}</h1>"
    if not report.final:
        missing = "".join(f"<li>{escape(line)}</li>" for line in report.missing)
        yield f'<div class="draft"><strong>Draft.</strong> Missing are:<ul>{missing or "<li>nothing</li>"}</ul></div>'
    places = {entry.code: place for place, entry in enumerate(report.indicators, 1)}
    for heading, beginnings in SECTIONS:
        entries = [entry for entry in report.indicators if entry.code.startswith(beginnings)]
        if entries:
            yield f"<h2>{heading}</h2>"
            yield _table(report, entries, places)
            if heading == "Usage":
                yield months_svg(report.months, report.year)
            if heading == "Training":
                yield from _surveys(report)
    yield from _records(report)
    if report.problems:
        problems = "".join(f"<li>{escape(line)}</li>" for line in report.problems)
        yield f"<h2>What could not be used</h2><ul>{problems}</ul>"
    yield "<h2>Where the numbers come from</h2>"
    notes = "".join(f'<li id="n{place}">{_note(entry)}</li>' for place, entry in enumerate(report.indicators, 1))
    yield f'<ol class="notes">{notes}</ol>'
    signed = f"Signed off by {escape(report.signed)}." if report.final else "Not signed off."
    yield f"<p>{signed} Fingerprint of all numbers: <code>{report.fingerprint[:16]}</code>.</p>"


def _table(report: Report, entries: list[Indicator], places: dict[str, int]) -> str:
    rows = "".join(
        f'<tr><td>{escape(entry.label)} <sup><a href="#n{places[entry.code]}">{places[entry.code]}</a></sup></td>'
        f'<td class="n">{entry.shown}</td><td class="n">{escape(report.before.get(entry.code, "–"))}</td></tr>'
        for entry in entries
    )
    heads = f'<th></th><th class="n">{report.year}</th><th class="n">{report.year - 1}</th>'
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _note(entry: Indicator) -> str:
    evidence = "; ".join(
        f"{escape(e.source)}, {e.records:,} records, <code>{e.sha256[:12]}</code>" for e in entry.evidence
    )
    notes = f" Note: {escape('; '.join(entry.notes))}." if entry.notes else ""
    rimo = f' (<a href="{escape(entry.to_dict()["rimo"])}">RIMO {escape(entry.rimo)}</a>)' if entry.rimo else ""
    return (
        f"<code>{escape(entry.code)}</code>{rimo}, {escape(entry.period)}. {escape(entry.rule)}{notes} "
        f"From {evidence}. Fingerprint <code>{entry.fingerprint}</code>."
    )


def _surveys(report: Report) -> Iterator[str]:
    for name, table in report.surveys.items():
        yield f"<h3>{escape(name)}</h3>"
        question = ""
        for row in table:
            if row["question"] != question:
                yield "</ul>" if question else ""
                question = row["question"]
                yield f"<p><strong>{escape(row['text'])}</strong></p><ul>"
            if row["count"] is None or row["count"]:
                shown = "fewer than can be shown" if row["count"] is None else row["count"]
                yield f"<li>{escape(row['option'])}: {shown}</li>"
        yield "</ul>"


def _records(report: Report) -> Iterator[str]:
    for kind, rows in report.records.items():
        if not rows:
            continue
        yield f"<h2>{escape(kind.capitalize())}</h2><ul>"
        for row in rows:
            link, title = address(row.get("identifier")), escape(row.get("title"))
            shown = f'<a href="{escape(link)}">{title}</a>' if link else title
            yield f"<li>{escape(row.get('date'))}: {shown}</li>"
        yield "</ul>"


def months_svg(months: dict[str, list[int]], year: int) -> str:
    """Return stacked bars of the queries by month as SVG, with the numbers as text for readers of the page."""
    tops = [sum(values) for values in zip(*months.values(), strict=True)]
    most = max(tops) or 1
    marks = [
        f'<line x1="50" x2="770" y1="220" y2="220" stroke="#778"/><text x="44" y="24" text-anchor="end">{most:,}</text>'
    ]
    for place, name in enumerate(MONTHS):
        bottom = 220.0
        for kind, values in months.items():
            height = 200 * values[place] / most
            bottom -= height
            label = f"{name} {year}, {_NAMES[kind]}: {values[place]:,}"
            marks.append(
                f'<rect x="{58 + 60 * place}" y="{bottom:.1f}" width="44" height="{height:.1f}" '
                f'fill="{_COLOURS[kind]}"><title>{label}</title></rect>'
            )
        marks.append(f'<text x="{80 + 60 * place}" y="238" text-anchor="middle">{name}</text>')
    for place, kind in enumerate(months):
        left = 300 + 130 * place
        marks.append(f'<rect x="{left}" y="252" width="12" height="12" fill="{_COLOURS[kind]}"/>')
        marks.append(f'<text x="{left + 18}" y="263">{_NAMES[kind]}</text>')
    told = f"Queries served by month of {year}: " + ", ".join(f"{n} {v:,}" for n, v in zip(MONTHS, tops, strict=True))
    return (
        f'<svg viewBox="0 0 780 275" role="img" font-family="sans-serif" font-size="13"><title>{told}</title>'
        f"{''.join(marks)}</svg>"
    )
