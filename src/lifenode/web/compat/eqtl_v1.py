"""Version 1 of the API of the eQTL Catalogue, without a version in its address as well.

Studies, tissues and groups go by their labels; associations come as an object by row number, with links. Other than
there, `variant_id`, `bp_lower` and `bp_upper` count, chromosome X is known, and a page that covers several data sets is
no longer than was asked for, so that its link to the next is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import polars as pl
from fastapi import FastAPI

from lifenode.eqtl import query_text
from lifenode.eqtl.query_rows import no_associations
from lifenode.settings import settings
from lifenode.web.compat.eqtl_wire import Absent, Refused, catalogue, count, gene_of, handler, number

PREFIXES = ("/eqtl/api/v1", "/eqtl/api")
CHROMOSOMES = (*map(str, range(1, 23)), "X", "Y", "MT")
FIELDS = {
    "variant": "variant", "rsid": "rsid", "chromosome": "chromosome", "position": "position",
    "study_id": "study_label", "molecular_trait_id": "molecular_trait_id", "gene_id": "gene_id", "pvalue": "pvalue",
    "neg_log10_pvalue": "nlog10p", "ac": "ac", "an": "an", "alt": "alt", "ref": "ref", "maf": "maf",
    "median_tpm": "median_tpm", "type": "type", "beta": "beta", "se": "se", "r2": "r2", "qtl_group": "sample_group",
    "tissue": "tissue_id", "tissue_label": "tissue_label", "condition": "condition_label",
    "condition_label": "condition_label",
}  # fmt: skip
"""Fields of an association, and the columns of the catalogue they come from."""
_OF_DATASET = ("study_label", "sample_group", "tissue_id", "tissue_label", "condition_label")
_CHOICE = {"study": "study_label", "tissue": "tissue_id", "qtl_group": "sample_group"}
_METHODS = {"txrevise": "txrev"}
_MOST = 1_000
_LAST = 1_000_000_000
_COLLECTIONS = {
    "studies": ("study_accession", ("study_label",)),
    "tissues": ("tissue", ("tissue_id", "tissue_label")),
    "qtl_groups": ("qtl_group", ("sample_group",)),
}


def install(app: FastAPI) -> None:
    """Add the routes."""
    routes = {"/": root, "/associations": associations, "/associations/{variant_id}": associations}
    for collection, one in (("studies", "study"), ("tissues", "tissue"), ("qtl_groups", "qtl_group")):
        routes[f"/{collection}"] = partial(collected, collection)
        routes[f"/{collection}/{{{one}}}"] = partial(single, collection, one)
        routes[f"/{collection}/{{{one}}}/associations"] = associations
    routes["/tissues/{tissue}/studies"] = partial(collected, "studies")
    routes["/tissues/{tissue}/studies/{study}"] = partial(single, "studies", "study")
    routes["/tissues/{tissue}/studies/{study}/associations"] = associations
    routes["/chromosomes"] = chromosomes
    routes["/chromosomes/{chromosome}"] = chromosome
    routes["/chromosomes/{chromosome}/associations"] = associations
    routes["/chromosomes/{chromosome}/associations/{variant_id}"] = associations
    routes["/genes"] = genes
    routes["/molecular_phenotypes"] = molecular_phenotypes
    routes["/genes/{gene_id}"] = partial(named, "gene_id", "gene")
    routes["/genes/{gene_id}/associations"] = associations
    routes["/molecular_phenotypes/{molecular_trait_id}"] = partial(named, "molecular_trait_id", "molecular_trait_id")
    routes["/molecular_phenotypes/{molecular_trait_id}/associations"] = associations
    for prefix in PREFIXES:
        for path, answer in routes.items():
            route = handler(partial(answer, prefix=prefix))
            for ending in ("",) if path == "/" else ("", "/"):
                app.add_route(f"{prefix}{path}{ending}", route, methods=["GET"], include_in_schema=False)


def root(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return where to begin."""
    names = (
        "associations", "studies", "tissues", "qtl_groups", "chromosomes", "genes", "molecular_phenotypes",
    )  # fmt: skip
    return orjson.dumps({"_links": {name: {"href": f"{asked['_base']}{prefix}/{name}"} for name in names}})


def collected(name: str, asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return the studies, tissues or groups of the data sets that are meant."""
    key, columns = _COLLECTIONS[name]
    start, size = _paging(asked)
    table = _datasets(asked).select(columns).unique().sort(columns)[start : start + size]
    rows = []
    for values in table.rows():
        about = {key: values[0], **dict(zip(columns[1:], values[1:], strict=True))}
        rows.append({**about, "_links": _self(asked, f"{prefix}/{name}/{values[0]}")})
    return orjson.dumps({"_embedded": {name: rows}, "_links": _links(asked, start, size, len(rows))})


def single(name: str, one: str, asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return one study, tissue or group."""
    key, columns = _COLLECTIONS[name]
    table = _datasets(asked).select(columns).unique()
    if table.is_empty():
        raise Absent(f"There is no {one} {asked[one]}")
    values = table.rows()[0]
    links = _self(asked, f"{prefix}/{name}/{values[0]}")
    links["associations"] = {"href": f"{links['self']['href']}/associations"}
    return orjson.dumps({key: values[0], **dict(zip(columns[1:], values[1:], strict=True)), "_links": links})


def genes(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return a page of the genes."""
    start, size = _paging(asked)
    return _listed(asked, prefix, "genes", "gene", catalogue().genes()[start : start + size])


def molecular_phenotypes(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return a page of the molecular traits."""
    names = catalogue().molecular_traits(*_paging(asked))
    return _listed(asked, prefix, "molecular_phenotypes", "molecular_trait_id", names)


def _listed(asked: Mapping[str, str], prefix: str, collection: str, key: str, names: list[str]) -> bytes:
    start, size = _paging(asked)
    rows = []
    for name in names:
        links = _self(asked, f"{prefix}/{collection}/{quote(name, safe=':')}")
        links["associations"] = {"href": f"{links['self']['href']}/associations"}
        rows.append({key: name, "_links": links})
    return orjson.dumps({"_embedded": {collection: rows}, "_links": _links(asked, start, size, len(rows))})


def chromosomes(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return the chromosomes."""
    rows = [{"chromosome": name, "_links": _self(asked, f"{prefix}/chromosomes/{name}")} for name in CHROMOSOMES]
    return orjson.dumps({"_embedded": {"chromosomes": rows}, "_links": _links(asked, 0, len(rows) + 1, len(rows))})


def chromosome(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return one chromosome."""
    name = _chromosome(asked["chromosome"])
    links = _self(asked, f"{prefix}/chromosomes/{name}")
    links["associations"] = {"href": f"{links['self']['href']}/associations"}
    return orjson.dumps({"chromosome": name, "_links": links})


def named(name: str, key: str, asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return one gene or molecular trait that has associations."""
    query: dict[str, Any] = {"gene": _gene(asked[name])} if name == "gene_id" else {"molecular_trait": asked[name]}
    if not len(catalogue().associations(limit=1, **query)):
        raise Absent(f"There are no associations of {asked[name]}")
    return orjson.dumps({key: asked[name], "_links": {"associations": {"href": f"{asked['_address']}/associations"}}})


def associations(asked: Mapping[str, str], *, prefix: str) -> bytes:
    """Return the associations that pass the filters, as an object by row number."""
    chosen = _datasets(asked, method=True)
    if chosen.is_empty():
        raise Absent("No data set has these filters")
    start, size = _paging(asked)
    if asked.get("paginate", "").lower() == "false" and len(chosen) == 1 and _narrow(asked):
        start, size = 0, settings().max_association_rows
    rows = _rows(asked, chosen, start, size)
    found = rows.join(chosen.select("dataset_id", *_OF_DATASET), on="dataset_id", how="left", maintain_order="left")
    table = found.select([pl.col(column).alias(field) for field, column in FIELDS.items()])
    lines = query_text.jsonl(table).encode().splitlines()
    if asked.get("links", "").lower() == "true":
        for at, (place, name) in enumerate(table.select("chromosome", "variant").iter_rows()):
            links = orjson.dumps(_self(asked, f"{prefix}/chromosomes/{place}/associations/{name}"))
            lines[at] = b'%b,"_links":%b}' % (lines[at][:-1], links)
    # An object by row number, which clients take apart in its order.
    embedded = b",".join(b'"%d":%b' % numbered for numbered in enumerate(lines))
    links = orjson.dumps(_links(asked, start, size, len(lines)))
    return b'{"_embedded":{"associations":{%b}},"_links":%b}' % (embedded, links)


def _rows(asked: Mapping[str, str], chosen: pl.DataFrame, start: int, size: int) -> pl.DataFrame:
    query = _query(asked)
    lower, upper = (number(asked, name) for name in ("p_lower", "p_upper"))
    if (lower is not None or upper is not None) and not query:
        raise Refused("A p-value needs a gene, molecular trait, variant or chromosome beside it")
    most = start + size if lower is None else None
    frames = catalogue().stream(
        by_rsid=True, dataset=chosen["dataset_id"].to_list(), p_value=upper, most=most,
        seconds=settings().client_seconds, **query,
    )  # fmt: skip
    found, passed = [no_associations()], start
    for frame in frames:
        kept = frame if lower is None else frame.filter(pl.col("pvalue") >= lower)
        own = kept[passed:]
        passed = max(0, passed - kept.height)
        found.append(own[:size])
        size -= min(size, own.height)
        if not size:
            break
    return pl.concat(found)


def _query(asked: Mapping[str, str]) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if "molecular_trait_id" in asked:
        query["molecular_trait"] = asked["molecular_trait_id"]
    if "gene_id" in asked:
        query["gene"] = _gene(asked["gene_id"])
    variant = asked.get("variant_id") or asked.get("snp")
    if variant:
        query["rsid" if variant.startswith("rs") else "variant"] = variant
    if "chromosome" in asked:
        lower, upper = count(asked, "bp_lower", 1), count(asked, "bp_upper", _LAST)
        if lower > upper:
            raise Refused(f"bp_lower, {lower}, is larger than bp_upper, {upper}")
        query["region"] = (_chromosome(asked["chromosome"]), max(lower, 1), upper)
    elif "bp_lower" in asked or "bp_upper" in asked:
        raise Refused("bp_lower and bp_upper need a chromosome")
    return query


def _narrow(asked: Mapping[str, str]) -> bool:
    return any(name in asked for name in ("gene_id", "molecular_trait_id", "variant_id", "snp", "chromosome"))


def _datasets(asked: Mapping[str, str], *, method: bool = False) -> pl.DataFrame:
    """Return the data sets that are meant; a group says more than a tissue."""
    names = [name for name in _CHOICE if name in asked and not (name == "tissue" and "qtl_group" in asked)]
    filters: dict[str, Any] = {_CHOICE[name]: asked[name] for name in names}
    if method:
        wanted = asked.get("quant_method", "ge")
        filters["quant_method"] = _METHODS.get(wanted, wanted)
    return catalogue().datasets(checked=False, **filters).to_polars()


def _gene(text: str) -> str:
    found = gene_of(text)
    if found is None:
        raise Absent(f"There are no associations of {text}")
    return found


def _chromosome(text: str) -> str:
    name = text.removeprefix("chr").upper()
    if name not in CHROMOSOMES:
        raise Absent(f"There is no chromosome {text}")
    return name


def _paging(asked: Mapping[str, str]) -> tuple[int, int]:
    return count(asked, "start", 0), max(1, min(_MOST, count(asked, "size", 20)))


def _self(asked: Mapping[str, str], path: str) -> dict[str, dict[str, str]]:
    return {"self": {"href": f"{asked['_base']}{path}"}}


def _links(asked: Mapping[str, str], start: int, size: int, rows: int) -> dict[str, dict[str, str]]:
    """Return the links of a page; there is a next one only where this is full."""
    given = set(asked["_query"].split(",")) - {"start", "size"}
    own = [(name, value) for name, value in asked.items() if name in given]

    def page(at: int) -> dict[str, str]:
        return {"href": f"{asked['_address']}?{urlencode([*own, ('size', size), ('start', at)])}"}

    links = {"self": page(start), "first": page(0)}
    return links | ({"next": page(start + rows)} if rows == size else {})
