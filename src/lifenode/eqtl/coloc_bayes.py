"""Log Bayes factors of single variants, and sums of exponentials that neither overflow nor vanish. Arrays only."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lifenode.errors import InvalidOption

Floats = npt.NDArray[np.float64]
Kind = Literal["quant", "cc"]

# Prior standard deviation of the effect: 0.15 standard deviations of a quantitative trait, 0.2 on the log odds
# scale (Giambartolomei 2014, doi:10.1371/journal.pgen.1004383, Methods; Wakefield 2009, doi:10.1002/gepi.20359).
PRIOR_SD = {"quant": 0.15, "cc": 0.2}


def as_numbers(values: Any, name: str) -> Floats:
    """Return values as float64.

    Raises
    ------
    InvalidOption
        They are not numbers, or rows differ in length.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidOption(
            f"{name} cannot be read as numbers.",
            value=values,
            next_step="Give numbers, in rows of one length.",
        ) from None


def log_sum_exp(values: npt.ArrayLike, axis: int = -1) -> Floats:
    """Return ln sum exp `values` along an axis; an empty or all -inf axis gives -inf."""
    array = np.asarray(values, dtype=np.float64)
    top = np.max(array, axis=axis, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total = np.log(np.sum(np.exp(array - top), axis=axis))
    return np.asarray(total + np.squeeze(top, axis=axis))


def has_missing(values: Floats) -> bool:
    """Say whether finite values have a NaN among them, without a mask of their size."""
    return bool(np.isnan(np.sum(values)))


def log_diff_exp(larger: npt.ArrayLike, smaller: npt.ArrayLike) -> Floats:
    """Return ln(exp `larger` - exp `smaller`), -inf where nothing is left."""
    big, small = np.asarray(larger, dtype=np.float64), np.asarray(smaller, dtype=np.float64)
    gap = np.minimum(small - big, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(big + np.log(-np.expm1(gap)))


def softmax(values: npt.ArrayLike, axis: int = -1) -> Floats:
    """Return exp `values` scaled to sum to 1 along an axis."""
    array = np.asarray(values, dtype=np.float64)
    scaled = np.exp(array - np.max(array, axis=axis, keepdims=True))
    return np.asarray(scaled / np.sum(scaled, axis=axis, keepdims=True))


def shrinkage(variance: npt.ArrayLike, prior_sd: float) -> Floats:
    """Return W / (W + V), the share of the prior variance W in the variance of an estimate."""
    prior = prior_sd**2
    return np.asarray(prior / (prior + np.asarray(variance, dtype=np.float64)))


def lbf_of(z: npt.ArrayLike, shrink: npt.ArrayLike) -> Floats:
    """Return (ln(1 - r) + r z²) / 2 for z scores and shrinkages r."""
    share = np.asarray(shrink, dtype=np.float64)
    return np.asarray(0.5 * (np.log1p(-share) + share * np.square(np.asarray(z, dtype=np.float64))))


def lbf_from_estimates(
    beta: npt.ArrayLike, se: npt.ArrayLike, *, sdy: float = 1.0, type: Kind = "quant", prior_sd: float | None = None
) -> Floats:
    """Return Wakefield's approximate log Bayes factors from effects and their standard errors.

    Parameters
    ----------
    beta
        Effect per allele, shape (p,), in units of the trait or as log odds ratio.
    se
        Standard error of it, shape (p,), > 0.
    sdy
        Standard deviation of a quantitative trait.
    type
        ``quant`` or ``cc`` (case-control).
    prior_sd
        Prior standard deviation of the effect; by default 0.15 `sdy`, or 0.2 for ``cc``.

    Returns
    -------
    ndarray
        Natural logarithm of the Bayes factor of association against none, shape (p,).

    Raises
    ------
    InvalidOption
        Shapes differ, a value is not finite, or a standard error or deviation is not above 0.

    Notes
    -----
    V = se², W = prior_sd², r = W / (W + V), z = beta / se, lbf = (ln(1 - r) + r z²) / 2
    (Wakefield 2009, doi:10.1002/gepi.20359).

    Examples
    --------
    >>> lbf_from_estimates([0.1, 0.5], [0.1, 0.1]).round(4)
    array([-0.2432,  8.0645])
    """
    effect, error = _aligned(beta=beta, se=se)
    if not np.all(error > 0):
        raise _bad("se", error[~(error > 0)][0], "Every standard error is above 0.")
    chosen = prior_sd_of(type, sdy) if prior_sd is None else prior_sd
    if not 0 < chosen < np.inf:
        raise _bad("prior_sd", chosen, "A standard deviation is above 0.")
    return lbf_of(effect / error, shrinkage(error**2, chosen))


def lbf_from_p_values(
    p_value: npt.ArrayLike, maf: npt.ArrayLike, n: npt.ArrayLike, *, type: Kind = "quant", s: float | None = None
) -> Floats:
    """Return Wakefield's approximate log Bayes factors from p-values, allele frequencies and sample size.

    Parameters
    ----------
    p_value
        Two-sided, shape (p,), in (0, 1].
    maf
        Allele frequency, shape (p,), in (0, 1).
    n
        Number of samples, one value or shape (p,).
    type, s
        ``quant``, or ``cc`` with the share `s` of cases, in (0, 1).

    Returns
    -------
    ndarray
        Natural logarithm of the Bayes factor, shape (p,).

    Raises
    ------
    InvalidOption
        Shapes differ or a value is outside its range.

    Notes
    -----
    z = -Phi^-1(p / 2) and V = 1 / (2 n f (1 - f)), for ``cc`` divided by s (1 - s); then as `lbf_from_estimates` with
    a prior standard deviation of 0.15 or 0.2 (Giambartolomei 2014, doi:10.1371/journal.pgen.1004383).

    Examples
    --------
    >>> lbf_from_p_values([1e-8, 0.5], [0.2, 0.3], 500).round(4)
    array([12.0879, -0.6847])
    """
    p, frequency, size = _aligned(p_value=p_value, maf=maf, n=n)
    for name, values, low, high in (("p_value", p, 0, np.nextafter(1, 2)), ("maf", frequency, 0, 1), ("n", size, 0, 0)):
        bad = values[(values <= low) | ((values >= high) & (high > 0))]
        if bad.size:
            raise _bad(name, bad[0], "p-values lie in (0, 1], frequencies in (0, 1), sizes above 0.")
    if type == "cc" and not (s is not None and 0 < s < 1):
        raise _bad("s", s, "A case-control study needs the share of cases, between 0 and 1.")
    return lbf_of(
        z_from_p(p), shrinkage(variance_from_maf(frequency, size, s if type == "cc" else None), prior_sd_of(type))
    )


def prior_sd_of(type: str, sdy: float = 1.0) -> float:
    """Return the prior standard deviation of an effect on a trait of this `type`.

    Raises
    ------
    InvalidOption
        There is no such type.
    """
    if type not in PRIOR_SD:
        raise _bad("type", type, "It is quant (quantitative) or cc (case-control).")
    return PRIOR_SD[type] * (sdy if type == "quant" else 1.0)


def z_from_p(p_value: Floats) -> Floats:
    """Return the |z| of two-sided p-values in (0, 1]."""
    normal = NormalDist()
    # Half of the smallest double is 0; -Phi^-1 is as good at the double itself.
    return np.array([-normal.inv_cdf(p / 2 or p) for p in p_value.tolist()])


def variance_from_maf(maf: Floats, n: Floats, s: npt.ArrayLike | None = None) -> Floats:
    """Return the variance of an effect on a trait of variance 1, or with a share `s` of cases."""
    variance = 1 / (2 * n * maf * (1 - maf))
    if s is None:
        return np.asarray(variance)
    share = np.asarray(s, dtype=np.float64)
    return np.asarray(variance / (share * (1 - share)))


def estimated_sdy(variance: Floats, maf: Floats, n: Floats) -> float:
    """Estimate the standard deviation of a quantitative trait.

    Notes
    -----
    var(beta) = sdY² / (2 n f (1 - f)), so sdY² is the slope of 2 n f (1 - f) on 1 / var(beta) through the origin.
    """
    precision = 1 / variance
    heterozygous = 2 * n * maf * (1 - maf)
    return float(np.sqrt(precision @ heterozygous / (precision @ precision)))


def _aligned(**named: npt.ArrayLike) -> list[Floats]:
    arrays = {name: as_numbers(values, name) for name, values in named.items()}
    try:
        shaped = np.broadcast_arrays(*[np.atleast_1d(values) for values in arrays.values()])
    except ValueError:
        sizes = ", ".join(f"{name} {values.size}" for name, values in arrays.items())
        raise InvalidOption(
            f"The inputs differ in length: {sizes}.", value=sizes, next_step="Give one value a variant."
        ) from None
    for name, values in zip(arrays, shaped, strict=True):
        if not np.all(np.isfinite(values)):
            first = int(np.flatnonzero(~np.isfinite(values))[0])
            raise _bad(f"{name} at index {first}", values[first], "Remove variants without a value.")
    return [np.asarray(values) for values in shaped]


def _bad(name: str, value: object, next_step: str) -> InvalidOption:
    return InvalidOption(f"{name} cannot be {value}.", value=value, next_step=next_step)
