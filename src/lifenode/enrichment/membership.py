"""Who is in which term, as the random lists need it, and the scrambler of their streams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Indexes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Membership:
    """The terms of one source over its domain, as the null needs them.

    Attributes
    ----------
    gene_indptr, gene_terms
        Domain gene -> distinct terms, in compressed sparse row form.
    term_sizes
        Genes of each distinct term in the domain.
    """

    gene_indptr: Integers
    gene_terms: Indexes
    term_sizes: Integers

    @property
    def genes(self) -> int:
        """Size of the domain, N."""
        return len(self.gene_indptr) - 1

    @classmethod
    def from_pairs(cls, gene: npt.NDArray[np.integer], term: npt.NDArray[np.integer], genes: int) -> Membership:
        """Make it from parallel arrays of domain gene and term, merging terms that hold the same genes."""
        sizes = np.bincount(term) if len(term) else np.zeros(0, np.int64)
        # A term's fingerprint: the wrapping sum of a 64-bit random label per gene.
        labels = np.random.default_rng(1).integers(0, 2**63, size=genes, dtype=np.int64).view(np.uint64)
        fingerprints = np.zeros(len(sizes), np.uint64)
        np.add.at(fingerprints, term, labels[gene])
        _, representative = np.unique(np.stack([fingerprints, sizes.astype(np.uint64)]), axis=1, return_index=True)
        keep = np.zeros(len(sizes), bool)
        keep[representative] = True
        keep &= sizes > 0
        new_index = np.cumsum(keep) - 1
        chosen = keep[term]
        gene, term = gene[chosen], new_index[term[chosen]]
        order = np.lexsort((term, gene))
        indptr = np.concatenate([[0], np.cumsum(np.bincount(gene, minlength=genes))]).astype(np.int64)
        return cls(indptr, term[order].astype(np.int32), sizes[keep].astype(np.int64))


def mix(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits; twin of `compiled._mix`."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
