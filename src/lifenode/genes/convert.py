"""Translate identifiers from any namespace into one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lifenode.errors import BadTable
from lifenode.genes.accounting import CATEGORIES, SEVERAL, Accounting, Outcome
from lifenode.genes.identifiers import DEFAULT_NUMERIC, Identifiers, Resolution, identifiers
from lifenode.genes.lists import read_queries
from lifenode.genes.namespaces import namespace_of, target_namespace
from lifenode.genes.resolution import genes_of
from lifenode.genes.texts import shown
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import settings
from lifenode.table import Column, Table

COLUMNS = (
    Column("query", "text", "The identifier as given."),
    Column("gene_id", "text", "Id of the gene in the pack; empty where the identifier is not mapped."),
    Column("converted", "text", "The gene's identifier in the target namespace; empty where it has none."),
    Column("symbol", "text", "Current symbol of the gene."),
    Column("name", "text", "Full name of the gene."),
    Column("namespaces", "list", "Namespaces in which the identifier was found."),
    Column("status", "text", "mapped, unmapped, ambiguous, duplicate or blank."),
)


class Conversion(Table):
    """A row per identifier and target identifier, in the order given; nothing is dropped.

    Attributes
    ----------
    accounting
        What became of every identifier.
    """

    accounting: Accounting


def convert(
    query: object,
    organism: str | Path | None = None,
    to: str = DEFAULT_NUMERIC,
    *,
    numeric_namespace: str = DEFAULT_NUMERIC,
    choices: Mapping[str, str] | None = None,
) -> Conversion:
    """Translate identifiers of any kind into the identifiers of one namespace.

    Parameters
    ----------
    query
        A list, set, Series or array of identifiers, a path, or ``"-"`` for standard input. Several lists are taken
        one after the other.
    organism
        Organism id or pack folder; the organism of `lifenode.settings` by default.
    to
        Target namespace such as ``ENTREZGENE``, ``ENSG``, ``SYMBOL``, ``UNIPROT``, ``REFSEQ`` or ``HGNC``, in any case;
        common words (``entrez``, ``ensembl``) are understood.
    numeric_namespace
        Namespace of texts that consist of digits.
    choices
        Gene id to take for an ambiguous identifier.

    Returns
    -------
    Conversion
        Columns ``query, gene_id, converted, symbol, name, namespaces, status``. A gene with several target identifiers
        has a row for each, as has each gene of a term or range; what is not mapped has one row without a gene.

    Raises
    ------
    UnknownNamespace
        The pack has no such namespace.
    UnknownOrganism
        There is no such pack.
    InputError
        The query cannot be used.

    Examples
    --------
    >>> import lifenode
    >>> table = lifenode.convert(["TP53", "tp53", "7157"], to="ensembl")
    >>> table["gene_id"].tolist()
    ['ENSG00000141510', 'ENSG00000141510', 'ENSG00000141510']
    >>> table["status"].tolist()
    ['mapped', 'duplicate', 'duplicate']
    """
    pack = open_pack(organism)
    index = identifiers(pack)
    target = target_namespace(to, index.index.namespaces)
    queries = read_queries(query)
    if queries.kind in ("table", "anndata"):
        raise BadTable(
            "The input is a table of results, and convert takes a list of identifiers.",
            value=", ".join(queries.lists),
            next_step="Pass the column that holds the identifiers.",
        )
    items = [item for listed in queries.lists.values() for item in listed]
    resolution = index.resolve(items, numeric_namespace=numeric_namespace, choices=choices)
    data = _columns(resolution, index, target)
    asked = {
        "to": target,
        "numeric_namespace": namespace_of(numeric_namespace or DEFAULT_NUMERIC, index.index.namespaces),
        "choices": dict(choices or {}),
    }
    table = Conversion(
        COLUMNS, data, lambda: _meta(pack, resolution.accounting, asked, queries.notes), len(data["query"])
    )
    table.accounting = resolution.accounting
    return table


def _columns(resolution: Resolution, index: Identifiers, target: str) -> dict[str, list[Any]]:
    """Return the table's columns."""
    longest = settings().max_identifier_length
    genes = index.pack.genes()
    names = dict(zip(resolution.genes.tolist(), index.index.names_of(resolution.genes, target), strict=True))
    rows: list[tuple[str, int, str, list[str], str]] = []
    founds = _namespaces(resolution.outcomes, index)
    for text, outcome, code in zip(resolution.texts, resolution.outcomes, resolution.categories, strict=True):
        query, status = shown(text, longest), CATEGORIES[code]
        members = genes_of(outcome)
        for gene in members:
            where = founds.get((outcome.found, gene), [outcome.namespace])
            rows += [(query, gene, converted, where, status) for converted in names[gene] or [""]]
        if not members:
            rows.append((query, -1, "", [], status))
    numbers = np.array([row[1] for row in rows], dtype=np.int64)
    known = numbers >= 0
    columns: dict[str, list[Any]] = {
        "query": [row[0] for row in rows],
        "converted": [row[2] for row in rows],
        "namespaces": [row[3] for row in rows],
        "status": [row[4] for row in rows],
    }
    for column, texts in (("gene_id", genes.gene_ids), ("symbol", genes.symbols), ("name", genes.names)):
        taken = iter(texts.take(numbers[known]))
        columns[column] = [next(taken) if one else "" for one in known.tolist()]
    return columns


def _namespaces(outcomes: list[Outcome], index: Identifiers) -> dict[tuple[str, int], list[str]]:
    """Return the namespaces in which each identifier names each gene, in any case."""
    texts = list(dict.fromkeys(o.found for o in outcomes if o.kind != SEVERAL and o.gene >= 0))
    found: dict[tuple[str, int], list[str]] = {}
    for text, hits in zip(texts, index.index.find(texts), strict=True):
        for hit in sorted(hits, key=lambda hit: (hit.rank, hit.namespace)):
            where = found.setdefault((text, hit.gene), [])
            if hit.namespace not in where:
                where.append(hit.namespace)
    return found


def _meta(pack: Pack, accounting: Accounting, asked: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        **asked,
        "accounting": accounting.to_dict(),
        "sources": {
            name: {field: getattr(pack.sources[name], field) for field in ("name", "version", "licence", "attribution")}
            for name in ("genes", "identifiers")
            if name in pack.sources
        },
        "notes": list(notes),
    }
