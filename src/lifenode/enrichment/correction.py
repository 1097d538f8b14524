"""Corrections for testing many terms at once; every one works on one query and one source at a time.

===============  ==============================================================================================
method           adjusted p
===============  ==============================================================================================
``bonferroni``   p m, m = testable terms of the source
``fdr``          Benjamini and Hochberg (doi:10.1111/j.2517-6161.1995.tb02031.x) over the testable terms
``fdr_hits``     the same over the terms with at least one gene of the list, as g:Profiler has it: the family
                 then depends on the list, and the result is two to eight times too small
``gscs``         p 0.05 / t, t = the family-wise threshold of `lifenode.enrichment.minimum_p`
``gscs_compat``  the same with the quantile itself, rounded up as published thresholds are
===============  ==============================================================================================

A term is testable when it has a gene in the domain and its size is within the limits asked for.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.minimum_p import FAMILY_WISE

Floats = npt.NDArray[np.float64]

METHODS = ("gscs", "fdr", "bonferroni", "fdr_hits", "gscs_compat")


def bonferroni(p: Floats, family: int) -> Floats:
    """Return min(1, p m) for the m tests of the family."""
    return np.minimum(p * family, 1.0)


def benjamini_hochberg(p: Floats, family: int) -> Floats:
    """Return the step-up adjusted p of part of a family.

    Parameters
    ----------
    p
        The tests at hand; those of the family left out have a p of 1.
    family
        m, tests of the whole family, at least ``len(p)``.
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * family / np.arange(1, len(p) + 1)
    monotone = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(monotone, 1.0)
    return adjusted


def scale_to_threshold(p: Floats, threshold: float) -> Floats:
    """Return min(1, p 0.05 / t): the adjusted p that crosses 0.05 where the nominal one crosses t."""
    if threshold <= 0.0:
        return np.ones_like(p)
    adjusted = np.minimum(p * (FAMILY_WISE / threshold), 1.0)
    # The test itself is p <= t; rounding must not put a term on the other side of it.
    kept = p <= threshold
    moved = kept != (adjusted <= FAMILY_WISE)
    if moved.any():
        adjusted[moved] = np.where(kept[moved], FAMILY_WISE, np.nextafter(FAMILY_WISE, 1))
    return adjusted


def published_threshold(quantile: float) -> float:
    """Round a quantile up as g:SCS thresholds are: three significant digits, steps of at least 1e-6."""
    if not 0.0 < quantile < 1.0:
        return min(max(quantile, 0.0), 1.0)
    digits = min(6, 2 - math.floor(math.log10(quantile)))
    # The small allowance keeps a quantile that is already on the grid from being pushed one step up.
    return float(math.ceil(quantile * 10.0**digits - 1e-9) / 10.0**digits)
