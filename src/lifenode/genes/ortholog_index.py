"""The orthologs of a pack's genes in one other organism, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.errors import InvalidOption, UnknownOrganism, UnknownSource, nearest
from lifenode.genes.ortholog_arrays import ortholog_arrays
from lifenode.packs import catalog
from lifenode.packs.arrays import Arrays, Strings
from lifenode.packs.catalog import ORTHOLOG_SOURCES
from lifenode.packs.pack import open_pack

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

LAYOUT = "3"
_KEPT = 8

RELATIONS = ("one-to-one", "one-to-many", "many-to-one", "many-to-many")
"""How many genes stand on this side and on the other, over all pairs of the two organisms that were asked for."""

Rows = npt.NDArray[np.int64]


class Pairs(NamedTuple):
    """The pairs in force for one choice of sources and support.

    Attributes
    ----------
    first
        The pairs of gene g are ``first[g]:first[g + 1]``, the best supported first.
    row
        Rows of `OrthologIndex`.
    relation
        Index into `RELATIONS` of each.
    """

    first: Rows
    row: Rows
    relation: npt.NDArray[np.int8]


class OrthologIndex:
    """Pairs of a gene of a pack and a gene of one other organism, sorted by gene.

    Parameters
    ----------
    arrays
        What `lifenode.genes.ortholog_arrays.ortholog_arrays` returned.
    primary
        Whether each gene of the pack lies on the primary assembly.
    """

    def __init__(self, arrays: Arrays, primary: npt.NDArray[np.bool_]) -> None:
        self._gene, self._target = arrays["gene"], arrays["target"]
        self._source: npt.NDArray[np.int8] = arrays["source"]
        self._count: npt.NDArray[np.int16] = arrays["count"]
        self._primary = primary
        self._primary_target: npt.NDArray[np.bool_] = arrays["primary"]
        self.ids, self.symbols, self.names = (Strings.of(arrays, name) for name in ("ids", "symbols", "names"))
        self.support = Strings.of(arrays, "support")
        self._kept: dict[tuple[tuple[str, ...], int], Pairs] = {}

    def pairs(self, sources: tuple[str, ...], min_support: int) -> Pairs:
        """Return the pairs that `sources` state with at least so many databases; () is HCOP, else HomoloGene."""
        key = (sources, min_support)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = self._select(sources, min_support)
        return found

    def _select(self, sources: tuple[str, ...], min_support: int) -> Pairs:
        keep = self._count >= min_support
        if sources:
            keep &= np.isin(self._source, [ORTHOLOG_SOURCES.index(source) for source in sources])
        else:
            covered = np.zeros(len(self._primary), dtype=bool)
            covered[self._gene[keep & (self._source == 0)]] = True
            keep &= (self._source == 0) | ~covered[self._gene]
        row = np.flatnonzero(keep)
        # The best supported first; rows come by gene, source and id, which decide ties.
        row = row[np.lexsort((-self._count[row].astype(np.int64), self._gene[row]))]
        first = np.searchsorted(self._gene[row], np.arange(len(self._primary) + 1))
        return Pairs(first.astype(np.int64), row, self._relations(row))

    def _relations(self, row: Rows) -> npt.NDArray[np.int8]:
        """Return the relation of each pair; copies on alternate contigs do not make one gene two."""
        gene, target = self._gene[row].astype(np.int64), self._target[row].astype(np.int64)
        # Two sources may state the same pair; it is one pair.
        here, there = np.unique(np.stack([gene, target]), axis=1)
        counted = self._primary_target[there]
        targets_of = np.bincount(here[counted], minlength=len(self._primary))
        counted = self._primary[here]
        genes_of = np.bincount(there[counted], minlength=len(self.ids))
        relation = (targets_of[gene] > 1).astype(np.int8) + 2 * (genes_of[target] > 1).astype(np.int8)
        return relation.astype(np.int8)

    def rows_of(self, gene: int) -> Rows:
        """Return the pairs of one gene, those of HCOP, else of HomoloGene, the best supported first."""
        first, last = np.searchsorted(self._gene, np.array([gene, gene + 1], self._gene.dtype)).tolist()
        rows = np.arange(first, last)
        stated = rows[self._source[first:last] == 0]
        rows = stated if len(stated) else rows
        return rows[np.argsort(-self._count[rows].astype(np.int64), kind="stable")]

    def targets(self, rows: Rows) -> Rows:
        """Return the ortholog of each row, as an index into `ids`, `symbols` and `names`."""
        found: Rows = self._target[rows].astype(np.int64)
        return found

    def sources_of(self, rows: Rows) -> list[str]:
        """Return the source of each row."""
        return [ORTHOLOG_SOURCES[code] for code in self._source[rows].tolist()]

    def counts(self, rows: Rows) -> Rows:
        """Return how many databases support each row."""
        found: Rows = self._count[rows].astype(np.int64)
        return found


def targets_of(pack: Pack) -> list[str]:
    """Return the organisms in which a pack knows orthologs, by name."""
    return list(_targets(pack)) if pack.has_table("orthologs") else []


@lru_cache(maxsize=32)
def _targets(pack: Pack) -> tuple[str, ...]:
    names = pack.arrays("ortholog-organisms-1", lambda: Strings.from_list(_organisms(pack), "organisms"))
    return tuple(Strings.of(names, "organisms").to_list())


def _organisms(pack: Pack) -> list[str]:
    return sorted(pack.table("orthologs")["target_organism"].cast(str).unique().to_list())


def ortholog_index(pack: Pack, to: str) -> OrthologIndex:
    """Return the orthologs of a pack's genes in the organism `to`.

    Raises
    ------
    InvalidOption
        `to` is the pack's own organism.
    UnknownOrganism
        The pack knows no orthologs there.
    """
    if to == pack.organism:
        raise InvalidOption(
            f"to is {to!r}, the organism of the query.", value=to, next_step="Name another organism for to."
        )
    known = targets_of(pack)
    if to not in known:
        spoken = {
            name: one.id
            for one in catalog.organisms()
            if one.id in known
            for name in (one.scientific_name, one.display_name)
        }
        hits = nearest(to, [*known, *spoken], 1)
        hint = f"Did you mean {spoken.get(hits[0], hits[0])}? " if hits else ""
        raise UnknownOrganism(
            f'The pack {pack.name} knows no orthologs in "{to}".',
            value=to,
            next_step=f"{hint}It knows those in {', '.join(known) or 'no organism'}.",
        )
    return _index(pack, to, _pack_of(to))


@lru_cache(maxsize=64)
def _index(pack: Pack, to: str, target: Pack | None) -> OrthologIndex:
    name = f"orthologs-{to}-{target.fingerprint[:12] if target else 'alone'}-{LAYOUT}"
    return OrthologIndex(pack.arrays(name, lambda: ortholog_arrays(pack, to, target)), pack.genes().primary)


def _pack_of(organism: str) -> Pack | None:
    """Return the pack in force for an organism, None where there is none."""
    try:
        return open_pack(organism)
    except UnknownOrganism:
        return None


def checked_sources(sources: Sequence[str]) -> tuple[str, ...]:
    """Return the sources as spelled in packs.

    Raises
    ------
    UnknownSource
        There is no such source.
    """
    by_folded = {name.casefold(): name for name in ORTHOLOG_SOURCES}
    for name in sources:
        if name.casefold() not in by_folded:
            close = nearest(name, ORTHOLOG_SOURCES, 1)
            hint = f"Did you mean {close[0]}? " if close else ""
            raise UnknownSource(
                f'There is no source of orthologs "{name}".',
                value=name,
                next_step=f"{hint}There are {' and '.join(ORTHOLOG_SOURCES)}.",
            )
    return tuple(dict.fromkeys(by_folded[name.casefold()] for name in sources))
