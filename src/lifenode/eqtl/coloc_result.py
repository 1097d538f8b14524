"""What `lifenode.eqtl.coloc` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode._table_views import format_number
from lifenode.eqtl.coloc_bayes import Floats, as_numbers
from lifenode.eqtl.coloc_overlap import credible_set
from lifenode.eqtl.coloc_posteriors import HYPOTHESES, Priors, Sums, posteriors, prior_of_hypotheses
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

SENSITIVITY = (
    Column("p12", "number", "Prior probability that a variant is causal for both traits."),
    *(Column(f"pp_h{h}", "number", f"Posterior: {what}.") for h, what in enumerate(HYPOTHESES)),
    *(Column(f"prior_h{h}", "number", f"Prior: {what}.") for h, what in enumerate(HYPOTHESES)),
    Column("supported", "boolean", "Whether pp_h4 reaches the threshold."),
)


@dataclass(frozen=True, repr=False)
class ColocResult:
    """Posteriors of the five hypotheses about two traits at a locus.

    Attributes
    ----------
    posteriors
        PP of H0 to H4, shape (5,), summing to 1.
    nsnps
        Number of variants in both data sets.
    priors
        p1, p2 and p12 as they were used.
    table
        One row a variant: ``snp, position, z_1, r_1, lbf_1, z_2, r_2, lbf_2, lbf_sum, snp_pp_h4``; the names of the R
        package (``lABF.df1``, ``SNP.PP.H4``, ...) reach the same columns.
    meta
        Parameters, version and notes on what was assumed.
    """

    posteriors: Floats
    nsnps: int
    priors: Priors
    table: Table
    sums: Sums
    meta: Mapping[str, Any]

    @property
    def pp_h0(self) -> float:
        """Posterior that neither trait has a causal variant here."""
        return float(self.posteriors[0])

    @property
    def pp_h1(self) -> float:
        """Posterior that only the first trait has a causal variant here."""
        return float(self.posteriors[1])

    @property
    def pp_h2(self) -> float:
        """Posterior that only the second trait has a causal variant here."""
        return float(self.posteriors[2])

    @property
    def pp_h3(self) -> float:
        """Posterior that both traits have a causal variant, and that they differ."""
        return float(self.posteriors[3])

    @property
    def pp_h4(self) -> float:
        """Posterior that both traits share one causal variant."""
        return float(self.posteriors[4])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed or adjusted."""
        return tuple(self.meta["notes"])

    def summary(self) -> dict[str, float | int]:
        """Return the summary under the names of the R package: ``nsnps, PP.H0.abf, ..., PP.H4.abf``."""
        return {"nsnps": self.nsnps, **{f"PP.H{h}.abf": float(pp) for h, pp in enumerate(self.posteriors)}}

    def sensitivity(self, p12: npt.ArrayLike | None = None, *, threshold: float = 0.5) -> Table:
        """Return the posteriors under other priors p12.

        Parameters
        ----------
        p12
            Values in (0, 1); by default 100 from p1 p2 to the lesser of p1 and p2, even on the log scale.
        threshold
            Least pp_h4 that counts as support, in [0, 1].

        Returns
        -------
        Table
            Columns ``p12, pp_h0 ... pp_h4, prior_h0 ... prior_h4, supported``; priors are missing where they would
            not sum to 1.

        Raises
        ------
        InvalidOption
            A value is outside its range.

        References
        ----------
        Wallace 2020, doi:10.1371/journal.pgen.1008720.
        """
        low, high = self.priors.p1 * self.priors.p2, min(self.priors.p1, self.priors.p2)
        tried = np.geomspace(low, high, 100) if p12 is None else np.atleast_1d(as_numbers(p12, "p12"))
        for name, values in (("p12", tried), ("threshold", np.array([threshold]))):
            wrong = values[~((values > 0) & (values < 1))]
            if wrong.size and not (name == "threshold" and threshold in (0, 1)):
                raise InvalidOption(
                    f"{name} cannot be {wrong[0]}.", value=wrong[0], next_step="A probability lies between 0 and 1."
                )
        found = posteriors(self.sums, self.priors.p1, self.priors.p2, tried)
        before = prior_of_hypotheses(self.nsnps, self.priors, tried)
        data: dict[str, Any] = {"p12": tried, "supported": found[:, 4] >= threshold}
        for h in range(len(HYPOTHESES)):
            data[f"pp_h{h}"], data[f"prior_h{h}"] = found[:, h], before[:, h]
        return Table(SENSITIVITY, data, {**self.meta, "threshold": threshold}, len(tried))

    def credible_set(self, coverage: float = 0.95) -> Table:
        """Return the fewest variants that hold `coverage` of the shared causal variant, given H4, likeliest first."""
        return self.table.take(credible_set(self.table["snp_pp_h4"], coverage=coverage, normalise=True))

    def __repr__(self) -> str:
        best = int(np.argmax(self.posteriors))
        top = self.table.take([int(np.argmax(self.table["snp_pp_h4"]))])
        lines = [f"ColocResult: {self.nsnps:,} variants, likeliest H{best}: {HYPOTHESES[best]}"]
        lines += [
            f"  H{h}  {format_number(float(pp)):>8}  {what}"
            for h, (pp, what) in enumerate(zip(self.posteriors, HYPOTHESES, strict=True))
        ]
        lines.append(
            f"  given H4, the likeliest variant is {top['snp'][0]} ({format_number(float(top['snp_pp_h4'][0]))});"
            f" the 95 % credible set has {len(self.credible_set()):,}"
        )
        lines.append(f"  p1 {self.priors.p1:g}, p2 {self.priors.p2:g}, p12 {self.priors.p12:g}")
        return "\n".join(lines + [f"  {note}" for note in self.notes])
