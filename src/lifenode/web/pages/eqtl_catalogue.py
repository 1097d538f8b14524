"""The data sets of the eQTL catalogue by study, tissue, condition and method; and one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import polars as pl
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.table import Table
from lifenode.web.api.answers import answer_with, respond
from lifenode.web.api.representations import format_of
from lifenode.web.compat.eqtl_wire import catalogue
from lifenode.web.pages.eqtl_common import CITE, computed_facts, dataset_names
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import render

FACETS = {
    "study_label": "Study", "tissue_label": "Tissue", "condition_label": "Condition", "quant_method": "Method",
    "study_type": "Type",
}  # fmt: skip
_OTHER = ("study_id", "tissue_id", "sample_group", "dataset_id")
_SHOWN = 2_000


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/eqtl/datasets", _page, methods=["GET"], include_in_schema=False)
    app.add_route("/eqtl/datasets.{format}", _twin, methods=["GET"], include_in_schema=False)
    app.add_route("/eqtl/datasets/{dataset}", _one, methods=["GET"], include_in_schema=False)


def chosen(form: Form) -> dict[str, list[str]]:
    """Return the filters of a form; values of one facet are alternatives."""
    return {name: form.all(name) for name in (*FACETS, *_OTHER) if name in form}


def found(filters: dict[str, list[str]]) -> Table:
    """Return the data sets that pass all filters."""
    rest: dict[str, Any] = {name: values for name, values in filters.items() if name != "dataset_id"}
    return catalogue().datasets(filters.get("dataset_id"), **rest)


async def _twin(request: Request) -> Response:
    format_ = format_of(request)
    response = respond(request, answer_with(found(chosen(await read_form(request))), format_, {}), format_, {})
    if format_ in ("tsv", "csv", "parquet"):
        response.headers["Content-Disposition"] = f'attachment; filename="eqtl_datasets.{format_}"'
    return response


async def _page(request: Request) -> Response:
    form = await read_form(request)
    filters = chosen(form)
    table = found(filters)
    rows = table.to_polars()
    return render(
        request,
        "eqtl_datasets.html",
        form=form,
        facets=facets(filters),
        rows=[_row(row) for row in rows.head(_SHOWN).iter_rows(named=True)],
        total=rows.height,
        samples=int(rows["sample_size"].sum() or 0),
        twins=[(name.upper(), form.address(f"/eqtl/datasets.{name}")) for name in ("tsv", "csv", "json")],
        facts=computed_facts(catalogue(), "data sets of which something is held"),
        cite=CITE,
    )


def facets(filters: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return each facet with its values and how many data sets have them, its own filter left out."""
    shown = []
    for name, label in FACETS.items():
        others = {key: values for key, values in filters.items() if key != name}
        counts = found(others).to_polars()[name].drop_nulls().value_counts(sort=True)
        values = [
            {
                "value": value, "count": count, "chosen": value in filters.get(name, ()),
                "href": _address(filters, name, value),
            }
            for value, count in counts.iter_rows()
        ]  # fmt: skip
        shown.append({"name": name, "label": label, "values": values})
    return shown


def _address(filters: dict[str, list[str]], name: str, value: str) -> str:
    """Return the page with a value taken, or given back if it was."""
    own = [one for one in filters.get(name, []) if one != value]
    own += [] if value in filters.get(name, []) else [value]
    pairs = [(key, one) for key, values in (filters | {name: own}).items() for one in values]
    return f"/eqtl/datasets?{urlencode(pairs)}" if pairs else "/eqtl/datasets"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "dataset_id": {"text": row["dataset_id"], "href": f"/eqtl/datasets/{row['dataset_id']}"},
        "study": row["study_label"],
        "tissue": row["tissue_label"],
        "condition": row["condition_label"],
        "method": row["quant_method"],
        "type": row["study_type"],
        "samples": {"text": f"{row['sample_size']:,}", "sort": row["sample_size"]} if row["sample_size"] else "",
        "rows": {"text": f"{row['rows']:,}", "sort": row["rows"]},
        "status": row["status"],
    }


async def _one(request: Request) -> Response:
    name = request.path_params["dataset"]
    known = catalogue()
    try:
        rows = known.datasets(name).to_polars()
    except UnknownName as error:
        return not_found(request, error, [], name)
    if rows.is_empty():
        missing = UnknownName(f"There is no data set {name[:40]!r}.", value=name, next_step="/eqtl/datasets lists all.")
        return not_found(request, missing, [], name)
    row = rows.row(0, named=True)
    signals = known.signals(dataset=name).to_polars() if row["status"] == "available" else pl.DataFrame()
    return render(
        request,
        "eqtl_dataset.html",
        name=dataset_names(known)[row["dataset_id"]],
        row=row,
        signals=signals.height,
        genes=_genes(signals),
        facts=computed_facts(known, "what is held of the data set"),
        cite=CITE,
    )


def _genes(signals: pl.DataFrame) -> list[tuple[str, int]]:
    """Return the genes with the surest credible sets, and their number."""
    from lifenode.eqtl.locus_genes import gene_symbols

    if signals.is_empty():
        return []
    best = (
        signals.group_by("gene_id").agg(pl.col("lead_pip").max(), pl.len()).sort("lead_pip", descending=True).head(20)
    )
    symbols = gene_symbols(best["gene_id"])
    return [(symbols.get(gene, gene), count) for gene, _, count in best.iter_rows() if gene]
