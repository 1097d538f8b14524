"""From sums of Bayes factors to the posteriors of the five hypotheses, for one pair of traits or many. Arrays only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import Floats, log_diff_exp, log_sum_exp, softmax
from lifenode.errors import InvalidOption

HYPOTHESES = (
    "neither trait has a causal variant here",
    "only the first trait has one",
    "only the second trait has one",
    "both have one, and they differ",
    "both have one, and it is the same",
)


def bounded(prior: float, count: npt.ArrayLike) -> Floats:
    """Return the prior of a variant, or 1 / (n + 1) where `count` = n variants would have prior n >= 1."""
    variants = np.asarray(count, dtype=np.float64)
    return np.where(prior * variants >= 1, 1 / (variants + 1), prior)


@dataclass(frozen=True)
class Priors:
    """Prior probability that a variant is causal for the first trait, for the second, and for both."""

    p1: float
    p2: float
    p12: float

    def __post_init__(self) -> None:
        given: list[object] = [self.p1, self.p2, self.p12]
        for name, value in zip(("p1", "p2", "p12"), given, strict=True):
            if not (isinstance(value, Real) and 0 < float(value) < 1):
                raise InvalidOption(
                    f"{name} cannot be {value}.", value=value, next_step="A prior probability lies between 0 and 1."
                )

    def __iter__(self) -> Iterator[float]:
        return iter((self.p1, self.p2, self.p12))

    def adjusted(self, n1: int, n2: int, shared: int) -> tuple[Priors, list[str]]:
        """Return priors whose expected number of causal variants stays below one, and what was changed.

        A prior p over n variants with p n >= 1 becomes 1 / (n + 1); `n1` and `n2` count the variants of each data
        set before merging, `shared` those in both.
        """
        found, notes = self, []
        for name, count in (("p1", n1), ("p2", n2), ("p12", shared)):
            lowered = float(bounded(getattr(self, name), count))
            if lowered < getattr(self, name):
                found = replace(found, **{name: lowered})
                notes.append(f"{name} lowered to 1/{count + 1:,}, for {name} × {count:,} variants is 1 or more")
        return found, notes


@dataclass(frozen=True)
class Sums:
    """ln sums of Bayes factors over the shared variants: of each trait, and of the products; arrays of one shape."""

    first: Floats
    second: Floats
    both: Floats


def sums_of(lbf1: Floats, lbf2: Floats, weights1: Floats | None = None, weights2: Floats | None = None) -> Sums:
    """Return the sums of one pair from ln Bayes factors, shape (p,), and optional prior weights of mean 1."""
    ln1 = np.zeros_like(lbf1) if weights1 is None else _ln(weights1)
    ln2 = np.zeros_like(lbf2) if weights2 is None else _ln(weights2)
    first, second = lbf1 + ln1, lbf2 + ln2
    return Sums(log_sum_exp(first), log_sum_exp(second), log_sum_exp(first + second))


def _ln(weights: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(weights)


def posteriors(sums: Sums, p1: npt.ArrayLike, p2: npt.ArrayLike, p12: npt.ArrayLike) -> Floats:
    """Return the posteriors of H0 to H4 in the last axis.

    Parameters
    ----------
    sums
        Of one pair or of many.
    p1, p2, p12
        Priors of a variant, broadcast against the sums.

    Notes
    -----
    With S1, S2, S12 the sums over the variants of the Bayes factors and of their products,

    H0 : H1 : H2 : H3 : H4 = 1 : p1 S1 : p2 S2 : p1 p2 (S1 S2 - S12) : p12 S12

    (Giambartolomei 2014, doi:10.1371/journal.pgen.1004383). H3 is a difference of ln sums of size s; rounding leaves
    some 1e-16 s p1 p2 / p12 of it where it should be 0.
    """
    ln1, ln2, ln12 = (np.log(np.asarray(prior, dtype=np.float64)) for prior in (p1, p2, p12))
    h3 = ln1 + ln2 + log_diff_exp(sums.first + sums.second, sums.both)
    joint = np.broadcast_arrays(0.0, ln1 + sums.first, ln2 + sums.second, h3, ln12 + sums.both)
    return softmax(np.stack(joint, axis=-1))


def prior_of_hypotheses(count: int, priors: Priors, p12: Floats) -> Floats:
    """Return the prior probabilities of H0 to H4 for each value of `p12`, NaN where they do not sum to 1.

    H1 to H4 have n p1, n p2, n (n - 1) p1 p2 and n p12 (Wallace 2020, doi:10.1371/journal.pgen.1008720).
    """
    ones = np.ones_like(p12)
    rest = np.stack(
        [
            count * priors.p1 * ones,
            count * priors.p2 * ones,
            count * (count - 1) * priors.p1 * priors.p2 * ones,
            count * p12,
        ],
        axis=-1,
    )
    found = np.concatenate([1 - rest.sum(axis=-1, keepdims=True), rest], axis=-1)
    found[found[:, 0] < 0] = np.nan
    return found
