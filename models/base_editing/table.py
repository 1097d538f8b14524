"""The measured guides, one row each, made from the table of outcomes."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, WINDOW, encoded
from lifenode.editing.base_joint import OUTCOMES


@dataclass(frozen=True)
class Table:
    """Guides.

    Attributes
    ----------
    bases
        Contexts; see `lifenode.editing.base_features.encoded`.
    sources, source
        Names of the data sources, and the place of each guide's among them.
    partition
        1 to 5.
    percent
        Percent of reads that are edited.
    fractions
        Fraction of reads edited at each of the 20 positions.
    editable
        Where there is something to edit.
    shares
        Share of each outcome among edited reads; see `lifenode.editing.base_joint`. All 0 for a guide never edited.
    """

    bases: npt.NDArray[np.int8]
    sources: tuple[str, ...]
    source: npt.NDArray[np.int64]
    partition: npt.NDArray[np.int64]
    percent: npt.NDArray[np.float64]
    fractions: npt.NDArray[np.float64]
    editable: npt.NDArray[np.bool_]
    shares: npt.NDArray[np.float64]


def read_table(path: Path, editor: str) -> Table:
    """Read a table of outcomes."""
    target = EDITED[editor]
    guides: dict[tuple[str, str], dict[str, Any]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            key = (row["source"], row["refs"])
            if key not in guides:
                guides[key] = {
                    "context": row["surro_target"], "partition": int(row["partition"]),
                    "percent": float(row["editingeff"]), "fractions": [0.0] * GUIDE, "shares": np.zeros(OUTCOMES),
                }  # fmt: skip
            share = float(row["outcomefreq"]) / 100
            outcome = 0
            for place, (before, after) in enumerate(zip(row["refs"], row["outcomes"], strict=True)):
                if before != after and before == target:
                    guides[key]["fractions"][place] += share
                    outcome |= 1 << (place + 1 - WINDOW[0])
            if outcome:
                guides[key]["shares"][outcome] += share
    sources = tuple(sorted({source for source, _ in guides}))
    bases = encoded([guide["context"] for guide in guides.values()])
    shares = np.array([guide["shares"] for guide in guides.values()])
    edited = shares.sum(axis=1, keepdims=True)
    return Table(
        bases=bases,
        sources=sources,
        source=np.array([sources.index(source) for source, _ in guides]),
        partition=np.array([guide["partition"] for guide in guides.values()]),
        percent=np.array([guide["percent"] for guide in guides.values()]),
        fractions=np.array([guide["fractions"] for guide in guides.values()]),
        editable=bases[:, BEFORE : BEFORE + GUIDE] == LETTERS.index(target),
        shares=np.divide(shares, edited, out=np.zeros_like(shares), where=edited > 0),
    )
