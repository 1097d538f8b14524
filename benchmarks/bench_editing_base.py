"""How long ten thousand guides take, against the limit and the 2.2 ms a guide of the original."""

from __future__ import annotations

import time

import numpy as np

from lifenode.editing import base, base_outcomes

ORIGINAL_SECONDS = 22.0
LIMIT = 3.0
OUTCOMES_LIMIT = 5.0
GUIDES = 10_000


def main() -> int:
    """Print the time of each editor."""
    draw = np.random.default_rng(1)
    contexts = ["".join("ACGT"[i] for i in draw.integers(0, 4, 24)) + "AGGACT" for _ in range(GUIDES)]
    broken = 0
    for editor in ("ABE", "CBE"):
        base(contexts[:5], editor)
        began = time.perf_counter()
        base(contexts, editor)
        taken = time.perf_counter() - began
        kept = "kept" if taken < LIMIT else "BROKEN"
        broken += taken >= LIMIT
        print(f"{editor}: {GUIDES:,} guides  {taken:.2f} s   limit < {LIMIT:g} s: {kept}")
        print(f"  {ORIGINAL_SECONDS / taken:.0f} times the original, which takes {ORIGINAL_SECONDS:g} s")
        began = time.perf_counter()
        rows = len(base_outcomes(contexts, editor))
        taken = time.perf_counter() - began
        kept = "kept" if taken < OUTCOMES_LIMIT else "BROKEN"
        broken += taken >= OUTCOMES_LIMIT
        print(f"  {rows:,} outcomes of them  {taken:.2f} s   limit < {OUTCOMES_LIMIT:g} s: {kept}")
    return broken


if __name__ == "__main__":
    raise SystemExit(main())
