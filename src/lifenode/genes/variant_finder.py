"""From what people write to variants and places of one pack."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lifenode.genes import ranges
from lifenode.genes.texts import BLANK_WORDS, clean, flaw
from lifenode.genes.variant_index import NO_VARIANTS, UNKNOWN_RSID, VariantIndex, variant_index
from lifenode.genes.variant_queries import Place, changes, parse_place, parse_rsid
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_UNREADABLE = "neither an rsID (rs699) nor a place (19:44900000-44910000) nor a change (1:230710048:A:G)"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What one item stands for.

    Attributes
    ----------
    namespace
        RSID, RANGE or VARIANT; empty where it stands for nothing.
    rows
        Variants of the pack.
    place, genes
        A place that has a row of its own, named as the pack names its chromosome, and the genes that overlap it.
    found_by
        ``rsid``, ``alleles``, ``position``, ``range`` or ``place``.
    same
        Equal for items that stand for the same.
    reason
        Why the item stands for nothing.
    """

    namespace: str = ""
    rows: Sequence[int] = ()
    place: Place | None = None
    genes: tuple[int, ...] = ()
    found_by: str = ""
    same: Hashable = None
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the item was white space or a word for a missing value."""
        return not self.namespace and not self.reason

    @property
    def height(self) -> int:
        """Number of rows the item gets in a result."""
        return max(len(self.rows) + (self.place is not None), 1)


@lru_cache(maxsize=24)
def variant_finder(pack: Pack) -> VariantFinder:
    """Return the finder of a pack; made once per process, its index once per machine."""
    return VariantFinder(pack)


class VariantFinder:
    """Variants and places of one organism.

    Parameters
    ----------
    pack
        The pack.

    Attributes
    ----------
    index
        Its variants; None where it has none.
    """

    def __init__(self, pack: Pack) -> None:
        self.index: VariantIndex | None = variant_index(pack)
        self._ranges = ranges.Ranges(pack.arrays(ranges.ARRAYS, lambda: ranges.build_arrays(pack)))

    def find(self, texts: list[str]) -> list[Found]:
        """Return what each text stands for."""
        distinct = list(dict.fromkeys(texts))
        cleaned = [clean(text) for text in distinct]
        numbers = [parse_rsid(text) for text in cleaned]
        asked = [number for number in numbers if number is not None]
        rows = iter(self.index.rows_of(asked) if self.index is not None else [[]] * len(asked))
        found = {
            text: self._other(bare) if number is None else self._named(next(rows))
            for text, bare, number in zip(distinct, cleaned, numbers, strict=True)
        }
        return [found[text] for text in texts]

    def _named(self, rows: list[int]) -> Found:
        if rows:
            return Found("RSID", rows, found_by="rsid", same=tuple(rows))
        return Found(reason=NO_VARIANTS if self.index is None else UNKNOWN_RSID)

    def _other(self, text: str) -> Found:
        longest = settings().max_identifier_length
        if not text or text.casefold() in BLANK_WORDS:
            return Found()
        if len(text) > longest:
            return Found(reason=f"longer than {longest} characters, the limit for an identifier")
        if problem := flaw(text):
            return Found(reason=problem)
        place = parse_place(text)
        if place is None:
            return Found(reason=_UNREADABLE)
        if problem := self._outside(place):
            return Found(reason=problem)
        place = place._replace(chromosome=self._name(place.chromosome))
        return self._change(place) if place.reference else self._stretch(place)

    # Places

    def _name(self, chromosome: str) -> str:
        """Return the pack's name of a chromosome that it has."""
        number = self._ranges.placed.chromosomes.number(chromosome)
        if number is not None:
            return self._ranges.chromosomes[number]
        known = self.index.chromosomes if self.index is not None else self._ranges.placed.chromosomes
        number = known.number(chromosome)
        return chromosome if number is None else known.names[number]

    def _outside(self, place: Place) -> str:
        """Return why a place cannot be on a chromosome of the pack, or nothing."""
        ends = []
        placed = self._ranges.placed
        if (number := placed.chromosomes.number(place.chromosome)) is not None:
            ends.append(placed.last_base(number))
        if self.index is not None and (number := self.index.chromosomes.number(place.chromosome)) is not None:
            ends.append(self.index.last_base(number))
        longest = settings().max_range_length
        if not ends:
            held = f"chromosome {place.chromosome}" if self._ranges.chromosomes else "gene positions"
            return f"a place, but this release has no {held}"
        if place.start < 1 or place.end < place.start:
            return "a place that ends before it starts; positions count from 1"
        if place.end - place.start >= longest:
            return f"a place longer than {longest:,} bases"
        if place.start > max(ends):
            return f"a place beyond the last gene and variant of chromosome {place.chromosome} ({max(ends):,})"
        return ""

    def _stretch(self, place: Place) -> Found:
        """Return the variants and genes of a stretch."""
        rows, genes = self._rows(place), self._genes(place)
        if not rows and not genes:
            return Found(reason="a place without a gene or variant in this release")
        return Found("RANGE", rows, place, genes, "range", place)

    def _change(self, place: Place) -> Found:
        """Return the variants that make a change; where the pack has none, the genes at its place."""
        index = self.index
        wanted = changes(place.start, place.alleles)
        # The same insertion may be written one base before or after.
        near = self._rows(place._replace(start=place.start - 1, end=place.end + 1))
        if index is not None and near:
            same = [row for row in near if wanted & changes(int(index.start[row]), index.alleles[row])]
            if same:
                return Found("VARIANT", same, found_by="alleles", same=tuple(same))
            here = [row for row in near if (index.start[row], index.end[row]) == (place.start, place.end)]
            if silent := [row for row in here if not index.alleles[row]]:
                return Found("VARIANT", silent, found_by="position", same=(place, tuple(silent)))
        genes = self._genes(place)
        if not genes:
            return Found(reason="no variant of this release, and no gene at this place")
        return Found("VARIANT", place=place, genes=genes, found_by="place", same=place)

    def _rows(self, place: Place) -> list[int]:
        number = self.index.chromosomes.number(place.chromosome) if self.index is not None else None
        if self.index is None or number is None:
            return []
        return self.index.overlapping(number, place.start, place.end)

    def _genes(self, place: Place) -> tuple[int, ...]:
        number = self._ranges.placed.chromosomes.number(place.chromosome)
        if number is None:
            return ()
        return tuple(self._ranges.placed.overlapping(number, place.start, place.end).tolist())
