"""Terms by the words of their name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifenode.genes.word_index import WordIndex, build_words, words_of

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "term-search-1"
"""Name and layout version of the arrays in the cache."""


class FoundTerm(NamedTuple):
    """A term that was found; `size` is its number of genes, a smaller `rank` a better match, over all organisms."""

    source: str
    term_id: str
    name: str
    size: int
    rank: tuple[int, int, int]


class TermSearch:
    """Finds terms with genes of one pack.

    Parameters
    ----------
    pack
        The pack.
    """

    def __init__(self, pack: Pack) -> None:
        self._known = pack.annotations()
        arrays = pack.arrays(ARRAYS, lambda: build_words(self._known.term_names.to_list(), "words"))
        self._words = WordIndex(arrays, "words")

    def find(self, text: str, most: int) -> tuple[list[FoundTerm], int]:
        """Return the terms whose name holds all words of `text`, the best first, and how many there are.

        The name that is the text comes first, then names that begin with it, that have it as whole words, and that
        have it as parts of words; among equals the one with more genes, as it is the broader.
        """
        words = words_of(text)
        if not words:
            return [], 0
        match = self._words.find(words)
        typed = len(" ".join(words).encode())
        # Fewer letters beyond those typed: nearer; in steps, so that sizes still matter.
        spare = np.minimum((match.length - typed).clip(0), 80) // 8
        quality = np.where((match.quality == 0) & (match.length == typed), -1, match.quality)
        size = self._known.term_sizes[match.rows].astype(np.int64)
        order = np.lexsort((match.rows, -size, spare, quality))[:most]
        source = np.searchsorted(self._known.source_start, match.rows[order], side="right") - 1
        rows = match.rows[order]
        found = [
            FoundTerm(self._known.sources[place], term_id, name, genes, (worth, beyond, -genes))
            for place, term_id, name, genes, worth, beyond in zip(
                source.tolist(), self._known.term_ids.take(rows), self._known.term_names.take(rows),
                size[order].tolist(), quality[order].tolist(), spare[order].tolist(), strict=True,
            )
        ]  # fmt: skip
        return found, len(match.rows)


@lru_cache(maxsize=24)
def term_search(pack: Pack) -> TermSearch:
    """Return the search of a pack; made once per process, its index once per machine."""
    return TermSearch(pack)
