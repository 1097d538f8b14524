"""Words that are near a mistyped one, by the fewest letters to change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

_SHORTEST_PREFIX = 3
_SHORTEST_TYPO = 4
_TWO_TYPOS_FROM = 8
_MOST = 50


class NearWords:
    """A vocabulary that can be asked for what begins like a word or is misspelt like it.

    Parameters
    ----------
    words
        The vocabulary, each word once.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._sorted = sorted(words)
        self._letters = np.array([_letters(word) for word in words], dtype=np.uint64)
        self._lengths = np.array([len(word) for word in words], dtype=np.int32)

    def beginning(self, word: str) -> list[str]:
        """Return the words that begin with a word of three letters or more."""
        if len(word) < _SHORTEST_PREFIX:
            return []
        first = bisect_left(self._sorted, word)
        last = bisect_left(self._sorted, word + "\U0010ffff")
        return self._sorted[first : min(last, first + _MOST)]

    def misspelt(self, word: str) -> list[str]:
        """Return the nearest words: one letter apart, or two where the word has eight or more; none for short ones.

        A letter more, less or other, or two that have changed places, count as one.
        """
        if len(word) < _SHORTEST_TYPO or any(character.isdigit() for character in word):
            return []
        most = 2 if len(word) >= _TWO_TYPOS_FROM else 1
        differing = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        able = (differing <= 2 * most) & (np.abs(self._lengths - len(word)) <= most)
        found: dict[int, list[str]] = {}
        for place in np.flatnonzero(able).tolist():
            candidate = self._words[place]
            apart = distance(word, candidate, most)
            if apart <= most and not any(character.isdigit() for character in candidate):
                found.setdefault(apart, []).append(candidate)
        return found[min(found)][:_MOST] if found else []


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters two words are apart, or ``most + 1`` where it is more than `most`.

    >>> distance("genomcis", "genomics", 2)
    1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        following = [i]
        for j, held in enumerate(other, 1):
            cost = min(row[j] + 1, following[-1] + 1, row[j - 1] + (letter != held))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == held
            following.append(min(cost, before[j - 2] + 1) if swapped else cost)
        if min(following) > most:
            return most + 1
        before, row = row, following
    return min(row[-1], most + 1)


def _letters(word: str) -> int:
    held = 0
    for character in word:
        held |= 1 << (ord(character) & 63)
    return held
