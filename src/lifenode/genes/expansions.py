"""Identifiers that stand for several genes: ontology terms and pathways, genomic ranges, variants."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.genes import ranges
from lifenode.genes.accounting import SEVERAL, UNMAPPED, Outcome
from lifenode.genes.variant_index import NO_VARIANTS, UNKNOWN_RSID, VariantIndex, variant_index
from lifenode.genes.variant_queries import parse_rsid

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_TERM = re.compile(r"(?:REAC:|WP:)?(?:GO:\d{7}|HP:\d{7}|R-[A-Z]{3}-\d+(?:\.\d+)?|WP\d+(?:_r\d+)?)", re.IGNORECASE)


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
        if (number := parse_rsid(text)) is not None:
            return self._variant(number, text)
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
        if self._variants is None:
            return Outcome(UNMAPPED, reason=NO_VARIANTS)
        (rows,) = self._variants.rows_of([number])
        if not rows:
            return Outcome(UNMAPPED, reason=UNKNOWN_RSID)
        within = sorted({gene for genes in self._variants.genes_of(np.array(rows)) for gene in genes})
        return _several(np.array(within, np.int32), "RSID", text, "a variant outside all genes")

    @cached_property
    def _variants(self) -> VariantIndex | None:
        return variant_index(self._pack)

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
