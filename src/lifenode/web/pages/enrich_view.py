"""An enrichment as its page shows it: plain data for the template, made where the work is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lifenode
from lifenode.enrichment.evidence_matrix import evidence_matrix
from lifenode.enrichment.manhattan import Picture
from lifenode.enrichment.result import EnrichmentResult
from lifenode.genes.evidence import MEANINGS
from lifenode.genes.text_lists import DEFAULT_NAME
from lifenode.web.api.enrich import enriched
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.enrich_rows import rows_of
from lifenode.web.pages.lookups import accounting_of
from lifenode.web.pages.manhattan_field import fields_of

LOOK = ("view", "sort", "page", "offered", "example")
"""Fields of the page that concern its look only."""

_METHODS = {
    "gscs": "g:SCS, by random lists",
    "gscs_compat": "g:SCS as published",
    "fdr": "false discovery rate (Benjamini-Hochberg)",
    "fdr_hits": "false discovery rate over the terms hit",
    "bonferroni": "Bonferroni",
}


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to the fields asked, among them those of `LOOK`.

    Raises
    ------
    LifenodeError
        As `lifenode.enrich`.
    """
    service = {name: value for name, value in asked.items() if name not in LOOK}
    result = enriched(with_drivers(service))
    picture = result.plot().picture
    significant = result.filter(result["significant"]) if service.get("all_results") else result
    classes = source_classes(block.source for block in picture.layout.blocks)
    several = len(result.parts) > 1
    named = several or result.parts[0].name != DEFAULT_NAME
    return {
        "headline": picture.words.title,
        "empty": picture.words.empty,
        "legend": picture.words.legend,
        "several": several,
        "named": named,
        "lists": [_list_facts(part.name, part.resolution.accounting.to_dict()) for part in result.parts],
        "outside": _outside(result),
        "organism": result.meta["organism"] or "",
        "sources": [(block.source, classes[block.source]) for block in picture.layout.blocks],
        "fields": fields_of(result, picture.layout, picture.pinned),
        "lists_left_out": picture.layout.queries_left_out,
        "table": rows_of(result, picture, classes, asked),
        "significant": len(significant),
        "evidence": None if several or not len(significant) else _evidence(result, picture),
        "facts": _facts(result),
        "cite": result.meta["citation"],
        "bibtex": _bibtex(result),
        "notes": list(result.meta["notes"]),
    }


def with_drivers(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields asked with driver terms marked, where a list can have some."""
    return {**asked, "highlight": not (asked.get("ordered") or asked.get("underrepresented"))}


def _list_facts(name: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name} | accounting_of(stated)


def _outside(result: EnrichmentResult) -> list[str]:
    """Return the genes of the lists that their background does not hold, as they were typed."""
    found: dict[str, None] = {}
    for part in result.parts:
        outside = set(result.meta["queries"][part.name].get("outside_background", ()))
        for gene in part.resolution.genes.tolist() if outside else ():
            if result.world.gene_ids[gene] in outside:
                found[part.resolution.identifiers_of(gene)[0]] = None
    return list(found)


def _evidence(result: EnrichmentResult, picture: Picture) -> dict[str, Any]:
    """Return the genes behind the numbered terms."""
    query = result["query"][0]
    pins = [(pin, pin.rows[query]) for pin in picture.pinned if query in pin.rows]
    matrix = evidence_matrix(result, [row for _, row in pins])
    return {
        "terms": [(pin.number, pin.name or pin.term_id) for pin, _ in pins],
        "lines": list(zip(matrix.genes, matrix.cells, strict=True)),
        "left_out": matrix.genes_left_out,
        "kinds": [(kind, text) for kind, text in MEANINGS.items() if _has(matrix.cells, kind)],
    }


def _has(cells: Sequence[Sequence[Any]], kind: str) -> bool:
    return any(cell is not None and cell.kind == kind for line in cells for cell in line)


def _facts(result: EnrichmentResult) -> list[tuple[str, str]]:
    meta = result.meta
    method, background = meta["correction"], meta["background"]
    tested = sum(int(facts.get("testable_terms") or 0) for facts in meta["sources"].values())
    facts = [
        ("Organism", meta.get("scientific_name") or "none: own gene sets alone"),
        ("Data", f"{meta['pack']['name']}, SHA-256 {meta['pack']['sha256'][:16]}" if meta.get("pack") else ""),
        ("Test", meta["test"]),
        ("Correction", f"{_METHODS[method['method']]}, threshold {method['threshold']:g}"),
        ("Family", f"{method['family']}; {tested:,} terms"),
        ("Background", _background(meta["sources"], background)),
    ]
    if method.get("draws"):
        facts.append(("Random lists", f"{method['draws']:,} for each source and list size, seed {method['seed']}"))
    facts += [(name, _source(source)) for name, source in meta["sources"].items()]
    return [*facts, ("Software", f"lifenode {lifenode.__version__}")]


def _source(source: Mapping[str, Any]) -> str:
    if "version" in source:
        return f"{source['name']}, {source['version']}"
    return f"{source['sets']:,} own gene sets, SHA-256 {source['sha256'][:16]}"


def _background(sources: Mapping[str, Any], background: Mapping[str, Any]) -> str:
    sizes = ", ".join(f"{name} {facts['domain_size']:,}" for name, facts in sources.items() if "domain_size" in facts)
    words = {
        "annotated": "the annotated genes of each source",
        "known": "all known genes",
        "custom": "the genes given",
        "custom_annotated": "the annotated genes among those given",
    }
    given = f" ({background['given']:,} identifiers, {background['mapped']:,} mapped)" if "given" in background else ""
    return f"{words[str(background['domain'])]}{given}: {sizes}"


def _bibtex(result: EnrichmentResult) -> str:
    meta = result.meta
    data = meta["pack"]["name"] if meta.get("pack") else "own gene sets"
    return (
        f"@software{{lifenode,\n  title   = {{lifenode: a life-science service node}},\n"
        f"  version = {{{lifenode.__version__}}},\n  note    = {{data: {data}}},\n}}"
    )
