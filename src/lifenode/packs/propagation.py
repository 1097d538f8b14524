"""Closure of a term graph and the spread of annotations along it: pure functions on arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Indexes = npt.NDArray[np.int32]
Masks = npt.NDArray[np.uint32]


class CircularTerms(ValueError):
    """The parents of a term lead back to it.

    Parameters
    ----------
    term
        Row of a term on the circle.
    """

    def __init__(self, term: int) -> None:
        super().__init__(f"The parents of term {term} lead back to it.")
        self.term = term


def row_pointers(lengths: npt.NDArray[np.integer]) -> Integers:
    """Return the row pointers of rows of these `lengths`: 0, then the running total."""
    pointers = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=pointers[1:])
    return pointers


def spans(starts: Integers, lengths: Integers) -> Integers:
    """Return the positions ``start, start + 1, ...`` of every span, span after span."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total)


def ancestors(indptr: Integers, parents: Indexes) -> tuple[Integers, Integers, Integers]:
    """Return every term's ancestors, itself included.

    Parameters
    ----------
    indptr, parents
        Direct parents of each term, as compressed sparse rows.

    Returns
    -------
    tuple
        ``start`` and ``length`` of each term's span in the third array, and that array.

    Raises
    ------
    CircularTerms
        A term is its own ancestor.
    """
    count = len(indptr) - 1
    start, length = np.zeros(count, np.int64), np.zeros(count, np.int64)
    closed = np.zeros(0, np.int64)
    for rows in _levels(indptr, parents):
        degrees = indptr[rows + 1] - indptr[rows]
        above = parents[spans(indptr[rows], degrees)].astype(np.int64)
        inherited = closed[spans(start[above], length[above])]
        heirs = np.repeat(np.repeat(rows, degrees), length[above])
        pairs = np.sort(np.concatenate([rows * count + rows, heirs * count + inherited]))
        pairs = pairs[_firsts(pairs)]
        members = np.bincount(pairs // count, minlength=count)[rows]
        start[rows] = len(closed) + row_pointers(members)[:-1]
        length[rows] = members
        closed = np.concatenate([closed, pairs % count])
    return start, length, closed


def _levels(indptr: Integers, parents: Indexes) -> Iterator[Integers]:
    """Yield terms whose parents were all yielded before, ascending, until none is left."""
    count = len(indptr) - 1
    child = np.repeat(np.arange(count), np.diff(indptr))
    waiting = np.ones(count, bool)
    while waiting.any():
        blocked = np.bincount(child[waiting[parents]], minlength=count) > 0
        rows = np.flatnonzero(waiting & ~blocked)
        if not len(rows):
            raise CircularTerms(_on_a_circle(indptr, parents, waiting))
        yield rows
        waiting[rows] = False


def _on_a_circle(indptr: Integers, parents: Indexes, waiting: npt.NDArray[np.bool_]) -> int:
    """Climb from any waiting term, each of which has a waiting parent, until a term comes twice."""
    term, seen = int(np.flatnonzero(waiting)[0]), set[int]()
    while term not in seen:
        seen.add(term)
        above = parents[indptr[term] : indptr[term + 1]]
        term = int(above[waiting[above]][0])
    return term


def merge(keys: Integers, kind: Integers, kinds: Masks) -> tuple[Integers, Masks]:
    """Return the distinct `keys`, ascending, each with the union of the masks it comes with.

    Parameters
    ----------
    keys
        Non-negative keys.
    kind, kinds
        The mask of each key, as an index into the distinct masks.
    """
    if not len(keys):
        return keys, kinds[:0]
    bits = int(len(kinds) - 1).bit_length()
    # The kind rides in the low bits, so that a plain sort does: many times faster than sorting indirectly.
    packed = np.sort(keys << bits | kind)
    distinct = packed >> bits
    first = np.flatnonzero(_firsts(distinct))
    return distinct[first], np.bitwise_or.reduceat(kinds[packed & ((1 << bits) - 1)], first)


def _firsts(ascending: Integers) -> npt.NDArray[np.bool_]:
    """Tell where a run of equal values begins."""
    return np.concatenate([[True], ascending[1:] != ascending[:-1]])


def sorted_positions(keys: Indexes) -> Integers:
    """Return the positions of non-negative `keys` in ascending order, equal ones as they came."""
    positions: Integers = np.sort(keys.astype(np.int64) << 32 | np.arange(len(keys))) & 0xFFFFFFFF
    return positions


def propagate(
    term: Integers, gene: Integers, masks: Masks, n_genes: int, closure: tuple[Integers, Integers, Integers]
) -> tuple[Integers, Integers, Masks]:
    """Return the pairs of a gene with a term or any of its descendants, by term then gene, each once.

    Parameters
    ----------
    term, gene, masks
        Direct annotations and the evidence bits of each; a pair may occur several times.
    n_genes
        Number of genes.
    closure
        What `ancestors` returns.

    Returns
    -------
    tuple
        Term, gene and the union of evidence bits of each pair.
    """
    start, length, closed = closure
    kinds, kind = np.unique(masks, return_inverse=True)
    direct, union = merge(term * n_genes + gene, kind, kinds)
    rows, genes = direct // n_genes, direct % n_genes
    counts = length[rows]
    spread = closed[spans(start[rows], counts)] * n_genes + np.repeat(genes, counts)
    kinds, kind = np.unique(union, return_inverse=True)
    pairs, union = merge(spread, np.repeat(kind, counts), kinds)
    return pairs // n_genes, pairs % n_genes, union
