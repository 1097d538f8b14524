"""How the pages write numbers."""

from __future__ import annotations

import math

FEW = 10_000


def count(number: float) -> str:
    """Return a whole number with commas between thousands."""
    return f"{int(number):,}"


def probability(p: float, log10: float | None = None) -> str:
    """Return a p-value with two digits, as ``1.2e-34``; one that underflows is told by its logarithm."""
    if p == 0 and log10 is not None and math.isfinite(log10):
        power = math.floor(log10)
        return f"{10 ** (log10 - power):.1f}e{power}"
    return f"{p:.2f}" if p >= 0.095 else f"{p:.1e}".replace("e-0", "e-")


def share(part: float, whole: float) -> str:
    """Return a part of a whole in percent."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


def plural(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, as in ``1 gene`` and ``2 genes``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


FILTERS = {"count": count, "probability": probability, "share": share, "plural": plural}
