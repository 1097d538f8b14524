"""The screens: one row for each insert and screen, with its features."""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lifenode.editing.prime_features import features
from lifenode.editing.prime_site import Site

Floats = npt.NDArray[np.float64]
PARTS = 5


@dataclass(frozen=True)
class Screens:
    """Measured insertions.

    Attributes
    ----------
    screens, spacers, cells, mmr
        Names of the screens; the spacer, the cell line and the state of mismatch repair (1 works) of each.
    screen
        Place of each row's screen among them.
    inserts
        Insert of each row.
    part
        1 to 5; an insert is in one part, whatever the screen.
    features
        Features of each row.
    percent, z, root
        Rate in percent; standardised within the screen; its square root standardised.
    """

    screens: tuple[str, ...]
    spacers: tuple[str, ...]
    cells: tuple[str, ...]
    mmr: npt.NDArray[np.int64]
    screen: npt.NDArray[np.int64]
    inserts: tuple[str, ...]
    part: npt.NDArray[np.int64]
    features: Floats
    percent: Floats
    z: Floats
    root: Floats

    @property
    def flags(self) -> Floats:
        """A column for each screen."""
        return np.eye(len(self.screens))[self.screen]


def read_screens(path: Path, baseline: Floats) -> Screens:
    """Read the screens and fold what is to be folded."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    names = tuple(sorted({row["axis_name"] for row in rows}))
    first = {row["axis_name"]: row for row in reversed(rows)}
    screen = np.array([names.index(row["axis_name"]) for row in rows])
    percent = np.array([float(row["percIns"]) for row in rows])
    inserts = tuple(row["ins"] for row in rows)
    different = sorted(set(inserts))
    random.Random(1).shuffle(different)
    part = {insert: 1 + place % PARTS for place, insert in enumerate(different)}
    sites = {
        name: Site(row["sp"].upper(), row["PBS"].upper(), row["HA"].upper()) for name, row in first.items()
    }  # fmt: skip
    return Screens(
        screens=names,
        spacers=tuple(sites[name].spacer for name in names),
        cells=tuple(first[name]["cell_line"] for name in names),
        mmr=np.array([int(first[name]["mmr"]) for name in names]),
        screen=screen,
        inserts=inserts,
        part=np.array([part[insert] for insert in inserts]),
        features=_features(inserts, [sites[row["axis_name"]] for row in rows], baseline),
        percent=percent,
        z=standardised(percent, screen),
        root=standardised(np.sqrt(np.maximum(percent, 0)), screen),
    )


def read_external(path: Path, baseline: Floats) -> tuple[list[Site], list[list[str]], list[Floats], list[Floats]]:
    """Return sites, their inserts, features and rates in percent, of which nothing is fitted."""
    by_site: dict[Site, list[tuple[str, float]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            site = Site(row["spacer"].upper(), row["PBS"].upper(), row["HA"].upper())
            by_site[site].append((row["insertion"], float(row["percIns"])))
    inserts = [[insert for insert, _ in rows] for rows in by_site.values()]
    return (
        list(by_site),
        inserts,
        [features(mine, site, baseline) for mine, site in zip(inserts, by_site, strict=True)],
        [np.array([percent for _, percent in rows]) for rows in by_site.values()],
    )


def standardised(values: Floats, group: npt.NDArray[np.int64]) -> Floats:
    """Return values less the mean of their group, over its standard deviation."""
    found = np.zeros(len(values))
    for at in np.unique(group):
        mine = group == at
        found[mine] = (values[mine] - values[mine].mean()) / values[mine].std(ddof=1)
    return found


def _features(inserts: tuple[str, ...], sites: list[Site], baseline: Floats) -> Floats:
    found: dict[tuple[Site, str], Floats] = {}
    for site in dict.fromkeys(sites):
        mine = sorted({insert for insert, own in zip(inserts, sites, strict=True) if own == site})
        rows = features(mine, site, baseline)
        found |= {(site, insert): row for insert, row in zip(mine, rows, strict=True)}
    return np.array([found[site, insert] for insert, site in zip(inserts, sites, strict=True)])
