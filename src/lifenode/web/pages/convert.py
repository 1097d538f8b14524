"""Translate identifiers, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

import lifenode
from lifenode.packs.contract import NAMESPACES
from lifenode.web.api.convert import SERVICE
from lifenode.web.api.queries import lists_of, plain_query
from lifenode.web.pages.forms import Form
from lifenode.web.pages.lookups import MOST_ROWS, accounting_of, cite, gene_link, organism_choices, provenance_of
from lifenode.web.pages.questions import QuestionPage

NAMESPACE_WORDS = {
    "ENSG": "Ensembl gene (ENSG)",
    "SYMBOL": "symbol",
    "ALIAS": "alias",
    "PREVIOUS_SYMBOL": "previous symbol",
    "ENTREZGENE": "Entrez gene",
    "ORF": "ORF name",
    "LOCUSTAG": "locus tag",
    "AGI": "AGI locus (thale cress)",
    "UNIPROT": "UniProt",
    "REFSEQ": "RefSeq",
    "FLYBASE": "FlyBase",
    "WORMBASE": "WormBase",
    "AFFY_HG_U95": "Affymetrix HG-U95",
}
"""Namespaces in words."""


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    options = {name: asked[name] for name in ("organism", "to", "numeric_namespace") if name in asked}
    table = lifenode.convert(plain_query(lists_of(asked["query"])), **options)
    meta = table.meta
    rows = [
        row | {"gene_id": gene_link(row["gene_id"], meta["organism"]), "namespaces": ", ".join(row["namespaces"])}
        for row in table.take(range(min(len(table), MOST_ROWS)))
    ]
    return {
        "rows": rows,
        "total": len(table),
        "to": meta["to"],
        "accounting": accounting_of(meta["accounting"]),
        "facts": [*provenance_of(meta), ("Digits", f"read as {meta['numeric_namespace']}")],
        "cite": cite(meta),
        "notes": list(meta["notes"]),
    }


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    namespaces = [(name, NAMESPACE_WORDS.get(name, name)) for name in NAMESPACES]
    return {"organisms": organism_choices(), "namespaces": namespaces}


PAGE = QuestionPage(SERVICE, "convert.html", view, choices)


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
