"""A term: what it is, where it stands among the others, and its genes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import lifenode
from lifenode.enrichment.about_term import TermName, about_term, context_of, find_term, near_terms, term_genes
from lifenode.enrichment.term_index import term_index
from lifenode.errors import UnknownTerm
from lifenode.genes.evidence import in_words
from lifenode.genes.identifiers import identifiers
from lifenode.packs.manifest import SourceInfo
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import settings
from lifenode.web.api.answers import Answer, answer_with, check_organism, respond
from lifenode.web.node import node_of
from lifenode.web.pages.at_hand import facts, split_format
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.forms import Form
from lifenode.web.pages.frame import render
from lifenode.web.pages.links import gene_page, term_page, twin_page
from lifenode.web.pages.lookups import organism_choices
from lifenode.web.pages.numbers import share
from lifenode.web.pages.outside import term_address
from lifenode.web.pages.releases import packs_in_order
from lifenode.web.pages.term_graph import draw

GENES_A_PAGE = 500


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/term/{term_id:path}", _term, methods=["GET"], include_in_schema=False)


async def _term(request: Request) -> Response:
    organism = request.query_params.get("organism") or settings().organism
    check_organism({"organism": organism})
    text, ending = split_format(request.path_params["term_id"])
    try:
        term_id, size = await facts(request, canonical, organism, text, organisms=[organism])
    except UnknownTerm as error:
        if ending:
            raise
        return await _unknown(request, error, organism, text)
    if ending:
        return await _twin(request, organism, term_id, ending, size)
    if term_id != text:
        return RedirectResponse(term_page(term_id, organism), 302)
    page = _page_asked(request, size)
    answer = await facts(request, view, organism, term_id, page, organisms=[organism])
    return render(
        request,
        "term.html",
        term=answer,
        organisms=organism_choices(),
        pages=_pages(term_id, organism, page, size),
        base=str(request.base_url).rstrip("/"),
    )


def canonical(organism: str, text: str) -> tuple[str, int]:
    """Return the id of a term as its pack spells it, and how many genes it has."""
    pack = open_pack(organism)
    index, row = term_index(pack), find_term(pack, text)
    return index.ids[row], index.size(row)


async def _twin(request: Request, organism: str, term_id: str, ending: str, size: int) -> Response:
    asked = {"organism": organism, "term_id": term_id}
    desk = node_of(request).desk
    answer = await desk.run(genes_answer, asked, ending, large=size > 10 * GENES_A_PAGE)
    response = respond(request, answer, ending, asked)
    if ending in ("tsv", "csv", "parquet"):
        name = "".join(letter if letter.isalnum() else "-" for letter in term_id)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def genes_answer(asked: dict[str, Any], format_: str) -> Answer:
    """Return all genes of a term as a table."""
    pack = open_pack(asked["organism"])
    return answer_with(term_genes(pack, find_term(pack, asked["term_id"])), format_, {})


async def _unknown(request: Request, error: UnknownTerm, organism: str, text: str) -> Response:
    """Answer that there is no such term, with those nearly called so, and the organisms that do have it."""
    names = [pack.organism for pack in packs_in_order()]
    near = await facts(request, elsewhere, organism, text, names, organisms=names)
    return not_found(request, error, near, text)


def elsewhere(organism: str, text: str, organisms: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return address, id and name of near terms of an organism, and of the very term in others."""
    near = [(term_page(one.term_id, organism), one.term_id, one.name) for one in near_terms(open_pack(organism), text)]
    for other in organisms:
        pack = open_pack(other)
        index = term_index(pack)
        row = index.row(text) if other != organism else None
        if row is not None:
            term_id = index.ids[row]
            near.append((term_page(term_id, other), term_id, f"{index.names[row]}, in {pack.scientific_name}"))
    return near


def _page_asked(request: Request, size: int) -> int:
    asked = request.query_params.get("page", "")
    last = max(-(-size // GENES_A_PAGE), 1)
    return min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 6 else 1


def _pages(term_id: str, organism: str, page: int, size: int) -> list[tuple[str, str]]:
    """Return label and address of the pages before and after; the address of the page itself is empty."""
    last = -(-size // GENES_A_PAGE)
    if last < 2:
        return []
    shown = sorted({1, page - 1, page, page + 1, last} & set(range(1, last + 1)))
    base = term_page(term_id, organism)
    return [(str(number), "" if number == page else f"{base}&page={number}#genes") for number in shown]


def view(organism: str, term_id: str, page: int) -> dict[str, Any]:
    """Return a term as the template shows it."""
    pack = open_pack(organism)
    row = find_term(pack, term_id)
    about = about_term(pack, row)
    first = (page - 1) * GENES_A_PAGE
    genes = term_genes(pack, row, first, GENES_A_PAGE)
    codes = sorted({code for each in genes["evidence"] for code in each})
    linked, context = about.parents or about.children, context_of(pack, row)
    return {
        "term_id": about.term_id,
        "name": about.name,
        "source": about.source,
        "source_class": source_classes(pack.annotations().sources).get(about.source, ""),
        "organism": organism,
        "scientific_name": pack.scientific_name,
        "shared": about.source.startswith("GO:") and len(packs_in_order()) > 1,
        "size": about.size,
        "part": part_of(about.size, about.domain),
        "direct": about.direct,
        "domain": about.domain,
        "above": about.above,
        "below": about.below,
        "parents": _listed(about.parents, organism),
        "children": _listed(about.children, organism),
        "graph": draw(context) if linked else None,
        "links": {one.term_id: term_page(one.term_id, organism) for one in (*context.above, *context.children)},
        "genes": [_gene(one, organism) for one in genes.to_dicts()],
        "shown": (first + 1, first + len(genes)),
        "codes": [(code, in_words(code)) for code in codes],
        "asked": Form([("query", about.term_id), ("organism", organism)]).pairs if _expands(pack, term_id) else (),
        "outside": term_address(about.source, about.term_id),
        "facts": provenance(pack, about.facts),
        "twins": [
            (format_.upper(), twin_page("term", about.term_id, organism, format_)) for format_ in ("tsv", "csv", "json")
        ],
    }


def part_of(size: int, domain: int) -> str:
    """Return which part of the annotated genes a term has, in words."""
    if size < 0.01 * domain:
        return "under 1 %"
    return "over 99 %" if 0.995 * domain <= size < domain else share(size, domain)


def _expands(pack: Pack, term_id: str) -> bool:
    """Return whether a list may name the term in place of its genes."""
    (outcome,) = identifiers(pack).outcomes([term_id])
    return outcome.namespace == "TERM"


def _listed(terms: Sequence[TermName], organism: str) -> list[dict[str, Any]]:
    return [one._asdict() | {"href": term_page(one.term_id, organism)} for one in terms]


def _gene(row: dict[str, Any], organism: str) -> dict[str, Any]:
    codes = ", ".join(row["evidence"])
    return {
        "symbol": row["symbol"],
        "name": row["name"],
        "gene_id": {"text": row["gene_id"], "href": gene_page(row["gene_id"], organism)},
        "evidence": {"text": codes, "title": "; ".join(map(in_words, row["evidence"]))} if codes else None,
        "direct": "this term" if row["direct"] else "a narrower term",
    }


def provenance(pack: Pack, source: SourceInfo) -> list[tuple[str, str]]:
    """Return where the facts come from, as a panel tells it."""
    return [
        ("Source", source.name),
        ("Version", source.version),
        ("Date", source.date),
        ("Licence", source.licence),
        ("Attribution", source.attribution),
        ("Address", source.url),
        ("Data", f"{pack.name}, SHA-256 {pack.fingerprint[:16]}"),
        ("Software", f"lifenode {lifenode.__version__}"),
    ]
