"""Slow, obvious hypergeometric probabilities in exact rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from math import comb


def upper_tail(k: int, marked: int, drawn: int, domain: int) -> Fraction:
    """Return P(X >= k) exactly."""
    k = max(k, 0, drawn + marked - domain)
    term = comb(marked, k) * comb(domain - marked, drawn - k)
    total = 0
    for i in range(k, min(marked, drawn) + 1):
        total += term
        term = term * (marked - i) * (drawn - i) // ((i + 1) * (domain - marked - drawn + i + 1))
    return Fraction(total, comb(domain, drawn))


def lower_tail(k: int, marked: int, drawn: int, domain: int) -> Fraction:
    """Return P(X <= k) exactly."""
    return 1 - upper_tail(k + 1, marked, drawn, domain) if k < min(marked, drawn) else Fraction(1)


def relative_error(mantissa: float, exponent: int, exact: Fraction) -> float:
    """Return the relative error of ``mantissa * 2 ** exponent``."""
    got = Fraction(mantissa) * (Fraction(2) ** exponent)
    return float(abs(got - exact) / exact) if exact else float(got)
