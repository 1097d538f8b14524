"""Signals: log Bayes factors of several effects over the variants of a locus, in the forms they come in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.eqtl.coloc_bayes import as_numbers, has_missing, log_sum_exp
from lifenode.eqtl.coloc_fields import Fields, Floats, Texts, columns_of
from lifenode.errors import BadTable, EmptyInput

# An unused effect is 0 throughout; the first few variants tell the others.
_FEW = 16
_EFFECT = re.compile(r"lbf(?:_variable)?(\d+)")


@dataclass(frozen=True)
class Signals:
    """Signals of one trait at one locus.

    Attributes
    ----------
    snp
        Variant ids, shape (p,), object.
    lbf
        ln Bayes factors, shape (L, p); NaN where a variant was not tested.
    index
        Number of each signal, from 1, shape (L,).
    name
        How results call the trait.

    Raises
    ------
    BadTable
        Shapes do not fit, an id is missing or there twice, or a Bayes factor is infinite.
    """

    snp: Texts
    lbf: Floats
    index: npt.NDArray[np.int64]
    name: str = ""

    def __init__(self, snp: Any, lbf: Any, index: Any = None, name: str = "") -> None:
        label = f"The signals of {name}" if name else "The set of signals"
        ids = Fields({"snp": snp}, label).snp
        matrix = np.atleast_2d(as_numbers(lbf, f"lbf of {name}" if name else "lbf"))
        if matrix.ndim != 2 or matrix.shape[1] != len(ids):
            raise BadTable(
                f"{label} have {len(ids):,} variants and Bayes factors of shape {matrix.shape}.",
                value=matrix.shape,
                next_step="Give one row a signal and one column a variant.",
            )
        if np.isinf(matrix).any():
            row, column = np.argwhere(np.isinf(matrix))[0]
            raise BadTable(
                f"{label} have an infinite Bayes factor at {ids[column]}, signal {row + 1}.",
                value=matrix[row, column],
                next_step="Give natural logarithms, and NaN for a variant that was not tested.",
            )
        numbers = np.arange(1, len(matrix) + 1) if index is None else np.asarray(index, dtype=np.int64)
        _fill(self, ids, matrix, numbers, name)

    def chosen(self, rows: Any) -> Signals:
        """Return the signals at `rows`: a slice, 0-based indices, or a mask."""
        found = object.__new__(Signals)
        _fill(found, self.snp, self.lbf[rows], self.index[rows], self.name)
        return found

    def called(self, name: str) -> Signals:
        """Return the signals under another name."""
        found = object.__new__(Signals)
        _fill(found, self.snp, self.lbf, self.index, name)
        return found

    def used(self) -> slice | npt.NDArray[np.intp]:
        """Return the rows of the signals that are more than the 0 that stands for an unused effect."""
        rows = [row for row, lbf in enumerate(self.lbf) if _any_value(lbf[:_FEW]) or _any_value(lbf)]
        return slice(None) if len(rows) == len(self.lbf) else np.array(rows, dtype=np.intp)

    def tested(self) -> npt.NDArray[np.int64]:
        """Return how many variants each signal has."""
        missing = np.sum(np.isnan(self.lbf), axis=1) if has_missing(self.lbf) else np.zeros(len(self.lbf))
        return np.asarray(self.lbf.shape[1] - missing, dtype=np.int64)

    def totals(self) -> Floats:
        """Return ln sum of the Bayes factors of each signal."""
        return log_sum_exp(np.where(np.isnan(self.lbf), -np.inf, self.lbf) if has_missing(self.lbf) else self.lbf)


def _fill(signals: Signals, *values: Any) -> None:
    for field, value in zip(("snp", "lbf", "index", "name"), values, strict=True):
        object.__setattr__(signals, field, value)


def _any_value(lbf: Floats) -> bool:
    return bool(np.any((lbf != 0) & ~np.isnan(lbf)))


def signals_of(given: Any, name: str = "") -> Signals:
    """Read signals in any of their forms.

    Parameters
    ----------
    given
        `Signals`; a result of `lifenode.eqtl.susie_rss`; a mapping with ``snp`` (or ``variant``) and ``lbf``, a matrix
        of one row a signal; or a table with ``snp`` (or ``variant``) and ``lbf_variable1``, ``lbf_variable2``, ..., as
        in the files of the eQTL Catalogue. A variant called ``null`` is taken off the others and dropped.
    name
        How results call the trait.

    Raises
    ------
    BadTable
        It is none of these, or holds several molecular traits.
    """
    if isinstance(given, Signals):
        return given.called(name) if name else given
    if hasattr(given, "lbf_variable") and hasattr(given, "snp"):
        return Signals(given.snp, given.lbf_variable, name=name)
    label = f"The signals of {name}" if name else "The set of signals"
    columns = columns_of(given, label)
    fields = Fields(columns, label)
    if "molecular_trait_id" in columns and len(set(columns["molecular_trait_id"])) > 1:
        raise fields.bad(
            "hold several molecular traits", None, "Give one, or a mapping of them to lifenode.eqtl.coloc_many."
        )
    if "lbf" in columns:
        matrix, index = np.atleast_2d(as_numbers(columns["lbf"], "lbf")), None
    else:
        numbers = {int(found[1]): key for key in columns if (found := _EFFECT.fullmatch(key))}
        if not numbers:
            raise fields.bad(
                "have no Bayes factors", None, "Give lbf, or the columns lbf_variable1, lbf_variable2, ..."
            )
        index = sorted(numbers)
        matrix = np.array([as_numbers(columns[numbers[at]], numbers[at]) for at in index])
    return _without_null(Signals(fields.snp, matrix, index, name))


def _without_null(signals: Signals) -> Signals:
    null = signals.snp == "null"
    if not null.any():
        return signals
    return Signals(signals.snp[~null], signals.lbf[:, ~null] - signals.lbf[:, null], signals.index, signals.name)


def named_signals(given: Any) -> list[Signals]:
    """Return the signals of one trait or of many: a mapping from name to signals, or a list of signals."""
    if isinstance(given, (Mapping, list, tuple)) and not given:
        raise EmptyInput("No signals were given.", next_step="Give at least one trait with its signals.")
    if isinstance(given, Mapping) and not {"lbf", "snp", "variant"} & set(given):
        return [signals_of(one, str(name)) for name, one in given.items()]
    if isinstance(given, (list, tuple)):
        return [signals_of(one, getattr(one, "name", "") or str(at)) for at, one in enumerate(given, start=1)]
    return [signals_of(given)]
