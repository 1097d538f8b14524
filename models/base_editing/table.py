"""The measured guides, one row each, made from the table of outcomes."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, encoded


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
    """

    bases: npt.NDArray[np.int8]
    sources: tuple[str, ...]
    source: npt.NDArray[np.int64]
    partition: npt.NDArray[np.int64]
    percent: npt.NDArray[np.float64]
    fractions: npt.NDArray[np.float64]
    editable: npt.NDArray[np.bool_]


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
                    "percent": float(row["editingeff"]), "fractions": [0.0] * GUIDE,
                }  # fmt: skip
            share = float(row["outcomefreq"]) / 100
            for place, (before, after) in enumerate(zip(row["refs"], row["outcomes"], strict=True)):
                if before != after and before == target:
                    guides[key]["fractions"][place] += share
    sources = tuple(sorted({source for source, _ in guides}))
    bases = encoded([guide["context"] for guide in guides.values()])
    return Table(
        bases=bases,
        sources=sources,
        source=np.array([sources.index(source) for source, _ in guides]),
        partition=np.array([guide["partition"] for guide in guides.values()]),
        percent=np.array([guide["percent"] for guide in guides.values()]),
        fractions=np.array([guide["fractions"] for guide in guides.values()]),
        editable=bases[:, BEFORE : BEFORE + GUIDE] == LETTERS.index(target),
    )
