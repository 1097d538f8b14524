"""Genes by the beginning of a symbol or alias, or by the words of their name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.genes.texts import fold
from lifenode.genes.word_index import WordIndex, build_words, words_of
from lifenode.packs.arrays import Strings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "gene-search-1"
"""Name and layout version of the arrays in the cache."""

_SPACES = {"SYMBOL": 0, "ORF": 1, "AGI": 1, "LOCUSTAG": 1, "ALIAS": 2, "PREVIOUS_SYMBOL": 2}
# Enough to choose the best from; a prefix of one letter has thousands.
_MOST_LOOKED_AT = 4_000


class FoundGene(NamedTuple):
    """A gene that was found.

    Attributes
    ----------
    gene_id, symbol, name
        The gene.
    found_as
        The alias that begins with the text, where it is not the symbol; "name" where words of the name were found.
    rank
        Sorts what was found; smaller is better, over all organisms.
    """

    gene_id: str
    symbol: str
    name: str
    found_as: str
    rank: tuple[int, int, int]


class GeneSearch:
    """Finds genes of one pack.

    Parameters
    ----------
    pack
        The pack.
    """

    def __init__(self, pack: Pack) -> None:
        arrays = pack.arrays(ARRAYS, lambda: build_arrays(pack))
        self._genes = pack.genes()
        self._names = Strings.of(arrays, "names")
        self._gene: npt.NDArray[np.int32] = arrays["gene"]
        self._class: npt.NDArray[np.int8] = arrays["class"]
        self._words = WordIndex(arrays, "words")

    def find(self, text: str, most: int) -> tuple[list[FoundGene], int]:
        """Return the genes that fit `text` best, and how many fit.

        A symbol comes before the names of loci, these before aliases and previous symbols, and those before full
        names; among equals the shorter comes first, as it is nearer to what was typed.
        """
        ranks = self._by_words(text) | self._by_prefix(text)
        best = sorted(ranks.items(), key=lambda one: (one[1], one[0]))[:most]
        return [self._described(gene, rank) for gene, rank in best], len(ranks)

    def _by_prefix(self, text: str) -> dict[int, tuple[int, int, int]]:
        word = fold(text.strip())
        if not word:
            return {}
        every = range(len(self._names))
        first = bisect_left(every, word, key=self._folded)
        last = bisect_right(every, word, lo=first, key=lambda row: self._folded(row)[: len(word)])
        last = min(last, first + _MOST_LOOKED_AT)
        names = self._names.take(np.arange(first, last))
        ranks: dict[int, tuple[int, int, int]] = {}
        for row, name in enumerate(names, first):
            kind, gene = int(self._class[row]), int(self._gene[row])
            exact = 0 if len(name) == len(word) else 1
            rank = (exact * 3 + kind, len(name) - len(word), row)
            if gene not in ranks or rank < ranks[gene]:
                ranks[gene] = rank
        return ranks

    def _by_words(self, text: str) -> dict[int, tuple[int, int, int]]:
        words = words_of(text)
        if not any(len(word) > 2 for word in words):
            return {}
        match = self._words.find(words)
        order = np.lexsort((match.rows, match.length, match.quality))[:_MOST_LOOKED_AT]
        rows, quality, length = match.rows[order], match.quality[order], match.length[order]
        return {
            row: (6 + worth, size, -1)
            for row, worth, size in zip(rows.tolist(), quality.tolist(), length.tolist(), strict=True)
        }

    def _folded(self, row: int) -> str:
        return fold(self._names[row])

    def _described(self, gene: int, rank: tuple[int, int, int]) -> FoundGene:
        symbol = self._genes.symbols[gene]
        found = "" if rank[2] < 0 else self._names[rank[2]]
        said = "name" if rank[2] < 0 else "" if found == symbol else found
        return FoundGene(self._genes.gene_ids[gene], symbol, self._genes.names[gene], said, rank)


@lru_cache(maxsize=24)
def gene_search(pack: Pack) -> GeneSearch:
    """Return the search of a pack; made once per process, its index once per machine."""
    return GeneSearch(pack)


def build_arrays(pack: Pack) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `GeneSearch`: names sorted as they are folded, and the words of full names.

    Genes on alternate contigs are copies of others with the same names, and left out.
    """
    import polars as pl

    primary = pack.genes().primary
    rows = pack.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    rows = rows.filter(pl.col("namespace").is_in(list(_SPACES)) & pl.Series(primary[rows["gene"].to_numpy()]))
    kinds = rows["namespace"].replace_strict(_SPACES, return_dtype=pl.Int8).to_list()
    found = zip(rows["identifier"].to_list(), kinds, rows["gene"].to_list(), strict=True)
    ordered = sorted(found, key=lambda row: (fold(row[0]), row[1], row[0], row[2]))
    names = [name if here else "" for name, here in zip(pack.genes().names, primary.tolist(), strict=True)]
    return {
        **Strings.from_list([name for name, _, _ in ordered], "names"),
        "class": np.array([kind for _, kind, _ in ordered], np.int8),
        "gene": np.array([gene for _, _, gene in ordered], np.int32),
        **build_words(names, "words"),
    }
