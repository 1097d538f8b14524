"""`lifenode.eqtl.coloc` and `finemap`: one causal variant a trait, from summary statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.eqtl.coloc_bayes import Floats, as_numbers, softmax
from lifenode.eqtl.coloc_dataset import Dataset, dataset_of, shared_rows
from lifenode.eqtl.coloc_posteriors import Priors, posteriors, sums_of
from lifenode.eqtl.coloc_result import ColocResult
from lifenode.errors import BadTable, InvalidOption
from lifenode.table import Column, Table

_SNP = Column("snp", "text", "The variant.")
_POSITION = Column("position", "number", "Position, as given.")
COLUMNS = (
    *(
        column
        for trait, word in (("1", "first"), ("2", "second"))
        for column in (
            Column(f"z_{trait}", "number", f"z score in the {word} data set."),
            Column(f"r_{trait}", "number", f"W / (W + V) in the {word}: prior variance over that of the estimate."),
            Column(f"lbf_{trait}", "number", f"ln Bayes factor of association in the {word}."),
        )
    ),
    Column("lbf_sum", "number", "lbf_1 + lbf_2."),
    Column("snp_pp_h4", "number", "Probability that this is the shared causal variant, given H4; sums to 1."),
)
FINEMAP = (
    Column("v", "number", "Variance of the effect."),
    Column("z", "number", "z score."),
    Column("r", "number", "W / (W + V): prior variance over that of the estimate."),
    Column("lbf", "number", "ln Bayes factor of association."),
    Column("prior", "number", "Prior probability to be causal."),
    Column("pp", "number", "Probability to be the causal variant; the row null is that there is none."),
)


def coloc(
    a: Any,
    b: Any,
    *,
    p1: float = 1e-4,
    p2: float = 1e-4,
    p12: float = 1e-5,
    weights_a: npt.ArrayLike | None = None,
    weights_b: npt.ArrayLike | None = None,
) -> ColocResult:
    """Ask whether two traits share a causal variant at a locus, with at most one causal variant for each.

    Parameters
    ----------
    a, b
        Data sets as the R package coloc takes them: a dict, or a table with these columns. ``snp`` (or ``variant``)
        names the variants; ``type`` is ``quant`` or ``cc``; then either ``beta`` and ``varbeta`` (or ``se``), with
        ``sdY`` for ``quant`` or ``MAF`` and ``N`` to estimate it from, or ``pvalues`` with ``MAF``, ``N`` and, for
        ``cc``, the share ``s`` of cases. ``maf``, ``n``, ``sdy``, ``pvalue`` and ``p_value`` are understood;
        ``position`` is carried along; other entries are not looked at. Single values stand for all variants, so
        ``{**frame, "type": "quant", "N": 288}`` completes a pandas frame.
    p1, p2, p12
        Prior probability that a variant is causal for the first trait alone, the second alone, and both.
    weights_a, weights_b
        Prior weight of each row of `a` or `b`, >= 0; scaled to mean 1 over the shared variants.

    Returns
    -------
    ColocResult
        ``.pp_h0`` to ``.pp_h4``, ``.nsnps``, ``.table`` (one row a shared variant), ``.sensitivity()``.

    Raises
    ------
    BadTable
        A field is missing, not numeric, of another length, or outside its range; a variant is there twice; no variant
        is in both.
    InvalidOption
        A prior or weight is outside its range.

    Notes
    -----
    Per variant, ln ABF = (ln(1 - r) + r z²) / 2 with r = W / (W + V), W = (0.15 sdY)² or 0.2² for ``cc``. Over the
    shared variants H0 : H1 : H2 : H3 : H4 = 1 : p1 S1 : p2 S2 : p1 p2 (S1 S2 - S12) : p12 S12. A prior p over n
    variants with p n >= 1 becomes 1 / (n + 1), which a note says. Only squares of z enter: which allele is the effect
    allele does not matter. Unlike the R package, rows with missing values or p = 0 are refused rather than left out.

    References
    ----------
    Giambartolomei 2014, doi:10.1371/journal.pgen.1004383; Wallace 2020, doi:10.1371/journal.pgen.1008720.

    Examples
    --------
    >>> snp, se = ["rs1", "rs2", "rs3"], [0.1, 0.1, 0.1]
    >>> eqtl = {"snp": snp, "beta": [0.1, 0.6, 0.2], "se": se, "type": "quant", "sdY": 1}
    >>> gwas = {"snp": snp, "beta": [0.0, 0.6, 0.1], "se": se, "type": "cc"}
    >>> result = coloc(eqtl, gwas)
    >>> result.nsnps, round(result.pp_h4, 4)
    (3, 0.9999)
    """
    first, second = dataset_of(a, "The first data set"), dataset_of(b, "The second data set")
    rows1, rows2 = shared_rows(first.snp, second.snp)
    if not rows1:
        raise BadTable(
            "No variant is in both data sets.",
            value=first.snp[0],
            next_step=f"The first names variants as {first.snp[0]}, the second as {second.snp[0]}: use one form.",
        )
    weights = [_weights(weights_a, first, rows1, "weights_a"), _weights(weights_b, second, rows2, "weights_b")]
    asked = Priors(p1, p2, p12)
    priors, adjusted = asked.adjusted(len(first.snp), len(second.snp), len(rows1))
    sums = sums_of(first.lbf[rows1], second.lbf[rows2], *weights)
    meta = {
        "lifenode": lifenode.__version__, "method": "coloc.abf", "reference": "doi:10.1371/journal.pgen.1004383",
        "p1": priors.p1, "p2": priors.p2, "p12": priors.p12, "sdY_1": first.sdy, "sdY_2": second.sdy,
        "variants": {"first": len(first.snp), "second": len(second.snp), "both": len(rows1)},
        "notes": [*first.notes, *second.notes, *adjusted],
    }  # fmt: skip
    table = _table(first, second, rows1, rows2, weights, meta)
    return ColocResult(posteriors(sums, *priors), len(rows1), priors, table, sums, meta)


def _weights(given: npt.ArrayLike | None, dataset: Dataset, rows: list[int], name: str) -> Floats | None:
    if given is None:
        return None
    weights = as_numbers(given, name)
    if weights.shape != dataset.snp.shape:
        raise InvalidOption(
            f"{name} has {weights.size} values for {len(dataset.snp)} variants.",
            value=weights.size,
            next_step="Give one weight a row.",
        )
    shared = weights[rows]
    if not (np.all(np.isfinite(weights)) and np.all(weights >= 0) and shared.sum() > 0):
        raise InvalidOption(
            f"{name} has a value that is negative or not finite, or nothing but 0 on the shared variants.",
            value=float(np.min(weights)),
            next_step="Weights are 0 or more.",
        )
    return np.asarray(shared / shared.mean())


def _table(
    first: Dataset,
    second: Dataset,
    rows1: list[int],
    rows2: list[int],
    weights: list[Floats | None],
    meta: dict[str, Any],
) -> Table:
    lbf_sum = first.lbf[rows1] + second.lbf[rows2]
    with np.errstate(divide="ignore"):
        prior = sum((np.log(one) for one in weights if one is not None), np.zeros(len(rows1)))
    data: dict[str, Any] = {"snp": first.snp[rows1], "lbf_sum": lbf_sum, "snp_pp_h4": softmax(lbf_sum + prior)}
    for trait, dataset, rows in (("1", first, rows1), ("2", second, rows2)):
        found = {"z": dataset.z[rows], "r": dataset.shrink[rows], "lbf": dataset.lbf[rows]}
        data |= {f"{name}_{trait}": values for name, values in found.items()}
        data |= {f"{name}.df{trait}": found[key] for name, key in (("z", "z"), ("r", "r"), ("lABF", "lbf"))}
        data[f"V.df{trait}"] = dataset.variance[rows]
    data |= {"internal.sum.lABF": lbf_sum, "SNP.PP.H4": data["snp_pp_h4"]}
    columns = [_SNP, *COLUMNS]
    position = first.position[rows1] if first.position is not None else None
    if position is None and second.position is not None:
        position = second.position[rows2]
    if position is not None:
        columns.insert(1, _POSITION)
        data["position"] = position
    return Table(columns, data, meta, len(rows1))


def finemap(a: Any, *, p1: float = 1e-4) -> Table:
    """Return how likely each variant is the one causal variant of a trait, against there being none.

    Parameters
    ----------
    a
        A data set as in `coloc`.
    p1
        Prior probability that a variant is causal; lowered to 1 / (p + 1) where p p1 >= 1 for p variants.

    Returns
    -------
    Table
        Columns ``snp, v, z, r, lbf, prior, pp``; the last row, ``null``, is that no variant is causal, with prior
        1 - p p1. ``pp`` sums to 1.

    Raises
    ------
    BadTable, InvalidOption
        As in `coloc`.

    References
    ----------
    Wakefield 2009, doi:10.1002/gepi.20359; Giambartolomei 2014, doi:10.1371/journal.pgen.1004383.
    """
    dataset = dataset_of(a)
    count = len(dataset.snp)
    priors, notes = Priors(p1, p1, p1).adjusted(count, 0, 0)
    prior = np.append(np.full(count, priors.p1), 1 - count * priors.p1)
    lbf = np.append(dataset.lbf, 0.0)
    data = {
        "snp": [*dataset.snp.tolist(), "null"], "lbf": lbf, "prior": prior, "pp": softmax(lbf + np.log(prior)),
        "v": np.append(dataset.variance, np.nan), "z": np.append(dataset.z, np.nan),
        "r": np.append(dataset.shrink, np.nan),
    }  # fmt: skip
    meta = {
        "lifenode": lifenode.__version__, "method": "finemap.abf", "reference": "doi:10.1002/gepi.20359",
        "p1": priors.p1, "sdY": dataset.sdy, "notes": [*dataset.notes, *notes],
    }  # fmt: skip
    return Table((_SNP, *FINEMAP), data, meta, count + 1)
