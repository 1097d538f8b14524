"""What became of every identifier of a list.

Every item falls into exactly one of five categories, so that
``mapped + unmapped + ambiguous + duplicate + blank == input``:

mapped
    It names one gene, or a term, range or variant with genes, and the list had not named them before.
unmapped
    It names nothing in this release; a reason and near identifiers are given.
ambiguous
    It names several genes and one was chosen for a stated reason, or it may have been several symbols and none was.
duplicate
    All its genes had been named by an earlier item, which is stated.
blank
    White space, or what programs write for a missing value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.genes.texts import printable

MAPPED, UNMAPPED, AMBIGUOUS, DUPLICATE, BLANK, SEVERAL = range(6)
CATEGORIES = ("mapped", "unmapped", "ambiguous", "duplicate", "blank")
"""Names of the categories, by their code."""

_WORDS = {
    "ENSG": "Ensembl gene id",
    "SYMBOL": "symbol",
    "ALIAS": "alias",
    "PREVIOUS_SYMBOL": "previous symbol",
    "ENTREZGENE": "Entrez",
    "HGNC": "HGNC id",
    "MGI": "MGI id",
    "RGD": "RGD id",
    "SGD": "SGD id",
    "FLYBASE": "FlyBase id",
    "WORMBASE": "WormBase id",
    "ZFIN": "ZFIN id",
    "ORF": "ORF name",
    "LOCUSTAG": "locus tag",
    "AGI": "AGI locus",
    "UNIPROT": "UniProt",
    "REFSEQ": "RefSeq",
    "RANGE": "genomic range",
    "TERM": "term",
    "RSID": "rsID",
    "VARIANT": "change",
    "GENE_SETS": "member of the gene sets",
}

_WIDEST_IDENTIFIER = 24


@dataclass(slots=True, eq=False)
class Outcome:
    """What one identifier means; made once per distinct text and shared by all lists of a process.

    Attributes
    ----------
    kind
        MAPPED, UNMAPPED, AMBIGUOUS, BLANK, or SEVERAL (a term, range or variant with at least one gene).
    gene
        The gene, or the one chosen among several; -1 where there is none.
    genes
        All candidates (AMBIGUOUS, or MAPPED with copies elsewhere), or all genes (SEVERAL).
    namespace
        Where it was found.
    found
        The form that was found, without a version for instance.
    reason
        Why it is unmapped or ambiguous.
    namespaces
        All namespaces in which the form found names the gene, the best first; empty for SEVERAL.
    """

    kind: int
    gene: int = -1
    genes: tuple[int, ...] = ()
    namespace: str = ""
    found: str = ""
    reason: str = ""
    namespaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Details:
    """The itemised part of an accounting."""

    namespaces: Mapping[str, int]
    unmapped: list[dict[str, Any]]
    ambiguous: list[dict[str, Any]]
    duplicate: list[dict[str, Any]]


class Accounting:
    """Counts of a list's identifiers by category, and the items behind them.

    Parameters
    ----------
    counts
        Number of items per category, in the order of `CATEGORIES`.
    details
        The items, or a function that lists them; called at first use only.
    """

    def __init__(self, counts: tuple[int, int, int, int, int], details: Details | Callable[[], Details]) -> None:
        self.mapped, self.unmapped, self.ambiguous, self.duplicate, self.blank = counts
        self._details = details

    @property
    def input(self) -> int:
        """Number of items that came in."""
        return self.mapped + self.unmapped + self.ambiguous + self.duplicate + self.blank

    @property
    def details(self) -> Details:
        """The items behind the counts."""
        if callable(self._details):
            self._details = self._details()
        return self._details

    @property
    def namespaces(self) -> Mapping[str, int]:
        """Number of mapped items by the namespace they were found in, most frequent first."""
        return self.details.namespaces

    def to_dict(self) -> dict[str, Any]:
        """Return counts and items in the shape shared by Python, the command line and HTTP."""
        details = self.details
        return {
            "input": self.input,
            **{category: getattr(self, category) for category in CATEGORIES},
            "namespaces": dict(details.namespaces),
            "unmapped_items": [dict(item) for item in details.unmapped],
            "ambiguous_items": [dict(item) for item in details.ambiguous],
            "duplicate_items": [dict(item) for item in details.duplicate],
        }

    def summary(self) -> str:
        """Return the counts in one line."""
        found = ", ".join(f"{_WORDS.get(name, name)} {count}" for name, count in self.namespaces.items())
        parts = [
            f"{self.input} identifier{'' if self.input == 1 else 's'} read",
            f"{self.mapped} mapped ({found})" if found else f"{self.mapped} mapped",
            f"{self.unmapped} unmapped",
            f"{self.ambiguous} ambiguous",
            f"{self.duplicate} duplicate",
        ]
        return " · ".join([*parts, f"{self.blank} blank"] if self.blank else parts)

    def lines(self, limit: int = 10) -> list[str]:
        """Return one line per ambiguous and unmapped identifier, at most `limit` and one that counts the rest."""
        told = [(item["identifier"], item["why"]) for item in self.details.ambiguous]
        told += [(item["identifier"], _unmapped_words(item)) for item in self.details.unmapped]
        kept = [(printable(identifier, _WIDEST_IDENTIFIER), words) for identifier, words in told[: max(limit, 0)]]
        width = max((len(identifier) for identifier, _ in kept), default=0)
        lines = [f"  {identifier.ljust(width)}  {words}" for identifier, words in kept]
        rest = len(told) - len(kept)
        return [*lines, f"  and {rest} more" if lines else f"  {rest} to explain"] if rest else lines

    def __repr__(self) -> str:
        return f"<{self.summary()}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accounting) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        # The function behind the details holds the index; other processes get what it says.
        return {**self.__dict__, "_details": self.details}


def _unmapped_words(item: Mapping[str, Any]) -> str:
    near = ", ".join(item["suggestions"])
    return f"{item['reason']}; nearest: {near}" if near else str(item["reason"])


@dataclass(slots=True)
class Tally:
    """Items sorted into categories.

    Attributes
    ----------
    categories
        Code of each item's category.
    first
        Each gene of the list, in order of first mention, and the position of the item that first named it.
    same_as
        For a duplicate, the position of the item that came first.
    """

    categories: bytearray
    first: dict[int, int]
    same_as: dict[int, int]

    @property
    def genes(self) -> npt.NDArray[np.int32]:
        """The distinct genes, in order of first mention."""
        return np.fromiter(self.first, dtype=np.int32, count=len(self.first))

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Number of items per category."""
        mapped, unmapped, ambiguous, duplicate, blank = (self.categories.count(code) for code in range(5))
        return mapped, unmapped, ambiguous, duplicate, blank


def tally(outcomes: list[Outcome]) -> Tally:
    """Sort items into categories by what each of them means."""
    categories = bytearray(len(outcomes))
    first: dict[int, int] = {}
    same_as: dict[int, int] = {}
    doubtful: dict[str, int] = {}
    for position, outcome in enumerate(outcomes):
        if outcome.kind == MAPPED:
            if outcome.gene in first:
                categories[position] = DUPLICATE
                same_as[position] = first[outcome.gene]
            else:
                first[outcome.gene] = position
        elif outcome.kind == SEVERAL:
            earlier = [first[gene] for gene in outcome.genes if gene in first]
            if len(earlier) == len(outcome.genes):
                categories[position] = DUPLICATE
                same_as[position] = min(earlier)
            for gene in outcome.genes:
                first.setdefault(gene, position)
        elif outcome.kind == AMBIGUOUS and outcome.gene >= 0:
            # An ambiguous identifier is reported as such even if another item names the gene chosen for it.
            known = doubtful.setdefault(outcome.found.casefold(), position)
            categories[position] = AMBIGUOUS if known == position else DUPLICATE
            if known != position:
                same_as[position] = known
            first.setdefault(outcome.gene, position)
        else:
            categories[position] = outcome.kind
    return Tally(categories, first, same_as)


def count_namespaces(outcomes: list[Outcome], categories: bytearray) -> dict[str, int]:
    """Return how many mapped items each namespace gave, most frequent first."""
    mapped = compress(outcomes, map(MAPPED.__eq__, categories))
    counts = Counter([outcome.namespace for outcome in mapped])
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
