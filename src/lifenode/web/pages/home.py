"""The first page: what the node offers, what it holds, and a box for a list."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.settings import settings
from lifenode.web.node import training_at_hand
from lifenode.web.pages.examples import EXAMPLES
from lifenode.web.pages.frame import render
from lifenode.web.pages.lookups import organism_choices
from lifenode.web.pages.releases import releases, totals


class Offer(NamedTuple):
    """A service in plain words."""

    name: str
    path: str
    words: str


OFFERS = (
    Offer("Enrich", "/enrich", "Which processes, pathways and phenotypes hold more genes of a list than chance gives."),
    Offer("Convert", "/convert", "Any mixture of gene and protein identifiers into one kind; each is accounted for."),
    Offer("Orthologs", "/orthologs", "The same genes in another organism, with the databases that agree."),
    Offer("Variants", "/variants", "Position, alleles, genes and consequences of rsIDs, ranges and alleles."),
    Offer("Editing", "/editing", "What a cut becomes, how well bases are edited and inserts go in."),
    Offer("eQTL", "/eqtl", "Which variants regulate a gene, tissue by tissue, and whether a trait shares their cause."),
    Offer("EDAM", "/edam", "Topics, operations, data and formats of a tool, with probabilities."),
    Offer("Resources", "/resources", "Core data resources on any day, their uptime, and how FAIR a page is."),
    Offer(
        "Training", "/training", "Courses and materials, harvested from where they are published, to find and follow."
    ),
    Offer("Reports", "/report", "The node's years in numbers, each with the records it was made from."),
)


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/", _home, methods=["GET"], include_in_schema=False)


async def _home(request: Request) -> Response:
    return render(
        request,
        "home.html",
        organisms=organism_choices(),
        organism=settings().organism,
        examples=EXAMPLES,
        offers=[offer for offer in OFFERS if offer.name != "Training" or training_at_hand()],
        totals=totals(),
        releases=releases(),
        base=str(request.base_url).rstrip("/"),
    )
