"""Count one list over all terms and test each: the kernel every query runs through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import engine
from lifenode.enrichment.collection import slots
from lifenode.enrichment.domain import Domain
from lifenode.enrichment.hypergeometric import Tails, lower_tail, upper_tail

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """Tested terms, parallel arrays in term order.

    Attributes
    ----------
    term
        Index of the term in its collection.
    source
        Index of its source.
    count, term_size, query_size, domain_size
        x, K, n and N of the test.
    tails
        Nominal probabilities.
    """

    term: Integers
    source: Integers
    count: Integers
    term_size: Integers
    query_size: Integers
    domain_size: Integers
    tails: Tails


def query_sizes(domain: Domain, genes: Integers) -> Integers:
    """Return n for each source: the list's genes inside the source's domain."""
    sizes: Integers = domain.members.take(genes, axis=1).sum(axis=1, dtype=np.int64)
    return sizes


def inside_any(domain: Domain, genes: Integers) -> Integers:
    """Return the genes of the list that take part in a test: those of a custom background, or all."""
    return genes[domain.members[:, genes].any(axis=0)] if domain.fingerprint else genes


def profile(domain: Domain, genes: Integers, eligible: Booleans, *, under: bool = False) -> Hits:
    """Test one list against every eligible term.

    Parameters
    ----------
    domain
        What the list is compared with.
    genes
        Distinct genes of the list.
    eligible
        Terms to be tested; the family of the corrections.
    under
        P(X <= x) over all eligible terms instead of P(X >= x) over those with a gene of the list.
    """
    collection = domain.collection
    taken = inside_any(domain, genes)
    if engine.compiled_ready() and not under:
        from lifenode.enrichment import compiled

        term, k = compiled.count_terms(collection.gene_indptr, collection.gene_terms, taken, eligible)
    else:
        counts = np.bincount(collection.gene_terms[slots(collection.gene_indptr, taken)], minlength=len(eligible))
        term = np.flatnonzero(eligible if under else (counts > 0) & eligible)
        k = counts[term]
    source = np.repeat(np.arange(len(collection.sources)), np.diff(np.searchsorted(term, collection.source_start)))
    n = query_sizes(domain, taken)[source]
    big_n = domain.sizes[source]
    marked = domain.term_sizes[term]
    tails = (lower_tail if under else upper_tail)(k, marked, n, big_n)
    return Hits(term, source, k, marked, n, big_n, tails)
