"""Fit the prime-editing models.

    python models/prime_editing/fit.py ../shared/data/editing

The head for screened sites leaves each fifth of the inserts out in turn, the head for new sites each site; percent and
intervals come from these predictions. At the end everything is fitted again on all of it. See card.md.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import warnings
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from baseline import fit_baseline
from sklearn.neural_network import MLPRegressor
from table import PARTS, Screens, read_external, read_screens, standardised

from lifenode.editing import weights
from lifenode.editing.prime_model import NETWORKS, RANGE_COLUMNS, Model, network_inputs, new_inputs
from lifenode.editing.trees import Forest

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]

TREES = {
    "objective": "regression", "bagging_fraction": 0.8, "bagging_freq": 1, "min_data_in_leaf": 20, "verbose": -1,
    "seed": 1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
KNOWN = TREES | {"learning_rate": 0.04, "num_leaves": 31, "feature_fraction": 0.25, "lambda_l2": 5.0}
HUBER = KNOWN | {"objective": "huber", "alpha": 2.0}
NEW = TREES | {"learning_rate": 0.05, "num_leaves": 15, "feature_fraction": 0.4, "lambda_l2": 10.0}
KNOWN_ROUNDS, NEW_ROUNDS = 600, 250
STEPS = 12
BOUNDS = (0.1, 0.9)
RANGE = (0.0, 1.0)
COMMAND = "python models/prime_editing/fit.py ../shared/data/editing"


def main(folder: Path) -> None:
    """Fit both heads."""
    warnings.filterwarnings("ignore", message="Stochastic Optimizer")
    baseline = fit_baseline()
    screens = read_screens(folder / "prime" / "screen_train.csv.gz", baseline)
    facts: dict[str, Any] = {
        "screens": np.array(screens.screens), "screen_spacers": np.array(screens.spacers),
        "screen_cells": np.array(screens.cells), "screen_mmr": screens.mmr, "baseline": baseline,
    }  # fmt: skip
    known = np.zeros(len(screens.z))
    for part in range(1, PARTS + 1):
        rest = screens.part != part
        fitted = Model(facts | fit_known(screens, rest))
        for at in range(len(screens.screens)):
            mine = ~rest & (screens.screen == at)
            known[mine] = fitted.known(screens.features[mine], np.eye(len(screens.screens))[at])
    new = left_out_sites(screens, facts)
    arrays = facts | fit_known(screens, np.ones(len(screens.z), bool)) | fit_new(screens, np.ones(len(screens.z), bool))
    slope, intercept = np.polyfit(new, screens.z, 1)
    arrays["new_line"] = np.array([slope, intercept])
    arrays |= calibration(screens, known, slope * new + intercept) | ranges(screens)
    figures = report(screens, known, new, external(folder, Model(arrays)))
    weights.save(
        "prime",
        arrays,
        {
            "version": "1", "licence": "Apache-2.0", "command": COMMAND, "figures": figures,
            "source": "fitted by lifenode to rates measured in screens; see models/prime_editing/card.md",
        },
    )  # fmt: skip


def fit_known(screens: Screens, rows: Rows) -> dict[str, Any]:
    """Return the head for screened sites, fitted to some rows."""
    inputs = np.concatenate([screens.features, screens.flags], axis=1)[rows]
    clipped = lightgbm.train(KNOWN, lightgbm.Dataset(inputs, np.clip(screens.z[rows], -3, 3)), KNOWN_ROUNDS)
    huber = lightgbm.train(HUBER, lightgbm.Dataset(inputs, screens.z[rows]), KNOWN_ROUNDS)
    return Forest.from_dump(clipped.dump_model()).arrays("known_clip_") | Forest.from_dump(huber.dump_model()).arrays(
        "known_huber_"
    )


def fit_new(screens: Screens, rows: Rows) -> dict[str, Any]:
    """Return the head for new sites, fitted to some rows."""
    inputs = new_inputs(screens.features, screens.mmr[screens.screen].astype(np.float64))[rows]
    clipped = np.clip(screens.z[rows], -3, 3)
    shorter = NEW | {"monotone_constraints": [-1] + [0] * (inputs.shape[1] - 1)}
    first = lightgbm.train(shorter, lightgbm.Dataset(inputs, clipped), NEW_ROUNDS)
    second = lightgbm.train(shorter, lightgbm.Dataset(inputs, screens.root[rows]), NEW_ROUNDS)
    arrays = Forest.from_dump(first.dump_model()).arrays("new_clip_")
    arrays |= Forest.from_dump(second.dump_model()).arrays("new_root_")
    seen = network_inputs(inputs)
    centre, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    arrays |= {"network_centre": centre, "network_scale": scale}
    for number in range(NETWORKS):
        network = MLPRegressor(hidden_layer_sizes=(64, 24), alpha=2.0, max_iter=8, random_state=number)
        network.fit((seen - centre) / scale, clipped)
        for layer, (matrix, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
            arrays[f"network{number}_w{layer}"] = matrix.astype(np.float32)
            arrays[f"network{number}_b{layer}"] = bias.astype(np.float32)
    parts = Model(arrays).new_parts(screens.features[rows], screens.mmr[screens.screen][rows].astype(np.float64))
    return arrays | {"new_spread": np.array([part.std() for part in parts]), "new_line": np.array([1.0, 0.0])}


def left_out_sites(screens: Screens, facts: dict[str, Any]) -> Floats:
    """Return what the head for new sites says of each site when fitted to the others, before it is scaled."""
    found = np.zeros(len(screens.z))
    spacer = np.array(screens.spacers)[screens.screen]
    for site in sorted(set(screens.spacers)):
        fitted = Model(facts | fit_new(screens, spacer != site))
        for state in (0, 1):
            mine = (spacer == site) & (screens.mmr[screens.screen] == state)
            found[mine] = fitted.new(screens.features[mine], state)
    return found


def calibration(screens: Screens, known: Floats, new: Floats) -> dict[str, Any]:
    """Return what percent a z stands for in each screen, and in screens of new sites by state of mismatch repair."""
    steps, bounds = [], []
    for at in range(len(screens.screens)):
        of = screens.screen == at
        step, bound = groups(known[of], screens.percent[of])
        steps.append(step)
        bounds.append(bound)
    states = [groups(new[of], screens.percent[of]) for of in (screens.mmr[screens.screen] == state for state in (0, 1))]
    return {
        "known_steps": np.array(steps), "known_bounds": np.array(bounds),
        "new_steps": np.array([step for step, _ in states]), "new_bounds": np.array([bound for _, bound in states]),
    }  # fmt: skip


def groups(score: Floats, percent: Floats) -> tuple[Floats, Floats]:
    """Return mean score, and mean and quantiles of percent, of groups of the same size by score."""
    parts = np.array_split(np.argsort(score, kind="stable"), STEPS)
    rows = np.array([[percent[part].mean(), *np.quantile(percent[part], BOUNDS)] for part in parts])
    # A better score never stands for less.
    return np.array([score[part].mean() for part in parts]), np.maximum.accumulate(rows, axis=0)


def ranges(screens: Screens) -> dict[str, Any]:
    """Return the range of the features that a distance is measured in, and their standard deviation."""
    values = screens.features[:, list(RANGE_COLUMNS)]
    return {"range": np.stack([*np.quantile(values, RANGE, axis=0), values.std(axis=0)])}


def external(folder: Path, model: Model) -> dict[str, Any]:
    """Return how the model does at sites that nothing was fitted to: all as new sites, as it answers, and by site."""
    sites, _, rows, percents = read_external(
        folder / "prime" / "external_hek3_sites.csv.gz", model.arrays["baseline"].astype(np.float64)
    )
    group = np.repeat(np.arange(len(sites)), [len(each) for each in percents])
    z = standardised(np.concatenate(percents), group)
    new = [model.new(each, 0) for each in rows]
    shares = [model.screens_of(site, 0, "HEK293T") for site in sites]
    answers = [new[at] if share is None else model.known(rows[at], share) for at, share in enumerate(shares)]
    return {
        "as new sites": pearson(np.concatenate(new), z),
        "as answered": pearson(np.concatenate(answers), z),
        "rate, as new sites": pearson(np.concatenate(new), np.concatenate(percents)),
        "by site": {site.spacer: pearson(mine, own) for site, mine, own in zip(sites, answers, percents, strict=True)},
    }


def report(screens: Screens, known: Floats, new: Floats, outside: dict[str, Any]) -> dict[str, Any]:
    """Print and return Pearson correlations: unseen inserts, unseen sites, and the external sites."""
    figures: dict[str, Any] = {
        "unseen inserts, pooled": pearson(known, screens.z),
        "unseen sites, pooled": pearson(new, screens.z),
        "HEK3-near sites": outside,
    }
    for at, name in enumerate(screens.screens):
        of = screens.screen == at
        figures[name] = {
            "inserts": int(of.sum()),
            "unseen inserts": pearson(known[of], screens.z[of]),
            "unseen site": pearson(new[of], screens.z[of]),
        }
    for name, value in figures.items():
        print(name, value, flush=True)
    return figures


def pearson(one: Floats, other: Floats) -> float:
    """Return the correlation."""
    return round(float(np.corrcoef(one, other)[0, 1]), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
