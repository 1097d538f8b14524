"""Look up rsIDs, places and changes, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from markupsafe import Markup, escape

import lifenode
from lifenode.table import Table
from lifenode.web.api.queries import lists_of, plain_query
from lifenode.web.api.variants import SERVICE
from lifenode.web.pages.forms import Form
from lifenode.web.pages.lookups import MOST_ROWS, accounting_of, cite, gene_link, organism_choices, provenance_of
from lifenode.web.pages.questions import QuestionPage

_GENES_BY = {"source": "by source", "position": "by position", "": ""}


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    options = {name: asked[name] for name in ("organism",) if name in asked}
    table = lifenode.variants(plain_query(lists_of(asked["query"])), **options)
    meta = table.meta
    held = meta["sources"].get("variants", {})
    return {
        "rows": _rows(table.take(range(min(len(table), MOST_ROWS))), meta["organism"]),
        "total": len(table),
        "held": meta["variants"],
        "held_from": held.get("version", ""),
        "accounting": accounting_of(meta["accounting"]),
        "facts": [*provenance_of(meta), ("Positions", "1-based, first and last base included")],
        "cite": cite(meta),
        "notes": list(meta["notes"]),
    }


def _rows(table: Table, organism: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before = ""
    for row in table:
        again = row["query"] == before
        before = row["query"]
        rows.append({
            "_row": {"class": "again", "data-belongs": ""} if again else {},
            "query": {"text": "", "copy": row["query"]} if again else row["query"],
            "status": "" if again else row["status"],
            "rsid": row["rsid"],
            "place": _place(row),
            "alleles": row["alleles"],
            "genes": {"html": _genes(row, organism)},
            "genes_by": _GENES_BY[row["genes_by"]],
            "consequences": {"html": _consequences(row)},
        })  # fmt: skip
    return rows


def _place(row: Mapping[str, Any]) -> str:
    if row["start"] is None:
        return ""
    end = "" if row["end"] == row["start"] else f"-{row['end']}"
    return f"{row['chromosome']}:{row['start']}{end}"


def _genes(row: Mapping[str, Any], organism: str) -> Markup:
    pairs = zip(row["gene_ids"], row["gene_symbols"], strict=True)
    links = [gene_link(gene, organism, symbol or gene) for gene, symbol in pairs]
    return Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(link["href"], link["text"]) for link in links if isinstance(link, dict)
    )


def _consequences(row: Mapping[str, Any]) -> Markup:
    """Return each consequence with its count, and the counts of each gene where there are several."""
    symbols = dict(zip(row["gene_ids"], row["gene_symbols"], strict=True))
    stated = row["gene_consequences"] if len(symbols) > 1 else row["consequences"]
    lines = []
    for text in stated:
        gene, _, rest = text.partition(":") if len(symbols) > 1 else ("", "", text)
        name, _, times = rest.rpartition(":")
        where = f"{symbols.get(gene) or gene}: " if gene else ""
        lines.append(f"{where}{name.replace('_', ' ')} ({times})")
    return Markup("<br>").join(map(escape, lines))


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    return {"organisms": organism_choices()}


PAGE = QuestionPage(SERVICE, "variants.html", view, choices)


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
