"""The genes of a list, and the account of how each item led to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lifenode.genes.accounting import (
    AMBIGUOUS,
    DUPLICATE,
    SEVERAL,
    UNMAPPED,
    Accounting,
    Details,
    Outcome,
    count_namespaces,
    tally,
)
from lifenode.genes.texts import shown

_LONGEST_SHOWN = 200


class Describer(Protocol):
    """What a report needs to know beyond the outcomes."""

    def describe(self, gene: int) -> dict[str, Any]:
        """Return gene_id, symbol, primary_assembly and annotations of a gene."""
        ...

    def suggest(self, texts: Sequence[str]) -> dict[str, list[str]]:
        """Return near identifiers for some of the texts."""
        ...


class Resolution:
    """What `lifenode.genes.identifiers.Identifiers.resolve` returns.

    Attributes
    ----------
    genes
        The distinct genes (row numbers of the pack's genes table), in order of first mention.
    accounting
        What became of every item.
    texts, outcomes, categories
        The items as text, what each means, and the code of its category.
    """

    def __init__(self, texts: list[str], outcomes: list[Outcome], describer: Describer) -> None:
        sorted_out = tally(outcomes)
        self.texts = texts
        self.outcomes = outcomes
        self.categories = sorted_out.categories
        self.genes: npt.NDArray[np.int32] = sorted_out.genes
        self._same_as = sorted_out.same_as
        self._by_gene: dict[int, list[str]] | None = None
        self.accounting = Accounting(sorted_out.counts, lambda: self._details(describer))

    def identifiers_of(self, gene: int) -> list[str]:
        """Return what the user wrote for a gene, without repetitions."""
        if self._by_gene is None:
            by_gene: dict[int, dict[str, None]] = {}
            for text, outcome in zip(self.texts, self.outcomes, strict=True):
                for number in genes_of(outcome):
                    by_gene.setdefault(number, {})[text.strip()] = None
            self._by_gene = {number: list(texts) for number, texts in by_gene.items()}
        return self._by_gene.get(int(gene), [])

    def _details(self, describer: Describer) -> Details:
        at = self._positions(UNMAPPED)
        near = describer.suggest([self.texts[i] for i in at])
        return Details(
            namespaces=count_namespaces(self.outcomes, self.categories),
            unmapped=[
                {
                    "identifier": self._shown(i),
                    "reason": self.outcomes[i].reason,
                    "suggestions": list(near.get(self.texts[i], ())),
                }
                for i in at
            ],
            ambiguous=[self._ambiguous(i, describer) for i in self._positions(AMBIGUOUS)],
            duplicate=[
                {"identifier": self._shown(i), "same_as": self._shown(self._same_as[i])}
                for i in self._positions(DUPLICATE)
            ],
        )

    def _ambiguous(self, position: int, describer: Describer) -> dict[str, Any]:
        outcome = self.outcomes[position]
        candidates = [describer.describe(gene) for gene in outcome.genes]
        chosen = describer.describe(outcome.gene)["gene_id"] if outcome.gene >= 0 else None
        identifier = self._shown(position)
        return {"identifier": identifier, "candidates": candidates, "chosen": chosen, "why": outcome.reason}

    def _positions(self, category: int) -> list[int]:
        if category not in self.categories:
            return []
        return [position for position, code in enumerate(self.categories) if code == category]

    def _shown(self, position: int) -> str:
        return shown(self.texts[position].strip(), _LONGEST_SHOWN)


def genes_of(outcome: Outcome) -> tuple[int, ...]:
    """Return the genes an outcome adds to a list."""
    if outcome.kind == SEVERAL:
        return outcome.genes
    return (outcome.gene,) if outcome.gene >= 0 else ()
