"""Translate identifiers from any namespace into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lifenode.errors import BadTable
from lifenode.genes.accounting import CATEGORIES, Accounting
from lifenode.genes.identifiers import DEFAULT_NUMERIC, Resolution, identifiers
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
    translation = translate(items, pack, target, numeric_namespace=numeric_namespace, choices=choices)
    resolution = translation.resolution
    data = _columns(translation)
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


class GeneNames(NamedTuple):
    """What a gene is called.

    Attributes
    ----------
    gene_id, symbol, name
        Texts of the gene; ``""`` where unknown.
    converted
        Its identifiers in the target namespace.
    """

    gene_id: str
    symbol: str
    name: str
    converted: list[str]


@dataclass(frozen=True)
class Translation:
    """A list resolved, and what its genes are called.

    Attributes
    ----------
    resolution
        The genes of every item.
    names
        Names of each gene of the list.
    """

    resolution: Resolution
    names: Mapping[int, GeneNames]


def translate(
    items: Sequence[object],
    pack: Pack,
    target: str,
    *,
    numeric_namespace: str = DEFAULT_NUMERIC,
    choices: Mapping[str, str] | None = None,
) -> Translation:
    """Find the genes of a list and their identifiers in a namespace.

    Parameters
    ----------
    items
        Identifiers.
    pack
        The pack.
    target
        A namespace of the pack, by its own name.
    numeric_namespace, choices
        As in `convert`.

    Raises
    ------
    UnknownNamespace
        `numeric_namespace` does not exist.
    InputError
        An item or a choice cannot be used.
    """
    index, genes = identifiers(pack), pack.genes()
    resolution = index.resolve(items, numeric_namespace=numeric_namespace, choices=choices)
    rows = resolution.genes
    texts = (genes.gene_ids.take(rows), genes.symbols.take(rows), genes.names.take(rows))
    names = map(GeneNames, *texts, index.index.names_of(rows, target))
    return Translation(resolution, dict(zip(rows.tolist(), names, strict=True)))


def _columns(translation: Translation) -> dict[str, list[Any]]:
    """Return the table's columns."""
    longest = settings().max_identifier_length
    resolution, names = translation.resolution, translation.names
    rows: list[tuple[Any, ...]] = []
    for text, outcome, code in zip(resolution.texts, resolution.outcomes, resolution.categories, strict=True):
        query, status = shown(text, longest), CATEGORIES[code]
        members = genes_of(outcome)
        for gene in members:
            gene_id, symbol, name, targets = names[gene]
            where = list(outcome.namespaces or (outcome.namespace,))
            rows += [(query, gene_id, converted, symbol, name, where, status) for converted in targets or ("",)]
        if not members:
            rows.append((query, "", "", "", "", [], status))
    return dict(zip([column.name for column in COLUMNS], map(list, zip(*rows, strict=True)), strict=True))


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
