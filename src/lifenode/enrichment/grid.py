"""Draw the random lists of a pack's domains once, and store the thresholds in the pack.

One pass serves all list sizes, because a shorter list is the beginning of a longer one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.domain import build_domain
from lifenode.enrichment.thresholds import GRID_TABLE, OTHER_TABLE
from lifenode.errors import EvidenceUnavailable
from lifenode.packs.pack import open_pack
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.enrichment.membership import Membership
    from lifenode.packs.pack import Pack

_Row = tuple[Any, ...]

LONGEST_ORDERED = 2_000
LONGEST_OTHER = 2_000
_OTHER_FAMILIES = (("annotated", True, False), ("known", False, False), ("known", False, True), ("known", True, False))
"""Domain, under-representation, ordered: the families beside that of the pack's own domain."""
_VALUES = {"list_size": "Int32", "threshold": "Float64", "quantile": "Float64", "probability": "Float64"}

Progress = Callable[[str], None]


def grid_sizes(longest: int, *, every: int = 100, step: float = 1.02) -> list[int]:
    """Return the list sizes of a grid: `every` size at first, then steps of the factor `step`, then `longest`."""
    sizes = list(range(1, min(every, longest) + 1))
    while sizes and sizes[-1] < longest:
        sizes.append(min(longest, max(sizes[-1] + 1, round(sizes[-1] * step))))
    return sizes


def other_sizes(longest: int) -> list[int]:
    """Return the list sizes of the coarser grid of the other families."""
    return grid_sizes(min(longest, LONGEST_OTHER), every=30, step=1.05)


def add_thresholds(folder: Path, progress: Progress | None = None) -> None:
    """Compute the thresholds of a pack and add them to it as the tables ``thresholds`` and ``other_thresholds``.

    Parameters
    ----------
    folder
        A pack without thresholds, or with some that are to be replaced.
    progress
        Called with a line of text before each source.
    """
    pack = open_pack(folder)
    _add(folder, GRID_TABLE, {"ordered": "Boolean"}, _with_and_without_iea(_rows, pack, progress))
    add_other_thresholds(folder, progress)


def add_other_thresholds(folder: Path, progress: Progress | None = None) -> None:
    """Compute the thresholds of the domain ``known`` and of under-representation; see `add_thresholds`."""
    pack = open_pack(folder)
    columns = {"domain": "String", "under": "Boolean", "ordered": "Boolean"}
    _add(folder, OTHER_TABLE, columns, _with_and_without_iea(_other_rows, pack, progress))


def _with_and_without_iea(
    rows: Callable[[_Family, Progress | None], Iterator[_Row]], pack: Pack, progress: Progress | None
) -> list[_Row]:
    engine.switch_to_compiled()
    found = list(rows(_Family(pack, no_iea=False), progress))
    with suppress(EvidenceUnavailable):  # a release without evidence codes has no family without IEA
        found += rows(_Family(pack, no_iea=True), progress)
    return found


def _add(folder: Path, name: str, family: Mapping[str, str], rows: list[_Row]) -> None:
    import polars as pl

    from lifenode.packs.extend import add_table

    now = settings()
    kinds = {"source": "String", "no_iea": "Boolean", **family, **_VALUES}
    table = pl.DataFrame(
        rows, schema={column: getattr(pl, kind) for column, kind in kinds.items()}, orient="row"
    ).with_columns(pl.lit(now.null_draws, pl.Int32).alias("draws"), pl.lit(now.seed, pl.Int64).alias("seed"))
    add_table(Path(folder), name, table)


class _Family:
    """The annotations of a pack, with or without electronic ones, and the sources that these concern."""

    def __init__(self, pack: Pack, *, no_iea: bool) -> None:
        self.pack, self.no_iea = pack, no_iea
        self.annotations = pack.annotations(no_iea=no_iea)
        # A source without evidence codes is untouched by no_iea: its thresholds are the same.
        self.sources = [
            (source, name)
            for source, name in enumerate(self.annotations.sources)
            if not no_iea or pack.sources[name].evidence != "none"
        ]

    def title(self, name: str) -> str:
        """Return what is told of a source."""
        return f"{self.pack.name} {name}{' without IEA' if self.no_iea else ''}"

    def membership(self, scope: str, source: int) -> Membership:
        """Return who is in which term of a source, over its domain."""
        domain = build_domain(self.annotations, scope, np.asarray(self.pack.genes().primary, dtype=bool))
        return domain.membership(source, domain.term_sizes >= 1)


def _rows(family: _Family, progress: Progress | None) -> Iterator[_Row]:
    for source, name in family.sources:
        membership = family.membership("annotated", source)
        for ordered in (False, True):
            if progress:
                progress(f"{family.title(name)}{' ordered' if ordered else ''}")
            sizes = grid_sizes(min(membership.genes, LONGEST_ORDERED) if ordered else membership.genes)
            for found in _drawn(membership, sizes, ordered=ordered, over=True):
                yield (name, family.no_iea, ordered, *found)


def _other_rows(family: _Family, progress: Progress | None) -> Iterator[_Row]:
    for source, name in family.sources:
        for scope, under, ordered in _OTHER_FAMILIES:
            if progress:
                kinds = ("too few" if under else "", "ordered" if ordered else "")
                progress(" ".join([family.title(name), scope, *filter(None, kinds)]))
            membership = family.membership(scope, source)
            for found in _drawn(membership, other_sizes(membership.genes), ordered=ordered, over=not under):
                yield (name, family.no_iea, scope, under, ordered, *found)


def _drawn(
    membership: Membership, sizes: list[int], *, ordered: bool, over: bool
) -> Iterator[tuple[int, float, float, float]]:
    now = settings()
    found = minimum_p.thresholds(membership, sizes, draws=now.null_draws, seed=now.seed, ordered=ordered, over=over)
    for size, threshold in zip(sizes, found, strict=True):
        yield size, threshold.value, threshold.quantile, threshold.probability


def main() -> None:
    """Add thresholds to the packs named on the command line."""
    for folder in sys.argv[1:]:
        add_thresholds(Path(folder), lambda line: print(line, file=sys.stderr, flush=True))


if __name__ == "__main__":
    main()
