"""What `lifenode.eqtl.susie_rss` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lifenode._table_views import format_number
from lifenode.eqtl.coloc_bayes import Floats
from lifenode.eqtl.coloc_fields import Texts
from lifenode.eqtl.susie_sets import CredibleSet
from lifenode.table import Column, Table

COLUMNS = (
    Column("snp", "text", "The variant."),
    Column("z", "number", "z score, as given."),
    Column("pip", "number", "Probability to be causal in any effect."),
    Column("credible_set", "integer", "Number of the effect whose credible set has the variant; missing if none."),
    Column("posterior_mean", "number", "Effect, averaged over which variants are causal."),
    Column("posterior_sd", "number", "Standard deviation of it."),
)
SETS = (
    Column("effect", "integer", "Number of the effect, from 1."),
    Column("size", "integer", "Number of variants."),
    Column("coverage", "number", "Probability that the causal variant of the effect is among them."),
    Column("min_abs_corr", "number", "Least |r| of two of them (purity)."),
    Column("mean_abs_corr", "number", "Mean |r| of two of them."),
    Column("median_abs_corr", "number", "Median |r| of two of them."),
    Column("lbf", "number", "ln Bayes factor of the effect."),
    Column("log10_bf", "number", "log10 Bayes factor of the effect."),
    Column("lead", "text", "The likeliest variant."),
    Column("variants", "list", "The variants, likeliest first."),
)


@dataclass(frozen=True, repr=False)
class SusieResult:
    """Causal variants of a trait at a locus, with L effects of a single causal variant each.

    Attributes
    ----------
    snp
        Variant ids, shape (p,).
    z
        z scores as given, shape (p,).
    pip
        Posterior inclusion probability of each variant, over the effects with a prior variance above 1e-9, shape (p,).
    alpha
        Probability of each variant to be the causal one of each effect, shape (L, p).
    mu, mu2
        Mean and second moment of the effect given that, on the scale of standardised genotypes, shape (L, p).
    lbf
        ln Bayes factor of each effect, shape (L,).
    lbf_variable
        ln Bayes factor of each variant in each effect, shape (L, p); 0 for an unused effect.
    prior_variance
        V of each effect, shape (L,).
    residual_variance
        In units of the variance of the trait, or of `var_y` where that was given.
    elbo
        Evidence lower bound after each round.
    converged
        Whether it stopped growing.
    credible_sets
        `CredibleSet` of the effects that have one, by effect.
    posterior_mean, posterior_sd
        Effect of each variant; per allele where `shat` was given, else on standardised scales.
    meta
        Parameters and notes.
    """

    snp: Texts
    z: Floats
    pip: Floats
    alpha: Floats
    mu: Floats
    mu2: Floats
    lbf: Floats
    lbf_variable: Floats
    prior_variance: Floats
    residual_variance: float
    elbo: Floats
    converged: bool
    credible_sets: tuple[CredibleSet, ...]
    posterior_mean: Floats
    posterior_sd: Floats
    meta: Mapping[str, Any]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, and what to be wary of."""
        return tuple(self.meta["notes"])

    @property
    def table(self) -> Table:
        """One row a variant: ``snp, z, pip, credible_set, posterior_mean, posterior_sd``."""
        member: list[int | None] = [None] * len(self.snp)
        for found in reversed(self.credible_sets):
            for at in found.indices.tolist():
                member[at] = found.effect
        data = {
            "snp": self.snp, "z": self.z, "pip": self.pip, "credible_set": member,
            "posterior_mean": self.posterior_mean, "posterior_sd": self.posterior_sd,
        }  # fmt: skip
        return Table(COLUMNS, data, self.meta, len(self.snp))

    @property
    def sets(self) -> Table:
        """One row a credible set."""
        rows = [
            (
                one.effect, len(one.indices), one.coverage, one.min_abs_corr, one.mean_abs_corr, one.median_abs_corr,
                one.lbf, one.log10_bf, self.snp[one.indices[0]], self.snp[one.indices].tolist(),
            )
            for one in self.credible_sets
        ]  # fmt: skip
        data = {column.name: [row[at] for row in rows] for at, column in enumerate(SETS)}
        return Table(SETS, data, self.meta, len(rows))

    def __repr__(self) -> str:
        ended = "converged" if self.converged else "not converged"
        sets = f"{len(self.credible_sets)} credible set{'' if len(self.credible_sets) == 1 else 's'}"
        lines = [f"SusieResult: {len(self.snp):,} variants, {sets}, {ended} after {len(self.elbo)} rounds"]
        for one in self.credible_sets:
            lead = one.indices[0]
            facts = (
                f"{len(one.indices):,} variant{'' if len(one.indices) == 1 else 's'}",
                f"least |r| {format_number(one.min_abs_corr)}",
                f"log10 BF {format_number(one.log10_bf)}",
                f"lead {self.snp[lead]} (PIP {format_number(float(self.pip[lead]))})",
            )
            lines.append(f"  L{one.effect}  {', '.join(facts)}")
        return "\n".join(lines + [f"  {note}" for note in self.notes])


def expected_effects(alpha: Floats, mu: Floats, mu2: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of the sum of the effects of each variant."""
    mean = alpha * mu
    return mean.sum(axis=0), np.sqrt(np.maximum((alpha * mu2 - mean**2).sum(axis=0), 0.0))
