"""Iterative Bayesian stepwise selection on summary statistics. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifenode.eqtl.coloc_bayes import Floats
from lifenode.eqtl.susie_effect import Effect, single_effect


@dataclass(frozen=True)
class Problem:
    """What is fitted, on the scale of standardised genotypes.

    Attributes
    ----------
    estimate
        Least-squares effect of each variant alone, shape (p,): X'y / weight.
    ld
        Correlations of the variants, shape (p, p).
    weight
        Diagonal of X'X, n - 1.
    samples
        n of the likelihood.
    yty
        y'y.
    """

    estimate: Floats
    ld: Floats
    weight: float
    samples: float
    yty: float


@dataclass(frozen=True)
class Options:
    """How the model is fitted (see `lifenode.eqtl.susie_rss`)."""

    effects: int
    prior_variance: float
    residual_variance: float
    estimate_prior_variance: bool
    estimate_residual_variance: bool
    tolerance: float
    rounds: int


@dataclass(frozen=True)
class Fit:
    """The effects found, the residual variance, and the evidence lower bound after each round."""

    effects: list[Effect]
    residual_variance: float
    elbo: Floats
    converged: bool


def fit(problem: Problem, ln_prior: Floats, options: Options) -> Fit:
    """Fit the sum of single effects.

    Notes
    -----
    Each round regresses the residuals of all other effects on one variant, effect by effect, until the evidence lower
    bound grows by less than `tolerance` (Wang 2020, doi:10.1111/rssb.12388; Zou 2022,
    doi:10.1371/journal.pgen.1010299).
    """
    count = len(problem.estimate)
    nothing = np.zeros(count)
    start = Effect(np.exp(ln_prior), nothing, nothing, nothing, 0.0, options.prior_variance)
    effects = [start] * options.effects
    fitted = np.zeros((options.effects, count))
    sigma2 = options.residual_variance
    elbo: list[float] = []
    converged = False
    for _ in range(options.rounds):
        divergence = 0.0
        for at in range(options.effects):
            residual = problem.estimate - (fitted.sum(axis=0) - fitted[at])
            found = single_effect(
                residual,
                sigma2 / problem.weight,
                ln_prior,
                effects[at].prior_variance,
                estimated=options.estimate_prior_variance,
            )
            effects[at] = found
            fitted[at] = problem.ld @ (found.alpha * found.mean)
            divergence += _divergence(found, residual, problem.weight / sigma2)
        error = _expected_error(problem, effects, fitted)
        elbo.append(-problem.samples / 2 * np.log(2 * np.pi * sigma2) - error / (2 * sigma2) - divergence)
        if options.estimate_residual_variance:
            sigma2 = error / problem.samples
        converged = len(elbo) > 1 and elbo[-1] - elbo[-2] < options.tolerance
        if converged or not sigma2 > 0:
            break
    return Fit(effects, sigma2, np.array(elbo), converged)


def _divergence(effect: Effect, residual: Floats, precision: float) -> float:
    """Return the Kullback-Leibler divergence of the posterior of an effect from its prior."""
    mean, second = effect.alpha @ (effect.mean * residual), effect.alpha @ effect.second
    return float(precision * (mean - second / 2) - effect.lbf)


def _expected_error(problem: Problem, effects: list[Effect], fitted: Floats) -> float:
    """Return the expected sum of squared residuals, from `fitted` = R b of each effect."""
    means = np.array([effect.alpha * effect.mean for effect in effects])
    second = sum(float(effect.alpha @ effect.second) for effect in effects)
    total, single = means.sum(axis=0), float(np.sum(means * fitted))
    explained = 2 * total @ problem.estimate - total @ fitted.sum(axis=0) + single - second
    return float(problem.yty - problem.weight * explained)
