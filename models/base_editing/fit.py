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
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPRegressor
from table import Table, read_table

from lifenode.editing import weights
from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, by_hand, editability, guide_features
from lifenode.editing.base_model import (
    NETWORKS,
    OTHER_SOURCE,
    Model,
    kernel,
    kernel_inputs,
    position_features,
    source_shares,
)
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]

TOTAL = {
    "objective": "regression", "learning_rate": 0.03, "num_leaves": 47, "feature_fraction": 0.1,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "seed": 1, "num_threads": 1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
POSITION = TOTAL | {"num_leaves": 31, "feature_fraction": 0.3, "learning_rate": 0.04}
ROUNDS, POSITION_ROUNDS = 700, 400
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
        left_out = np.zeros((len(table.percent), 2))
        positions = np.zeros((len(table.percent), GUIDE))
        for part in range(1, 6):
            rest = table.partition != part
            model = Model(editor, fit(table, rest, editor))
            mine = ~rest
            for at, source in enumerate(table.sources):
                own = mine & (table.source == at)
                left_out[own, 0] = model.scores(table.bases[own], source)
            left_out[mine, 1] = model.scores(table.bases[mine])
            positions[mine] = model.positions(table.bases[mine])
            print(editor, "partition", part, flush=True)
        figures = report(editor, table, left_out, positions)
        every = np.ones(len(table.percent), bool)
        arrays = fit(table, every, editor) | calibration(table, left_out[:, 1])
        weights.save(
            f"base_{editor.lower()}",
            arrays,
            {
                "version": "1", "licence": "Apache-2.0", "command": COMMAND, "figures": figures,
                "source": "fitted by lifenode to efficiencies measured in screens; see models/base_editing/card.md",
            },
        )  # fmt: skip


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
    arrays |= fit_positions(table, rows, editor, means)
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


def fit_positions(table: Table, rows: npt.NDArray[np.bool_], editor: str, means: Floats) -> dict[str, Any]:
    """Return the trees of the fraction edited at each position, relative to the mean efficiency of its source."""
    of_source = [rows & (table.source == at) for at in range(len(table.sources))]
    level = np.array([table.percent[of].mean() / 100 for of in of_source])
    features, guides, places = position_features(table.bases, editor, means)
    use = rows[guides]
    flags = np.eye(len(table.sources))[table.source[guides]]
    target = table.fractions[guides, places] / level[table.source[guides]]
    data = lightgbm.Dataset(np.concatenate([features, flags], axis=1)[use], target[use])
    booster = lightgbm.train(POSITION, data, POSITION_ROUNDS)
    return Forest.from_dump(booster.dump_model()).arrays("position_") | {"source_level": level}


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


def report(editor: str, table: Table, score: Floats, positions: Floats) -> dict[str, Any]:
    """Print and return Pearson correlations by source, of all partitions left out in turn and of the last alone."""
    figures: dict[str, Any] = {}
    for at, source in enumerate(table.sources):
        of = table.source == at
        last = of & (table.partition == HELD_OUT)
        figures[source] = {
            "guides": int(of.sum()),
            "total, source known": pearson(score[of, 0], table.percent[of]),
            "total, source unknown": pearson(score[of, 1], table.percent[of]),
            "total, partition 5, source unknown": pearson(score[last, 1], table.percent[last]),
            "positions 3 to 10, mean": round(float(np.mean(list(by_position(table, of, positions)))), 3),
        }
        print(editor, source, figures[source], flush=True)
    return figures


def by_position(table: Table, rows: npt.NDArray[np.bool_], positions: Floats) -> list[float]:
    """Return the correlation at each position of the window, over the guides with something to edit there."""
    can = table.editable[rows]
    return [
        pearson(positions[rows][can[:, place], place], table.fractions[rows][can[:, place], place])
        for place in range(2, 10)
    ]


def pearson(one: Floats, other: Floats) -> float:
    """Return the correlation."""
    return round(float(np.corrcoef(one, other)[0, 1]), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
