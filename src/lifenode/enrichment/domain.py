"""The domain: which genes a list is compared with, and how large each term is inside it.

========================  ==================================  ========================================
scope                     N of a source                       what K and n count
========================  ==================================  ========================================
``annotated``             genes annotated in the source       all genes of the term; list within N
``known``                 all genes of the organism           all genes of the term; mapped list
``custom``                the background, for every source    genes inside the background
``custom_annotated``      background annotated in the source  genes inside that
========================  ==================================  ========================================
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.collection import Collection, slots
from lifenode.enrichment.membership import Membership

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

SCOPES = ("annotated", "known", "custom", "custom_annotated")


@dataclass(frozen=True)
class Domain:
    """A scope made concrete for one collection.

    Attributes
    ----------
    scope
        One of `SCOPES`.
    sizes
        N of each source.
    term_sizes
        K of each term.
    members
        Whether a gene is in the domain of a source, shape (sources, genes).
    fingerprint
        Hash of the background's genes; empty without one.
    """

    collection: Collection
    scope: str
    sizes: Integers
    term_sizes: Integers
    members: Booleans
    fingerprint: str = ""

    def genes(self, source: int) -> Integers:
        """Return the genes of a source's domain, ascending."""
        return np.flatnonzero(self.members[source])

    def membership(self, source: int, eligible: Booleans) -> Membership:
        """Return who is in which eligible term of a source, over its domain."""
        start, end = (int(edge) for edge in self.collection.source_start[source : source + 2])
        indptr = self.collection.term_indptr[start : end + 1]
        gene = self.collection.term_genes[indptr[0] : indptr[-1]]
        term = np.repeat(np.arange(end - start), np.diff(indptr))
        position = np.cumsum(self.members[source]) - 1
        keep = self.members[source][gene] & eligible[start:end][term]
        return Membership.from_pairs(position[gene[keep]], term[keep], int(self.sizes[source]))


def annotated_genes(collection: Collection) -> Booleans:
    """Return whether a gene is annotated in a source, shape (sources, genes)."""
    members = np.zeros((len(collection.sources), collection.n_genes), dtype=bool)
    for source in range(len(collection.sources)):
        first, last = collection.source_gene_indptr[source : source + 2]
        members[source, collection.source_genes[first:last]] = True
    return members


def build_domain(collection: Collection, scope: str, known: Booleans, background: Integers | None = None) -> Domain:
    """Make the domain of a scope.

    Parameters
    ----------
    collection
        The terms.
    scope
        One of `SCOPES`; the custom ones need `background`.
    known
        Whether each gene counts as known (on the primary assembly).
    background
        Distinct genes of a custom background.
    """
    annotated = annotated_genes(collection)
    term_sizes = np.asarray(collection.term_sizes, dtype=np.int64)
    if background is None:
        members = annotated if scope == "annotated" else np.broadcast_to(known, annotated.shape)
        return Domain(collection, scope, members.sum(axis=1, dtype=np.int64), term_sizes, members)
    inside = np.zeros(collection.n_genes, dtype=bool)
    inside[background] = True
    hits = collection.gene_terms[slots(collection.gene_indptr, np.flatnonzero(inside))]
    term_sizes = np.bincount(hits, minlength=len(term_sizes)).astype(np.int64)
    members = annotated & inside if scope == "custom_annotated" else np.broadcast_to(inside, annotated.shape)
    fingerprint = hashlib.sha256(np.flatnonzero(inside).astype(np.int32).tobytes()).hexdigest()
    return Domain(collection, scope, members.sum(axis=1, dtype=np.int64), term_sizes, members, fingerprint)
