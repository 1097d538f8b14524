"""Driver terms: the few significant terms that explain the others.

Two stages, on the ontology graph. (1) The significant terms of a source fall into the connected components that their
parent relations form. (2) In each component the strongest term becomes a driver; its genes are taken out of the list,
the terms and the domain; every other term is tested again on what is left. Terms that are no longer significant are
explained by that driver; among the others the strongest becomes the next one, until none is left.

The test on the remainder is the hypergeometric one, with the nominal limit that the source's correction sets on the
whole list, so that a term stays only if genes beyond the drivers' carry it. Ties go to the smaller term, then to the
first in source order: the outcome is deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.collection import slots
from lifenode.enrichment.domain import Domain
from lifenode.enrichment.hypergeometric import upper_tail
from lifenode.enrichment.profile import Integers, inside_any

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drivers:
    """For each significant term: the driver that explains it, which for a driver is itself."""

    term: Integers
    explained_by: Integers


@dataclass
class _Remainder:
    """What is left of the list, the terms and the domain of one source once drivers' genes are out."""

    domain: Domain
    listed: npt.NDArray[np.bool_]
    source: int

    def __post_init__(self) -> None:
        self.removed = np.zeros(self.domain.collection.n_genes, dtype=bool)

    def remove(self, term: int) -> None:
        """Take a term's genes out."""
        indptr = self.domain.collection.term_indptr
        self.removed[self.domain.collection.term_genes[indptr[term] : indptr[term + 1]]] = True

    def log10_p(self, terms: Integers) -> Floats:
        """Test the terms on what is left."""
        collection = self.domain.collection
        members = self.domain.members[self.source] & ~self.removed
        at = slots(collection.term_indptr, terms)
        gene = collection.term_genes[at]
        row = np.repeat(np.arange(len(terms)), np.diff(collection.term_indptr)[terms])
        left = members[gene]
        marked = np.bincount(row[left], minlength=len(terms))
        count = np.bincount(row[left & self.listed[gene]], minlength=len(terms))
        n = int(np.count_nonzero(members & self.listed))
        return upper_tail(count, marked, n, int(np.count_nonzero(members))).log10_p


def find_drivers(
    domain: Domain, genes: Integers, source: int, terms: Integers, log10_p: Floats, limit: float
) -> Drivers:
    """Find the drivers among the significant terms of one source.

    Parameters
    ----------
    domain, genes
        As for the query.
    source
        Index of the source.
    terms
        Its significant terms, at least one.
    log10_p
        Decimal logarithm of their nominal p.
    limit
        Nominal p above which a term of this source is no longer significant.
    """
    listed = np.zeros(domain.collection.n_genes, dtype=bool)
    listed[inside_any(domain, genes)] = True
    highest = max(float(np.log10(limit)), float(log10_p.max())) + 1e-9
    explained_by = np.full(len(terms), -1, dtype=np.int64)
    for component in _components(domain, terms):
        remainder = _Remainder(domain, listed, source)
        open_ = component
        strength = log10_p[component]
        while len(open_):
            lead = open_[np.lexsort((terms[open_], domain.term_sizes[terms[open_]], strength))[0]]
            remainder.remove(int(terms[lead]))
            explained_by[lead] = terms[lead]
            open_ = open_[open_ != lead]
            strength = remainder.log10_p(terms[open_])
            gone = strength > highest
            explained_by[open_[gone]] = terms[lead]
            open_, strength = open_[~gone], strength[~gone]
    return Drivers(terms, explained_by)


def _components(domain: Domain, terms: Integers) -> list[Integers]:
    """Return the connected components of the terms under their parent relations, as positions in `terms`."""
    collection = domain.collection
    position = {int(term): at for at, term in enumerate(terms)}
    root = list(range(len(terms)))

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    for at, term in enumerate(terms):
        for parent in collection.parents[collection.parent_indptr[term] : collection.parent_indptr[term + 1]]:
            other = position.get(int(parent))
            if other is not None:
                root[find(at)] = find(other)
    labels = np.array([find(at) for at in range(len(terms))])
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]
