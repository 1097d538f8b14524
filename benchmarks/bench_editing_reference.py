"""How fast a genome is indexed and its targets are found, and many targets are predicted in processes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lifenode.editing import Reference, cas9_batch, targets_of

BASES = 50_000_000
TARGETS = 10_000
ORIGINAL_SECONDS = 5.0


def main() -> int:
    """Print the rates."""
    with TemporaryDirectory() as folder:
        os.environ["LIFENODE_CACHE_DIR"] = folder
        file = Path(folder) / "genome.fa"
        letters = np.frombuffer(b"ACGT", np.uint8)[np.random.default_rng(1).integers(0, 4, BASES)]
        lines = np.full((BASES // 50, 51), ord("\n"), np.uint8)
        lines[:, :50] = letters.reshape(-1, 50)
        file.write_bytes(b">chr1\n" + lines.tobytes())
        began = time.perf_counter()
        reference = Reference(file)
        print(f"index of a plain FASTA      {BASES / 1e6 / (time.perf_counter() - began):,.0f} Mb/s")
        began = time.perf_counter()
        targets = [one for start in range(1, 1_000_000, 100_000)
                   for one in targets_of(reference, f"chr1:{start}-{start + 99_999}")]  # fmt: skip
        print(f"targets of a megabase       {len(targets):,} in {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        cas9_batch(targets[:TARGETS])
        taken = time.perf_counter() - began
        print(f"{TARGETS:,} targets, a line each  {taken:.1f} s on {os.cpu_count()} cores, "
              f"{TARGETS * ORIGINAL_SECONDS / taken:,.0f} times the original on one")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
