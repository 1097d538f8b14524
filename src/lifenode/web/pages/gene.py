"""A gene: what it is called, where it lies, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import InvalidOption, UnknownName
from lifenode.genes.about_gene import about_gene, gene_table
from lifenode.genes.find_gene import find_gene, named
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import settings
from lifenode.web.api.answers import Answer, answer_with, check_organism, respond
from lifenode.web.pages.at_hand import facts, split_format
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render
from lifenode.web.pages.gene_view import view
from lifenode.web.pages.links import gene_page
from lifenode.web.pages.releases import packs_in_order

_MOST_NAMED = 3


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/gene/{gene_id:path}", _gene, methods=["GET"], include_in_schema=False)


async def _gene(request: Request) -> Response:
    named_one = request.query_params.get("organism") or ""
    organism = named_one or settings().organism
    check_organism({"organism": organism})
    text, ending = split_format(request.path_params["gene_id"])
    try:
        found = await facts(request, candidates, organism, text, organisms=[organism])
    except UnknownName as error:
        return await _unknown(request, error, organism, text, ending, elsewhere_too=not named_one)
    if len(found) > 1 or found[0]["gene_id"] != text:
        return _led_on(request, organism, text, ending, found)
    gene_id = found[0]["gene_id"]
    if ending:
        answer = await facts(request, gene_answer, organism, gene_id, ending, organisms=[organism])
        response = respond(request, answer, ending, {})
        if ending in ("tsv", "csv", "parquet"):
            response.headers["Content-Disposition"] = f'attachment; filename="gene.{ending}"'
        return response
    gene = await facts(request, view, organism, gene_id, organisms=[organism])
    return render(request, "gene.html", gene=gene, base=str(request.base_url).rstrip("/"))


def candidates(organism: str, text: str) -> list[dict[str, str]]:
    """Return the gene that a text names, or those it may stand for."""
    pack = open_pack(organism)
    found = find_gene(pack, text)
    return [one._asdict() for one in named(pack, [found] if isinstance(found, int) else found)]


def gene_answer(organism: str, gene_id: str, format_: str) -> Answer:
    """Return what is known of a gene as a table."""
    pack = open_pack(organism)
    return answer_with(gene_table(pack, about_gene(pack, _number(pack, gene_id))), format_, {})


def _number(pack: Pack, gene_id: str) -> int:
    found = find_gene(pack, gene_id)
    return found if isinstance(found, int) else found[0]


def _led_on(request: Request, organism: str, text: str, ending: str, found: Sequence[dict[str, str]]) -> Response:
    """Answer with the address of the gene that is meant, or with those that may be."""
    if len(found) == 1:
        path, _, query = gene_page(found[0]["gene_id"], organism).partition("?")
        return RedirectResponse(f"{path}{'.' + ending if ending else ''}?{query}", 302)
    if ending:
        several = " or ".join(one["gene_id"] for one in found[:_MOST_NAMED])
        raise InvalidOption(
            f'"{text[:80]}" may stand for {len(found)} genes.', value=text, next_step=f"Ask for one: {several}."
        )
    rows = [one | {"gene_id": {"text": one["gene_id"], "href": gene_page(one["gene_id"], organism)}} for one in found]
    name = open_pack(organism).scientific_name
    return render(request, "gene_choice.html", text=text, candidates=rows, scientific_name=name)


async def _unknown(
    request: Request, error: UnknownName, organism: str, text: str, ending: str, *, elsewhere_too: bool
) -> Response:
    """Answer that there is no such gene; where no organism was named, the gene of another is taken."""
    others = [pack.organism for pack in packs_in_order() if pack.organism != organism]
    found = await facts(request, elsewhere, text, others, organisms=others)
    if elsewhere_too and len(found) == 1:
        path, _, query = found[0][0].partition("?")
        return RedirectResponse(f"{path}{'.' + ending if ending else ''}?{query}", 302)
    if ending:
        raise error
    return not_found(request, error, found, text)


def elsewhere(text: str, organisms: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return address, id and name of the gene that a text names in other organisms."""
    near = []
    for organism in organisms:
        pack = open_pack(organism)
        try:
            found = find_gene(pack, text)
        except UnknownName:
            continue
        if isinstance(found, int):
            (one,) = named(pack, [found])
            words = f"{one.symbol}, {one.name}, in {pack.scientific_name}"
            near.append((gene_page(one.gene_id, organism), one.gene_id, words.replace(", ,", ",")))
    return near
