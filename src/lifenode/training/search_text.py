"""Which records a text finds, and how well: words by their stems, names of EDAM by their synonyms, typing mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lifenode.training.search_index import Index, Mask
from lifenode.training.search_words import Alternative, Group, groups

Scores = npt.NDArray[np.float32]
_SYNONYM, _NEAR = np.float32(0.6), np.float32(0.4)


@dataclass(slots=True)
class TextMatch:
    """What a text found: which rows, how well, and what was read in the place of words nobody uses."""

    mask: Mask
    scores: Scores
    read_as: dict[str, list[str]] = field(default_factory=dict)
    synonyms: dict[str, list[str]] = field(default_factory=dict)


def match_text(index: Index, text: str) -> TextMatch:
    """Return the rows that hold all a text asks for."""
    found = TextMatch(np.ones(len(index), dtype=bool), np.zeros(len(index), dtype=np.float32))
    for group in groups(text):
        scores = np.zeros(len(index), dtype=np.float32)
        for way in group.alternatives:
            np.maximum(scores, _together(index, way), out=scores)
        for way, name in group.synonyms:
            own = _together(index, way)
            if own.any():
                found.synonyms.setdefault(group.text, []).append(name)
            np.maximum(scores, own * _SYNONYM, out=scores)
        if group.excluded:
            found.mask &= scores == 0
            continue
        if not scores.any():
            scores = _nearly(index, group, found)
        found.mask &= scores > 0
        found.scores += scores
    return found


def _together(index: Index, way: Alternative) -> Scores:
    """Return the scores of the rows that hold all of some stems; 0 for the others."""
    total = np.zeros(len(index), dtype=np.float32)
    hits = np.zeros(len(index), dtype=np.int16)
    for word in set(way):
        number = index.stems.get(word)
        if number is None:
            return np.zeros(len(index), dtype=np.float32)
        span = index.postings.span(number)
        rows = index.postings.rows[span]
        total[rows] += index.weights[span] * index.rarity[number]
        hits[rows] += 1
    total[hits < len(set(way))] = 0
    return total


def _nearly(index: Index, group: Group, found: TextMatch) -> Scores:
    """Return the scores of rows that hold words which begin like the unknown ones, or are spelt nearly so."""
    total = np.zeros(len(index), dtype=np.float32)
    present = np.ones(len(index), dtype=bool)
    for typed, own in zip(group.typed, group.alternatives[0], strict=True):
        words = [] if index.holds(own) else index.near.beginning(typed) or index.near.misspelt(typed)
        scores = _together(index, (own,))
        for candidate in dict.fromkeys(index.stem_of[word] for word in words):
            np.maximum(scores, _together(index, (candidate,)), out=scores)
        if words:
            found.read_as.setdefault(typed, []).extend(words)
        present &= scores > 0
        total += scores * _NEAR
    return np.where(present, total, np.float32(0))
