"""The base-editing models: how much of a guide's reads is edited in all, and which of its bases are, together.

The score of a guide is the sum of three models, each divided by its standard deviation: boosted trees, kernel ridge
regression and a small neural network, all on efficiencies standardised within their data source. Which source a guide
is asked for is a covariate; without one, the models are averaged over the sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.editing import weights
from lifenode.editing.base_features import GUIDE, WINDOW, by_hand, editability, guide_features
from lifenode.editing.base_joint import OUTCOMES, distribution, editable_masks, marginals, questions
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]
Bases = npt.NDArray[np.int8]
Singles = npt.NDArray[np.float32]

NETWORKS = 3
_CHUNK = 512
_QUESTIONS = 1 << 16

# Weights of mismatches by place of the context: most in the window and beside the PAM, none in its GG.
PLACES = np.array([0.3] * 4 + [1.0] + [1.8] * 11 + [1.0] * 4 + [1.8] * 4 + [1.0, 0.0, 0.0] + [0.3] * 3)
MISMATCH, DISTANCE, OTHER_SOURCE = 0.07, 0.004, 0.6


@dataclass(frozen=True)
class Model:
    """The models of one editor, as arrays; see models/base_editing.

    Attributes
    ----------
    editor
        ``ABE`` or ``CBE``.
    arrays
        All weights.
    """

    editor: str
    arrays: weights.Arrays

    @property
    def sources(self) -> tuple[str, ...]:
        """Data sources the model knows."""
        return tuple(self.arrays["sources"].tolist())

    def features(self, bases: Bases) -> Floats:
        """Return the features of guides, without their source."""
        return guide_features(bases, self.editor, self.arrays["editability"].astype(np.float64))

    def scores(self, bases: Bases, source: str | None = None) -> Floats:
        """Return the score of each guide: higher is better edited."""
        features = self.features(bases)
        shares = source_shares(self.sources, source)
        parts = (self._trees(features, shares), self._kernel(bases, shares), self._network(features, shares))
        spread = self.arrays["spread"]
        total: Floats = np.sum([part / spread[at] for at, part in enumerate(parts)], axis=0)
        return total

    def _trees(self, features: Floats, shares: Floats) -> Floats:
        forest = Forest.from_arrays(self.arrays, "total_")
        return forest.averaged(features, shares)

    def _kernel(self, bases: Bases, shares: Floats) -> Floats:
        known, centre, scale = (self.arrays[name] for name in ("kernel_bases", "kernel_centre", "kernel_scale"))
        table = self.arrays["editability"].astype(np.float64)
        mine = kernel_inputs(bases, self.editor, table, centre, scale)
        theirs = kernel_inputs(known, self.editor, table, centre, scale)
        # Averaged over the sources, a guide of the data counts in full for its own and less for the others.
        same = shares[self.arrays["kernel_source"]]
        dual = (self.arrays["kernel_dual"] * (same + OTHER_SOURCE * (1 - same))).astype(np.float32)
        found = [kernel(part, theirs) @ dual for part in _chunks(mine)]
        return np.concatenate(found).astype(np.float64) if found else np.zeros(0)

    def _network(self, features: Floats, shares: Floats) -> Floats:
        total = np.zeros(len(features))
        scaled = (features - self.arrays["network_centre"]) / self.arrays["network_scale"]
        for number in range(NETWORKS):
            layers = [
                (self.arrays[f"network{number}_w{i}"].astype(np.float64), self.arrays[f"network{number}_b{i}"])
                for i in range(3)
            ]
            total += self._one_network(scaled, layers, shares) / NETWORKS
        return total

    def _one_network(self, scaled: Floats, layers: list[tuple[Floats, Any]], shares: Floats) -> Floats:
        first = scaled @ layers[0][0][: scaled.shape[1]] + layers[0][1]
        by_source = layers[0][0][scaled.shape[1] :]
        centre, scale = self.arrays["source_centre"], self.arrays["source_scale"]
        total = np.zeros(len(scaled))
        for at in np.flatnonzero(shares):
            flags = (np.eye(len(shares))[at] - centre) / scale
            hidden = np.maximum(first + flags @ by_source, 0)
            hidden = np.maximum(hidden @ layers[1][0] + layers[1][1], 0)
            total += shares[at] * (hidden @ layers[2][0] + layers[2][1])[:, 0]
        return total

    def percents(self, score: Floats, source: str | None = None) -> Floats:
        """Return percent edited with the bounds of an 80 % interval, three columns, for scores of `scores`."""
        shares = source_shares(self.sources, source)
        steps, bounds = self.arrays["score_steps"], self.arrays["percent_bounds"]
        found = np.zeros((len(score), 3))
        for at in np.flatnonzero(shares):
            for column in range(3):
                found[:, column] += shares[at] * np.interp(score, steps[at], bounds[at, :, column])
        return found

    def outcomes(self, bases: Bases, source: str | None = None) -> Floats:
        """Return the share of each outcome among the edited reads of each guide, guides by `base_joint.OUTCOMES`.

        Without a source it is the average over the guides of the data, so that a small screen counts for little.
        """
        shares = self.arrays["joint_source"] if source is None else source_shares(self.sources, source)
        forest = Forest.from_arrays(self.arrays, "joint_")
        table = self.arrays["editability"].astype(np.float64)
        asked_for = np.flatnonzero(shares)
        found = np.zeros((len(bases), OUTCOMES))
        for part in _parts(editable_masks(bases, self.editor)):
            asked = questions(bases[part], self.editor, table)
            chances = np.ones((len(asked.guide), len(asked_for)))
            ask = ~asked.forced
            sums = forest.each_group(asked.rows[ask], asked.shared, asked.guide[ask], len(shares))
            chances[ask] = 1 / (1 + np.exp(-sums[:, asked_for]))
            found[part] = distribution(chances, shares[asked_for], asked.blocks, len(bases[part]))
        return found


def positions(percent: Floats, shares: Floats) -> Floats:
    """Return the percent of reads edited at each of the 20 positions; 0 outside the window.

    Parameters
    ----------
    percent
        Percent of reads with any edit, of each guide.
    shares
        Shares of outcomes among edited reads; see `Model.outcomes`.
    """
    found = np.zeros((len(percent), GUIDE))
    found[:, WINDOW[0] - 1 : WINDOW[1]] = percent[:, None] * marginals(shares)
    return found


def source_shares(sources: tuple[str, ...], source: str | None) -> Floats:
    """Return the share of each source: all of one, or the same of each."""
    if source is None:
        return np.full(len(sources), 1 / len(sources))
    return np.array([float(name == source) for name in sources])


def kernel_inputs(bases: Bases, editor: str, table: Floats, centre: Any, scale: Any) -> tuple[Singles, Singles]:
    """Return what the kernel compares: a row of numbers for each guide, and its own part of the exponent."""
    hot = np.concatenate([(bases == base) * np.sqrt(PLACES) for base in range(4)], axis=1)
    hand = np.concatenate([by_hand(bases, editor), editability(bases, editor, table)[:, GUIDE:]], axis=1)
    standard = (hand - centre) / scale
    joint = np.concatenate([np.sqrt(MISMATCH) * hot, np.sqrt(2 * DISTANCE) * standard], axis=1)
    own = -MISMATCH * PLACES.sum() / 2 - DISTANCE * (standard**2).sum(axis=1)
    return joint.astype(np.float32), own.astype(np.float32)


def kernel(one: tuple[Singles, Singles], other: tuple[Singles, Singles]) -> Singles:
    """Return how alike guides are: exp(-a weighted mismatches - b squared distance of the features by hand)."""
    exponent = one[0] @ other[0].T
    exponent += one[1][:, None]
    exponent += other[1][None]
    alike: Singles = np.exp(exponent, out=exponent)
    return alike


def _parts(masks: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return guides in parts that are asked so many questions together that memory is no matter."""
    asked = np.cumsum((1 << np.bitwise_count(masks).astype(np.int64)) - 1)
    return np.split(np.arange(len(masks)), np.flatnonzero(np.diff(asked // _QUESTIONS)) + 1)


def _chunks(inputs: tuple[Singles, Singles]) -> list[tuple[Singles, Singles]]:
    return [
        (inputs[0][start : start + _CHUNK], inputs[1][start : start + _CHUNK])
        for start in range(0, len(inputs[0]), _CHUNK)
    ]


@lru_cache(maxsize=2)
def model_of(editor: str) -> Model:
    """Return the model of an editor."""
    return Model(editor, weights.load(f"base_{editor.lower()}"))
