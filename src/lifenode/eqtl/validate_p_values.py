"""-log10 p that survives where the p-value itself is too small for a number: from beta / se and Student's t."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Above this many degrees of freedom Wallace's normal form of t is closer than six digits can tell.
_NEARLY_NORMAL = 10_000.0
_LEAST_TERMS, _MOST_TERMS = 64, 20_000
_CALIBRATING_ROWS = 25


def nlog10p_from_t(t: npt.ArrayLike, degrees: float) -> Floats:
    r"""Return -log10 of the two-sided p-value of Student's t, for p far below what a number can hold.

    Parameters
    ----------
    t
        Test statistics, any shape, |t| above 5; the series is made for the far tail.
    degrees
        Degrees of freedom, above 0; infinity for a normal statistic.

    Notes
    -----
    The tail is the incomplete beta function, as a series in x = v / (v + t²):
    p = x^a (1 - x)^b / (a B(a, b)) · Σ (a + b)_n / (a + 1)_n xⁿ with a = v/2 and b = 1/2; logarithms are taken
    before anything can vanish. Above 10,000 degrees of freedom z = (8v + 1) / (8v + 3) · sqrt(v ln(1 + t²/v)).

    References
    ----------
    Wallace DL (1959), Ann. Math. Statist. 30:1121, doi:10.1214/aoms/1177706100.
    """
    size = np.abs(np.asarray(t, dtype=np.float64))
    if degrees > _NEARLY_NORMAL:
        z = size
        if math.isfinite(degrees):
            z = (8 * degrees + 1) / (8 * degrees + 3) * np.sqrt(degrees * np.log1p(size**2 / degrees))
        return -_log_normal_tail(z) / math.log(10)
    a, b = degrees / 2, 0.5
    log_x = -np.log1p(size**2 / degrees)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    log_p = a * log_x + b * np.log(-np.expm1(log_x)) - math.log(a) - log_beta + np.log(_series(np.exp(log_x), a, b))
    return np.asarray(-log_p / math.log(10))


def degrees_of_freedom(t: Floats, p: Floats, fallback: float) -> float:
    """Return the degrees of freedom with which p-values were made from t: the median over the smallest ones.

    Parameters
    ----------
    t, p
        Statistics and their two-sided p-values; those of 1e-300 to 1e-6 are used.
    fallback
        What to return where there are none.
    """
    usable = np.flatnonzero((p > 1e-300) & (p < 1e-6) & np.isfinite(t))
    if not len(usable):
        return fallback
    rows = usable[np.argsort(p[usable], kind="stable")][:_CALIBRATING_ROWS]
    return float(np.median([_solve(abs(t[row]), -math.log10(p[row])) for row in rows.tolist()]))


def _solve(t: float, wanted: float) -> float:
    """Return the degrees of freedom at which `t` has -log10 p `wanted`, by halving on a logarithmic scale."""
    low, high = math.log(3.0), math.log(1e6)
    for _ in range(50):
        middle = (low + high) / 2
        if float(nlog10p_from_t(t, math.exp(middle))) < wanted:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def _series(x: Floats, a: float, b: float) -> Floats:
    total = np.ones_like(x)
    term = np.ones_like(x)
    for n in range(_MOST_TERMS):
        term = term * (x * ((a + b + n) / (a + 1 + n)))
        total += term
        if n > _LEAST_TERMS and bool(np.all(term < 1e-16 * total)):
            break
    return total


def _log_normal_tail(z: Floats) -> Floats:
    """Return ln of the two-sided normal tail by its asymptotic series; z above 5."""
    w = 1 / z**2
    return np.asarray(
        -(z**2) / 2 - np.log(z) + 0.5 * math.log(2 / math.pi)
        + np.log1p(-w * (1 - 3 * w * (1 - 5 * w * (1 - 7 * w))))
    )  # fmt: skip
