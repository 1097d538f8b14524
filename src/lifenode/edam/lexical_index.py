"""The names and prose of an ontology as stems, with an index from each stem to where it stands."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lifenode.edam.concept import Concept
from lifenode.edam.tokens import sentences, tokens

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KINDS = ("label", "exact synonym", "narrow synonym", "broad synonym", "definition", "comment", "none")
FIRST_PROSE = 4
NOTHING = 6
"""Places in `KINDS`: of the first kind that is prose, and of no match at all."""

# Synonyms that say nothing on their own; from EDAMmap's resources.
_UNUSED = (
    "Aging Ageing Submission Enrichment Loading Networks Interactions Structures Environment Binning Enhancers "
    "Algorithms Targets Citations Documentation Language References Deletion Duplication Insertion Inversion"
)
UNUSED_SYNONYMS = frozenset(_UNUSED.split())
_LONGEST_WORD = 100  # cuts of longer ones are not sought
_GAP_LOSS = 2.0  # what one missing character costs, as a share of the longer text


@dataclass
class Postings:
    """Where each key stands: ``lists[starts[key]:starts[key + 1]]``, at those `places` of the lists."""

    starts: Integers
    lists: Integers
    places: Integers


@dataclass(frozen=True, slots=True)
class Hit:
    """Postings that a token of the query matches: of a stem or a pair of stems, `shift` places on, with a score."""

    pairs: bool
    key: int
    shift: int
    score: float


@dataclass
class LexicalIndex:
    """All token lists of an ontology.

    Attributes
    ----------
    texts
        For each list the name it was made of; empty for prose.
    concept, kind, length, start
        For each list: place of its concept, place in `KINDS`, number of tokens, first token in `flat`.
    flat
        Stems of all lists, one list after another.
    weight
        Square root of the inverse document frequency of each stem, scaled to 0..1.
    stems, pairs
        Postings of stems and of pairs of neighbouring stems.
    """

    texts: list[str]
    concept: Integers
    kind: Integers
    length: Integers
    start: Integers
    flat: Integers
    weight: Floats
    stems: Postings
    pairs: Postings
    vocabulary: dict[str, int]
    _joined: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    _pair_keys: dict[tuple[str, str], int] = field(default_factory=dict)
    _gapped: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _known: dict[str, list[Hit]] = field(default_factory=dict)

    def hits(self, words: Sequence[str]) -> list[list[Hit]]:
        """Return what each token of a query's list matches."""
        found = [list(self._hits_of(word)) for word in words]
        for at, (first, second) in enumerate(pairwise(words)):
            score = 1 - _GAP_LOSS / (len(first) + 1 + len(second))
            keys = self._gapped.get((first, second), [])
            if (whole := self.vocabulary.get(first + second)) is not None:
                keys = [whole, *keys]
            for key in keys:
                found[at].append(Hit(False, key, 0, score))
                found[at + 1].append(Hit(False, key, 0, score))
        return found

    def _hits_of(self, word: str) -> list[Hit]:
        known = self._known.get(word)
        if known is None:
            own = self.vocabulary.get(word)
            known = [] if own is None else [Hit(False, own, 0, 1.0)]
            pairs = list(self._joined.get(word, ()))
            for cut in range(1, min(len(word), _LONGEST_WORD) - 1):
                key = self._pair_keys.get((word[:cut], word[cut + 1 :]))
                if key is not None:
                    pairs.append((key, 1 - _GAP_LOSS / len(word)))
            known += [Hit(True, key, shift, score) for key, score in pairs for shift in (0, 1)]
            if len(self._known) < 200_000 and len(word) < 60:
                self._known[word] = known
        return known


def build_index(concepts: Sequence[Concept]) -> LexicalIndex:
    """Index the names of concepts, and their prose where they bring any."""
    rows: list[tuple[int, int, str, list[str]]] = []
    for place, concept in enumerate(concepts):
        rows += [(place, kind, text, words) for kind, text, words in _lists(concept) if words]
    vocabulary: dict[str, int] = {}
    ids = [[vocabulary.setdefault(word, len(vocabulary)) for word in words] for _, _, _, words in rows]
    length = np.array([len(words) for words in ids], np.int64)
    index = LexicalIndex(
        texts=[text for _, _, text, _ in rows],
        concept=np.array([place for place, _, _, _ in rows], np.int64),
        kind=np.array([kind for _, kind, _, _ in rows], np.int64),
        length=length,
        start=np.cumsum(length) - length,
        flat=np.array([key for words in ids for key in words], np.int64),
        weight=_weights(rows, vocabulary, len(concepts)),
        stems=_postings(((key, row, at) for row, words in enumerate(ids) for at, key in enumerate(words)), vocabulary),
        pairs=Postings(*[np.zeros(0, np.int64)] * 3),
        vocabulary=vocabulary,
    )
    _index_pairs(index, [words for _, _, _, words in rows])
    return index


def _lists(concept: Concept) -> Iterable[tuple[int, str, list[str]]]:
    yield 0, concept.label, tokens(concept.label)
    for kind, names in enumerate((concept.exact, concept.narrow, concept.broad), 1):
        for name in names:
            if name not in UNUSED_SYNONYMS:
                yield kind, name, tokens(name)
    for kind, prose in ((FIRST_PROSE, (concept.definition,)), (FIRST_PROSE + 1, concept.comments)):
        for text in prose:
            for sentence in sentences(text):
                yield kind, "", tokens(sentence)


def _weights(rows: Sequence[tuple[int, int, str, list[str]]], vocabulary: dict[str, int], documents: int) -> Floats:
    """Return the square root of ``log(N / df) / log(N)``; a concept with all its texts is one document."""
    seen = {(place, word) for place, _, _, words in rows for word in words}
    counts = Counter(word for _, word in seen)
    every = math.log10(documents) if documents > 1 else 1.0
    return np.sqrt([math.log10(documents / counts[word]) / every for word in vocabulary])


def _postings(entries: Iterable[tuple[int, int, int]], keys: dict[str, int] | dict[tuple[str, str], int]) -> Postings:
    table = np.array(sorted(entries), np.int64).reshape(-1, 3)
    starts = np.searchsorted(table[:, 0], np.arange(len(keys) + 1))
    return Postings(starts.astype(np.int64), np.ascontiguousarray(table[:, 1]), np.ascontiguousarray(table[:, 2]))


def _index_pairs(index: LexicalIndex, lists: Sequence[list[str]]) -> None:
    """Index neighbours, so that ``geneset`` finds ``gene set``, and stems with one character left out."""
    entries = []
    for row, words in enumerate(lists):
        for at, pair in enumerate(pairwise(words)):
            key = index._pair_keys.setdefault(pair, len(index._pair_keys))
            entries.append((key, row, at))
    index.pairs = _postings(entries, index._pair_keys)
    joined: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for (first, second), key in index._pair_keys.items():
        joined[first + second].append((key, 1 - _GAP_LOSS / (len(first) + 1 + len(second))))
    gapped: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for word, key in index.vocabulary.items():
        for cut in range(1, len(word) - 1):
            gapped[word[:cut], word[cut + 1 :]].append(key)
    index._joined, index._gapped = dict(joined), dict(gapped)
