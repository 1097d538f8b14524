"""The random lists of `lifenode.enrichment.minimum_p` in plain numpy, for a process without the compiler.

Same streams, same lists, same counts and therefore the same minima, bit for bit, as the compiled loops; some forty
times slower.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.hypergeometric import Floats, lower_tail, upper_tail
from lifenode.enrichment.membership import Indexes, Integers, Membership, mix

Counts = npt.NDArray[np.uint16]
_BLOCK = 64
_GOLDEN = 0x9E3779B97F4A7C15


def null_minima(
    membership: Membership, sizes: Integers, critical: Counts, keys: npt.NDArray[np.uint64], over: bool
) -> Floats:
    """Return the smallest p of each random list at each list size; twin of `compiled.null_minima`."""
    minima = np.full((len(keys), len(sizes)), np.inf)
    for first in range(0, len(keys), _BLOCK):
        block = keys[first : first + _BLOCK]
        counts = np.zeros((len(block), len(membership.term_sizes)), np.int64)
        position = 0
        lists = _lists(membership.genes, block)
        for step, size in enumerate(sizes):
            while position < size:
                _count(counts, membership, next(lists))
                position += 1
            extreme = counts >= critical[step] if over else counts < critical[step]
            draw, term = np.nonzero(extreme)
            tail = upper_tail if over else lower_tail
            p = tail(counts[draw, term], membership.term_sizes[term], position, membership.genes).p
            np.minimum.at(minima[:, step], first + draw, p)
    return minima


def ordered_null_minima(
    membership: Membership, term_class: Indexes, sizes: Integers, critical: Counts, keys: npt.NDArray[np.uint64]
) -> Floats:
    """Return the smallest p over all prefixes of each random list; twin of `compiled.ordered_null_minima`."""
    minima = np.full((len(keys), len(sizes)), np.inf)
    for first in range(0, len(keys), _BLOCK):
        block = keys[first : first + _BLOCK]
        counts = np.zeros((len(block), len(membership.term_sizes)), np.int64)
        best = np.full(len(block), np.inf)
        lists = _lists(membership.genes, block)
        step = 0
        for position in range(1, int(sizes[-1]) + 1):
            draw, term = _count(counts, membership, next(lists))
            reached = counts[draw, term] >= critical[position - 1][term_class[term]]
            draw, term = draw[reached], term[reached]
            p = upper_tail(counts[draw, term], membership.term_sizes[term], position, membership.genes).p
            np.minimum.at(best, draw, p)
            while step < len(sizes) and sizes[step] == position:
                minima[first : first + len(block), step] = best
                step += 1
    return minima


def _lists(genes: int, keys: npt.NDArray[np.uint64]) -> Iterator[Integers]:
    """Yield the next gene of each list of a block; twin of `compiled._draw_gene`."""
    permutation = np.tile(np.arange(genes, dtype=np.int64), (len(keys), 1))
    lists = np.arange(len(keys))
    for position in range(genes):
        step = np.uint64((position + 1) * _GOLDEN % 2**64)
        bits = mix(keys + step) >> np.uint64(32)
        other = position + ((bits * np.uint64(genes - position)) >> np.uint64(32)).astype(np.int64)
        gene = permutation[lists, other]
        permutation[lists, other] = permutation[:, position]
        permutation[:, position] = gene
        yield gene


def _count(counts: Integers, membership: Membership, genes: Integers) -> tuple[Integers, Integers]:
    """Add one gene to each list of a block and return the (list, term) pairs counted up."""
    starts, ends = membership.gene_indptr[genes], membership.gene_indptr[genes + 1]
    lengths = ends - starts
    draw = np.repeat(np.arange(len(genes)), lengths)
    slots = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(lengths.sum())
    term = membership.gene_terms[slots].astype(np.int64)
    counts[draw, term] += 1
    return draw, term
