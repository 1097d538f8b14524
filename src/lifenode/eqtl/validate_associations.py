"""Checks of rows of summary statistics: what goes into the store is right, and what was not is named and counted."""

from __future__ import annotations

import numpy as np
import polars as pl

from lifenode.eqtl.columns import LONG_STRING
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_text import ROW
from lifenode.eqtl.validate_p_values import degrees_of_freedom, nlog10p_from_t
from lifenode.eqtl.validate_variants import checked_chromosomes, checked_variants

_MAF_TOLERANCE = 0.05

# Rows that cannot be used: the fault, when a row has it, and the column that shows it.
_FAULTS: dict[str, tuple[pl.Expr, str]] = {
    "bad_trait": (pl.col("molecular_trait_id").is_null(), "molecular_trait_id"),
    "bad_position": (~pl.col("position").is_between(1, 999_999_999).fill_null(False), "position"),
    "bad_p_value": (~pl.col("pvalue").is_between(0.0, 1.0).fill_null(False), "pvalue"),
    "bad_standard_error": (
        ~(pl.col("beta").is_finite() & pl.col("se").is_finite() & (pl.col("se") > 0)).fill_null(False),
        "se",
    ),
}


class AssociationChecks:
    """The checks of one file of summary statistics, batch by batch.

    Parameters
    ----------
    file
        Its name.
    findings
        Where faults are noted.

    Notes
    -----
    A swap of ``ac`` and ``an`` is told row by row: no allele can be counted more often than there are alleles. Where
    p = 0, -log10 p is computed from beta / se with the degrees of freedom that the other p-values of the file were
    made with.
    """

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._degrees: float | None = None

    def checked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that can be used, repaired where they had to be, with ``nlog10p``."""
        frame = checked_chromosomes(frame, self._file, self._findings)
        frame = self._without_unusable(frame)
        frame = checked_variants(frame, self._file, self._findings)
        frame = self._with_right_counts(frame)
        frame = self._with_right_rsids(frame)
        return self._with_logarithms(frame)

    def _without_unusable(self, frame: pl.DataFrame) -> pl.DataFrame:
        wrong = frame.select(fault.alias(code) for code, (fault, _) in _FAULTS.items())
        if not any(column.any() for column in wrong):
            return frame
        taken = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        for code, (_, column) in _FAULTS.items():
            self._findings.add_mask(code, self._file, wrong[code] & ~taken, frame[ROW], frame[column])
            taken = taken | wrong[code]
        return frame.filter(~taken)

    def _with_right_counts(self, frame: pl.DataFrame) -> pl.DataFrame:
        swapped = (frame["ac"] > frame["an"]).fill_null(False)
        if swapped.any():
            self._findings.add_mask("ac_an_swapped", self._file, swapped, frame[ROW], frame["ac"])
            frame = frame.with_columns(
                ac=pl.when(swapped).then("an").otherwise("ac"), an=pl.when(swapped).then("ac").otherwise("an")
            )
        share = pl.col("ac") / pl.col("an")
        far = (pl.min_horizontal(share, 1 - share) - pl.col("maf")).abs() > _MAF_TOLERANCE
        differs = frame.select(far.fill_null(False)).to_series()
        if differs.any():
            self._findings.add_mask("maf_disagrees", self._file, differs, frame[ROW], frame["maf"])
        return frame

    def _with_right_rsids(self, frame: pl.DataFrame) -> pl.DataFrame:
        rsid = frame["rsid"]
        changed = frame.select(pl.col("rsid").ne_missing(pl.col("rsid").shift())).to_series()
        if rsid.filter(changed).str.contains(r"^rs[0-9]+$").all():
            return frame
        is_long = (rsid == LONG_STRING).fill_null(False)
        bad = ~rsid.str.contains(r"^rs[0-9]+$").fill_null(True) & ~is_long
        self._findings.add_mask("long_string", self._file, is_long, frame[ROW], rsid)
        self._findings.add_mask("bad_rsid", self._file, bad, frame[ROW], rsid)
        return frame.with_columns(rsid=pl.when(is_long | bad).then(None).otherwise("rsid"))

    def _with_logarithms(self, frame: pl.DataFrame) -> pl.DataFrame:
        p = frame["pvalue"].to_numpy()
        zero = np.flatnonzero(p == 0)
        with np.errstate(divide="ignore"):
            logarithm = -np.log10(p)
        if len(zero):
            t = (frame["beta"] / frame["se"]).to_numpy()
            if self._degrees is None:
                self._degrees = degrees_of_freedom(t, p, _likely_degrees(frame))
            logarithm[zero] = nlog10p_from_t(np.maximum(np.abs(t[zero]), 5.0), self._degrees)
            self._findings.add_mask("zero_p_value", self._file, frame["pvalue"] == 0, frame[ROW], frame["variant"])
        # -0.0, of p = 1, is nobody's idea of a logarithm.
        return frame.with_columns(nlog10p=pl.Series(logarithm + 0.0, dtype=pl.Float32))


def _likely_degrees(frame: pl.DataFrame) -> float:
    """Return the number of people less 2, where no p-value tells the degrees of freedom."""
    alleles = frame["an"].max()
    return max(float(alleles) / 2 - 2, 3.0) if isinstance(alleles, int) else float("inf")
