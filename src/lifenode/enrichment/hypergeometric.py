r"""Exact hypergeometric tails.

X counts the marked genes in a list of `n` genes drawn without replacement from a domain of `N` genes, `K` of which
are marked:

.. math:: P(X = k) = \binom{K}{k} \binom{N-K}{n-k} \Big/ \binom{N}{n}

The first probability of a tail comes from the scaled factorials (`lifenode.enrichment.factorials`), the following ones
from the ratio of neighbours; on the far side of the mode the complement is summed instead. The relative error stays
below 1e-12 for every tail, however small: results are a mantissa and a binary exponent, so that nothing underflows.

Two implementations do the same operations in the same order and give the same bits: arrays in numpy (needs no
start-up) and a compiled loop (`lifenode.enrichment.compiled`, for much work).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import engine
from lifenode.enrichment.factorials import factorials

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LOG10_2 = 0.30102999566398119521
NEGLIGIBLE = 2.0**-60  # a summand below this share of the sum cannot change it any more


@dataclass(frozen=True, slots=True)
class Tails:
    """Probabilities ``mantissa * 2 ** exponent``."""

    mantissa: Floats
    exponent: Integers

    @property
    def p(self) -> Floats:
        """The probabilities as doubles, at most 1; below about 1e-308 they are 0."""
        return np.minimum(np.ldexp(self.mantissa, np.maximum(self.exponent, -2000).astype(np.int32)), 1.0)

    @property
    def log10_p(self) -> Floats:
        """Their decimal logarithms, finite however small the probability."""
        logarithm: Floats = np.minimum(np.log10(self.mantissa) + self.exponent * LOG10_2, 0.0)
        return logarithm


def upper_tail(k: npt.ArrayLike, marked: npt.ArrayLike, drawn: npt.ArrayLike, domain: npt.ArrayLike) -> Tails:
    """Return P(X >= k): over-representation.

    Parameters
    ----------
    k
        Marked genes observed in the list, ``max(0, n + K - N) <= k <= min(K, n)``; broadcast with the others.
    marked
        K, genes of the term in the domain.
    drawn
        n, genes of the list in the domain.
    domain
        N, genes of the domain.

    Examples
    --------
    >>> float(upper_tail(10, 200, 100, 20000).p[0])
    6.327509782074238e-08
    """
    arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(a, dtype=np.int64)) for a in (k, marked, drawn, domain)))
    k_, marked_, drawn_, domain_ = (np.ascontiguousarray(a).ravel() for a in arrays)
    mantissas, exponents = factorials(int(domain_.max(initial=0)))
    if engine.use_compiled(len(k_)):
        from lifenode.enrichment import compiled

        return Tails(*compiled.upper_tails(k_, marked_, drawn_, domain_, mantissas, exponents))
    return Tails(*_upper_tails(k_, marked_, drawn_, domain_, mantissas, exponents))


def lower_tail(k: npt.ArrayLike, marked: npt.ArrayLike, drawn: npt.ArrayLike, domain: npt.ArrayLike) -> Tails:
    """Return P(X <= k): under-representation. Parameters as for `upper_tail`."""
    # X <= k marked genes is the same event as at least n - k of the N - K unmarked ones.
    return upper_tail(np.subtract(drawn, k), np.subtract(domain, marked), np.asarray(drawn), np.asarray(domain))


def _upper_tails(
    k: Integers, marked: Integers, drawn: Integers, domain: Integers, mantissas: Floats, exponents: Integers
) -> tuple[Floats, Integers]:
    """Compute the tails in numpy; mirrors `compiled.upper_tail` operation by operation."""
    mantissa, exponent = np.ones(len(k)), np.zeros(len(k), dtype=np.int64)
    rows = np.flatnonzero(k > np.maximum(0, drawn + marked - domain))  # the others are certain
    k, marked, drawn, domain = (a[rows] for a in (k, marked, drawn, domain))
    complement = k <= (drawn + 1) * (marked + 1) // (domain + 2)
    start = np.where(complement, k - 1, k)
    rest = domain - marked - drawn
    first = (mantissas[marked] * mantissas[domain - marked] * mantissas[drawn] * mantissas[domain - drawn]) / (
        mantissas[domain]
        * mantissas[start]
        * mantissas[marked - start]
        * mantissas[drawn - start]
        * mantissas[rest + start]
    )
    above = exponents[marked] + exponents[domain - marked] + exponents[drawn] + exponents[domain - drawn]
    below = exponents[domain] + exponents[start] + exponents[marked - start] + exponents[drawn - start]
    scale = above - below - exponents[rest + start]
    tail = first * _sum_of_ratios(complement, start, marked, drawn, rest)
    mantissa[rows] = np.where(complement, 1.0 - np.ldexp(tail, np.maximum(scale, -2000).astype(np.int32)), tail)
    exponent[rows] = np.where(complement, 0, scale)
    return mantissa, exponent


def _sum_of_ratios(
    downwards: npt.NDArray[np.bool_], start: Integers, marked: Integers, drawn: Integers, rest: Integers
) -> Floats:
    """Sum the probabilities of a tail relative to its first one, walking away from the mode."""
    total = np.ones(len(start))
    summand = np.ones(len(start))
    active = np.arange(len(start))
    i, big, n, gap = (a.astype(np.float64) for a in (start, marked, drawn, rest))
    down = downwards.copy()
    while len(active):
        ratio = np.where(
            down,
            (i * (gap + i)) / ((big - i + 1.0) * (n - i + 1.0)),
            ((big - i) * (n - i)) / ((i + 1.0) * (gap + i + 1.0)),
        )
        summand = summand * ratio
        total[active] += summand
        keep = summand > total[active] * NEGLIGIBLE
        i = np.where(down, i - 1.0, i + 1.0)
        active, down = active[keep], down[keep]
        summand, i, big, n, gap = (a[keep] for a in (summand, i, big, n, gap))
    return total
