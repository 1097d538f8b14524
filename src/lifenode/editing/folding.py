"""Folding of RNA by ViennaRNA: minimum free energies, and which bases pair."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from lifenode._batch_pool import isolated_context
from lifenode.errors import MissingPart

# Starting processes takes as long as this many folds.
_WORTH_PROCESSES = 2_000
_CHUNK = 250

_Found = TypeVar("_Found", float, str)


def energies(sequences: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the minimum free energy of each sequence at 37 C, kcal/mol; 0 of an empty one.

    Raises
    ------
    MissingPart
        ViennaRNA is not installed.
    """
    return np.array(_each(_energies, sequences), np.float64)


def pairings(sequences: Sequence[str]) -> list[str]:
    """Return the structure of least free energy of each sequence in dots and brackets.

    Two strands are joined by ``&``, which the structure leaves out.

    Raises
    ------
    MissingPart
        ViennaRNA is not installed.
    """
    return _each(_pairings, sequences)


def _energies(sequences: Iterable[str]) -> list[float]:
    fold = _library().fold
    return [float(fold(sequence)[1]) if sequence else 0.0 for sequence in sequences]


def _pairings(sequences: Iterable[str]) -> list[str]:
    library = _library()
    return [(library.cofold if "&" in each else library.fold)(each)[0].replace("&", "") for each in sequences]


def _each(work: Callable[[Iterable[str]], list[_Found]], sequences: Sequence[str]) -> list[_Found]:
    """Fold each different sequence once, many of them on all cores."""
    different = sorted(set(sequences), key=lambda text: (-len(text), text))
    _library()
    workers = os.cpu_count() or 1
    if workers == 1 or len(different) < _WORTH_PROCESSES:
        known = dict(zip(different, work(different), strict=True))
    else:
        chunks = [different[start : start + _CHUNK] for start in range(0, len(different), _CHUNK)]
        with ProcessPoolExecutor(workers, mp_context=isolated_context()) as pool:
            found = [one for chunk in pool.map(work, chunks) for one in chunk]
        known = dict(zip(different, found, strict=True))
    return [known[sequence] for sequence in sequences]


def _library() -> Any:
    try:
        return import_module("RNA")
    except ImportError:
        raise MissingPart.library("ViennaRNA", "Folding of the pegRNA", "editing") from None
