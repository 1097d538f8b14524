"""A data set of one study at one locus: from what was given to one log Bayes factor a variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lifenode.eqtl.coloc_bayes import (
    PRIOR_SD,
    estimated_sdy,
    lbf_of,
    prior_sd_of,
    shrinkage,
    variance_from_maf,
    z_from_p,
)
from lifenode.eqtl.coloc_fields import Fields, Floats, Texts

# No study has a z score like this; larger ones are mistakes, and their squares would overflow.
LARGEST_Z = 1e6
_LARGEST = 1e100


@dataclass(frozen=True)
class Dataset:
    """One study at one locus.

    Attributes
    ----------
    snp
        Variant ids, shape (p,).
    z, variance, shrink, lbf
        z score, variance of the effect, W / (W + V) and ln Bayes factor, each of shape (p,).
    position
        As given, or None.
    sdy
        Standard deviation of the trait that was used; None for case-control studies and p-values.
    notes
        What was assumed.
    """

    label: str
    snp: Texts
    z: Floats
    variance: Floats
    shrink: Floats
    lbf: Floats
    position: Floats | None
    kind: str
    sdy: float | None
    notes: tuple[str, ...]


def dataset_of(given: Any, label: str = "The data set") -> Dataset:
    """Read a data set in any of its forms (see `lifenode.eqtl.coloc`).

    Raises
    ------
    BadTable
        A field is missing or has an impossible value; the message names the variant and row.
    """
    fields = Fields(given, label)
    kind = fields.word("type")
    if kind not in PRIOR_SD:
        problem = "has no type" if kind is None else f"has the type {kind}"
        raise fields.bad(
            problem, kind, 'Say {**table, "type": "quant"} for a quantitative trait, "cc" for case-control.'
        )
    sdy, notes = None, []
    if "beta" in fields and ("varbeta" in fields or "se" in fields):
        z, se = z_scores(fields)
        variance = se**2
        if kind == "quant":
            sdy = fields.single("sdy") if "sdy" in fields else _guessed_sdy(fields, variance)
            if "sdy" not in fields:
                notes.append(f"{label}: sdY estimated as {sdy:.6g} from varbeta, MAF and N")
    elif "pvalues" in fields:
        z = z_from_p(fields.within("pvalues", 0, 1, top=True))
        share = fields.within("s", 0, 1) if kind == "cc" else None
        variance = variance_from_maf(fields.within("maf", 0, 1), fields.within("n", 0, np.inf), share)
        notes.append(f"{label}: effects approximated from p-values, MAF and N")
    else:
        raise fields.bad(
            "has no effects", None, "Give beta with varbeta (or se), or pvalues with MAF, N and, for cc, s."
        )
    shrink = shrinkage(variance, prior_sd_of(kind, 1.0 if sdy is None else sdy))
    position = fields.numbers("position") if "position" in fields else None
    return Dataset(label, fields.snp, z, variance, shrink, lbf_of(z, shrink), position, kind, sdy, tuple(notes))


def z_scores(fields: Fields) -> tuple[Floats, Floats]:
    """Return the z scores and standard errors of a data set with effects.

    Raises
    ------
    BadTable
        A value is missing, a variance or standard error is not above 0, or a z score is beyond belief.
    """
    se = np.sqrt(fields.within("varbeta", 0, np.inf)) if "varbeta" in fields else fields.within("se", 0, np.inf)
    fields.refuse("se", se, (se < 1 / _LARGEST) | (se > _LARGEST), "Check its unit.")
    z = fields.numbers("beta") / se
    fields.refuse("z", z, ~(np.abs(z) < LARGEST_Z), "Check the units of beta and of its standard error.")
    return z, se


def _guessed_sdy(fields: Fields, variance: Floats) -> float:
    if "maf" not in fields or "n" not in fields:
        raise fields.bad(
            "has neither sdY nor MAF and N to estimate it from", None, "Give sdY (1 where the trait was normalised)."
        )
    return estimated_sdy(variance, fields.within("maf", 0, 1), fields.within("n", 0, np.inf))


def shared_rows(first: Texts, second: Texts) -> tuple[list[int], list[int]]:
    """Return the rows of the variants that both have, in the order of the first."""
    at = {name: row for row, name in enumerate(second.tolist())}
    pairs = [(row, at[name]) for row, name in enumerate(first.tolist()) if name in at]
    return [row for row, _ in pairs], [row for _, row in pairs]
