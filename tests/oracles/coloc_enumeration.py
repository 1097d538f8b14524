"""Colocalisation by its definition: every pair of causal variants, one after the other, in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp


def posteriors(lbf1: Sequence[float], lbf2: Sequence[float], p1: float, p2: float, p12: float) -> list[float]:
    """Return the posteriors of H0 to H4 for ln Bayes factors below 700."""
    first, second = ([Fraction(exp(value)) for value in lbf] for lbf in (lbf1, lbf2))
    prior1, prior2, both = Fraction(p1), Fraction(p2), Fraction(p12)
    weights = [Fraction(1), Fraction(0), Fraction(0), Fraction(0), Fraction(0)]
    for i, one in enumerate(first):
        weights[1] += prior1 * one
        weights[2] += prior2 * second[i]
        weights[4] += both * one * second[i]
        for j, other in enumerate(second):
            if i != j:
                weights[3] += prior1 * prior2 * one * other
    total = sum(weights)
    return [float(weight / total) for weight in weights]
