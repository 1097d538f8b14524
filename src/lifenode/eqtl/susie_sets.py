"""Credible sets of the effects of SuSiE, and inclusion probabilities. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import Floats

# An effect whose prior variance was estimated below this is no effect (susieR's prior_tol).
LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class CredibleSet:
    """The fewest variants that hold the causal one of an effect with a wanted probability.

    Attributes
    ----------
    effect
        Number of the effect, from 1.
    indices
        0-based variants, likeliest first.
    coverage
        Sum of their probabilities.
    min_abs_corr, mean_abs_corr, median_abs_corr
        Of |r| between two different variants of the set; 1 for a single variant.
    lbf
        ln Bayes factor of the effect.
    """

    effect: int
    indices: npt.NDArray[np.intp]
    coverage: float
    min_abs_corr: float
    mean_abs_corr: float
    median_abs_corr: float
    lbf: float

    @property
    def log10_bf(self) -> float:
        """log10 Bayes factor of the effect."""
        return float(self.lbf / np.log(10))


def inclusion(alpha: Floats, prior_variance: Floats) -> Floats:
    """Return 1 - prod(1 - alpha) over the effects that are any, shape (p,)."""
    return np.asarray(1 - np.prod(1 - alpha[prior_variance > LEAST_VARIANCE], axis=0))


def credible_sets(
    alpha: Floats, prior_variance: Floats, lbf: Floats, ld: Floats, *, coverage: float, min_abs_corr: float
) -> tuple[tuple[CredibleSet, ...], int]:
    """Return the credible sets that are pure enough, by effect, and how many were not.

    Of effects with the same set the first counts. Purity is taken over all pairs of variants; susieR samples 100
    variants of larger sets.
    """
    found: list[CredibleSet] = []
    seen: set[tuple[int, ...]] = set()
    impure = 0
    for at in np.flatnonzero(prior_variance > LEAST_VARIANCE).tolist():
        order = np.argsort(-alpha[at], kind="stable")
        size = int(np.sum(np.cumsum(alpha[at][order]) < coverage)) + 1
        chosen = order[:size]
        key = tuple(sorted(chosen.tolist()))
        if key in seen:
            continue
        seen.add(key)
        least, mean, median = _purity(ld, chosen)
        if least < min_abs_corr:
            impure += 1
            continue
        held = float(alpha[at][chosen].sum())
        found.append(CredibleSet(at + 1, chosen, held, least, mean, median, float(lbf[at])))
    return tuple(found), impure


def _purity(ld: Floats, chosen: npt.NDArray[np.intp]) -> tuple[float, float, float]:
    if len(chosen) == 1:
        return 1.0, 1.0, 1.0
    pairs = np.abs(ld[np.ix_(chosen, chosen)][np.triu_indices(len(chosen), 1)])
    return float(pairs.min()), float(pairs.mean()), float(np.median(pairs))
