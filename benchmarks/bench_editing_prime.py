"""How long one and ten thousand inserts take, against the limits and the original's times."""

from __future__ import annotations

import time

import numpy as np

from lifenode.editing import prime

PARTS = {"spacer": "GGCCCAGACTGAGCACGTGA", "pbs": "CAGACTGAGCACG", "ha": "TGATGGCAGAGGAAA"}
ONE = (1, 1.0, 16.4)
# The original folds 5,000 random inserts for each of 69 lengths: 6 to 9 minutes by its time a length.
MANY = (10_000, 30.0, 360.0)


def main() -> int:
    """Print the time of each."""
    draw = np.random.default_rng(1)
    broken = 0
    prime(["A"], **PARTS)
    for count, limit, original in (ONE, MANY):
        lengths = draw.integers(1, 40, count)
        inserts = ["".join("ACGT"[at] for at in draw.integers(0, 4, length)) for length in lengths]
        began = time.perf_counter()
        prime(inserts, **PARTS)
        taken = time.perf_counter() - began
        kept = "kept" if taken < limit else "BROKEN"
        broken += taken >= limit
        print(f"{count:,} inserts  {taken:.3f} s   limit < {limit:g} s: {kept}")
        print(f"  {original / taken:,.0f} times the original, which takes {original:g} s")
    return broken


if __name__ == "__main__":
    raise SystemExit(main())
