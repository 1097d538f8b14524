"""Find the genes of another organism that descend from the same gene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import BadTable, InvalidOption
from lifenode.genes.accounting import CATEGORIES, Accounting
from lifenode.genes.identifiers import DEFAULT_NUMERIC, Resolution, identifiers
from lifenode.genes.lists import read_queries
from lifenode.genes.namespaces import namespace_of
from lifenode.genes.ortholog_index import (
    RELATIONS,
    OrthologIndex,
    Pairs,
    checked_sources,
    ortholog_index,
)
from lifenode.genes.resolution import genes_of
from lifenode.genes.texts import shown
from lifenode.packs.catalog import ORTHOLOG_SOURCES
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import settings
from lifenode.table import Column, Table

COLUMNS = (
    Column("query", "text", "The identifier as given."),
    Column("gene_id", "text", "Id of the gene in the pack; empty where the identifier is not mapped."),
    Column("symbol", "text", "Current symbol of the gene."),
    Column("ortholog", "text", "Id of the ortholog: that of its organism's pack, else Ensembl's, else Entrez's."),
    Column("ortholog_symbol", "text", "Symbol of the ortholog."),
    Column("ortholog_name", "text", "Full name of the ortholog, where that organism has a pack."),
    Column("source", "text", "HCOP, or HomoloGene where HCOP has nothing for the gene."),
    Column("support", "list", "Databases that state the pair; of HomoloGene, its group."),
    Column("support_count", "integer", "How many databases state the pair; 0 where there is no ortholog."),
    Column("relation", "text", "one-to-one, one-to-many, many-to-one or many-to-many, over all pairs asked for."),
    Column("status", "text", "mapped, unmapped, ambiguous, duplicate or blank."),
)


class Orthologs(Table):
    """A row per identifier and ortholog, in the order given; nothing is dropped.

    Attributes
    ----------
    accounting
        What became of every identifier.
    """

    accounting: Accounting


def orthologs(
    query: object,
    organism: str | Path | None = None,
    to: str = "mmusculus",
    *,
    sources: str | Iterable[str] | None = None,
    min_support: int = 1,
    numeric_namespace: str = DEFAULT_NUMERIC,
    choices: Mapping[str, str] | None = None,
) -> Orthologs:
    """Find the orthologs of genes in another organism.

    Parameters
    ----------
    query
        A list, set, Series or array of identifiers, a path, or ``"-"`` for standard input. Several lists are taken
        one after the other.
    organism
        Organism id or pack folder; the organism of `lifenode.settings` by default.
    to
        Organism id of the other organism, such as ``mmusculus`` or ``drerio``.
    sources
        ``HCOP``, ``HomoloGene`` or both, side by side. By default HCOP, and HomoloGene for the genes of which HCOP
        states no pair.
    min_support
        Fewest databases that must state a pair; a group of HomoloGene counts as one.
    numeric_namespace
        Namespace of texts that consist of digits.
    choices
        Gene id to take for an ambiguous identifier.

    Returns
    -------
    Orthologs
        Columns ``query, gene_id, symbol, ortholog, ortholog_symbol, ortholog_name, source, support, support_count,
        relation, status``. A gene with several orthologs has a row for each, the best supported first; a gene without
        one keeps a row, as does what is not mapped.

    Raises
    ------
    UnknownOrganism
        There is no such pack, or it knows no orthologs in `to`.
    UnknownSource
        There is no such source.
    InvalidOption
        `to` is the organism itself, or `min_support` no count.
    InputError
        The query cannot be used.

    Notes
    -----
    Only pairs that a source states are given; none is inferred through a third organism.

    Examples
    --------
    >>> import lifenode
    >>> table = lifenode.orthologs(["TP53", "CYP2D6"], to="mmusculus", min_support=5)
    >>> table["ortholog_symbol"].tolist()[0], table["relation"].tolist()[0]
    ('Trp53', 'one-to-one')
    """
    wanted = _checked(sources, min_support)
    pack = open_pack(organism)
    index = ortholog_index(pack, to)
    queries = read_queries(query)
    if queries.kind in ("table", "anndata"):
        raise BadTable(
            "The input is a table of results, and orthologs takes a list of identifiers.",
            value=", ".join(queries.lists),
            next_step="Pass the column that holds the identifiers.",
        )
    items = [item for listed in queries.lists.values() for item in listed]
    names = identifiers(pack)
    resolution = names.resolve(items, numeric_namespace=numeric_namespace, choices=choices)
    pairs = index.pairs(wanted, min_support)
    data = _columns(resolution, pack, index, pairs)
    with_one = int(np.count_nonzero(np.diff(pairs.first)[resolution.genes]))
    asked = {
        "to": to,
        "orthology": list(wanted or ORTHOLOG_SOURCES),
        "rule": "all named sources" if wanted else "HCOP, and HomoloGene for genes of which HCOP states no pair",
        "min_support": min_support,
        "numeric_namespace": namespace_of(numeric_namespace or DEFAULT_NUMERIC, names.index.namespaces),
        "choices": dict(choices or {}),
        "genes": len(resolution.genes),
        "with_ortholog": with_one,
        "without_ortholog": len(resolution.genes) - with_one,
    }
    table = Orthologs(
        COLUMNS, data, lambda: _meta(pack, resolution.accounting, asked, queries.notes), len(data["query"])
    )
    table.accounting = resolution.accounting
    return table


def _checked(sources: str | Iterable[str] | None, min_support: int) -> tuple[str, ...]:
    """Return the names of the sources; raise for options that cannot be met."""
    if not isinstance(min_support, int) or isinstance(min_support, bool) or min_support < 1:
        raise InvalidOption(
            f"min_support is {min_support!r}, which is not a number of databases.",
            value=min_support,
            next_step="Give a whole number from 1.",
        )
    named = [sources] if isinstance(sources, str) else list(sources or ())
    return checked_sources([part.strip() for name in named for part in str(name).split(",") if part.strip()])


def _columns(resolution: Resolution, pack: Pack, index: OrthologIndex, pairs: Pairs) -> dict[str, Any]:
    """Return the table's columns."""
    longest, genes = settings().max_identifier_length, resolution.genes
    edges = zip(genes.tolist(), pairs.first[genes].tolist(), pairs.first[genes + 1].tolist(), strict=True)
    places = {gene: range(first, last) if last > first else (-1,) for gene, first, last in edges}
    rows: list[tuple[str, str, int, int]] = []
    for text, outcome, code in zip(resolution.texts, resolution.outcomes, resolution.categories, strict=True):
        query, status = shown(text, longest), CATEGORIES[code]
        members = genes_of(outcome)
        for member in members:
            rows += [(query, status, member, place) for place in places[member]]
        if not members:
            rows.append((query, status, -1, -1))
    gene, place = np.array([row[2:] for row in rows], dtype=np.int64).reshape(-1, 2).T
    here, there = gene >= 0, place >= 0
    stated = pairs.row[place[there]]
    targets, counts = index.targets(stated), np.zeros(len(rows), dtype=np.int64)
    counts[there] = index.counts(stated)
    return {
        "query": [row[0] for row in rows],
        "gene_id": _spread(pack.genes().gene_ids.take(gene[here]), here),
        "symbol": _spread(pack.genes().symbols.take(gene[here]), here),
        "ortholog": _spread(index.ids.take(targets), there),
        "ortholog_symbol": _spread(index.symbols.take(targets), there),
        "ortholog_name": _spread(index.names.take(targets), there),
        "source": _spread(index.sources_of(stated), there),
        "support": _spread([text.split("|") for text in index.support.take(stated)], there, []),
        "support_count": counts,
        "relation": _spread([RELATIONS[code] for code in pairs.relation[place[there]].tolist()], there),
        "status": [row[1] for row in rows],
    }


def _spread(values: Iterable[Any], at: npt.NDArray[np.bool_], empty: Any = "") -> list[Any]:
    """Return `values` where `at` is true, and `empty` elsewhere."""
    taken = iter(values)
    return [next(taken) if one else empty for one in at.tolist()]


def _meta(pack: Pack, accounting: Accounting, asked: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        **asked,
        "accounting": accounting.to_dict(),
        "sources": {
            name: {field: getattr(pack.sources[name], field) for field in ("name", "version", "licence", "attribution")}
            for name in ("genes", "identifiers", "orthologs")
            if name in pack.sources
        },
        "notes": list(notes),
    }
