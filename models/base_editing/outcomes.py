"""Fit which editable bases are edited together; see `lifenode.editing.base_joint`."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from table import Table

from lifenode.editing.base_joint import OUTCOMES, PLACES, Questions, editable_masks, questions
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]

JOINT = {
    "objective": "cross_entropy", "learning_rate": 0.042, "num_leaves": 63, "feature_fraction": 0.3,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "seed": 1, "num_threads": 1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
JOINT_ROUNDS = 500


def fit_outcomes(table: Table, rows: npt.NDArray[np.bool_], editor: str, means: Floats) -> dict[str, Any]:
    """Return the trees of the chance of an edit, given the edits before it, fitted to some guides.

    Each question of a guide is weighted by the share of its edited reads that come to it.
    """
    sources = len(table.sources)
    bases, shares, source = table.bases[rows], table.shares[rows], table.source[rows]
    asked = questions(bases, editor, means)
    edited, reached = answers(asked, shares)
    use = (reached > 0) & ~asked.forced
    flags = np.eye(sources)[source[asked.guide]]
    features = np.concatenate([asked.rows, asked.shared[asked.guide], flags], axis=1)[use]
    chance = np.clip(edited[use] / reached[use], 0, 1)
    data = lightgbm.Dataset(features, chance, weight=reached[use])
    booster = lightgbm.train(JOINT, data, JOINT_ROUNDS)
    counted = np.bincount(source, minlength=sources) / len(source)
    return Forest.from_dump(booster.dump_model()).arrays("joint_") | {"joint_source": counted}


def answers(asked: Questions, shares: Floats) -> tuple[Floats, Floats]:
    """Return the share of edited reads that are edited at each question, and that come to it at all."""
    edited, reached = np.zeros(len(asked.guide)), np.zeros(len(asked.guide))
    for place in range(PLACES):
        # Later positions do not matter: outcomes are summed over them.
        by_place = shares.reshape(len(shares), -1, 2, 1 << place).sum(axis=1)
        of = np.flatnonzero(asked.place == place)
        guide, before = asked.guide[of], asked.before[of]
        edited[of] = by_place[guide, 1, before]
        reached[of] = by_place[guide, :, before].sum(axis=1)
    return edited, reached


def outcome_figures(
    table: Table, editor: str, rows: npt.NDArray[np.bool_], known: Floats, unknown: Floats
) -> dict[str, float]:
    """Return the correlation of predicted with measured shares over all outcomes of some guides.

    Parameters
    ----------
    known, unknown
        Shares predicted for the source of the guide, and without it.
    """
    use = rows & (table.shares.sum(axis=1) > 0)
    masks = editable_masks(table.bases[use], editor)[:, None]
    every = np.arange(1, OUTCOMES)[None]
    theirs = (every & masks) == every
    measured = table.shares[use][:, 1:][theirs]
    return {
        f"outcomes, source {word}": round(float(np.corrcoef(shares[use][:, 1:][theirs], measured)[0, 1]), 3)
        for word, shares in (("known", known), ("unknown", unknown))
    }
