"""What the engine needs to know of a world of terms: who is in which, both ways.

`lifenode.packs.annotations.Annotations` is one such world; own gene sets become another through `from_members`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Indexes = npt.NDArray[np.int32]


class Texts(Protocol):
    """A sequence of strings that can be taken in bulk."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> str: ...
    def take(self, indices: npt.NDArray[np.integer]) -> list[str]:
        """Return the strings at `indices`."""
        ...


class Collection(Protocol):
    """Terms of one or more sources over the genes of one organism (or of a gene-set file)."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources, in order."""
        ...

    @property
    def source_start(self) -> Integers:
        """First term of each source, and the number of terms at the end."""
        ...

    @property
    def n_genes(self) -> int:
        """Genes, annotated or not."""
        ...

    @property
    def term_ids(self) -> Texts:
        """Identifier of each term."""
        ...

    @property
    def term_names(self) -> Texts:
        """Name of each term."""
        ...

    @property
    def parent_indptr(self) -> Integers:
        """Row pointers into `parents`."""
        ...

    @property
    def parents(self) -> Indexes:
        """Direct parents of each term."""
        ...

    @property
    def gene_indptr(self) -> Integers:
        """Row pointers into `gene_terms`."""
        ...

    @property
    def gene_terms(self) -> Indexes:
        """Terms of each gene, ascending."""
        ...

    @property
    def gene_evidence(self) -> npt.NDArray[np.uint32]:
        """Evidence bits, aligned with `gene_terms`."""
        ...

    @property
    def evidence_codes(self) -> tuple[str, ...]:
        """Meaning of each evidence bit."""
        ...

    @property
    def term_indptr(self) -> Integers:
        """Row pointers into `term_genes`."""
        ...

    @property
    def term_genes(self) -> Indexes:
        """Genes of each term, ascending."""
        ...

    @property
    def term_sizes(self) -> Indexes:
        """Number of genes of each term."""
        ...

    @property
    def source_gene_indptr(self) -> Integers:
        """Row pointers into `source_genes`."""
        ...

    @property
    def source_genes(self) -> Indexes:
        """Genes annotated in each source, ascending."""
        ...


class PlainTexts(list[str]):
    """A list of strings that can be taken in bulk."""

    def take(self, indices: npt.NDArray[np.integer]) -> list[str]:
        """Return the strings at `indices`."""
        return [self[int(index)] for index in indices]


@dataclass(frozen=True)
class PlainCollection:
    """A `Collection` in memory, of a single source without hierarchy or evidence."""

    sources: tuple[str, ...]
    source_start: Integers
    n_genes: int
    term_ids: PlainTexts
    term_names: PlainTexts
    parent_indptr: Integers
    parents: Indexes
    gene_indptr: Integers
    gene_terms: Indexes
    gene_evidence: npt.NDArray[np.uint32]
    evidence_codes: tuple[str, ...]
    term_indptr: Integers
    term_genes: Indexes
    term_sizes: Indexes
    source_gene_indptr: Integers
    source_genes: Indexes


def from_members(
    source: str, ids: Sequence[str], names: Sequence[str], members: Sequence[npt.NDArray[np.int32]], n_genes: int
) -> PlainCollection:
    """Make a collection from the genes of each set.

    Parameters
    ----------
    source
        Name shown in results.
    ids, names
        Identifier and name of each set.
    members
        Distinct genes of each set, as indexes below `n_genes`.
    n_genes
        Genes of the world.
    """
    sizes = np.array([len(genes) for genes in members], dtype=np.int32)
    term_indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    empty = [np.zeros(0, np.int32)]
    term_genes = np.concatenate([*(np.sort(genes) for genes in members), *empty]).astype(np.int32)
    term = np.repeat(np.arange(len(ids), dtype=np.int32), sizes)
    order = np.lexsort((term, term_genes))
    gene_indptr = np.concatenate([[0], np.cumsum(np.bincount(term_genes, minlength=n_genes))]).astype(np.int64)
    annotated = np.unique(term_genes).astype(np.int32)
    return PlainCollection(
        sources=(source,),
        source_start=np.array([0, len(ids)], dtype=np.int64),
        n_genes=n_genes,
        term_ids=PlainTexts(ids),
        term_names=PlainTexts(names),
        parent_indptr=np.zeros(len(ids) + 1, np.int64),
        parents=empty[0],
        gene_indptr=gene_indptr,
        gene_terms=term[order],
        gene_evidence=np.zeros(len(term), np.uint32),
        evidence_codes=(),
        term_indptr=term_indptr,
        term_genes=term_genes,
        term_sizes=sizes,
        source_gene_indptr=np.array([0, len(annotated)], dtype=np.int64),
        source_genes=annotated,
    )


def slots(indptr: Integers, rows: npt.NDArray[np.integer]) -> Integers:
    """Return the positions, in a compressed sparse row array, of all entries of `rows`, row after row."""
    starts = indptr[rows]
    lengths = indptr[rows + 1] - starts
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total)
