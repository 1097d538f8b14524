"""All pairs of two sets of signals by one matrix product. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import Floats, log_sum_exp
from lifenode.eqtl.coloc_posteriors import Sums

# Terms below e^-708 are lost to the product; beside a sum of at least this they do not count in the last digit.
_LEAST = 1e-280
_CELLS = 4_000_000


@dataclass(frozen=True)
class PairSums:
    """Sums over the variants that both signals of a pair have, each of shape (first signals, second signals).

    Attributes
    ----------
    sums
        ln sums of Bayes factors.
    shared
        Number of variants.
    lead1, lead2
        0-based variant with the greatest Bayes factor of each signal, among those shared.
    """

    sums: Sums
    shared: npt.NDArray[np.int64]
    lead1: npt.NDArray[np.int64]
    lead2: npt.NDArray[np.int64]


def pair_sums(first: Floats, second: Floats) -> PairSums:
    """Return the sums of every pair of signals over one axis of variants.

    Parameters
    ----------
    first, second
        ln Bayes factors, shapes (n, p) and (m, p); NaN where a variant was not tested.
    """
    has1, has2 = ~np.isnan(first), ~np.isnan(second)
    whole1, whole2 = bool(has1.all()), bool(has2.all())
    a = first if whole1 else np.where(has1, first, -np.inf)
    b = second if whole2 else np.where(has2, second, -np.inf)
    shape = (len(a), len(b))
    both = log_product_sums(a, b)
    if whole2:
        total1, lead1 = np.broadcast_to(log_sum_exp(a)[:, None], shape), np.broadcast_to(a.argmax(1)[:, None], shape)
    else:
        total1, lead1 = log_product_sums(a, np.where(has2, 0.0, -np.inf)), _leads(a, has2)
    if whole1:
        total2, lead2 = np.broadcast_to(log_sum_exp(b), shape), np.broadcast_to(b.argmax(1), shape)
    else:
        total2, lead2 = log_product_sums(np.where(has1, 0.0, -np.inf), b), _leads(b, has1).T
    if whole1 and whole2:
        shared = np.full(shape, first.shape[1])
    else:
        shared = np.rint(has1.astype(np.float64) @ has2.astype(np.float64).T)
    return PairSums(Sums(total1, total2, both), shared.astype(np.int64), lead1, lead2)


def log_product_sums(a: Floats, b: Floats) -> Floats:
    """Return ln sum_k exp(a_ik + b_jk) for every i and j, shape (n, m).

    Notes
    -----
    Row maxima are taken out, so that the sums are one matrix product of numbers up to 1. Where the peaks of two rows
    are so far apart that the product vanishes, that pair is summed on the log scale instead.
    """
    top1, top2 = _tops(a), _tops(b)
    product = np.exp(a - top1[:, None]) @ np.exp(b - top2[:, None]).T
    with np.errstate(divide="ignore"):
        found = np.log(product) + top1[:, None] + top2
    rows, columns = np.nonzero(product < _LEAST)
    step = max(1, _CELLS // max(1, a.shape[1]))
    for start in range(0, len(rows), step):
        i, j = rows[start : start + step], columns[start : start + step]
        found[i, j] = log_sum_exp(a[i] + b[j])
    return np.asarray(found)


def _tops(values: Floats) -> Floats:
    top = values.max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(top), top, 0.0)


def _leads(values: Floats, has: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the greatest of each row of `values` (n, p) among the variants of each row of `has` (m, p)."""
    order = np.argsort(-values, axis=1, kind="stable")
    found = np.empty((len(values), len(has)), dtype=np.int64)
    for row, ranked in enumerate(order):
        found[row] = ranked[has[:, ranked].argmax(axis=1)]
    return found
