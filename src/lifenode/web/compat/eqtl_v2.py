"""Version 2 of the API of the eQTL Catalogue, for the scripts and packages that speak it.

Addresses, fields, limits and errors are those its clients rely on; past the last row comes 400, which ends paging.
Other than there, a gene has its whole cis window, `pos` limits what a gene or trait gives, and variants of X are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import polars as pl
from fastapi import FastAPI

from lifenode.eqtl import query_text
from lifenode.errors import UnknownName
from lifenode.settings import settings
from lifenode.web.compat.eqtl_wire import Invalid, Pattern, Refused, catalogue, count, gene_of, handler, number

PREFIX = "/eqtl/api/v2"
QUANT_METHODS = ("ge", "exon", "microarray", "tx", "txrev", "leafcutter", "aptamer", "majiq")
DATASET_FIELDS = (
    "study_id", "dataset_id", "study_label", "sample_group", "tissue_id", "tissue_label", "condition_label",
    "sample_size", "quant_method",
)  # fmt: skip
ASSOCIATION_FIELDS = (
    "nlog10p", "pvalue", "molecular_trait_id", "gene_id", "position", "chromosome", "ref", "alt", "type", "variant",
    "rsid", "ac", "an", "beta", "maf", "median_tpm", "r2", "se",
)  # fmt: skip
_FILTERS = ("study_id", "quant_method", "sample_group", "tissue_id", "study_label", "tissue_label", "condition_label")
_MOST, _WINDOW = 1_000, 1_000_000

NO_RESULTS = "No results"
UNKNOWN = "Can't find any data for the requested resource"
TOO_WIDE = f"Requested region is larger than the maximum allowable window of {_WINDOW}"
TOO_OPEN = (
    "Query is not permitted. Apply filters to narrow your search by variant, genomic region or gene/molecular trait id"
)


_DATASET, _STUDY, _RSID = Pattern(r"QTD\d+"), Pattern(r"QTS\d+"), Pattern(r"rs\d+")
_POS, _VARIANT = Pattern(r"(?:chr)?[^:]{1,2}:\d+-\d+"), Pattern(r"chr(?:\d\d?|X|Y|MT)_\d+_[^_]+_[^_]+")


def install(app: FastAPI) -> None:
    """Add the routes."""
    for path, answer in (
        ("/datasets", datasets), ("/datasets/{dataset_id}", dataset),
        ("/datasets/{dataset_id}/associations", associations),
    ):  # fmt: skip
        route = handler(answer)
        for ending in ("", "/"):
            app.add_route(f"{PREFIX}{path}{ending}", route, methods=["GET"], include_in_schema=False)


def datasets(asked: Mapping[str, str]) -> bytes:
    """Return the data sets that pass the filters; as there, all of the table of data sets, also if nothing is held."""
    start, size = _paging(asked)
    if "study_id" in asked:
        _STUDY.check("query", "study_id", asked["study_id"])
    if asked.get("quant_method", "ge") not in QUANT_METHODS:
        known = ", ".join(f"'{name}'" for name in QUANT_METHODS)
        raise Invalid("query", "quant_method", f"Input should be {known}", "enum")
    table = (
        catalogue()
        .datasets(held=False, checked=False)
        .to_polars()
        .select(DATASET_FIELDS)
        .sort("study_id", "dataset_id")
    )
    for name in _FILTERS:
        if name in asked:
            table = table.filter(table[name] == asked[name])
    return _rows(table[start : start + size])


def dataset(asked: Mapping[str, str]) -> bytes:
    """Return one data set."""
    name = _DATASET.check("path", "dataset_id", asked["dataset_id"])
    try:
        (row,) = catalogue().datasets(name, held=False, checked=False).to_polars().select(DATASET_FIELDS).to_dicts()
    except UnknownName:
        raise Refused(UNKNOWN) from None
    return orjson.dumps(row)


def associations(asked: Mapping[str, str]) -> bytes:
    """Return the associations of a data set that pass the filters."""
    name = _DATASET.check("path", "dataset_id", asked["dataset_id"])
    start, size = _paging(asked)
    query = _query(asked)
    try:
        found = catalogue().associations(
            dataset=name, by_rsid=True, limit=size, offset=start, seconds=settings().client_seconds, **query
        )
    except UnknownName:
        raise Refused(UNKNOWN) from None
    if found.meta["unavailable"]:
        raise Refused(f"{name} cannot be read: {'; '.join(found.meta['unavailable'].values())}")
    return _rows(found.to_polars().select(ASSOCIATION_FIELDS))


def _query(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return filters of associations as the catalogue takes them."""
    places = [name for name in ("variant", "rsid", "pos") if name in asked]
    traits = [name for name in ("gene_id", "molecular_trait_id") if name in asked]
    for several in (places, traits):
        if len(several) > 1:
            raise Refused(f"Only one of {' and '.join(several)} can be given")
    query: dict[str, Any] = {}
    if "pos" in asked:
        query["region"] = _region(_POS.check("query", "pos", asked["pos"]))
    if "variant" in asked:
        query["variant"] = _VARIANT.check("query", "variant", asked["variant"])
    if "rsid" in asked:
        query["rsid"] = _RSID.check("query", "rsid", asked["rsid"])
    if "gene_id" in asked:
        query["gene"] = asked["gene_id"]
    if "molecular_trait_id" in asked:
        query["molecular_trait"] = asked["molecular_trait_id"]
    if "nlog10p" in asked:
        if not query:
            raise Refused(TOO_OPEN)
        query["nlog10p"] = number(asked, "nlog10p")
    if "gene" in query:
        query["gene"] = gene_of(query["gene"])
        if query["gene"] is None:
            raise Refused(NO_RESULTS)
    return query


def _region(text: str) -> tuple[str, int, int]:
    chromosome, span = text.removeprefix("chr").split(":")
    start, end = map(int, span.split("-"))
    if start > end:
        raise Refused(f"The start of the region, {start}, is larger than its end, {end}")
    if end - start > _WINDOW:
        raise Refused(TOO_WIDE)
    return chromosome, start, end


def _paging(asked: Mapping[str, str]) -> tuple[int, int]:
    start, size = (count(asked, name, default) for name, default in (("start", 0), ("size", 20)))
    if not 0 < size <= _MOST:
        raise Invalid("query", "size", f"Input should be greater than 0 and at most {_MOST}", "less_than_equal")
    return start, size


def _rows(rows: pl.DataFrame) -> bytes:
    if rows.is_empty():
        raise Refused(NO_RESULTS)
    return query_text.json_array(rows)
