"""Correlation matrices of variants: what makes one usable, and how far z scores contradict it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lifenode.eqtl.coloc_bayes import Floats, as_numbers
from lifenode.eqtl.coloc_fields import Texts
from lifenode.eqtl.susie_effect import maximise
from lifenode.errors import BadTable

# Beyond what rounding to six digits or single precision does.
_TOLERANCE = 1e-5
_ZERO = 1e-8


def checked_ld(ld: Any, snp: Texts) -> Floats:
    """Return a correlation matrix as symmetric float64.

    Parameters
    ----------
    ld
        Shape (p, p): signed correlations r, not r².
    snp
        The variants, shape (p,).

    Raises
    ------
    BadTable
        The shape does not fit, a value is missing or beyond 1, the diagonal is not 1, it is not symmetric, or a
        labelled matrix is in another order than `snp`.
    """
    count = len(snp)
    labels = [str(name) for name in getattr(ld, "columns", [])]
    if labels and labels != snp.tolist() and set(labels) == set(snp.tolist()):
        raise _bad("is in another order than the variants", labels[0], "Order its rows and columns as the z scores.")
    matrix = as_numbers(ld, "LD")
    if matrix.shape != (count, count):
        raise _bad(f"has shape {matrix.shape} for {count:,} variants", matrix.shape, "It has to be square, p × p.")
    for problem, wrong, next_step in (
        ("is not finite", ~np.isfinite(matrix), "Remove variants that are monomorphic in the reference panel."),
        ("is no correlation", np.abs(matrix) > 1 + _TOLERANCE, "Give correlations r, which lie between -1 and 1."),
        ("differs from its mirror image", np.abs(matrix - matrix.T) > _TOLERANCE, "Give the whole symmetric matrix."),
        ("should be 1", np.diag(np.abs(np.diag(matrix) - 1) > _TOLERANCE), "Give correlations, not covariances or r²."),
    ):
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            place = f"{snp[row]}, {snp[column]} (row {row}, column {column})"
            raise _bad(f"{problem} at {place}: {matrix[row, column]:g}", matrix[row, column], next_step)
    return np.asarray((matrix + matrix.T) / 2)


def _bad(problem: str, value: object, next_step: str) -> BadTable:
    return BadTable(f"The LD matrix {problem}.", value=value, next_step=next_step)


def adjusted_z(z: Floats, n: float | None) -> Floats:
    """Return z sqrt((n - 1) / (z² + n - 2)), which takes the variance explained into account; z where n is None."""
    return z if n is None else np.asarray(z * np.sqrt((n - 1) / (z**2 + n - 2)))


def inconsistency(z: Floats, ld: Floats) -> float:
    """Return the λ in [0, 1] under which z is likeliest to be normal with covariance (1 - λ) R + λ I."""
    values, vectors = np.linalg.eigh(ld)
    values = np.where(np.abs(values) < _ZERO, 0.0, values)
    if values[0] < 0:
        values = np.maximum(values, 0.0)
    along = np.square(vectors.T @ z)

    def likelihood(share: float) -> float:
        variance = (1 - share) * values + share
        return -0.5 * float(np.sum(np.log(variance)) + np.sum(along / variance))

    return maximise(likelihood, 1e-12, 1.0)


def regularised(ld: Floats, share: float) -> Floats:
    """Return (1 - λ) R + λ I for λ = `share`."""
    found = (1 - share) * ld
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)
