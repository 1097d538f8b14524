"""One effect of SuSiE: a single causal variant, its prior variance, and its Bayes factors. Arrays only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lifenode.eqtl.coloc_bayes import Floats, log_sum_exp, softmax

# Bounds of ln V, as in susieR (Wang 2020, doi:10.1111/rssb.12388).
_LOWEST, _HIGHEST = -30.0, 15.0
_GOLDEN = (3 - 5**0.5) / 2


@dataclass(frozen=True)
class Effect:
    """The posterior of one effect.

    Attributes
    ----------
    alpha
        Probability of each variant to be the causal one, shape (p,), summing to 1.
    mean, second
        Mean and second moment of the effect, given that the variant is the causal one, each of shape (p,).
    lbf_variable
        ln Bayes factor of each variant, shape (p,).
    lbf
        ln Bayes factor of the effect.
    prior_variance
        V.
    """

    alpha: Floats
    mean: Floats
    second: Floats
    lbf_variable: Floats
    lbf: float
    prior_variance: float


def single_effect(
    estimate: Floats, variance: float, ln_prior: Floats, prior_variance: float, *, estimated: bool
) -> Effect:
    """Regress on one variant at a time.

    Parameters
    ----------
    estimate
        Least-squares effect of each variant alone, shape (p,).
    variance
        Of each of these estimates.
    ln_prior
        ln of the prior probabilities to be causal, shape (p,).
    prior_variance
        V of the effect, >= 0; where `estimated`, the value to beat.
    estimated
        Take the V that makes the data likeliest, 0 where none does better than no effect.

    Notes
    -----
    lbf_j = -ln(1 + V/s²)/2 + b_j² V / (2 s² (V + s²)), alpha = softmax(lbf + ln prior) (Wang 2020,
    doi:10.1111/rssb.12388).
    """
    square = np.square(estimate) / variance

    def lbf_at(ratio: float) -> Floats:
        """Return the ln Bayes factors for V = `ratio` × variance."""
        return np.asarray(0.5 * (square * (ratio / (1 + ratio)) - np.log1p(ratio)))

    ratio = prior_variance / variance
    if estimated:
        ratio = _likeliest_ratio(lambda value: float(log_sum_exp(lbf_at(value) + ln_prior)), estimate, variance, ratio)
    lbf = lbf_at(ratio)
    weighted = lbf + ln_prior
    shrink = ratio / (1 + ratio)
    mean = shrink * estimate
    return Effect(
        softmax(weighted), mean, shrink * variance + mean**2, lbf, float(log_sum_exp(weighted)), ratio * variance
    )


def _likeliest_ratio(evidence: Callable[[float], float], estimate: Floats, variance: float, current: float) -> float:
    low, high = _LOWEST - np.log(variance), _HIGHEST - np.log(variance)
    found = float(np.exp(maximise(lambda value: evidence(np.exp(value)), low, high)))
    best = max((found, current), key=evidence)
    return 0.0 if evidence(best) <= evidence(0.0) else best


def maximise(function: Callable[[float], float], low: float, high: float, tolerance: float = 1e-8) -> float:
    """Return where a function of one variable has a maximum between `low` and `high`.

    Notes
    -----
    Parabolas through the three best points, golden sections where these do not help (Brent 1973, Algorithms for
    Minimization without Derivatives, chapter 5). The first point is the golden section of the bounds.
    """
    best = second = third = low + _GOLDEN * (high - low)
    top = top2 = top3 = function(best)
    step = before = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        least = tolerance * abs(best) + 1e-10
        if abs(best - middle) + (high - low) / 2 <= 2 * least:
            break
        move = _parabola(best, second, third, top, top2, top3) if abs(before) > least else np.nan
        if not (abs(move) < abs(before) / 2 and low + least < best + move < high - least):
            before = (high if best < middle else low) - best
            move = _GOLDEN * before
        else:
            before = step
        step = move
        point = best + (move if abs(move) >= least else np.copysign(least, move))
        value = function(point)
        if value >= top:
            low, high = (best, high) if point >= best else (low, best)
            third, top3, second, top2, best, top = second, top2, best, top, point, value
        else:
            low, high = (point, high) if point < best else (low, point)
            if value >= top2 or second == best:
                third, top3, second, top2 = second, top2, point, value
            elif value >= top3 or third in (best, second):
                third, top3 = point, value
    return best


def _parabola(x: float, w: float, v: float, fx: float, fw: float, fv: float) -> float:
    """Return the step from `x` to the top of the parabola through three points, NaN where there is none."""
    left, right = (x - w) * (fx - fv), (x - v) * (fx - fw)
    below = 2 * (right - left)
    return float("nan") if below == 0 else -((x - v) * right - (x - w) * left) / below
