"""Names by the words in them: one array of all folded names, searched as it lies in the mapped file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.packs.arrays import Arrays
from lifenode.packs.propagation import row_pointers, spans

_MOST_WORDS = 8
_BREAK = 10
_WORD = re.compile(r"[^\s,;()\[\]\"]+")

# A letter or digit before or after a match means that it is a part of a word.
_SOLID = np.zeros(256, bool)
_SOLID[[*b"abcdefghijklmnopqrstuvwxyz0123456789"]] = True
_SOLID[128:] = True

Rows = npt.NDArray[np.int64]


class Match(NamedTuple):
    """Names that hold all words.

    Attributes
    ----------
    rows
        Rows of the names, ascending.
    quality
        Of each: 0 all words stand by themselves and the name begins with the first, 1 all stand by themselves, 2 all
        begin a word, 3 anything else.
    length
        Bytes of each name.
    """

    rows: Rows
    quality: npt.NDArray[np.int8]
    length: Rows


def words_of(text: str) -> list[str]:
    """Return the first words of a text, folded, each once."""
    return list(dict.fromkeys(_WORD.findall(text.casefold())))[:_MOST_WORDS]


def build_words(names: Sequence[str], prefix: str) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `WordIndex`, under names that begin with `prefix`."""
    folded = [re.sub(r"\s", " ", name.casefold()).encode() for name in names]
    ends = np.cumsum([len(name) + 1 for name in folded], dtype=np.int64)
    text = b"\n" + b"".join(name + b"\n" for name in folded)
    return {
        f"{prefix}.text": np.frombuffer(text, np.uint8),
        f"{prefix}.start": np.concatenate([[1], 1 + ends]).astype(np.int64),
    }


class WordIndex:
    """Finds names that hold words.

    Parameters
    ----------
    arrays, prefix
        What `build_words` returned.
    """

    def __init__(self, arrays: Arrays, prefix: str) -> None:
        self._text: npt.NDArray[np.uint8] = arrays[f"{prefix}.text"]
        self._start: Rows = arrays[f"{prefix}.start"]

    def find(self, words: Sequence[str]) -> Match:
        """Return the names that hold every one of the folded `words`; a single letter only where it stands alone."""
        rows = np.zeros(0, np.int64)
        quality = np.zeros(0, np.int8)
        # The longest word leaves the fewest names, and only those are searched for the others.
        for turn, word in enumerate(sorted(words, key=len, reverse=True)):
            text, start = (self._text, self._start) if turn == 0 else self._part(rows)
            found, worth = _holding(text, start, word.encode(), first=word == words[0])
            rows, quality = (found, worth) if turn == 0 else (rows[found], np.maximum(quality[found], worth))
        return Match(rows, quality, self._start[rows + 1] - self._start[rows] - 1)

    def _part(self, rows: Rows) -> tuple[npt.NDArray[np.uint8], Rows]:
        """Return the text of some names alone, and where each of them begins in it."""
        lengths = self._start[rows + 1] - self._start[rows]
        names = self._text[spans(self._start[rows], lengths)]
        return np.concatenate([self._text[:1], names]), 1 + row_pointers(lengths)


def _holding(
    text: npt.NDArray[np.uint8], start: Rows, word: bytes, *, first: bool
) -> tuple[Rows, npt.NDArray[np.int8]]:
    """Return the names that hold a word, by number, and the quality of the best place in each."""
    at = _places(text, word)
    before, after = _SOLID[text[at - 1]], _SOLID[text[at + len(word)]]
    if len(word) == 1:
        at, before, after = (array[~(before | after)] for array in (at, before, after))
    leading = text[at - 1] == _BREAK
    quality = np.select([before, after, ~leading], [3, 2, 1 if first else 0], 0).astype(np.int8)
    row = np.searchsorted(start, at, side="right") - 1
    order = np.lexsort((quality, row))
    row, quality = row[order], quality[order]
    kept = np.flatnonzero(np.diff(row, prepend=-1))
    return row[kept], quality[kept]


def _places(text: npt.NDArray[np.uint8], word: bytes) -> Rows:
    """Return where a word begins, wherever that is."""
    last = len(text) - len(word)
    at = np.flatnonzero(text[: max(last, 0)] == word[0])
    for place, byte in enumerate(word[1:], 1):
        at = at[text[at + place] == byte]
    return at
