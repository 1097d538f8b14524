"""What a search finds in the packs at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lifenode.enrichment.term_index import term_index
from lifenode.enrichment.term_search import term_search
from lifenode.genes.accounting import AMBIGUOUS, MAPPED
from lifenode.genes.gene_search import gene_search
from lifenode.genes.identifiers import identifiers
from lifenode.genes.word_index import words_of
from lifenode.packs.pack import Pack, open_pack
from lifenode.web.pages.colours import source_classes

MOST = 50
"""Genes, and terms, that are shown."""

_FORMER = ("ALIAS", "PREVIOUS_SYMBOL")
_PLACES = ("RSID", "RANGE", "VARIANT")
_SHORTEST = 4
_MOST_INSTEAD = 5


def search(text: str, organisms: Sequence[str]) -> dict[str, Any]:
    """Return what `text` names exactly, or the genes and terms that fit best.

    Parameters
    ----------
    text
        One identifier, the beginning of a symbol, or words of a name.
    organisms
        Where to look; an exact name counts in the first that has it.

    Returns
    -------
    dict
        ``exact`` (kind, name and organism), or ``genes`` and ``terms`` with how many there are in all, and where
        neither is found, what to search for ``instead``.
    """
    packs = [open_pack(organism) for organism in organisms]
    exact, former = _exact(text, packs)
    if exact is not None:
        return {"exact": exact}
    genes, genes_in_all = _genes(text, packs)
    terms, terms_in_all, at_least = _terms(text, packs)
    if former is not None and genes_in_all == 1 and not terms:
        return {"exact": former}
    return {
        "genes": genes,
        "genes_in_all": genes_in_all,
        "terms": terms,
        "terms_in_all": terms_in_all,
        "terms_at_least": at_least,
        "instead": [] if genes or terms else _instead(text, packs),
    }


_Named = tuple[str, str, str]


def _exact(text: str, packs: Sequence[Pack]) -> tuple[_Named | None, _Named | None]:
    """Return what the text names for sure, and what it names as an alias, which may be a word too."""
    for pack in packs:
        row = term_index(pack).row(text)
        if row is not None:
            return ("term", term_index(pack).ids[row], pack.organism), None
        (outcome,) = identifiers(pack).outcomes([text])
        if outcome.namespace in _PLACES:
            return ("variant", text, pack.organism), None
        if outcome.kind == MAPPED:
            named = ("gene", pack.genes().gene_ids[outcome.gene], pack.organism)
            return (None, named) if outcome.namespace in _FORMER else (named, None)
        if outcome.kind == AMBIGUOUS:
            return (None, None) if outcome.namespace in _FORMER else (("gene", text, pack.organism), None)
    return None, None


def _genes(text: str, packs: Sequence[Pack]) -> tuple[list[dict[str, Any]], int]:
    """Return the genes that fit best, and how many fit; the first organism wins among equals."""
    ranked, every = [], 0
    for place, pack in enumerate(packs):
        found, total = gene_search(pack).find(text, MOST)
        every += total
        # What is called exactly so comes before what begins so, and that before words of names.
        ranked += [((one.rank[0] // 3, place, *one.rank), one, pack) for one in found]
    ranked.sort(key=lambda each: each[0])
    return [
        one._asdict() | {"organism": pack.organism, "scientific_name": pack.scientific_name}
        for _, one, pack in ranked[:MOST]
    ], every


def _terms(text: str, packs: Sequence[Pack]) -> tuple[list[dict[str, Any]], int, bool]:
    """Return the terms that fit best, each once for all organisms, and how many fit, at least."""
    best: dict[str, dict[str, Any]] = {}
    most, whole = 0, True
    for place, pack in enumerate(packs):
        found, total = term_search(pack).find(text, MOST)
        most, whole = max(most, total), whole and total <= MOST
        classes = source_classes(pack.annotations().sources)
        for one in found:
            order = (*one.rank[:2], place, one.rank[2])
            best.setdefault(
                one.term_id,
                one._asdict()
                | {"organism": pack.organism, "scientific_name": pack.scientific_name}
                | {"class": classes[one.source], "order": order},
            )
    ordered = sorted(best.values(), key=lambda one: one["order"])[:MOST]
    for term in ordered:
        term["also"] = sum(_has(pack, term) for pack in packs if pack.organism != term["organism"])
    return ordered, max(most, len(best)), not whole and len(packs) > 1


def _has(pack: Pack, term: dict[str, Any]) -> bool:
    """Return whether a term has genes in a pack."""
    index = term_index(pack)
    row = index.row_in(term["source"], term["term_id"])
    return row is not None and index.size(row) > 0


def _instead(text: str, packs: Sequence[Pack]) -> list[str]:
    """Return other texts under which something is found: near symbols, and the words as far as they are known."""
    near = identifiers(packs[0]).suggest([text]).get(text, [])
    words = [known for word in words_of(text) if (known := _known_part(word, packs))]
    shorter = " ".join(words)
    tried = [shorter, *words] if shorter and shorter != text.casefold() else []
    found = [one for one in dict.fromkeys(tried) if any(term_search(pack).find(one, 1)[1] for pack in packs)]
    return [*near, *found][:_MOST_INSTEAD]


def _known_part(word: str, packs: Sequence[Pack]) -> str:
    """Return the longest beginning of a word that names hold, nothing where that is too short to mean anything."""
    for length in range(len(word), _SHORTEST - 1, -1):
        part = word[:length]
        if any(term_search(pack).find(part, 1)[1] for pack in packs):
            return part
    return ""
