"""How good ranked and chosen terms are against those that curators gave: EDAMmap's measures, nDCG, MAP, calibration."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
import numpy.typing as npt

TOP = 10
OF_SETS = ("precision", "recall", "f1", "f2", "Jaccard", "AveP", "RP", "DCG", "DCGa")
OF_RANKS = ("precision_1", "recall_5", "recall_10", "map_10", "ndcg_10")
_BINS = 15


def of_set(found: Sequence[str], wanted: Set[str]) -> dict[str, float]:
    """Return EDAMmap's measures of the terms that were chosen for a tool.

    Parameters
    ----------
    found
        Terms, best first.
    wanted
        Terms of the curator, at least one.

    Returns
    -------
    dict
        A number of 0 to 1 for each of `OF_SETS`. With hits h at ranks r: AveP is the sum of precisions at hits over the
        number wanted; RP the share of hits among as many as are wanted; DCG gains 1 at rank 1 and 1/log2 r behind,
        DCGa 1/log2(r + 1), both over the gain of a list of the same length that begins with all hits.
    """
    hits = np.array([term in wanted for term in found], float)
    right, ranks = float(hits.sum()), np.arange(1, len(found) + 1)
    precision = right / len(found) if found else 0.0
    recall = right / len(wanted)
    at_hits = np.cumsum(hits) / ranks * hits
    ideal = (ranks <= len(wanted)).astype(float)
    plain, adjusted = 1 / np.maximum(1.0, np.log2(ranks)), 1 / np.log2(ranks + 1)
    return {
        "precision": precision, "recall": recall, "f1": _f(precision, recall, 1), "f2": _f(precision, recall, 2),
        "Jaccard": right / (len(found) + len(wanted) - right), "AveP": float(at_hits.sum()) / len(wanted),
        "RP": float(hits[: len(wanted)].sum()) / len(wanted), "DCG": _ratio(float(hits @ plain), float(ideal @ plain)),
        "DCGa": _ratio(float(hits @ adjusted), float(ideal @ adjusted)),
    }  # fmt: skip


def of_ranks(ranked: Sequence[str], wanted: Set[str]) -> dict[str, float]:
    """Return measures of the first ten terms of a tool; see `of_set`.

    Average precision is over the number wanted, at most ten; nDCG has binary gains and 1/log2(rank + 1).
    """
    hits = np.zeros(TOP)
    hits[: len(ranked[:TOP])] = [term in wanted for term in ranked[:TOP]]
    ranks, most = np.arange(1, TOP + 1), min(len(wanted), TOP)
    discount = 1 / np.log2(ranks + 1)
    return {
        "precision_1": float(hits[0]), "recall_5": float(hits[:5].sum()) / len(wanted),
        "recall_10": float(hits.sum()) / len(wanted), "map_10": float((np.cumsum(hits) / ranks * hits).sum()) / most,
        "ndcg_10": float(hits @ discount / discount[:most].sum()),
    }  # fmt: skip


def calibration_error(probability: npt.NDArray[np.float64], hit: npt.NDArray[np.bool_], lowest: float = 0.1) -> float:
    """Return the expected calibration error over probabilities from `lowest` on, in 15 bins; 0 without any."""
    kept = probability >= lowest
    probability, hit = probability[kept], hit[kept]
    if not len(hit):
        return 0.0
    place = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(probability[place == at].sum()) - float(hit[place == at].sum())) for at in range(_BINS)]
    return sum(gaps) / len(hit)


def interval(values: Sequence[float], draws: int = 1_000) -> tuple[float, float, float]:
    """Return the mean of values with its 95 % bootstrap interval; the draws are always the same."""
    drawn, own = np.random.default_rng(1), np.asarray(values, float)
    means = [own[drawn.integers(0, len(own), len(own))].mean() for _ in range(draws)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(own.mean()), float(low), float(high)


def _f(precision: float, recall: float, beta: float) -> float:
    return _ratio((1 + beta**2) * precision * recall, beta**2 * precision + recall)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
