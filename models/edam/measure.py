"""Figures of annotation: ranking, rare labels, calibration."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from lifenode.edam.learned_ranking import BRANCHES, Candidates, Family, with_rare

Floats = Any

TOP = 10
RARE = 10
_DRAWS = 1_000


def measures(
    raw: Floats, shown: Candidates, truth: Floats, by_hand: Floats, family: Family, branch: str
) -> dict[str, Any]:
    """Return nDCG@10 and R@10 with 95 % intervals over tools, P@1, and the recall of rare labels over all tools."""
    own = family.members[branch]
    best = ranked(raw, shown, len(truth), family, branch)
    hits = np.take_along_axis(truth, best, axis=1)
    wanted = truth[:, own].sum(1)
    discount = 1 / np.log2(np.arange(2, TOP + 2))
    ideal = np.concatenate([[1.0], np.cumsum(discount)])[np.minimum(wanted, TOP).astype(int)]
    judged = by_hand & (wanted > 0)
    gain, recall = (hits @ discount / ideal)[judged], (hits.sum(1) / np.maximum(wanted, 1))[judged]
    rare = family.frequency <= RARE
    rare_wanted, rare_hits = truth[:, own][:, rare[own]].sum(), (hits * rare[best]).sum()
    return {
        "tools": int(judged.sum()), "ndcg_10": _with_interval(gain), "recall_10": _with_interval(recall),
        "precision_1": round(float(hits[judged, 0].mean()), 4), "rare_found": int(rare_hits), "rare": int(rare_wanted),
    }  # fmt: skip


def ranked(raw: Floats, shown: Candidates, tools: int, family: Family, branch: str) -> Floats:
    """Return the ten terms shown of each tool, as places in the family; a root, which no tool has, fills up."""
    root = int(np.flatnonzero(family.root & np.isin(np.arange(len(family.root)), family.members[branch]))[0])
    best = np.full((tools, TOP), root)
    ends = np.searchsorted(shown.tool, np.arange(tools + 1))
    for tool, (first, last) in enumerate(itertools.pairwise(ends)):
        part = Candidates(shown.tool[first:last], shown.term[first:last], shown.features[first:last])
        scores = raw[first:last]
        order = with_rare(family, part, scores, TOP) if branch in BRANCHES else np.argsort(-scores, kind="stable")[:TOP]
        best[tool, : len(order)] = part.term[order]
    return best


def _with_interval(values: Floats) -> list[float]:
    draw = np.random.default_rng(1)
    means = [values[draw.integers(0, len(values), len(values))].mean() for _ in range(_DRAWS)]
    return [round(float(one), 4) for one in (values.mean(), *np.quantile(means, [0.025, 0.975]))]


def isotonic(model: Any, raw: Floats, hit: Floats) -> tuple[Floats, Floats]:
    """Return the points of an isotonic calibration."""
    fitted = model.fit(raw, hit)
    return fitted.X_thresholds_, fitted.y_thresholds_


def ece(probability: Floats, hit: Floats, lowest: float = 0.1, bins: int = 15) -> float:
    """Return the expected calibration error over probabilities from `lowest` on."""
    kept = probability >= lowest
    probability, hit = probability[kept], hit[kept]
    place = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [abs(probability[place == at].sum() - hit[place == at].sum()) for at in range(bins)]
    return float(np.sum(gaps) / len(probability))


def f1_threshold(probability: Floats, hit: Floats, wanted: float) -> tuple[float, float]:
    """Return the probability above which F1 over all pairs is highest, and that F1; `wanted` counts all true pairs."""
    order = np.argsort(-probability, kind="stable")
    found = np.cumsum(hit[order])
    scores = 2 * found / (np.arange(1, len(order) + 1) + wanted)
    best = int(np.argmax(scores))
    return float(probability[order[best]]), float(scores[best])
