"""Enriched terms as a person reads them on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifenode.cli.messages import visible
from lifenode.cli.output import aligned

if TYPE_CHECKING:
    from lifenode.enrichment.result import EnrichmentResult

_DOMAINS = {
    "annotated": "annotated genes of each source",
    "known": "all known genes",
    "custom": "own list",
    "custom_annotated": "annotated genes of the own list",
}
_METHODS = {
    "gscs": "family-wise",
    "gscs_compat": "family-wise, rounded as published",
    "fdr": "false discovery rate",
    "fdr_hits": "false discovery rate among terms hit",
    "bonferroni": "family-wise",
}


def terminal_text(result: EnrichmentResult, rows: EnrichmentResult) -> str:
    """Return `rows` of a result under a line that says how they were computed."""
    meta = result.meta
    asked = meta["parameters"]
    world = meta["organism"] or "own gene sets"
    release = f", release {meta['pack']['release']}" if meta["pack"] else ""
    method = f"{asked['correction']} {asked['threshold']:g} ({_METHODS[asked['correction']]})"
    head = f"{world}{release}, background: {_DOMAINS[meta['background']['domain']]}, {method}\n"
    names = list(meta["queries"])
    blocks = [head]
    for name in names:
        part = rows.filter(rows["query"] == name) if len(names) > 1 else rows
        title = f"\n{visible(name)}\n" if len(names) > 1 else "\n"
        blocks.append(title + (_table(part) if len(part) else "  no significant term\n"))
    return "".join(blocks)


def _table(rows: EnrichmentResult) -> str:
    """Return one list's rows."""
    headings = ["source", "term", "name", "p adjusted", "term", "query", "both", "of"]
    drivers = "highlighted" in rows.column_names
    cells = [
        [
            row["source"], row["term_id"], row["name"], _p(row["p_value"]), str(row["term_size"]),
            str(row["query_size"]), str(row["intersection_size"]), str(row["effective_domain_size"]),
            *(["*" if row["highlighted"] else ""] if drivers else []),
        ]
        for row in rows.to_dicts()
    ]  # fmt: skip
    return aligned([*headings, *(["driver"] if drivers else [])], cells, right=range(3, 8), shrink=2)


def _p(value: float) -> str:
    return f"{value:.1e}" if value < 0.001 else f"{value:.3f}"
