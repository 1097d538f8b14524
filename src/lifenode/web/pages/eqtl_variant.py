"""A variant in the eQTL catalogue: its effects on every gene in every data set, and the credible sets it is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_genes import gene_symbols
from lifenode.eqtl.plot_forest import forest_plot
from lifenode.eqtl.plot_picture import Plot
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
    picture_response,
    plain_p,
    recipes_of,
    variant_name,
)
from lifenode.web.pages.eqtl_locus_page import number_cell, p_cell, shown_plot
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render

_ROWS = 1_000


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/eqtl/variant/{variant}/effects.{ending}", _picture, methods=["GET"], include_in_schema=False)
    app.add_route("/eqtl/variant/{variant}", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    text, ending = split_format(request.path_params["variant"])
    desk = node_of(request).desk
    try:
        if ending:
            return respond(request, await desk.run(phewas_answer, {"variant": text}, ending, large=False), ending, {})
        shown = await desk.run(view, text, large=False)
    except (UnknownName, InvalidOption) as error:
        if ending:
            raise
        unknown = error if isinstance(error, UnknownName) else UnknownName(error.detail, next_step=error.next_step)
        return not_found(request, unknown, [], text)
    base = str(request.base_url).rstrip("/")
    column = "rsid" if text.lower().startswith("rs") else "variant"
    return render(request, "eqtl_variant.html", answer=shown, recipes=recipes_of(column, text, base), cite=CITE)


async def _picture(request: Request) -> Response:
    text, ending = request.path_params["variant"], request.path_params["ending"]
    content = await node_of(request).desk.run(plot_bytes, {"variant": text, "ending": ending}, large=True)
    return picture_response(content, f"{text}_effects.{ending}")


def _named(text: str) -> dict[str, Any]:
    return {"rsid": text.lower()} if text.lower().startswith("rs") else {"variant": text}


def phewas_answer(asked: Mapping[str, str], format_: str) -> Answer:
    """Return the associations of a variant in all data sets, the strongest first."""
    question = _named(asked["variant"])
    return answer_with(catalogue().phewas(question.get("variant"), rsid=question.get("rsid")), format_, {})


def plot_bytes(asked: Mapping[str, str]) -> bytes:
    """Return the effects as a file, or their values.

    Raises
    ------
    UnknownName
        There is nothing to draw.
    """
    known = catalogue()
    rows = known.associations(**_named(asked["variant"])).to_polars()
    plot = effects_plot(known, rows)
    if plot is None:
        raise UnknownName(f"There is nothing to draw of {asked['variant']}.", value=asked["variant"])
    if asked["ending"] in ("csv", "tsv", "json"):
        return plot.table.to_bytes(asked["ending"])
    return plot.to_bytes(asked["ending"])


def effects_plot(known: Catalogue, rows: pl.DataFrame) -> Plot | None:
    """Return the effects of a variant on genes in data sets, or None where there is none."""
    if rows.is_empty():
        return None
    names, symbols = dataset_names(known), gene_symbols(rows["gene_id"].drop_nulls())
    labels = [
        f"{symbols.get(gene, gene or trait)} · {names.get(dataset, dataset)}" + ("" if trait == gene else f" · {trait}")
        for dataset, gene, trait in rows.select("dataset_id", "gene_id", "molecular_trait_id").iter_rows()
    ]
    shown = rows.with_columns(label=pl.Series(labels, dtype=pl.String))
    return forest_plot(shown, f"Effects of {variant_name(rows)} on expression")


def view(text: str) -> dict[str, Any]:
    """Return a variant as the template shows it.

    Raises
    ------
    UnknownName
        The catalogue has nothing of it.
    InvalidOption
        It is not a variant.
    """
    known, question = catalogue(), _named(text)
    found = known.phewas(question.get("variant"), rsid=question.get("rsid"))
    rows, sets = found.to_polars(), known.credible_sets(**question).to_polars()
    if rows.is_empty() and sets.is_empty():
        raise UnknownName(
            f"The catalogue of this node has nothing of {text}.", value=text,
            next_step="Write it as rs3846662 or chr5_75355259_A_G (GRCh38).",
        )  # fmt: skip
    either = rows if rows.height else sets
    names, genes = dataset_names(known), [*rows["gene_id"].drop_nulls(), *sets["gene_id"].drop_nulls()]
    symbols = gene_symbols(genes)
    plot = effects_plot(known, rows)
    first = either.row(0, named=True)
    return {
        "text": text,
        "headline": _headline(either, rows, sets, symbols, names),
        "variant": first["variant"],
        "rsid": str(first["rsid"] or "").split(",")[0],
        "place": f"chr{first['chromosome']}:{first['position']:,}",
        "around": f"{first['chromosome']}:{max(first['position'] - 250_000, 1)}-{first['position'] + 250_000}",
        "alleles": f"{first['ref']} to {first['alt']}",
        "counts": counted(
            (len({*rows["dataset_id"], *sets["dataset_id"]}), "data set"),
            (len(set(genes)), "gene"),
            (sets.select("dataset_id", "cs_id").n_unique() if sets.height else 0, "credible set"),
        ),
        "unavailable": dict(found.meta["unavailable"]),
        "plot": shown_plot(plot) if plot else None,
        "rows": [_row(row, names, symbols) for row in rows.head(_ROWS).iter_rows(named=True)],
        "total": rows.height,
        "sets": [_set(row, names, symbols) for row in sets.head(_ROWS).iter_rows(named=True)],
        "facts": computed_facts(known, "associations of the variant with every trait in every data set"),
    }


def _headline(
    either: pl.DataFrame, rows: pl.DataFrame, sets: pl.DataFrame, symbols: Mapping[str, str], names: Mapping[str, str]
) -> str:
    name = variant_name(either)
    if rows.height:
        row = rows.row(0, named=True)
        way = "more" if row["beta"] > 0 else "less"
        gene = symbols.get(row["gene_id"], row["gene_id"] or row["molecular_trait_id"])
        where = names.get(row["dataset_id"], row["dataset_id"])
        return f"{name}: {way} {gene} with {row['alt']}, p {plain_p(row['nlog10p'])} in {where}"
    row = sets.sort("pip", descending=True).row(0, named=True)
    return f"{name}: PIP {row['pip']:.2g} for {symbols.get(row['gene_id'], row['gene_id'])}"


def _gene(row: Mapping[str, Any], symbols: Mapping[str, str]) -> dict[str, Any]:
    gene = row["gene_id"] or ""
    name = symbols.get(gene, gene)
    return {"text": name, "href": f"/eqtl/gene/{quote(name)}", "title": gene} if gene else {"text": ""}


def _row(row: Mapping[str, Any], names: Mapping[str, str], symbols: Mapping[str, str]) -> dict[str, Any]:
    place = f"/eqtl/locus?gene={quote(row['gene_id'] or '')}&dataset={row['dataset_id']}"
    return {
        "gene": _gene(row, symbols),
        "dataset": {"text": names.get(row["dataset_id"], row["dataset_id"]), "title": row["dataset_id"]},
        "trait": row["molecular_trait_id"],
        "p": p_cell(row["nlog10p"]),
        "direction": "up" if row["beta"] > 0 else "down",
        "beta": number_cell(row["beta"]),
        "se": number_cell(row["se"]),
        "maf": number_cell(row["maf"], ".3f"),
        "locus": {"text": "locus", "href": f"{place}&trait={quote(row['molecular_trait_id'])}"},
    }


def _set(row: Mapping[str, Any], names: Mapping[str, str], symbols: Mapping[str, str]) -> dict[str, Any]:
    return {
        "gene": _gene(row, symbols),
        "dataset": {"text": names.get(row["dataset_id"], row["dataset_id"]), "title": row["dataset_id"]},
        "trait": row["molecular_trait_id"],
        "pip": number_cell(row["pip"]),
        "size": row["cs_size"],
    }
