"""Version 3 of the API of the eQTL Catalogue: studies, data sets, and associations over all of them.

An answer without rows is an empty list. Rows without an rsid have an empty one; variants may lack their ``chr``.
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
from lifenode.web.compat.eqtl_wire import Invalid, Missing, catalogue, count, gene_of, handler

PREFIX = "/eqtl/api/v3"
FIELDS = (
    "molecular_trait_id", "chromosome", "position", "ref", "alt", "variant", "pvalue", "beta", "se", "gene_id", "rsid",
    "study_id", "dataset_id",
)  # fmt: skip
_MOST = 10_000
_WHOLE = (1, 1_000_000_000)

NO_STUDY, NO_DATASET = "Study not found.", "Dataset not found."


def install(app: FastAPI) -> None:
    """Add the routes."""
    for path, answer in (
        ("/studies", studies), ("/studies/{study_id}", study), ("/studies/{study_id}/associations", associations),
        ("/datasets", datasets), ("/datasets/{dataset_id}", dataset),
        ("/datasets/{dataset_id}/associations", associations), ("/associations", associations),
    ):  # fmt: skip
        route = handler(answer)
        for ending in ("", "/"):
            app.add_route(f"{PREFIX}{path}{ending}", route, methods=["GET"], include_in_schema=False)


def studies(asked: Mapping[str, str]) -> bytes:
    """Return the studies."""
    start, size = _paging(asked)
    names = sorted(set(_known()["study_id"].to_list()))
    return orjson.dumps([{"study_id": name} for name in names[start : start + size]])


def study(asked: Mapping[str, str]) -> bytes:
    """Return one study."""
    return orjson.dumps({"study_id": _study(asked["study_id"])})


def datasets(asked: Mapping[str, str]) -> bytes:
    """Return the data sets."""
    start, size = _paging(asked)
    return orjson.dumps(_known().select("dataset_id", "study_id").sort("dataset_id")[start : start + size].to_dicts())


def dataset(asked: Mapping[str, str]) -> bytes:
    """Return one data set."""
    return orjson.dumps({"dataset_id": asked["dataset_id"], "study_id": _study_of(asked["dataset_id"])})


def associations(asked: Mapping[str, str]) -> bytes:
    """Return the associations of a data set, a study or all that pass the filters."""
    start, size = _paging(asked)
    query: dict[str, Any] = {
        own: asked[name] for name, own in (("molecular_trait_id", "molecular_trait"), ("rsid", "rsid")) if name in asked
    }
    if "gene_id" in asked:
        query["gene"] = gene_of(asked["gene_id"])
        if query["gene"] is None:
            return b"[]"
    if "variant" in asked:
        query["variant"] = f"chr{asked['variant'].removeprefix('chr')}"
    if "chromosome" in asked:
        query["region"] = (asked["chromosome"].removeprefix("chr"), *_WHOLE)
    if "dataset_id" in asked:
        _study_of(asked["dataset_id"])
        query["dataset"] = asked["dataset_id"]
    if "study_id" in asked:
        query["study_id"] = _study(asked["study_id"])
    seconds = settings().client_seconds
    found = catalogue().associations(by_rsid=True, limit=size, offset=start, seconds=seconds, **query).to_polars()
    own = _known().select("dataset_id", "study_id")
    rows = found.join(own, on="dataset_id", how="left", maintain_order="left").with_columns(
        pl.col("rsid").fill_null("")
    )
    return query_text.json_array(rows.select(FIELDS))


def _known() -> pl.DataFrame:
    return catalogue().datasets(held=False, checked=False).to_polars()


def _study(name: str) -> str:
    if name not in set(_known()["study_id"].to_list()):
        raise Missing(NO_STUDY)
    return name


def _study_of(dataset_id: str) -> str:
    try:
        return str(catalogue().datasets(dataset_id, held=False, checked=False).to_polars()["study_id"][0])
    except UnknownName:
        raise Missing(NO_DATASET) from None


def _paging(asked: Mapping[str, str]) -> tuple[int, int]:
    start, size = (count(asked, name, default) for name, default in (("start", 0), ("size", 20)))
    if size == 0:
        raise Invalid("query", "size", "Input should be greater than 0", "greater_than")
    return start, min(size, _MOST)
