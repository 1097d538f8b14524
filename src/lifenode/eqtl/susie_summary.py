"""`lifenode.eqtl.susie_rss`: fine-mapping from z scores and correlations of variants."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.eqtl.coloc_bayes import Floats, as_numbers
from lifenode.eqtl.coloc_dataset import LARGEST_Z, z_scores
from lifenode.eqtl.coloc_fields import Fields, Texts
from lifenode.eqtl.susie_fit import Fit, Options, Problem, fit
from lifenode.eqtl.susie_ld import adjusted_z, checked_ld, inconsistency, regularised
from lifenode.eqtl.susie_result import SusieResult, expected_effects
from lifenode.eqtl.susie_sets import credible_sets, inclusion
from lifenode.errors import InvalidOption

# Prior variance of an effect: this share of the variance of the trait, or in units of z² where n is not known (susieR).
_SCALED_PRIOR, _PRIOR_WITHOUT_N = 0.2, 50.0
# A fall of the evidence lower bound beyond rounding.
_FALL = 1e-6


def susie_rss(
    z: npt.ArrayLike,
    ld: Any,
    n: float | None = None,
    L: int = 10,
    *,
    coverage: float = 0.95,
    min_abs_corr: float = 0.5,
    snp: Any = None,
    shat: npt.ArrayLike | None = None,
    var_y: float | None = None,
    scaled_prior_variance: float | None = None,
    estimate_prior_variance: bool = True,
    residual_variance: float = 1.0,
    estimate_residual_variance: bool = False,
    prior_weights: npt.ArrayLike | None = None,
    regularise: float | str = 0.0,
    max_iter: int = 100,
    tol: float = 1e-3,
) -> SusieResult:
    """Find the causal variants of a trait at a locus, and how certain they are.

    Parameters
    ----------
    z
        z score of each variant, shape (p,), of the allele whose dosage `ld` correlates.
    ld
        Signed correlations r of the variants, shape (p, p), best of the same samples.
    n
        Number of samples; without it z is taken as it is, and effects are in units of z.
    L
        Most effects to look for, > 0.
    coverage
        Probability that a credible set holds the causal variant of its effect, in (0, 1).
    min_abs_corr
        Credible sets with a pair of variants below this |r| are left out.
    snp
        Variant ids, shape (p,); by default ``s1``, ``s2``, ...
    shat, var_y
        Standard error of each effect per allele, shape (p,), to have effects per allele; variance of the trait, > 0,
        to have variances in its units.
    scaled_prior_variance
        Prior variance of an effect as a share of the variance of the trait, > 0; where it is estimated, the value to
        begin with. By default 0.2, or 50 (in units of z²) without `n`.
    estimate_prior_variance
        Estimate it for each effect.
    residual_variance
        As a share of the variance of the trait, > 0.
    estimate_residual_variance
        Estimate it; only sound where `ld` is of the same samples.
    prior_weights
        Prior probability of each variant, up to a factor, >= 0, shape (p,).
    regularise
        λ in [0, 1] of (1 - λ) R + λ I, which is used instead of R; ``"auto"`` estimates it (see `ld_inconsistency`).
    max_iter, tol
        Rounds at most, and growth of the evidence lower bound that ends them.

    Returns
    -------
    SusieResult
        ``.pip``, ``.credible_sets``, ``.table``, ``.sets``, ``.alpha``, ``.lbf``, ``.lbf_variable``, ``.elbo``, ...

    Raises
    ------
    BadTable
        z or LD have missing values, do not fit together, or LD is not a symmetric matrix of correlations.
    InvalidOption
        An option is outside its range, or the residual variance cannot be estimated.

    Notes
    -----
    With z~ = z sqrt((n - 1) / (z² + n - 2)): X'X = (n - 1) R, X'y = sqrt(n - 1) z~, y'y = n - 1. The sum of `L` single
    effects is fitted by iterative Bayesian stepwise selection. V of an effect maximises its evidence over
    ln V in [-30, 15] and is 0 where that is no better than no effect; effects with V <= 1e-9 do not count.

    References
    ----------
    Wang 2020, doi:10.1111/rssb.12388; Zou 2022, doi:10.1371/journal.pgen.1010299.

    Examples
    --------
    >>> import numpy as np
    >>> result = susie_rss([6.0, 5.4, 0.3], np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]]), n=1000)
    >>> result.sets["variants"][0], result.pip.round(3).tolist()
    (['s1'], [0.958, 0.042, 0.0])
    """
    scores, names = _scores(z, snp)
    matrix = checked_ld(ld, names)
    options = Options(
        effects=L,
        prior_variance=_prior_variance(n) if scaled_prior_variance is None else scaled_prior_variance,
        residual_variance=residual_variance,
        estimate_prior_variance=estimate_prior_variance,
        estimate_residual_variance=estimate_residual_variance,
        tolerance=tol,
        rounds=max_iter,
    )
    _check(options, n, 1.0 if var_y is None else var_y, coverage=coverage, min_abs_corr=min_abs_corr)
    share = _share(regularise, scores, matrix, n)
    weight = 1.0 if n is None else n - 1.0
    problem = Problem(
        estimate=adjusted_z(scores, n) / np.sqrt(weight),
        ld=regularised(matrix, share) if share else matrix,
        weight=weight,
        # Without n, n = 2 and y'y = 1 stand for a trait of variance 1.
        samples=2.0 if n is None else float(n),
        yty=weight,
    )
    found = fit(problem, _ln_prior(prior_weights, len(names)), options)
    if not found.residual_variance > 0:
        raise InvalidOption(
            "The residual variance was estimated to be negative: the LD contradicts the z scores.",
            value=estimate_residual_variance,
            next_step='Leave estimate_residual_variance out, or try regularise="auto".',
        )
    asked = {"n": n, "coverage": coverage, "min_abs_corr": min_abs_corr, "regularise": share, **vars(options)}
    return _result(found, names, scores, matrix, _per_allele(shat, scores, n), 1.0 if var_y is None else var_y, asked)


def ld_inconsistency(z: npt.ArrayLike, ld: Any, n: float | None = None) -> float:
    """Return how far z scores contradict a matrix of correlations: 0 is not at all, 1 entirely.

    Parameters
    ----------
    z, ld, n
        As in `susie_rss`.

    Returns
    -------
    float
        The λ under which z~ is likeliest, as normal with covariance (1 - λ) R + λ I. LD of another population, or
        swapped alleles, raise it.

    Raises
    ------
    BadTable
        As in `susie_rss`.

    References
    ----------
    Zou 2022, doi:10.1371/journal.pgen.1010299.
    """
    scores, names = _scores(z, None)
    return inconsistency(adjusted_z(scores, n), checked_ld(ld, names))


def fine_mapped(given: Any, label: str) -> SusieResult:
    """Fine-map a data set with ``snp, beta, varbeta`` (or ``se``), ``LD`` and ``N``, named as in `lifenode.eqtl.coloc`.

    Raises
    ------
    BadTable
        A field is missing or cannot be used.
    """
    fields = Fields(given, label)
    if "ld" not in fields:
        raise fields.bad("has no LD", None, "Give LD, the matrix of correlations, or a result of susie_rss.")
    z, shat = z_scores(fields)
    return susie_rss(z, fields.square("ld"), fields.single("n"), snp=fields.snp, shat=shat)


def _scores(z: npt.ArrayLike, snp: Any) -> tuple[Floats, Texts]:
    scores = np.atleast_1d(as_numbers(z, "z"))
    fields = Fields({"snp": [f"s{at}" for at in range(1, scores.size + 1)] if snp is None else snp, "z": scores}, "z")
    if scores.shape != (fields.length,):
        raise fields.bad(f"has {scores.size} values for {fields.length} variants", scores.size, "Give one a variant.")
    wrong = np.flatnonzero(~(np.abs(scores) < LARGEST_Z))
    if wrong.size:
        at = int(wrong[0])
        raise fields.bad(
            f"is {scores[at]:g} at {fields.snp[at]} (row {at})", scores[at], "Remove variants without a usable z score."
        )
    return scores, fields.snp


def _prior_variance(n: float | None) -> float:
    return _PRIOR_WITHOUT_N if n is None else _SCALED_PRIOR


def _check(options: Options, n: float | None, var_y: float, **shares: float) -> None:
    whole = {"L": options.effects, "max_iter": options.rounds}
    positive = {
        "scaled_prior_variance": options.prior_variance, "residual_variance": options.residual_variance,
        "tol": options.tolerance, "var_y": var_y,
    }  # fmt: skip
    checks: list[tuple[str, Any, Callable[[Any], bool], str]] = [
        *((name, value, lambda x: x >= 1 and x == int(x), "a whole number above 0") for name, value in whole.items()),
        *((name, value, lambda x: 0 < x < np.inf, "above 0") for name, value in positive.items()),
        *((name, value, lambda x: 0 <= x <= 1, "between 0 and 1") for name, value in shares.items()),
    ]
    if n is not None:
        checks.append(("n", n, lambda x: 2 < x < np.inf, "the number of samples, above 2"))
    elif options.estimate_residual_variance:
        checks.append(("n", n, lambda x: False, "given where the residual variance is estimated"))
    for name, value, good, rule in checks:
        if not (isinstance(value, Real) and good(value)):
            raise InvalidOption(f"{name} cannot be {value}.", value=value, next_step=f"It has to be {rule}.")


def _share(regularise: float | str, scores: Floats, matrix: Floats, n: float | None) -> float:
    if regularise == "auto":
        return inconsistency(adjusted_z(scores, n), matrix)
    if isinstance(regularise, str) or not 0 <= regularise <= 1:
        raise InvalidOption(
            f"regularise cannot be {regularise}.", value=regularise, next_step='Give λ between 0 and 1, or "auto".'
        )
    return float(regularise)


def _ln_prior(weights: npt.ArrayLike | None, count: int) -> Floats:
    given = np.ones(count) if weights is None else as_numbers(weights, "prior_weights")
    if given.shape != (count,) or not np.all((given >= 0) & (given < np.inf)) or not given.sum() > 0:
        raise InvalidOption(
            "prior_weights are not one number of 0 or more a variant, of which some are above 0.",
            value=given.shape,
            next_step=f"Give {count:,} weights.",
        )
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(given / given.sum()))


def _per_allele(shat: npt.ArrayLike | None, scores: Floats, n: float | None) -> Floats:
    """Return what an effect on standardised scales is multiplied by."""
    if shat is None:
        return np.ones_like(scores)
    errors = as_numbers(shat, "shat")
    if n is None or errors.shape != scores.shape or not np.all((errors > 0) & (errors < np.inf)):
        raise InvalidOption(
            "shat is not one standard error above 0 a variant, or n is missing.",
            value=errors.shape,
            next_step=f"Give {len(scores):,} standard errors, and n.",
        )
    return np.asarray(errors * np.sqrt(scores**2 + n - 2))


def _result(
    found: Fit, names: Texts, scores: Floats, ld: Floats, per_allele: Floats, var_y: float, asked: dict[str, Any]
) -> SusieResult:
    alpha, mu, mu2, lbf_variable = (
        np.array([getattr(effect, name) for effect in found.effects])
        for name in ("alpha", "mean", "second", "lbf_variable")
    )
    prior_variance = np.array([effect.prior_variance for effect in found.effects])
    lbf = np.array([effect.lbf for effect in found.effects])
    coverage, purity = asked["coverage"], asked["min_abs_corr"]
    sets, impure = credible_sets(alpha, prior_variance, lbf, ld, coverage=coverage, min_abs_corr=purity)
    notes = [f"{impure} credible set(s) left out: least |r| below {purity:g}"] if impure else []
    if not found.converged:
        notes.append(f"not converged after max_iter = {asked['rounds']:,} rounds: check the LD with ld_inconsistency")
    if np.any(np.diff(found.elbo) < -_FALL):
        notes.append("the evidence lower bound fell, as it does where the LD contradicts the z scores")
    mean, sd = expected_effects(alpha, mu, mu2)
    method = {"lifenode": lifenode.__version__, "method": "susie_rss", "reference": "doi:10.1371/journal.pgen.1010299"}
    return SusieResult(
        snp=names, z=scores, pip=inclusion(alpha, prior_variance), alpha=alpha, mu=mu, mu2=mu2, lbf=lbf,
        lbf_variable=lbf_variable, prior_variance=prior_variance * var_y,
        residual_variance=found.residual_variance * var_y, elbo=found.elbo, converged=found.converged,
        credible_sets=sets, posterior_mean=mean * per_allele, posterior_sd=sd * per_allele,
        meta={**method, **asked, "notes": notes},
    )  # fmt: skip
