"""Identifiers of own gene sets without an organism: they mean what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lifenode.genes.accounting import BLANK, MAPPED, UNMAPPED, Outcome
from lifenode.genes.resolution import Resolution
from lifenode.genes.texts import BLANK_WORDS, clean, fold, texts_of


class _Plain:
    """Describes the genes of a world without a pack: they are called as the user calls them."""

    def __init__(self, lookup: Mapping[str, int]) -> None:
        self._names = {number: name for name, number in lookup.items()}

    def describe(self, gene: int) -> dict[str, Any]:
        """Return the member's name."""
        return {"gene_id": self._names[gene], "symbol": "", "primary_assembly": True, "annotations": 0}

    def suggest(self, texts: Sequence[str]) -> dict[str, list[str]]:
        """Return nothing."""
        return {}


def resolve_plain(items: Sequence[object], lookup: Mapping[str, int]) -> Resolution:
    """Find the members of own gene sets by name, exactly, or without regard to case where that is unique.

    Parameters
    ----------
    items
        Identifiers.
    lookup
        Number of each member.
    """
    texts = texts_of(items)
    cleaned = {text: clean(text) for text in texts}
    known = {
        text: Outcome(MAPPED, lookup[c], namespace="GENE_SETS", found=c) for text, c in cleaned.items() if c in lookup
    }
    if len(known) < len(cleaned):
        folded: dict[str, list[int]] = {}
        for name, number in lookup.items():
            folded.setdefault(fold(name), []).append(number)
        known |= {text: _otherwise(c, folded) for text, c in cleaned.items() if text not in known}
    return Resolution(texts, [known[text] for text in texts], _Plain(lookup))


def _otherwise(text: str, folded: Mapping[str, list[int]]) -> Outcome:
    found = folded.get(text.casefold(), [])
    if len(found) == 1:
        return Outcome(MAPPED, found[0], namespace="GENE_SETS", found=text)
    if not text or text.casefold() in BLANK_WORDS:
        return Outcome(BLANK)
    reason = "differs from several members by case alone" if found else "not a member of the gene sets"
    return Outcome(UNMAPPED, reason=reason)
