"""Find the genes of another organism that descend from the same gene, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

import lifenode
from lifenode.genes.organism_names import has_pack, scientific_name
from lifenode.genes.ortholog_index import targets_of
from lifenode.packs.catalog import ORTHOLOG_SOURCES
from lifenode.packs.find import known_packs
from lifenode.packs.pack import open_pack
from lifenode.settings import settings
from lifenode.table import Table
from lifenode.web.api.orthologs import SERVICE
from lifenode.web.api.queries import lists_of, plain_query
from lifenode.web.pages.forms import Form
from lifenode.web.pages.lookups import MOST_ROWS, accounting_of, cite, gene_link, organism_choices, provenance_of
from lifenode.web.pages.numbers import count
from lifenode.web.pages.questions import QuestionPage

_OPTIONS = ("organism", "to", "sources", "min_support", "numeric_namespace")
_MOST_SUPPORT = 12


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    options = {name: asked[name] for name in _OPTIONS if name in asked}
    table = lifenode.orthologs(plain_query(lists_of(asked["query"])), **options)
    meta = table.meta
    facts = [
        *provenance_of(meta),
        ("Pairs", f"{meta['rule']}; at least {count(meta['min_support'])} must agree"),
        ("Digits", f"read as {meta['numeric_namespace']}"),
    ]
    return {
        "to": scientific_name(meta["to"]),
        "genes": meta["genes"],
        "with_ortholog": meta["with_ortholog"],
        "rows": _rows(table.take(range(min(len(table), MOST_ROWS))), meta["organism"], meta["to"]),
        "total": len(table),
        "accounting": accounting_of(meta["accounting"]),
        "facts": facts,
        "cite": cite(meta),
        "notes": list(meta["notes"]),
    }


def _rows(table: Table, organism: str, to: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before = ""
    known = has_pack(to)
    for row in table:
        again = row["query"] == before
        before = row["query"]
        rows.append({
            "_row": {"class": "again", "data-belongs": ""} if again else {},
            "query": {"text": "", "copy": row["query"]} if again else row["query"],
            "gene": "" if again else gene_link(row["gene_id"], organism, row["symbol"]),
            "ortholog": gene_link(row["ortholog"], to) if known else row["ortholog"],
            "ortholog_symbol": row["ortholog_symbol"],
            "ortholog_name": row["ortholog_name"],
            "relation": row["relation"] if row["ortholog"] else _why_not(row["status"]),
            "support_count": row["support_count"],
            "support": ", ".join(row["support"]),
            "source": row["source"],
        })  # fmt: skip
    return rows


def _why_not(status: str) -> str:
    return "none stated" if status in ("mapped", "duplicate") else status


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers; every organism that any pack knows orthologs in."""
    organism = form.text("organism", settings().organism)
    here = {pack.organism for pack in known_packs()}
    source = organism if organism in here else settings().organism
    first = "mmusculus" if source != "mmusculus" else "hsapiens"
    targets = dict.fromkeys([*targets_of(open_pack(source)), *sorted(here)])
    return {
        "organisms": organism_choices(),
        "targets": sorted(((name, scientific_name(name)) for name in targets), key=lambda pair: pair[1]),
        "to": form.text("to", first),
        "sources": [(name, name, "") for name in ORTHOLOG_SOURCES],
        "supports": [(str(least), _supports(least)) for least in range(1, _MOST_SUPPORT + 1)],
    }


def _supports(least: int) -> str:
    return "1 database is enough" if least == 1 else f"at least {least} databases"


PAGE = QuestionPage(SERVICE, "orthologs.html", view, choices)


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
