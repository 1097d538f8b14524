"""Fit the base-editing models.

    python models/base_editing/fit.py ../shared/data/editing

Each partition of the training tables is left out in turn and predicted by models fitted to the others; percent and
intervals come from these predictions. At the end everything is fitted again on all of it. See card.md.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from original import compare
from outcomes import fit_outcomes, outcome_figures
from sklearn.neural_network import MLPRegressor
from table import Table, read_table

from lifenode.editing import weights
from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, by_hand, editability, guide_features
from lifenode.editing.base_joint import OUTCOMES
from lifenode.editing.base_model import (
    NETWORKS,
    OTHER_SOURCE,
    Model,
    kernel,
    kernel_inputs,
    positions,
    source_shares,
)
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]

TOTAL = {
    "objective": "regression", "learning_rate": 0.03, "num_leaves": 47, "feature_fraction": 0.1,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "seed": 1, "num_threads": 1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
ROUNDS = 700
SMOOTHING = 20.0
RIDGE = 0.5
STEPS = 12
BOUNDS = (0.1, 0.9)
HELD_OUT = 5
COMMAND = "python models/base_editing/fit.py ../shared/data/editing"


def main(folder: Path) -> None:
    """Fit both editors."""
    warnings.filterwarnings("ignore", message="Stochastic Optimizer")
    for editor in ("ABE", "CBE"):
        table = read_table(folder / "base" / f"{editor.lower()}_train.tsv.gz", editor)
        left_out = leave_out(table, editor)
        every = np.ones(len(table.percent), bool)
        arrays = fit(table, every, editor) | calibration(table, left_out.unknown)
        percent = Model(editor, arrays).percents(left_out.unknown)[:, 0]
        by_place = positions(percent, left_out.shares_unknown)
        weights.save(
            f"base_{editor.lower()}",
            arrays | position_scales(table, by_place),
            {
                "version": "2", "licence": "Apache-2.0", "command": COMMAND,
                "figures": report(editor, table, left_out, by_place),
                "source": "fitted by lifenode to efficiencies measured in screens; see models/base_editing/card.md",
            },
        )  # fmt: skip
        compare(folder / "vectors" / "forecast_be.csv", editor)


@dataclass(frozen=True)
class LeftOut:
    """What is predicted of guides by models that have not seen them.

    Attributes
    ----------
    known, unknown
        Scores for the source of the guide, and without it.
    shares_known, shares_unknown
        Shares of outcomes.
    """

    known: Floats
    unknown: Floats
    shares_known: Floats
    shares_unknown: Floats


def leave_out(table: Table, editor: str) -> LeftOut:
    """Leave each partition out in turn."""
    guides = len(table.percent)
    found = LeftOut(np.zeros(guides), np.zeros(guides), np.zeros((guides, OUTCOMES)), np.zeros((guides, OUTCOMES)))
    for part in range(1, 6):
        mine = table.partition == part
        model = Model(editor, fit(table, ~mine, editor))
        found.unknown[mine] = model.scores(table.bases[mine])
        found.shares_unknown[mine] = model.outcomes(table.bases[mine])
        for at, source in enumerate(table.sources):
            own = mine & (table.source == at)
            found.known[own] = model.scores(table.bases[own], source)
            found.shares_known[own] = model.outcomes(table.bases[own], source)
        print(editor, "partition", part, flush=True)
    return found


def fit(table: Table, rows: npt.NDArray[np.bool_], editor: str) -> dict[str, Any]:
    """Return the weights fitted to some guides."""
    sources = len(table.sources)
    standard = np.zeros(len(table.percent))
    for at in range(sources):
        of = table.source == at
        standard[of] = (table.percent[of] - table.percent[of & rows].mean()) / table.percent[of & rows].std()
    means = editability_table(table, rows, editor)
    # What is shipped has half the digits; all is fitted with it.
    means = means.astype(np.float32).astype(np.float64)
    flags = np.eye(sources)[table.source]
    features = guide_features(table.bases, editor, means)
    arrays: dict[str, Any] = {"sources": np.array(table.sources), "editability": means.astype(np.float32)}
    both = np.concatenate([features, flags], axis=1)
    booster = lightgbm.train(TOTAL, lightgbm.Dataset(both[rows], standard[rows]), ROUNDS)
    arrays |= Forest.from_dump(booster.dump_model()).arrays("total_")
    arrays |= fit_kernel(table, rows, editor, means, standard)
    arrays |= fit_networks(both, rows, standard, features.shape[1])
    arrays |= fit_outcomes(table, rows, editor, means)
    model = Model(editor, arrays)
    parts = spreads(model, table, rows)
    return arrays | {"spread": parts}


def spreads(model: Model, table: Table, rows: npt.NDArray[np.bool_]) -> Floats:
    """Return the standard deviation of what each of the three models says of some guides."""
    some = np.flatnonzero(rows)[::5]
    features = model.features(table.bases[some])
    shares = source_shares(model.sources, None)
    return np.array([
        model._trees(features, shares).std(),
        model._kernel(table.bases[some], shares).std(),
        model._network(features, shares).std(),
    ])  # fmt: skip


def editability_table(table: Table, rows: npt.NDArray[np.bool_], editor: str) -> Floats:
    """Return the mean fraction edited by position, base before and base behind, smoothed towards the position's."""
    guide = table.bases[:, BEFORE : BEFORE + GUIDE]
    before, behind = table.bases[:, BEFORE - 1 : BEFORE + GUIDE - 1], table.bases[:, BEFORE + 1 : BEFORE + GUIDE + 1]
    total, count = np.zeros((GUIDE, 5, 5)), np.zeros((GUIDE, 5, 5))
    for place in range(GUIDE):
        here = rows & (guide[:, place] == LETTERS.index(EDITED[editor]))
        np.add.at(total[place], (before[here, place], behind[here, place]), table.fractions[here, place])
        np.add.at(count[place], (before[here, place], behind[here, place]), 1)
    position = total.sum(axis=(1, 2)) / np.maximum(count.sum(axis=(1, 2)), 1)
    return np.asarray((total + SMOOTHING * position[:, None, None]) / (count + SMOOTHING))


def fit_kernel(
    table: Table, rows: npt.NDArray[np.bool_], editor: str, means: Floats, standard: Floats
) -> dict[str, Any]:
    """Return the guides that the kernel compares with, and their dual coefficients."""
    hand = np.concatenate([by_hand(table.bases, editor), editability(table.bases, editor, means)[:, GUIDE:]], axis=1)
    centre, scale = hand[rows].mean(axis=0).astype(np.float32), (hand[rows].std(axis=0) + 1e-9).astype(np.float32)
    inputs = kernel_inputs(table.bases[rows], editor, means, centre, scale)
    gram = kernel(inputs, inputs)
    source = table.source[rows]
    gram *= np.where(source[:, None] == source[None], np.float32(1.0), np.float32(OTHER_SOURCE))
    gram[np.diag_indices(len(gram))] += np.float32(RIDGE)
    dual = np.linalg.solve(gram, standard[rows].astype(np.float32))
    return {
        "kernel_bases": table.bases[rows], "kernel_source": source.astype(np.int8),
        "kernel_dual": dual.astype(np.float32), "kernel_centre": centre, "kernel_scale": scale,
    }  # fmt: skip


def fit_networks(both: Floats, rows: npt.NDArray[np.bool_], standard: Floats, features: int) -> dict[str, Any]:
    """Return the layers of the networks."""
    centre, scale = both[rows].mean(axis=0), both[rows].std(axis=0)
    scale[scale == 0] = 1.0
    arrays: dict[str, Any] = {
        "network_centre": centre[:features].astype(np.float32), "network_scale": scale[:features].astype(np.float32),
        "source_centre": centre[features:], "source_scale": scale[features:],
    }  # fmt: skip
    inputs = (both[rows] - centre) / scale
    for number in range(NETWORKS):
        network = MLPRegressor(hidden_layer_sizes=(192, 48), alpha=1.5, max_iter=10, random_state=number)
        network.fit(inputs, standard[rows])
        for i, (matrix, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
            arrays[f"network{number}_w{i}"] = matrix.astype(np.float16)
            arrays[f"network{number}_b{i}"] = bias.astype(np.float32)
    return arrays


def calibration(table: Table, score: Floats) -> dict[str, Any]:
    """Return what percent a score stands for in each source: the mean, and the bounds of an interval."""
    steps, bounds = [], []
    for at in range(len(table.sources)):
        of = table.source == at
        order = np.argsort(score[of], kind="stable")
        groups = np.array_split(order, STEPS)
        steps.append([score[of][group].mean() for group in groups])
        values = [table.percent[of][group] for group in groups]
        rows = np.array([[each.mean(), *np.quantile(each, BOUNDS)] for each in values])
        # A better score never stands for less.
        bounds.append(np.maximum.accumulate(rows, axis=0))
    return {
        "score_steps": np.array(steps), "percent_bounds": np.array(bounds), "score_centre": np.array([score.mean()]),
        "score_scale": np.array([score.std()]),
    }  # fmt: skip


def position_scales(table: Table, by_place: Floats) -> dict[str, Any]:
    """Return mean and standard deviation of what is predicted at each position, of guides that have a base to edit."""
    values = [by_place[table.editable[:, place], place] for place in range(GUIDE)]
    return {
        "position_centre": np.array([each.mean() for each in values]),
        "position_scale": np.array([each.std() for each in values]),
    }


def report(editor: str, table: Table, left_out: LeftOut, by_place: Floats) -> dict[str, Any]:
    """Print and return Pearson correlations by source, of all partitions left out in turn and of the last alone."""
    figures: dict[str, Any] = {}
    for at, source in enumerate(table.sources):
        of = table.source == at
        last = of & (table.partition == HELD_OUT)
        figures[source] = {
            "guides": int(of.sum()),
            "total, source known": pearson(left_out.known[of], table.percent[of]),
            "total, source unknown": pearson(left_out.unknown[of], table.percent[of]),
            "total, partition 5, source unknown": pearson(left_out.unknown[last], table.percent[last]),
            "positions 3 to 10, mean": round(float(np.mean(by_position(table, of, by_place))), 3),
        } | outcome_figures(table, editor, of, left_out.shares_known, left_out.shares_unknown)
        print(editor, source, figures[source], flush=True)
    return figures


def by_position(table: Table, rows: npt.NDArray[np.bool_], by_place: Floats) -> list[float]:
    """Return the correlation at each position of the window, over the guides with something to edit there."""
    can = table.editable[rows]
    return [
        pearson(by_place[rows][can[:, place], place], table.fractions[rows][can[:, place], place])
        for place in range(2, 10)
    ]


def pearson(one: Floats, other: Floats) -> float:
    """Return the correlation."""
    return round(float(np.corrcoef(one, other)[0, 1]), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
