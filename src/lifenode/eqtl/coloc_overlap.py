"""Colocalisation posterior probability (CLPP) and credible sets, from inclusion probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import Floats, as_numbers
from lifenode.errors import InvalidOption

# Probabilities that were written with six digits need not sum to 1 exactly.
_ROUNDING = 1e-3


def clpp(pip_a: Any, pip_b: Any) -> float:
    """Return the colocalisation posterior probability of two traits at a locus.

    Parameters
    ----------
    pip_a, pip_b
        Posterior inclusion probabilities: two arrays over the same variants in the same order, two mappings from
        variant to probability, or two results of `lifenode.eqtl.susie_rss`; what only one has counts as 0.

    Returns
    -------
    float
        sum of pip_a pip_b over the variants (Hormozdiari 2016, doi:10.1016/j.ajhg.2016.10.003), which is CLPP of a
        region; a single term of it is that of a variant.

    Raises
    ------
    InvalidOption
        A probability is outside [0, 1], or arrays differ in length.

    Examples
    --------
    >>> clpp([0.9, 0.1, 0.0], [0.5, 0.5, 0.0])
    0.5
    >>> clpp({"rs1": 0.9, "rs2": 0.1}, {"rs2": 0.5, "rs3": 0.5})
    0.05
    """
    first, second = _named(pip_a), _named(pip_b)
    if isinstance(first, Mapping) != isinstance(second, Mapping):
        raise InvalidOption(
            "One side names its variants and the other does not.", next_step="Give two arrays, or two mappings."
        )
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        shared = [name for name in first if name in second]
        _probabilities(list(first.values()), "pip_a"), _probabilities(list(second.values()), "pip_b")
        first, second = [first[name] for name in shared], [second[name] for name in shared]
    one, other = _probabilities(first, "pip_a"), _probabilities(second, "pip_b")
    if one.shape != other.shape:
        raise InvalidOption(
            f"pip_a has {one.size} variants and pip_b {other.size}.",
            value=other.size,
            next_step="Give both over the same variants, or as mappings from variant to probability.",
        )
    return float(one @ other)


def _named(pip: Any) -> Any:
    """Return a fine-mapping result as a mapping, anything else as it is."""
    if hasattr(pip, "pip") and hasattr(pip, "snp"):
        return dict(zip(pip.snp.tolist(), pip.pip.tolist(), strict=True))
    return pip


def credible_set(pip: npt.ArrayLike, *, coverage: float = 0.95, normalise: bool = False) -> npt.NDArray[np.intp]:
    """Return the fewest variants that hold `coverage` of the probability of one signal.

    Parameters
    ----------
    pip
        Probability of each variant to be the causal one of this signal, shape (p,), summing to 1: SNP.PP of a single
        causal variant, or alpha of one effect of SuSiE.
    coverage
        In (0, 1].
    normalise
        Scale `pip` to sum to 1 first.

    Returns
    -------
    ndarray
        0-based indices, likeliest first; of equally likely variants the earlier one first.

    Raises
    ------
    InvalidOption
        A value is outside its range, or `pip` does not sum to 1. Overall inclusion probabilities of SuSiE sum to the
        number of signals; those of release 7 of the eQTL Catalogue are such.

    Examples
    --------
    >>> credible_set([0.02, 0.6, 0.38]).tolist()
    [1, 2]
    """
    if not 0 < coverage <= 1:
        raise InvalidOption(
            f"coverage cannot be {coverage}.", value=coverage, next_step="It lies between 0 and 1, as 0.95."
        )
    values = _probabilities(pip, "pip")
    total = float(values.sum())
    if total <= 0 or (not normalise and abs(total - 1) > _ROUNDING):
        raise InvalidOption(
            f"The probabilities sum to {total:.4g} instead of 1.",
            value=total,
            next_step="Give those of one signal, all variants of it; or scale them with normalise=True.",
        )
    order = np.argsort(-values, kind="stable")
    held = np.cumsum(values[order]) / (total if normalise else 1.0)
    # With a total just below 1, rounding must not ask for more variants than there are.
    return order[: min(int(np.sum(held < coverage)) + 1, len(order))]


def _probabilities(values: npt.ArrayLike, name: str) -> Floats:
    array = np.atleast_1d(as_numbers(values, name))
    wrong = np.flatnonzero(~((array >= 0) & (array <= 1 + 1e-9)))
    if array.ndim != 1 or wrong.size:
        at = wrong[0] if wrong.size else 0
        raise InvalidOption(
            f"{name} has {array.flat[at]} at index {at}.",
            value=array.flat[at],
            next_step="Give one probability a variant, between 0 and 1.",
        )
    return array
