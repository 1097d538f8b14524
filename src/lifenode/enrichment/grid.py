"""Draw the random lists of a pack's own domain once, and store the thresholds in the pack.

One pass serves all list sizes, because a shorter list is the beginning of a longer one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.domain import build_domain
from lifenode.enrichment.minimum_p import Threshold
from lifenode.enrichment.thresholds import GRID_TABLE
from lifenode.errors import EvidenceUnavailable
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

LONGEST_ORDERED = 2_000


def grid_sizes(longest: int) -> list[int]:
    """Return the list sizes of a grid: every size up to 100, then steps of 2 %, then `longest` itself."""
    sizes = list(range(1, min(100, longest) + 1))
    while sizes and sizes[-1] < longest:
        sizes.append(min(longest, max(sizes[-1] + 1, round(sizes[-1] * 1.02))))
    return sizes


def add_thresholds(folder: Path, progress: Callable[[str], None] | None = None) -> None:
    """Compute the thresholds of a pack and add them to it as the table ``thresholds``.

    Parameters
    ----------
    folder
        A pack without thresholds, or with some that are to be replaced.
    progress
        Called with a line of text before each source.
    """
    import polars as pl

    from lifenode.packs.extend import add_table
    from lifenode.packs.pack import open_pack

    pack = open_pack(folder)
    engine.switch_to_compiled()
    rows = list(_rows(pack, no_iea=False, progress=progress))
    with suppress(EvidenceUnavailable):  # a release without evidence codes has no family without IEA
        rows += list(_rows(pack, no_iea=True, progress=progress))
    now = settings()
    table = pl.DataFrame(
        rows,
        schema={
            "source": pl.String,
            "no_iea": pl.Boolean,
            "ordered": pl.Boolean,
            "list_size": pl.Int32,
            "threshold": pl.Float64,
            "quantile": pl.Float64,
            "probability": pl.Float64,
        },
        orient="row",
    ).with_columns(pl.lit(now.null_draws, pl.Int32).alias("draws"), pl.lit(now.seed, pl.Int64).alias("seed"))
    add_table(Path(folder), GRID_TABLE, table)


def _rows(
    pack: Pack, *, no_iea: bool, progress: Callable[[str], None] | None
) -> Iterator[tuple[str, bool, bool, int, float, float, float]]:
    annotations = pack.annotations(no_iea=no_iea)
    domain = build_domain(annotations, "annotated", np.asarray(pack.genes().primary, dtype=bool))
    eligible = domain.term_sizes >= 1
    now = settings()
    for source, name in enumerate(annotations.sources):
        if no_iea and pack.sources[name].evidence == "none":
            continue  # untouched by no_iea: the thresholds are the same
        membership = domain.membership(source, eligible)
        for ordered in (False, True):
            if progress:
                progress(f"{pack.name} {name}{' without IEA' if no_iea else ''}{' ordered' if ordered else ''}")
            sizes = grid_sizes(min(membership.genes, LONGEST_ORDERED) if ordered else membership.genes)
            found = minimum_p.thresholds(membership, sizes, draws=now.null_draws, seed=now.seed, ordered=ordered)
            for size, threshold in zip(sizes, found, strict=True):
                yield (name, no_iea, ordered, size, *_values(threshold))


def _values(threshold: Threshold) -> tuple[float, float, float]:
    return threshold.value, threshold.quantile, threshold.probability


def main() -> None:
    """Add thresholds to the packs named on the command line."""
    for folder in sys.argv[1:]:
        add_thresholds(Path(folder), lambda line: print(line, file=sys.stderr, flush=True))


if __name__ == "__main__":
    main()
