"""The folding baseline: by how much random inserts change the folding energy of a homology arm.

It replaces thousands of folds of random inserts for every length and homology arm by one smooth function.
"""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from lifenode.editing.folding import energies
from lifenode.editing.prime_features import baseline_terms

Floats = npt.NDArray[np.float64]

ARMS, LENGTHS, DRAWS = 400, 6, 30
RIDGE = 1.0


def fit_baseline(seed: int = 1) -> Floats:
    """Return the coefficients of `lifenode.editing.prime_features.expected_change`."""
    draw = random.Random(seed)
    arms, lengths, sequences = list[str](), list[int](), list[str]()
    for _ in range(ARMS):
        arm = bases(draw, draw.randint(8, 60), draw.uniform(0.25, 0.75))
        for length in (1, 2, *(draw.randint(3, 70) for _ in range(LENGTHS - 2))):
            arms.append(arm)
            lengths.append(length)
            sequences += [bases(draw, length, 0.5) + arm for _ in range(DRAWS)]
    own = energies(arms)
    change = energies(sequences).reshape(-1, DRAWS) - own[:, None]
    terms = np.concatenate([
        baseline_terms(np.array([float(length)]), arm, float(energy))
        for arm, length, energy in zip(arms, lengths, own, strict=True)
    ])  # fmt: skip
    mean = ridge(terms, change.mean(axis=1))
    spread = np.sqrt(((change - (terms @ mean)[:, None]) ** 2).mean(axis=1))
    return np.stack([mean, ridge(terms, np.log(np.maximum(spread, 0.05)))])


def bases(draw: random.Random, length: int, gc: float) -> str:
    """Return random bases with an expected share of G and C."""
    return "".join(draw.choice("GC") if draw.random() < gc else draw.choice("AT") for _ in range(length))


def ridge(terms: Floats, values: Floats) -> Floats:
    """Return ridge-regression coefficients."""
    solution: Floats = np.linalg.solve(terms.T @ terms + RIDGE * np.eye(terms.shape[1]), terms.T @ values)
    return solution
