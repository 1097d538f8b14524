"""The prime-editing models: how well an insert goes in at a site that was screened, and at a new one.

Both give z, the rate standardised within a screen: 0 for its average insert, 1 a standard deviation above it. The head
for screened sites is the mean of two sets of boosted trees that know the screen. The head for new sites sees nothing
that names a site; it is the sum of two sets of trees that never take a longer insert for better and of three small
networks, each divided by its standard deviation, brought to the scale of z.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.editing import weights
from lifenode.editing.prime_features import NAMES
from lifenode.editing.prime_site import Site
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]

NETWORKS = 3
NEW_COLUMNS = tuple(place for place, name in enumerate(NAMES) if name not in ("energy_rtt", "energy_extension"))
"""Columns of `prime_features.NAMES` that the head for new sites sees; absolute energies would name the site."""
RANGE_COLUMNS = tuple(
    place
    for place, name in enumerate(NAMES)
    if name.startswith(("length", "percent_", "run_", "energy_")) and place in NEW_COLUMNS
)
"""Columns in which the distance to the training data is measured."""
KNOWN_PARTS = ("known_clip_", "known_huber_")
NEW_PARTS = ("new_clip_", "new_root_")
_CLIP = 4.0


@dataclass(frozen=True)
class Model:
    """The models as arrays; see models/prime_editing.

    Attributes
    ----------
    arrays
        All weights.
    """

    arrays: weights.Arrays

    @property
    def screens(self) -> tuple[str, ...]:
        """Screens the model knows, such as ``HEK3 HAP1``: site, then cell line."""
        return tuple(self.arrays["screens"].tolist())

    def screens_of(self, site: Site, mmr: int, cell_line: str | None = None) -> Floats | None:
        """Return the share of each screen in the answer for a site, or None where the site was not screened.

        Screens of the cell line count alone where there are any, otherwise those with its state of mismatch repair.
        """
        here = self.arrays["screen_spacers"] == site.spacer
        same = here & (self.arrays["screen_cells"] == (cell_line or ""))
        chosen = same if same.any() else here & (self.arrays["screen_mmr"] == mmr)
        return chosen / chosen.sum() if chosen.any() else None

    def known(self, features: Floats, shares: Floats) -> Floats:
        """Return z at a screened site."""
        each = [Forest.from_arrays(self.arrays, part).averaged(features, shares) for part in KNOWN_PARTS]
        return np.asarray(np.mean(each, axis=0))

    def new(self, features: Floats, mmr: int) -> Floats:
        """Return z at a new site."""
        parts, spread = self.new_parts(features, np.full(len(features), float(mmr))), self.arrays["new_spread"]
        total = np.sum([part / spread[at] for at, part in enumerate(parts)], axis=0)
        slope, intercept = self.arrays["new_line"]
        return np.asarray(slope * total + intercept)

    def new_parts(self, features: Floats, mmr: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what each part of the head for new sites says."""
        inputs = new_inputs(features, mmr)
        first, second = (Forest.from_arrays(self.arrays, part).predict(inputs) for part in NEW_PARTS)
        return first, second, self._networks(inputs)

    def _networks(self, inputs: Floats) -> Floats:
        scaled = (network_inputs(inputs) - self.arrays["network_centre"]) / self.arrays["network_scale"]
        scaled = np.clip(scaled, -_CLIP, _CLIP)
        total = np.zeros(len(inputs))
        for number in range(NETWORKS):
            hidden = scaled
            for layer in range(3):
                hidden = hidden @ self._array(f"network{number}_w{layer}") + self._array(f"network{number}_b{layer}")
                hidden = np.maximum(hidden, 0) if layer < 2 else hidden
            total += hidden[:, 0] / NETWORKS
        return total

    def _array(self, name: str) -> Floats:
        return np.asarray(self.arrays[name], np.float64)

    def known_percents(self, z: Floats, shares: Floats) -> Floats:
        """Return percent with the bounds of an 80 % interval, three columns, at a screened site."""
        found = np.zeros((len(z), 3))
        for at in np.flatnonzero(shares):
            found += shares[at] * interpolated(z, self.arrays["known_steps"][at], self.arrays["known_bounds"][at])
        return found

    def new_percents(self, z: Floats, mmr: int) -> Floats:
        """Return the same at a new site: what such inserts came to in screens of sites that the model had not seen."""
        return interpolated(z, self.arrays["new_steps"][mmr], self.arrays["new_bounds"][mmr])

    def distance(self, features: Floats) -> Floats:
        """Return how far each row lies outside the range of the training data: standard deviations, 0 within it."""
        low, high, scale = self.arrays["range"]
        mine = features[:, list(RANGE_COLUMNS)]
        beyond = np.maximum(low - mine, 0) + np.maximum(mine - high, 0)
        return np.asarray(np.sqrt(((beyond / scale) ** 2).sum(axis=1)))


def new_inputs(features: Floats, mmr: Floats) -> Floats:
    """Return what the head for new sites sees; the first column is the length."""
    return np.column_stack([features[:, list(NEW_COLUMNS)], mmr])


def network_inputs(inputs: Floats) -> Floats:
    """Return what the networks see of it before it is scaled."""
    return np.column_stack([inputs, np.log1p(inputs[:, 0])])


def interpolated(z: Floats, steps: Any, bounds: Any) -> Floats:
    """Return each column of `bounds`, percent at `steps`, at `z`; beyond the ends it goes on as it ended."""
    found = np.column_stack([np.interp(z, steps, bounds[:, column]) for column in range(bounds.shape[1])])
    for end, beside, beyond in ((0, 1, np.minimum(z - steps[0], 0)), (-1, -2, np.maximum(z - steps[-1], 0))):
        slope = (bounds[end] - bounds[beside]) / max(abs(steps[end] - steps[beside]), 1e-9) * (1 if end else -1)
        found += beyond[:, None] * slope[None]
    return np.asarray(np.clip(found, 0, 100))


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the shipped models."""
    return Model(weights.load("prime"))
