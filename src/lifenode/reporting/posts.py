"""The report as Markdown: a post of a mkdocs-material blog, every number with a footnote that says where it is from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lifenode.reporting.indicators import Indicator
from lifenode.reporting.sheets import Row

if TYPE_CHECKING:
    from lifenode.reporting.report import Report

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SECTIONS = (
    ("Usage", ("usage.",)),
    ("Core Data Resources", ("registry.", "series.")),
    ("Training", ("training.",)),
    ("Projects, publications and people", ("records.",)),
)


def to_markdown(report: Report) -> str:
    """Return the report as a Markdown post with front matter and footnotes."""
    notes = {entry.code: place for place, entry in enumerate(report.indicators, 1)}
    return "\n".join([*_front(report), *_summary(report, notes), *_body(report, notes), *_footnotes(report), ""])


def escape(text: object) -> str:
    """Return a text in which nothing is mark-up."""
    plain = re.sub(r"\s+", " ", str(text)).strip()
    return re.sub(r"([\\`*_{}\[\]<>#|!~^])", r"\\\1", plain)


def _front(report: Report) -> Iterator[str]:
    """Front matter: a draft stays one until the coordinator has signed."""
    day = re.search(r"\d{4}-\d{2}-\d{2}", report.signed)
    yield "---"
    yield f"draft: {json.dumps(not report.final)}"
    yield f"date: {day[0] if day and report.final else f'{report.year}-12-31'}"
    authors = report.node.get("authors", [])
    if isinstance(authors, list) and authors:
        yield f"authors: {json.dumps([str(name) for name in authors], ensure_ascii=False)}"
    yield 'categories: ["ELIXIR", "annual report"]'
    yield 'hide: ["toc"]'
    yield "---"
    yield ""


def _summary(report: Report, notes: dict[str, int]) -> Iterator[str]:
    yield f"# {escape(report.node.get('name', 'Node'))} in {report.year}"
    yield ""
    if not report.final:
        yield '!!! warning "Draft"\n    This report is not final. Missing are:\n'
        yield from (f"    - {escape(line)}" for line in report.missing or ["nothing; it can be made final"])
        yield ""
    lead = ("usage.queries", "training.courses", "training.participants", "training.organisations")
    found = [entry for code in lead for entry in report.indicators if entry.code == code]
    yield ", ".join(f"**{entry.shown}** {escape(entry.label)}[^{notes[entry.code]}]" for entry in found)
    yield ""
    yield "<!-- more -->"
    yield ""


def _body(report: Report, notes: dict[str, int]) -> Iterator[str]:
    yield "## Introduction"
    yield ""
    yield (
        escape(report.node.get("introduction", ""))
        or "Every number below is computed from records; its footnote says which."
    )
    yield ""
    for title, beginnings in SECTIONS:
        entries = [entry for entry in report.indicators if entry.code.startswith(beginnings)]
        if not entries:
            continue
        yield f"## {title}"
        yield ""
        yield from _table(report, entries, notes)
        if title == "Usage":
            yield from _months(report)
        if title == "Training":
            yield from _surveys(report)
    yield from _highlights(report)
    yield "## Looking ahead"
    yield ""
    yield escape(report.node.get("looking_ahead", "")) or "–"
    yield ""
    if report.problems:
        yield "## What could not be used"
        yield ""
        yield from (f"- {escape(line)}" for line in report.problems)
        yield ""
    signed = f"Signed off by {escape(report.signed)}." if report.final else "Not signed off."
    yield f"{signed} Fingerprint of all numbers: `{report.fingerprint[:16]}`."
    yield ""
    yield "The numbers and lists of this report were made by a program from the records named in its footnotes."
    yield ""


def _table(report: Report, entries: list[Indicator], notes: dict[str, int]) -> Iterator[str]:
    yield f"| | {report.year} | {report.year - 1} |"
    yield "|---|---:|---:|"
    for entry in entries:
        before = report.before.get(entry.code, "–")
        yield f"| {escape(entry.label)}[^{notes[entry.code]}] | {entry.shown} | {escape(before)} |"
    yield ""


def _months(report: Report) -> Iterator[str]:
    yield "| month | queries of people | queries of programs |"
    yield "|---|---:|---:|"
    for name, people, programs in zip(MONTHS, report.months["human"], report.months["machine"], strict=True):
        yield f"| {name} | {people:,} | {programs:,} |"
    yield ""


def _surveys(report: Report) -> Iterator[str]:
    for name, table in report.surveys.items():
        yield f"### {name}"
        yield ""
        question = ""
        for row in table:
            if row["question"] != question:
                question = row["question"]
                yield f"\n**{escape(row['text'])}**\n"
            if row["count"] is None or row["count"]:
                shown = "fewer than can be shown" if row["count"] is None else row["count"]
                yield f"- {escape(row['option'])}: {shown}"
        yield ""


def _highlights(report: Report) -> Iterator[str]:
    titles = {
        "publication": "Publications", "project": "Collaborative projects", "service": "Services", "person": "People",
        "collaboration": "Collaborations",
    }  # fmt: skip
    for kind, rows in report.records.items():
        if rows:
            yield f"## {titles[kind]}"
            yield ""
            yield from (f"- {_record(row)}" for row in rows)
            yield ""


def _record(row: Row) -> str:
    title, link = escape(row.get("title")), address(row.get("identifier"))
    return f"{row.get('date')}: [{title}]({link})" if link else f"{row.get('date')}: {title}"


def address(identifier: str) -> str:
    """Return the web address of an identifier: of a DOI or of a page; empty for anything else."""
    doi = re.fullmatch(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[^\s()<>\"]+)", identifier, re.IGNORECASE)
    if doi:
        return f"https://doi.org/{doi[1]}"
    return identifier if re.fullmatch(r"https?://[^\s()<>\"]+", identifier) else ""


def _footnotes(report: Report) -> Iterator[str]:
    for place, entry in enumerate(report.indicators, 1):
        evidence = "; ".join(f"{escape(e.source)}, {e.records:,} records, `{e.sha256[:12]}`" for e in entry.evidence)
        notes = f" Note: {escape('; '.join(entry.notes))}." if entry.notes else ""
        made = f"{escape(entry.rule)}{notes} From {evidence}."
        yield f"[^{place}]: `{entry.code}`, {entry.period}. {made} Fingerprint `{entry.fingerprint}`."
