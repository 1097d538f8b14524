"""How small the smallest p of a random list gets: the null distribution behind `gscs`.

Random lists of n genes are drawn without replacement from a source's domain, and the smallest hypergeometric p over
all terms of the source is kept (Westfall and Young's single-step minimum p, with random gene lists as the null;
ISBN 978-0-471-55761-6). The threshold of a source is the **largest attainable value that at most 5 % of the random
lists reach**: taking the empirical quantile itself breaks the promise wherever many lists share one attainable minimum.

Every random list has its own stream of random numbers, so the draws do not depend on the number of threads, and a
shorter list is the beginning of the longer one. Terms with the same genes are one term here. A list's minimum is exact
where it is below a level that a pilot run finds to hold well over the lowest 5 %; the others are reported as infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import engine, null_arrays
from lifenode.enrichment.factorials import factorials
from lifenode.enrichment.hypergeometric import Floats, Integers, lower_tail, upper_tail
from lifenode.enrichment.membership import Indexes, Membership, mix
from lifenode.settings import settings

Counts = npt.NDArray[np.uint16]

FAMILY_WISE = 0.05
_CHUNK = 64
_PILOT_DRAWS = 400
_PILOT_SHARE = 0.2
_NEVER = np.uint16(65_535)


@dataclass(frozen=True)
class Threshold:
    """A family-wise threshold and what is known of it.

    Attributes
    ----------
    value
        Largest attainable p that at most 5 % of random lists reach; nominal p at most this are significant.
    quantile
        The 5 % quantile itself, the smallest minimum that at least 5 % of the random lists reach.
    probability
        Share of random lists whose minimum is at most `value`, in [0, 0.05].
    draws
        Random lists behind it.
    """

    value: float
    quantile: float
    probability: float
    draws: int


def thresholds(
    membership: Membership,
    list_sizes: Sequence[int],
    *,
    draws: int,
    seed: int,
    ordered: bool = False,
    over: bool = True,
) -> list[Threshold]:
    """Return the 5 % family-wise threshold for random lists of each size.

    Parameters
    ----------
    membership
        Terms over the domain.
    list_sizes
        Increasing list sizes, each from 1 to the size of the domain.
    draws, seed
        Random lists and the seed of their streams.
    ordered
        Take the minimum over all prefixes as well, for ordered queries.
    over
        Over-representation; else under-representation (not available for ordered lists).
    """
    minima = null_minima(membership, list_sizes, draws=draws, seed=seed, ordered=ordered, over=over)
    return [_threshold(np.sort(minima[:, column])) for column in range(len(list_sizes))]


def _threshold(ascending: Floats) -> Threshold:
    draws = len(ascending)
    allowed = int(np.floor(FAMILY_WISE * draws))
    quantile = float(ascending[min(allowed, draws - 1)])
    reach = np.searchsorted(ascending, ascending[: allowed + 1], side="right")
    kept = np.flatnonzero(reach <= allowed)
    if len(kept):
        value = float(ascending[kept[-1]])
        return Threshold(value, quantile, float(reach[kept[-1]]) / draws, draws)
    # Even the smallest attainable value is too common: nothing can be significant at this list size.
    smallest = float(ascending[0])
    return Threshold(smallest * (1.0 - 1e-9) if np.isfinite(smallest) else 0.0, quantile, 0.0, draws)


def null_minima(
    membership: Membership,
    list_sizes: Sequence[int],
    *,
    draws: int,
    seed: int,
    ordered: bool = False,
    over: bool = True,
) -> Floats:
    """Return the smallest p of each random list, shape (draws, list sizes); inf where it is well above the 5 % level.

    Parameters as for `thresholds`.
    """
    sizes = np.asarray(list_sizes, dtype=np.int64)
    if not len(membership.term_sizes) or not len(sizes):
        return np.full((draws, len(sizes)), np.inf)
    factorials(membership.genes)
    levels = _pilot_levels(membership, sizes, _keys(seed, min(_PILOT_DRAWS, draws)), ordered, over)
    for _ in range(5):
        minima = _minima(membership, sizes, levels, _keys(seed, draws), ordered, over)
        found = np.mean(np.isfinite(minima), axis=0)
        if bool(np.all((found >= 1.2 * FAMILY_WISE) | (levels >= 1.0))):
            break
        levels = np.where(found < 1.2 * FAMILY_WISE, np.minimum(4.0 * levels, 1.0), levels)
    return minima


def _pilot_levels(
    membership: Membership, sizes: Integers, keys: npt.NDArray[np.uint64], ordered: bool, over: bool
) -> Floats:
    """Return, for each list size, a level that about a fifth of the random lists reach; 1 where so many have no p."""
    levels = np.full(len(sizes), 0.05)
    for _ in range(2):
        minima = _minima(membership, sizes, levels, keys, ordered, over)
        ranked = np.sort(minima, axis=0)[int(_PILOT_SHARE * len(keys))]
        levels = np.where(np.isfinite(ranked), ranked, 1.0)
        # Small p are rare in short lists; without a level for these every term of every list would be computed.
        if bool(np.all(levels < 1.0)):
            break
    return levels


def _keys(seed: int, draws: int) -> npt.NDArray[np.uint64]:
    """Return the key of each random list's stream."""
    return mix(np.arange(1, draws + 1, dtype=np.uint64) + mix(np.array([seed], dtype=np.uint64)))


def _minima(
    membership: Membership, sizes: Integers, levels: Floats, keys: npt.NDArray[np.uint64], ordered: bool, over: bool
) -> Floats:
    """Draw the lists, with the counts that could reach `levels` tabulated first."""
    class_sizes, classes = np.unique(membership.term_sizes, return_inverse=True)
    term_class = classes.astype(np.int32)
    if ordered:
        every = np.arange(1, int(sizes[-1]) + 1)
        level = np.full(len(every), float(levels.max()))
        critical = _critical_counts(class_sizes, membership.genes, every, level, over=True)
    else:
        critical = _critical_counts(class_sizes, membership.genes, sizes, levels, over=over)[:, term_class]
    engine.announce(len(keys) * int(sizes[-1]))
    if engine.compiled_ready():
        return _compiled_minima(membership, term_class, sizes, critical, keys, ordered, over)
    if ordered:
        return null_arrays.ordered_null_minima(membership, term_class, sizes, critical, keys)
    return null_arrays.null_minima(membership, sizes, critical, keys, over)


def _compiled_minima(
    membership: Membership, term_class: Indexes, sizes: Integers, critical: Counts,
    keys: npt.NDArray[np.uint64], ordered: bool, over: bool,
) -> Floats:  # fmt: skip
    from lifenode.enrichment import compiled

    compiled.use_threads(settings().threads)
    mantissas, exponents = factorials(membership.genes)
    shared = (membership.gene_indptr, membership.gene_terms, membership.term_sizes)
    if ordered:
        result = compiled.ordered_null_minima(*shared, term_class, sizes, critical, keys, _CHUNK, mantissas, exponents)
    else:
        critical = np.ascontiguousarray(critical)
        result = compiled.null_minima(*shared, sizes, critical, over, keys, _CHUNK, mantissas, exponents)
    minima: Floats = result
    return minima


def _critical_counts(class_sizes: Integers, genes: int, sizes: Integers, levels: Floats, *, over: bool) -> Counts:
    """Tabulate, by list size and term size, the counts whose p is at most the level.

    Over-representation: counts from the entry up. Under-representation: counts below the entry.
    """
    table = np.zeros((len(sizes), len(class_sizes)), dtype=np.uint16)
    bound = np.ones(len(class_sizes), dtype=np.int64) if over else np.zeros(len(class_sizes), dtype=np.int64)
    for row, (n, level) in enumerate(zip(sizes, levels, strict=True)):
        if over:
            bound = np.maximum(_smallest_count(class_sizes, int(n), genes, float(level), np.maximum(bound - 2, 1)), 1)
            table[row] = np.where(bound > np.minimum(class_sizes, n), _NEVER, bound)
        else:
            table[row] = _largest_count(class_sizes, int(n), genes, float(level)) + 1
    return table


def _smallest_count(class_sizes: Integers, n: int, genes: int, level: float, start: Integers) -> Integers:
    """Return the smallest count with P(X >= count) <= level, one above the possible ones if there is none."""
    most = np.minimum(class_sizes, n)
    low, high = np.minimum(start, most + 1), most + 1
    while True:
        open_ = np.flatnonzero(low < high)
        if not len(open_):
            found: Integers = low
            return found
        middle = (low[open_] + high[open_]) // 2
        small = upper_tail(middle, class_sizes[open_], n, genes).p <= level
        high[open_] = np.where(small, middle, high[open_])
        low[open_] = np.where(small, low[open_], middle + 1)


def _largest_count(class_sizes: Integers, n: int, genes: int, level: float) -> Integers:
    """Return the largest count with P(X <= count) <= level, -1 if there is none."""
    least = np.maximum(0, n + class_sizes - genes)
    low, high = least - 1, np.minimum(class_sizes, n)
    while True:
        open_ = np.flatnonzero(low < high)
        if not len(open_):
            found: Integers = np.where(low < least, -1, low)
            return found
        middle = (low[open_] + high[open_] + 1) // 2
        small = lower_tail(middle, class_sizes[open_], n, genes).p <= level
        low[open_] = np.where(small, middle, low[open_])
        high[open_] = np.where(small, high[open_], middle - 1)
