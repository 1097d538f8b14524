"""The shipped packs as plain tables, read and propagated without the code that uses them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

import lifenode

STARTER = Path(lifenode.__file__).parent / "packs" / "starter"


@cache
def table(organism: str, name: str) -> pl.DataFrame:
    return pl.read_parquet(STARTER / organism / f"{name}.parquet")


@cache
def manifest(organism: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STARTER / organism / "manifest.json").read_text(encoding="utf-8"))
    return found


@cache
def gene_sets(organism: str) -> dict[str, set[int]]:
    """Genes of every term, its descendants' included: a slow walk upwards from each direct annotation."""
    ids = table(organism, "terms")["term_id"].to_list()
    parents = table(organism, "terms")["parents"].to_list()
    above: dict[int, set[int]] = {}

    def climb(term: int) -> set[int]:
        if term not in above:
            above[term] = {term}.union(*(climb(parent) for parent in parents[term]))
        return above[term]

    found: dict[str, set[int]] = {}
    for term, gene in table(organism, "annotations").select("term", "gene").unique().iter_rows():
        for reached in climb(term):
            found.setdefault(ids[reached], set()).add(gene)
    return found


def gene(organism: str, namespace: str, identifier: str) -> list[str]:
    rows = table(organism, "identifiers").filter(namespace=namespace, identifier=identifier)
    return table(organism, "genes")["gene_id"].gather(rows["gene"]).to_list()


def facts(organism: str, gene_id: str) -> dict[str, Any]:
    return table(organism, "genes").row(by_predicate=pl.col("gene_id") == gene_id, named=True)


def direct(organism: str, gene_id: str, term_id: str) -> set[str]:
    """Evidence of a direct annotation."""
    genes, terms = table(organism, "genes"), table(organism, "terms")
    rows = table(organism, "annotations").filter(
        gene=genes["gene_id"].index_of(gene_id), term=terms["term_id"].index_of(term_id)
    )
    return set(rows["evidence"])


def sizes(organism: str, column: str = "terms") -> dict[str, int]:
    """Terms with a gene, or genes with a term, by source."""
    source = dict(table(organism, "terms").select("term_id", "source").rows())
    found: dict[str, set[Any]] = {}
    for term, genes in gene_sets(organism).items():
        found.setdefault(source[term], set()).update({term} if column == "terms" else genes)
    return {name: len(members) for name, members in found.items()}
