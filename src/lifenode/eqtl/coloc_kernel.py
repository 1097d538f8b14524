"""All pairs of two sets of signals by one matrix product. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import Floats, has_missing, log_sum_exp
from lifenode.eqtl.coloc_posteriors import Sums

# Terms below e^-708 are lost to the product; beside a sum of at least this they do not count in the last digit.
_LEAST = 1e-280
_CELLS = 1_000_000


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

    Notes
    -----
    Row maxima are taken out, so that every sum is a matrix product of numbers up to 1. Where the peaks of two rows
    are so far apart that the product vanishes, that pair is summed on the log scale instead.
    """
    a, b = _Scaled.of(first), _Scaled.of(second)
    shape = (len(first), len(second))
    if a.has is None and b.has is None:
        shared = np.full(shape, first.shape[1], dtype=np.int64)
    else:
        shared = np.rint(a.mask().share @ b.mask().share.T).astype(np.int64)
    sums = Sums(_within(a, b), _within(b, a).T, _product(a, b))
    return PairSums(sums, shared, _leads(a, b), _leads(b, a).T)


@dataclass(frozen=True)
class _Scaled:
    """Rows of ln values, -inf where there is none: exp(value - row maximum), the maxima, and which are there."""

    ln: Floats
    share: Floats
    top: Floats
    has: npt.NDArray[np.bool_] | None

    @classmethod
    def of(cls, values: Floats) -> _Scaled:
        has = ~np.isnan(values) if has_missing(values) else None
        return cls.filled(values if has is None else np.where(has, values, -np.inf), has)

    @classmethod
    def filled(cls, ln: Floats, has: npt.NDArray[np.bool_] | None) -> _Scaled:
        top = ln.max(axis=1, initial=-np.inf)
        top = np.where(np.isfinite(top), top, 0.0)
        share = np.subtract(ln, top[:, None])
        return cls(ln, np.exp(share, out=share), top, has)

    def mask(self) -> _Scaled:
        """Return rows of 0 where there is a value."""
        ln = np.zeros_like(self.ln) if self.has is None else np.where(self.has, 0.0, -np.inf)
        return _Scaled.filled(ln, self.has)


def log_product_sums(a: Floats, b: Floats) -> Floats:
    """Return ln sum_k exp(a_ik + b_jk) for every i and j: shapes (n, p) and (m, p) give (n, m)."""
    return _product(_Scaled.of(a), _Scaled.of(b))


def _product(a: _Scaled, b: _Scaled) -> Floats:
    product = a.share @ b.share.T
    with np.errstate(divide="ignore"):
        found = np.log(product) + a.top[:, None] + b.top
    rows, columns = np.nonzero(product < _LEAST)
    step = max(1, _CELLS // max(1, a.ln.shape[1]))
    for start in range(0, len(rows), step):
        i, j = rows[start : start + step], columns[start : start + step]
        found[i, j] = log_sum_exp(a.ln[i] + b.ln[j])
    return np.asarray(found)


def _within(a: _Scaled, b: _Scaled) -> Floats:
    """Return ln sums of the rows of `a` over what each row of `b` has."""
    if b.has is None:
        with np.errstate(divide="ignore"):
            total = np.log(a.share.sum(axis=1)) + a.top
        return np.broadcast_to(total[:, None], (len(a.ln), len(b.ln)))
    return _product(a, b.mask())


def _leads(a: _Scaled, b: _Scaled) -> npt.NDArray[np.int64]:
    """Return the greatest of each row of `a` among what each row of `b` has."""
    if b.has is None:
        return np.broadcast_to(a.ln.argmax(axis=1)[:, None], (len(a.ln), len(b.ln)))
    found = np.empty((len(a.ln), len(b.ln)), dtype=np.int64)
    for row, ln in enumerate(a.ln):
        ranked = np.argsort(-ln, kind="stable")
        found[row] = ranked[b.has[:, ranked].argmax(axis=1)]
    return found
