"""The genes that identifiers stand for, in the namespace a client asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lifenode.genes.accounting import AMBIGUOUS, Outcome
from lifenode.genes.convert import Translation, translate
from lifenode.genes.identifiers import DEFAULT_NUMERIC, identifiers
from lifenode.genes.lists import read_queries
from lifenode.genes.namespaces import target_namespace
from lifenode.genes.resolution import genes_of
from lifenode.genes.text_lists import DEFAULT_NAME
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
    namespace = target_namespace(own or target, identifiers(pack).index.namespaces)
    checked = read_queries(distinct).lists[DEFAULT_NAME]
    numeric = numeric_ns or DEFAULT_NUMERIC
    translation = translate(checked, pack, namespace, numeric_namespace=numeric, choices=choices)
    genes, ambiguous = _by_text(translation, own=bool(own))
    doubtful = _doubtful(pack, ambiguous)
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


def _by_text(translation: Translation, *, own: bool) -> tuple[dict[str, list[Named]], dict[str, Outcome]]:
    """Return the genes of each identifier, and the identifiers that are ambiguous."""
    found = translation.resolution
    genes: dict[str, list[Named]] = {}
    ambiguous: dict[str, Outcome] = {}
    for text, outcome, code in zip(found.texts, found.outcomes, found.categories, strict=True):
        if not (members := genes_of(outcome)):
            continue
        if code == AMBIGUOUS:
            ambiguous[text] = outcome
        spaces = ",".join(outcome.namespaces) or outcome.namespace
        listed: list[Named] = []
        for gene in members:
            gene_id, symbol, title, targets = translation.names[gene]
            for converted in (gene_id,) if own else targets or (UNKNOWN,):
                listed.append(Named(converted, symbol or gene_id, title, spaces))  # noqa: PERF401 - runs once, mostly
        genes[text] = listed if len(listed) == 1 else list(dict.fromkeys(listed))
    return genes, ambiguous


def _doubtful(pack: Pack, ambiguous: Mapping[str, Outcome]) -> dict[str, dict[str, Any]]:
    gene_ids = pack.genes().gene_ids
    return {
        text: {
            "chosen": gene_ids[outcome.gene],
            "why": outcome.reason,
            "candidates": gene_ids.take(outcome.genes),
        }
        for text, outcome in ambiguous.items()
    }
