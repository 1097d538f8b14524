"""The one gene that a text names, for pages and addresses that are about one gene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifenode.errors import UnknownName
from lifenode.genes.accounting import AMBIGUOUS, MAPPED, SEVERAL, Outcome
from lifenode.genes.identifiers import identifiers
from lifenode.genes.texts import shown

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_LONGEST_SHOWN = 80
_MOST_CANDIDATES = 50


class Named(NamedTuple):
    """A gene that a text may stand for."""

    gene_id: str
    symbol: str
    name: str
    place: str


def find_gene(pack: Pack, text: str) -> int | list[int]:
    """Return the gene that `text` names, or the genes it may stand for.

    Raises
    ------
    UnknownName
        It stands for no gene of the pack; the nearest symbols are offered.
    """
    (outcome,) = identifiers(pack).outcomes([text])
    if outcome.kind == MAPPED:
        return outcome.gene
    if outcome.kind in (AMBIGUOUS, SEVERAL) and outcome.genes:
        several = list(outcome.genes[:_MOST_CANDIDATES])
        return several[0] if len(several) == 1 else several
    raise _unknown(pack, text, outcome)


def _unknown(pack: Pack, text: str, outcome: Outcome) -> UnknownName:
    near = identifiers(pack).suggest([text]).get(text, [])
    hint = f"Did you mean {' or '.join(near)}?" if near else "Search for it by a part of its symbol or name."
    said = shown(text.strip(), _LONGEST_SHOWN)
    reason = f": {outcome.reason}" if outcome.reason else ""
    return UnknownName(f'There is no gene "{said}" of {pack.scientific_name}{reason}.', value=said, next_step=hint)


def named(pack: Pack, genes: Sequence[int]) -> list[Named]:
    """Return what some genes are called and where they lie."""
    view = pack.genes()
    return [
        Named(
            view.gene_ids[gene],
            view.symbols[gene],
            view.names[gene],
            place_of(view.chromosomes[gene], int(view.start[gene]), int(view.end[gene])),
        )
        for gene in genes
    ]


def place_of(chromosome: str, start: int, end: int) -> str:
    """Return a position as ``chromosome:start-end``, empty where it is not known."""
    return f"{chromosome}:{start}-{end}" if chromosome and end else ""
