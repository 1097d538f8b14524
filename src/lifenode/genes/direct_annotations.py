"""What a pack states of each gene itself, before annotations are passed up to broader terms; memory-mapped."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.packs.propagation import row_pointers

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "direct-annotations-1"
"""Name and layout version of the arrays in the cache."""


class DirectAnnotations:
    """The stated annotations by gene.

    Parameters
    ----------
    pack
        The pack.

    Attributes
    ----------
    gene_indptr, terms, evidence
        Terms of each gene, ascending, as `lifenode.packs.annotations.Annotations` numbers them, and their evidence:
        bit i = ``evidence_codes[i]`` of those.
    """

    def __init__(self, pack: Pack) -> None:
        arrays = pack.arrays(ARRAYS, lambda: build_arrays(pack))
        self.gene_indptr: npt.NDArray[np.int64] = arrays["gene_indptr"]
        self.terms: npt.NDArray[np.int32] = arrays["terms"]
        self.evidence: npt.NDArray[np.uint32] = arrays["evidence"]

    def of(self, gene: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint32]]:
        """Return the terms of a gene and the evidence of each."""
        here = slice(int(self.gene_indptr[gene]), int(self.gene_indptr[gene + 1]))
        return self.terms[here], self.evidence[here]

    def having(self, term: int) -> npt.NDArray[np.int64]:
        """Return the genes of which the term is stated, ascending."""
        places = np.flatnonzero(self.terms == term)
        genes: npt.NDArray[np.int64] = np.searchsorted(self.gene_indptr, places, side="right") - 1
        return genes


@lru_cache(maxsize=24)
def direct_annotations(pack: Pack) -> DirectAnnotations:
    """Return the stated annotations of a pack; made once per process, their index once per machine."""
    return DirectAnnotations(pack)


def build_arrays(pack: Pack) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `DirectAnnotations`; genes off the primary assembly have none."""
    import polars as pl

    known = pack.annotations()
    bits = {code: 1 << place for place, code in enumerate(known.evidence_codes)} | {"": 0}
    rows = pack.table("annotations").with_columns(pl.col("evidence").cast(pl.String))
    rows = rows.filter(pl.Series(pack.genes().primary[rows["gene"].to_numpy()]))
    rows = rows.with_columns(bit=pl.col("evidence").replace_strict(bits, return_dtype=pl.UInt32))
    pairs = rows.group_by("gene", "term").agg(pl.col("bit").bitwise_or()).sort("gene", "term")
    counts = np.bincount(pairs["gene"].to_numpy(), minlength=known.n_genes)
    return {
        "gene_indptr": row_pointers(counts),
        "terms": np.searchsorted(known.term_row, pairs["term"].to_numpy()).astype(np.int32),
        "evidence": pairs["bit"].to_numpy().astype(np.uint32),
    }


def codes_of(mask: int, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the evidence codes whose bit is set in `mask`."""
    return tuple(code for place, code in enumerate(codes) if mask >> place & 1)
