"""A tool's text as counts of words, pairs of words, and runs of characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"[^\W_]+(?:['’\-+#][^\W_]+)*")
_SHORTEST, _LONGEST = 3, 5


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, and pairs of neighbours."""
    found = [part for word in _WORD.findall(text.lower()) for part in re.split(r"[-'’]", word) if part]
    return [*found, *[f"{one} {other}" for one, other in pairwise(found)]]


def grams(text: str) -> list[str]:
    """Return the runs of 3 to 5 characters within the words of a text, blanks marking where a word begins and ends."""
    found = []
    for word in _WORD.findall(text.lower()):
        padded = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            found += [padded[at : at + size] for at in range(max(1, len(padded) - size + 1))]
    return found


KINDS = {"words": words, "grams": grams, "publications": words}
"""Kinds of features; those of publications are the words of all texts together."""


@dataclass(frozen=True)
class Block:
    """One kind of features.

    Attributes
    ----------
    kind
        Name in `KINDS`.
    place
        Column of each feature.
    rarity
        Inverse document frequency of each column.
    share
        Part of this block in the square of a text's length, which is 1 over all blocks.
    """

    kind: str
    place: Mapping[str, int]
    rarity: Floats
    share: float

    def row(self, short: str, whole: str) -> tuple[Integers, Floats]:
        """Return the columns that a tool has, in order, and their values.

        Parameters
        ----------
        short
            Its name and description.
        whole
            The same with titles and abstracts of its publications.
        """
        text = whole if self.kind == "publications" else short
        counts = {self.place[one]: count for one, count in _counted(self.kind, text) if one in self.place}
        columns = np.array(sorted(counts), np.int32)
        values = (1 + np.log([counts[one] for one in columns.tolist()])) * self.rarity[columns]
        length = float(np.sqrt(np.sum(values**2)))
        return columns, (values * (np.sqrt(self.share) / length if length else 0.0)).astype(np.float32)


@lru_cache(maxsize=8)
def _counted(kind: str, text: str) -> tuple[tuple[str, int], ...]:
    """Return how often a text has each feature; several models ask in turn."""
    return tuple(Counter(KINDS[kind](text)).items())


def make_block(kind: str, texts: Sequence[str], rarest: int, most: int, share: float) -> Block:
    """Return the features that at least `rarest` of the texts have, the `most` frequent of them."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(KINDS[kind](text)))
    kept = sorted((one for one, count in counts.items() if count >= rarest), key=lambda one: (-counts[one], one))[:most]
    rarity = np.log((1 + len(texts)) / (1 + np.array([counts[one] for one in kept]))) + 1
    return Block(kind, {one: at for at, one in enumerate(kept)}, rarity.astype(np.float32), share)
