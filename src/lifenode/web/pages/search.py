"""Search: a gene or term that is named exactly, or those that come near."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.table import Column, Table
from lifenode.web.api.answers import answer_with, check_organism, respond
from lifenode.web.api.representations import format_of
from lifenode.web.pages.at_hand import facts
from lifenode.web.pages.frame import render
from lifenode.web.pages.links import gene_page, term_page
from lifenode.web.pages.lookups import organism_choices
from lifenode.web.pages.numbers import count
from lifenode.web.pages.releases import packs_in_order
from lifenode.web.pages.search_work import search

_LONGEST = 200

COLUMNS = (
    Column("kind", "text", "gene or term"),
    Column("organism", "text", "identifier of the organism"),
    Column("id", "text", "identifier of the gene or term"),
    Column("symbol", "text", "symbol of a gene"),
    Column("name", "text", "full name"),
    Column("found_as", "text", "what was found, where it is neither symbol nor name of a term"),
    Column("source", "text", "source of a term"),
    Column("genes", "integer", "genes of a term"),
)


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/search", _page, methods=["GET"], include_in_schema=False)
    app.add_route("/search.{format}", _twin, methods=["GET"], include_in_schema=False)


def _asked(request: Request) -> tuple[str, str, list[str]]:
    """Return what is searched for, the organism named, and all organisms to search."""
    text = " ".join(request.query_params.get("q", "").split())[:_LONGEST].strip()
    organism = request.query_params.get("organism", "")
    if organism:
        check_organism({"organism": organism})
    return text, organism, [organism] if organism else [pack.organism for pack in packs_in_order()]


async def _page(request: Request) -> Response:
    text, organism, organisms = _asked(request)
    found = await facts(request, search, text, organisms, organisms=organisms) if text else {}
    if found.get("exact"):
        return RedirectResponse(_address(text, found["exact"]), 302)
    return render(
        request,
        "search.html",
        text=text,
        organism=organism,
        organisms=[("", "all organisms"), *organism_choices()],
        several=len(organisms) > 1,
        genes=[_gene(one) for one in found.get("genes", ())],
        terms=[_term(one) for one in found.get("terms", ())],
        found=found,
        notes=_notes(found) if found else {},
        again=_again(found, organism),
        twins=[
            (format_.upper(), f"/search.{format_}?{_query(text, organism)}")
            for format_ in ("tsv", "csv", "json")
            if text
        ],
    )


async def _twin(request: Request) -> Response:
    format_ = format_of(request)
    text, _, organisms = _asked(request)
    found = await facts(request, search, text, organisms, organisms=organisms) if text else {"genes": [], "terms": []}
    rows = [_row("gene", one, id=one["gene_id"]) for one in found["genes"]]
    rows += [_row("term", one, id=one["term_id"], genes=one["size"]) for one in found["terms"]]
    data = {column.name: [row[column.name] for row in rows] for column in COLUMNS}
    totals = {name: found.get(name) for name in ("genes_in_all", "terms_in_all")}
    table = Table(COLUMNS, data, {"query": text, "organisms": organisms, **totals}, len(rows))
    return respond(request, answer_with(table, format_, {}), format_, {})


def _row(kind: str, one: dict[str, Any], **more: Any) -> dict[str, Any]:
    blank = {column.name: None if column.kind == "integer" else "" for column in COLUMNS}
    return {**blank, **{name: value for name, value in one.items() if name in blank}, "kind": kind, **more}


def _address(text: str, exact: tuple[str, str, str]) -> str:
    """Return where that is which the text names."""
    kind, name, organism = exact
    if kind == "variant":
        return f"/variants?{urlencode({'query': text, 'organism': organism})}"
    return gene_page(name, organism) if kind == "gene" else term_page(name, organism)


def _query(text: str, organism: str) -> str:
    return urlencode({"q": text, **({"organism": organism} if organism else {})})


def _gene(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "symbol": {"text": one["symbol"] or one["gene_id"], "href": gene_page(one["gene_id"], one["organism"])},
        "name": one["name"],
        "found_as": "" if one["found_as"] == "name" else one["found_as"],
        "organism": one["scientific_name"],
        "gene_id": one["gene_id"],
    }


def _term(one: dict[str, Any]) -> dict[str, Any]:
    also = f" and {one['also']} more" if one["also"] else ""
    return {
        "name": {"text": one["name"], "href": term_page(one["term_id"], one["organism"])},
        "source": {"text": one["source"], "class": f"with-dot {one['class']}"},
        "term_id": one["term_id"],
        "size": {"text": count(one["size"]), "sort": one["size"]},
        "organism": f"{one['scientific_name']}{also}",
    }


def _notes(found: dict[str, Any]) -> dict[str, str]:
    """Return how many there are of each, and how many more than shown."""
    notes = {}
    for kind in ("genes", "terms"):
        shown, every = len(found[kind]), found[f"{kind}_in_all"]
        at_least = "at least " if found.get(f"{kind}_at_least") else ""
        notes[kind] = f"the best {shown} of {at_least}{count(every)}" if every > shown else count(shown)
    return notes


def _again(found: dict[str, Any], organism: str) -> list[tuple[str, str]]:
    """Return what to search for instead, with its address."""
    return [(text, f"/search?{_query(text, organism)}") for text in found.get("instead", ())]
