"""A gene in the eQTL catalogue: credible sets across tissues, effects of a variant, strongest associations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_genes import gene_named
from lifenode.eqtl.plot_forest import forest_plot
from lifenode.eqtl.plot_genes import GeneModel
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_sets import credible_sets_plot
from lifenode.errors import InvalidOption, UnknownName
from lifenode.web.api.answers import Answer, answer_with, respond
from lifenode.web.compat.eqtl_wire import catalogue
from lifenode.web.node import node_of
from lifenode.web.pages.at_hand import split_format
from lifenode.web.pages.eqtl_common import (
    CITE,
    computed_facts,
    counted,
    dataset_names,
    labelled,
    picture_response,
    plain_p,
    recipes_of,
    variant_name,
)
from lifenode.web.pages.eqtl_locus_page import number_cell, p_cell, shown_plot, variant_cell
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render

_ROWS = 500


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/eqtl/gene/{gene}/{plot}.{ending}", _picture, methods=["GET"], include_in_schema=False)
    app.add_route("/eqtl/gene/{gene}", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    text, ending = split_format(request.path_params["gene"])
    variant = request.query_params.get("variant", "")
    desk = node_of(request).desk
    try:
        if ending:
            answer = await desk.run(strongest_answer, {"gene": text}, ending, large=False)
            return respond(request, answer, ending, {})
        shown = await desk.run(view, text, variant, large=False)
    except (UnknownName, InvalidOption) as error:
        if ending:
            raise
        unknown = error if isinstance(error, UnknownName) else UnknownName(error.detail, next_step=error.next_step)
        return not_found(request, unknown, [], text)
    if shown["gene_id"] != text and shown["name"] != text:
        return RedirectResponse(f"/eqtl/gene/{quote(shown['name'])}", 302)
    base = str(request.base_url).rstrip("/")
    return render(
        request, "eqtl_gene.html", answer=shown, recipes=recipes_of("gene", shown["gene_id"], base), cite=CITE
    )


async def _picture(request: Request) -> Response:
    asked = {name: request.path_params[name] for name in ("gene", "plot", "ending")}
    asked["variant"] = request.query_params.get("variant", "")
    content = await node_of(request).desk.run(plot_bytes, asked, large=True)
    return picture_response(content, f"{asked['gene']}_{asked['plot']}.{asked['ending']}")


def strongest_answer(asked: Mapping[str, str], format_: str) -> Answer:
    """Return the strongest association of each trait of a gene in each data set, as a table."""
    return answer_with(catalogue().top_variants(gene_named(asked["gene"]).gene_id), format_, {})


def plot_bytes(asked: Mapping[str, str]) -> bytes:
    """Return a plot of the page as a file, or its values.

    Raises
    ------
    UnknownName
        The page has no such plot, or nothing to draw.
    """
    known, gene = catalogue(), gene_named(asked["gene"])
    names = dataset_names(known)
    if asked["plot"] == "effects":
        plot = effects_plot(known, gene, asked["variant"] or _lead(known, gene), names)
    elif asked["plot"] == "credible-sets":
        plot = sets_plot(known, gene, names)
    else:
        raise UnknownName(
            f"There is no plot {asked['plot'][:40]!r}.", value=asked["plot"], next_step="Take effects or credible-sets."
        )
    if plot is None:
        raise UnknownName(f"There is nothing to draw of {asked['gene']}.", value=asked["gene"])
    if asked["ending"] in ("csv", "tsv", "json"):
        return plot.table.to_bytes(asked["ending"])
    return plot.to_bytes(asked["ending"])


def effects_plot(known: Catalogue, gene: GeneModel, variant: str, names: Mapping[str, str]) -> Plot | None:
    """Return the effects of a variant on a gene across data sets, or None where there is none."""
    column = "rsid" if variant.lower().startswith("rs") else "variant"
    question: dict[str, Any] = {column: variant}
    rows = known.associations(gene=gene.gene_id, **question).to_polars() if variant else pl.DataFrame()
    if rows.is_empty():
        return None
    return forest_plot(
        labelled(rows, names, gene.gene_id), f"Effect of {variant_name(rows)} on {gene.name or gene.gene_id}"
    )


def sets_plot(known: Catalogue, gene: GeneModel, names: Mapping[str, str]) -> Plot | None:
    """Return the credible sets of a gene across data sets, or None where there is none."""
    rows = known.credible_sets(gene.gene_id).to_polars()
    if rows.is_empty():
        return None
    return credible_sets_plot(
        labelled(rows, names, gene.gene_id), f"Credible sets of {gene.name or gene.gene_id} across data sets"
    )


def _lead(known: Catalogue, gene: GeneModel) -> str:
    top = known.top_variants(gene.gene_id).to_polars()
    return str(top["variant"][0]) if top.height else ""


def view(text: str, variant: str) -> dict[str, Any]:
    """Return a gene as the template shows it.

    Raises
    ------
    UnknownName
        There is no such gene, or the catalogue has nothing of it.
    """
    known, gene = catalogue(), gene_named(text)
    name = gene.name or gene.gene_id
    names = dataset_names(known)
    top = known.top_variants(gene.gene_id)
    rows, signals = top.to_polars(), known.signals(gene.gene_id).to_polars()
    if rows.is_empty() and signals.is_empty():
        raise UnknownName(
            f"The catalogue of this node has nothing of {name}.", value=text,
            next_step="Ingest data sets that have it, or look for another gene.",
        )  # fmt: skip
    chosen = variant or (str(rows["variant"][0]) if rows.height else "")
    effects, sets = effects_plot(known, gene, chosen, names), sets_plot(known, gene, names)
    return {
        "gene_id": gene.gene_id,
        "name": name,
        "headline": _headline(name, rows, signals, names),
        "counts": _counts(rows, signals),
        "variant": chosen,
        "unavailable": dict(top.meta["unavailable"]),
        "sets": shown_plot(sets) if sets else None,
        "effects": shown_plot(effects) if effects else None,
        "signals": [_signal(row, names) for row in signals.head(_ROWS).iter_rows(named=True)],
        "rows": [_row(row, names, name) for row in rows.head(_ROWS).iter_rows(named=True)],
        "facts": computed_facts(known, "strongest association of each trait of the gene in each data set"),
    }


def _headline(name: str, rows: pl.DataFrame, signals: pl.DataFrame, names: Mapping[str, str]) -> str:
    if rows.height:
        row = rows.row(0, named=True)
        lead = str(row["rsid"] or row["variant"]).split(",")[0]
        return f"{name}: strongest with {lead}, p {plain_p(row['nlog10p'])} in {names.get(row['dataset_id'], '')}"
    row = signals.sort("lead_pip", descending=True).row(0, named=True)
    lead = str(row["lead_rsid"] or row["lead_variant"]).split(",")[0]
    return f"{name}: most likely by {lead}, PIP {row['lead_pip']:.2g} in {names.get(row['dataset_id'], '')}"


def _counts(rows: pl.DataFrame, signals: pl.DataFrame) -> list[tuple[int, str]]:
    datasets = set(rows["dataset_id"]) | set(signals["dataset_id"])
    traits = set(rows["molecular_trait_id"]) | set(signals["molecular_trait_id"])
    return counted((len(datasets), "data set"), (len(traits), "molecular trait"), (signals.height, "credible set"))


def _signal(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "dataset": {"text": names.get(row["dataset_id"], row["dataset_id"]), "title": row["dataset_id"]},
        "trait": row["molecular_trait_id"],
        "lead": variant_cell(row["lead_variant"], row["lead_rsid"] or ""),
        "pip": number_cell(row["lead_pip"]),
        "size": row["cs_size"],
        "purity": number_cell(row["cs_min_r2"], ".2f"),
        "beta": number_cell(row["lead_beta"]),
        "span": f"{row['chromosome']}:{row['first_position']:,}-{row['last_position']:,}",
    }


def _row(row: Mapping[str, Any], names: Mapping[str, str], gene: str) -> dict[str, Any]:
    place = f"/eqtl/locus?gene={quote(gene)}&dataset={row['dataset_id']}"
    return {
        "dataset": {"text": names.get(row["dataset_id"], row["dataset_id"]), "title": row["dataset_id"]},
        "trait": row["molecular_trait_id"],
        "variant": variant_cell(row["variant"], row["rsid"] or ""),
        "p": p_cell(row["nlog10p"]),
        "beta": number_cell(row["beta"]),
        "se": number_cell(row["se"]),
        "maf": number_cell(row["maf"], ".3f"),
        "effects": {"text": "across data sets", "href": f"/eqtl/gene/{quote(gene)}?variant={row['variant']}#effects"},
        "locus": {"text": "locus", "href": f"{place}&trait={quote(row['molecular_trait_id'])}"},
    }
