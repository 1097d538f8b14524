"""The genes that identifiers stand for, in the namespace a client asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lifenode.genes.convert import Conversion, convert
from lifenode.genes.identifiers import DEFAULT_NUMERIC, identifiers
from lifenode.packs.pack import Pack
from lifenode.web.compat.gprofiler_request import pack_of

UNKNOWN = "None"
"""What stands for a name or identifier that there is not."""


class Named(NamedTuple):
    """A gene as the answer names it."""

    converted: str
    symbol: str
    title: str
    namespaces: str


@dataclass(frozen=True)
class Conversions:
    """What distinct identifiers were converted to.

    Attributes
    ----------
    genes
        The genes of each identifier that has any.
    doubtful
        Identifiers that name several genes: the one chosen, why, and all candidates.
    """

    genes: dict[str, list[Named]] = field(default_factory=dict)
    doubtful: dict[str, dict[str, Any]] = field(default_factory=dict)


def conversions(
    items: list[str], organism: str, target: str, numeric_ns: str, choices: Mapping[str, str], *, strict: bool = False
) -> Conversions:
    """Convert identifiers.

    Parameters
    ----------
    items
        Identifiers; blank ones are passed over.
    organism
        Organism id.
    target, numeric_ns
        Namespaces as clients name them.
    choices
        Gene id to take for an ambiguous identifier.
    strict
        Give all candidates of an ambiguous identifier instead of the one chosen.

    Raises
    ------
    UnknownNamespace, UnknownOrganism, InputError
        What was asked cannot be done.
    """
    pack = pack_of(organism)
    distinct = [text for text in dict.fromkeys(map(str.strip, items)) if text]
    if not distinct:
        return Conversions()
    own = _stand_in(pack, target)
    numeric = numeric_ns or DEFAULT_NUMERIC
    table = convert(distinct, pack.path, own or target, numeric_namespace=numeric, choices=choices)
    genes, ambiguous = _by_text(table, distinct, own=bool(own))
    doubtful = _doubtful(pack, ambiguous, numeric)
    if strict:
        for text, told in doubtful.items():
            others = conversions(told["candidates"], organism, target, numeric_ns, {})
            genes[text] = [
                Named(one.converted, one.symbol, one.title, genes[text][0].namespaces)
                for named in others.genes.values()
                for one in named
            ]
    return Conversions(genes, doubtful)


def _stand_in(pack: Pack, target: str) -> str:
    """Return some namespace of a pack whose own gene ids are not Ensembl's, if those are asked for; else nothing."""
    present = identifiers(pack).index.namespaces
    return present[0] if target.upper() == "ENSG" and "ENSG" not in present else ""


def _by_text(table: Conversion, distinct: list[str], *, own: bool) -> tuple[dict[str, list[Named]], list[str]]:
    """Return the genes of each identifier, and the identifiers that are ambiguous."""
    names = ("query", "gene_id", "converted", "symbol", "name", "namespaces", "status")
    genes: dict[str, list[Named]] = {}
    ambiguous: list[str] = []
    remaining = iter(distinct)
    text, previous = "", None
    for query, gene_id, converted, symbol, title, spaces, status in zip(*(table[n] for n in names), strict=True):
        # Long texts are cut in the table, so that two may look alike; what has no gene has one row.
        if query != previous or not gene_id:
            text = next(remaining)
            if status == "ambiguous" and gene_id:
                ambiguous.append(text)
        previous = query
        if gene_id:
            named = Named((gene_id if own else converted) or UNKNOWN, symbol or gene_id, title, ",".join(spaces))
            listed = genes.setdefault(text, [])
            if named not in listed:
                listed.append(named)
    return genes, ambiguous


def _doubtful(pack: Pack, texts: list[str], numeric: str) -> dict[str, dict[str, Any]]:
    if not texts:
        return {}
    gene_ids = pack.genes().gene_ids
    return {
        text: {
            "chosen": gene_ids[outcome.gene],
            "why": outcome.reason,
            "candidates": [gene_ids[gene] for gene in outcome.genes],
        }
        for text, outcome in zip(texts, identifiers(pack).outcomes(texts, numeric), strict=True)
    }
