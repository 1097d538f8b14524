"""The eQTL catalogue's front page: one box for genes, variants, regions, studies and tissues."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_genes import gene_named
from lifenode.eqtl.query import region_of
from lifenode.errors import LifenodeError, nearest
from lifenode.web.compat.eqtl_wire import catalogue
from lifenode.web.node import node_of
from lifenode.web.pages.eqtl_common import CITE
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake

_RSID = re.compile(r"rs\d+$", re.IGNORECASE)
_VARIANT = re.compile(r"(chr)?(\d{1,2}|X|Y|MT)[_:]\d+[_:][^_:]+[_:][^_:]+$", re.IGNORECASE)
_REGION = re.compile(r"(chr)?(\d{1,2}|X|Y|MT):[\d,]+(-[\d,]+)?$", re.IGNORECASE)
_FACETS = ("study_label", "study_id", "tissue_label", "tissue_id", "condition_label", "quant_method", "sample_group")


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/eqtl", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    text = request.query_params.get("q", "").strip()
    errors = []
    if text:
        try:
            return RedirectResponse(await node_of(request).desk.run(leads_to, text, large=False), 302)
        except LifenodeError as error:
            errors = [Mistake("q", error.detail, error.next_step)]
    held = await node_of(request).desk.run(holdings, large=False)
    status = 404 if errors else 200
    return render(request, "eqtl.html", status=status, q=text, errors=errors, held=held, cite=CITE)


def leads_to(text: str) -> str:
    """Return the address of what a text names: a variant, region, data set, study, tissue or gene.

    Raises
    ------
    LifenodeError
        It names nothing that is known, or several genes.
    """
    if _RSID.match(text):
        return f"/eqtl/variant/{quote(text.lower())}"
    if _VARIANT.match(text):
        return f"/eqtl/variant/{quote(_written(text))}"
    if _REGION.match(text):
        region = region_of(_stretch(text.removeprefix("chr")))
        return f"/eqtl/locus?{urlencode({'region': str(region)})}"
    known = catalogue()
    found = _dataset_filter(known, text)
    if found:
        return found
    try:
        gene = gene_named(text)
    except LifenodeError as error:
        near = nearest(text, _words(known), 2)
        if near and not error.next_step.startswith("Name one"):
            error.next_step = f"Did you mean {' or '.join(near)}?"
        raise
    return f"/eqtl/gene/{quote(gene.name or gene.gene_id)}"


def _written(text: str) -> str:
    """Return a variant as the catalogue writes it."""
    chromosome, position, ref, alt = re.split("[_:]", text.removeprefix("chr"))
    return f"chr{chromosome.upper()}_{position}_{ref.upper()}_{alt.upper()}"


def _stretch(text: str) -> str:
    """Return a region; one position stands for 250 kb on both sides."""
    chromosome, _, place = text.replace(",", "").partition(":")
    if "-" in place:
        return f"{chromosome}:{place}"
    return f"{chromosome}:{max(int(place) - 250_000, 1)}-{int(place) + 250_000}"


def _dataset_filter(known: Catalogue, text: str) -> str:
    """Return the address of the data sets that a text names by id, study, tissue or method; "" where it names none."""
    wanted = text.lower()
    for row in known.datasets().to_polars().iter_rows(named=True):
        if wanted == str(row["dataset_id"]).lower():
            return f"/eqtl/datasets/{row['dataset_id']}"
        for facet in _FACETS:
            if row[facet] and wanted in (str(row[facet]).lower(), str(row[facet]).lower().replace("_", " ")):
                return f"/eqtl/datasets?{urlencode({facet: row[facet]})}"
    return ""


def _words(known: Catalogue) -> list[str]:
    table = known.datasets().to_polars()
    return sorted({str(value) for facet in ("study_label", "tissue_label") for value in table[facet] if value})


def holdings() -> dict[str, Any]:
    """Return what the catalogue of the node holds."""
    known = catalogue()
    table = known.datasets().to_polars()
    available = table.filter(table["status"] == "available")
    signals = known.signals().to_polars() if available.height else None
    return {
        "releases": known.releases,
        "counts": [
            (available.height, "data sets"), (available["study_id"].n_unique(), "studies"),
            (available["tissue_label"].n_unique(), "tissues"), (int(available["rows"].sum()), "associations"),
            (signals.height if signals is not None else 0, "credible sets"),
        ],
        "unavailable": [(row["dataset_id"], row["status"]) for row in table.to_dicts() if row["status"] != "available"],
    }  # fmt: skip
