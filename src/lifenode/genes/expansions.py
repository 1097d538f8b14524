"""Identifiers that stand for several genes: ontology terms and pathways, genomic ranges, variants."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.genes import ranges
from lifenode.genes.accounting import SEVERAL, UNMAPPED, Outcome
from lifenode.packs.arrays import Arrays

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

VARIANT_ARRAYS = "variant-genes-1"
"""Name and layout version of the variants' arrays in the cache."""

_TERM = re.compile(r"(?:REAC:|WP:)?(?:GO:\d{7}|HP:\d{7}|R-[A-Z]{3}-\d+(?:\.\d+)?|WP\d+(?:_r\d+)?)", re.IGNORECASE)
_RSID = re.compile(r"rs([1-9]\d{0,17})", re.IGNORECASE)


class Expansions:
    """Finds the genes behind terms, ranges and variants of one pack; each table is opened when first asked for.

    Parameters
    ----------
    pack
        The pack.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def expand(self, text: str) -> Outcome | None:
        """Return what `text` stands for, or None where it is not a term, range or variant."""
        if ":" in text and (place := ranges.parse_range(text)) is not None:
            genes, problem = self._ranges.overlapping(*place)
            return _several(genes, "RANGE", text, problem)
        if found := _RSID.fullmatch(text):
            return self._variant(int(found[1]), text)
        if _TERM.fullmatch(text):
            return self._term(text)
        return None

    def _term(self, text: str) -> Outcome:
        bare = re.sub(r"^(?:reac|wp):", "", text.casefold())
        for spelled in (text.casefold(), bare, re.sub(r"[._]r?\d+$", "", bare)):
            number = self._terms.get(spelled)
            if number is not None:
                annotations = self._pack.annotations()
                first, last = annotations.term_indptr[number], annotations.term_indptr[number + 1]
                return _several(annotations.term_genes[first:last], "TERM", text, "a term without genes")
        return _several(np.zeros(0, np.int32), "TERM", text, "a term that is retired or has no gene in this release")

    def _variant(self, number: int, text: str) -> Outcome:
        if not self._pack.has_table("variants"):
            return Outcome(UNMAPPED, reason="an rsID, but this release has no variants")
        arrays = self._pack.arrays(VARIANT_ARRAYS, self._variant_arrays)
        numbers, first, genes = arrays["number"], arrays["first"], arrays["genes"]
        place = int(np.searchsorted(numbers, number))
        if place == len(numbers) or numbers[place] != number:
            return Outcome(UNMAPPED, reason="an rsID that this release does not hold")
        return _several(genes[first[place] : first[place + 1]], "RSID", text, "a variant outside all genes")

    def _variant_arrays(self) -> Arrays:
        import polars as pl

        variants = self._pack.table("variants").select(
            "genes", number=pl.col("rsid").str.strip_prefix("rs").cast(pl.Int64)
        )
        numbers = variants["number"].unique().sort().to_numpy()
        pairs = variants.explode("genes").drop_nulls().unique().sort("number", "genes")
        return {
            "number": numbers,
            "first": np.searchsorted(pairs["number"].to_numpy(), np.append(numbers, np.iinfo(np.int64).max)),
            "genes": pairs["genes"].to_numpy().astype(np.int32),
        }

    @cached_property
    def _terms(self) -> dict[str, int]:
        return {name.casefold(): number for number, name in enumerate(self._pack.annotations().term_ids.to_list())}

    @cached_property
    def _ranges(self) -> ranges.Ranges:
        return ranges.Ranges(self._pack.arrays(ranges.ARRAYS, lambda: ranges.build_arrays(self._pack)))


def _several(genes: npt.NDArray[np.int32], namespace: str, text: str, problem: str) -> Outcome:
    if not len(genes):
        return Outcome(UNMAPPED, reason=problem)
    return Outcome(SEVERAL, genes=tuple(np.asarray(genes).tolist()), namespace=namespace, found=text)
