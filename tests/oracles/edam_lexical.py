"""EDAMmap's matcher as its description reads: every token of every list against every other, in plain loops."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from lifenode.edam.concept import Concept
from lifenode.edam.tokens import sentences, tokens

LOSS, OFF = 0.4, {0: 1.0, 1: 0.35, 2: 0.05}
PARTS = {"name": (0.81, 1.0), "keyword": (0.77, 1.0), "description": (0.92, 1.0), "title": (0.91, 0.25),
         "abstract": (0.985, 0.75)}  # fmt: skip

Words = list[str]
Record = tuple[int, int, float]


@dataclass
class Lists:
    """The token lists of a concept."""

    names: list[tuple[str, Words]] = field(default_factory=list)
    prose: list[tuple[str, list[Words]]] = field(default_factory=list)

    def all(self) -> list[tuple[Words, bool]]:
        """Return every list, and whether it is weighted."""
        return [(words, False) for _, words in self.names] + [
            (words, True) for _, parts in self.prose for words in parts
        ]


def split(text: str) -> list[Words]:
    return [found for sentence in sentences(text) if (found := tokens(sentence))]


def lists_of(concept: Concept, dropped: frozenset[str]) -> Lists:
    own = Lists([("label", tokens(concept.label))])
    for kind in ("exact", "narrow", "broad"):
        own.names += [(f"{kind} synonym", tokens(name)) for name in getattr(concept, kind) if name not in dropped]
    own.prose.append(("definition", split(concept.definition)))
    own.prose.append(("comment", [words for comment in concept.comments for words in split(comment)]))
    return own


def weights(concepts: Sequence[Lists]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for own in concepts:
        counts.update({word for words, _ in own.all() for word in words})
    every = math.log10(len(concepts))
    return {word: math.log10(len(concepts) / count) / every for word, count in counts.items()}


def records(to: Words, source: Words) -> list[Record]:
    found = [(i, j, 1.0) for i in range(len(to)) for j in range(len(source)) if to[i] == source[j]]
    for wide_to, wide_from in ((1, 0), (0, 1)):
        for i in range(len(to) - wide_to):
            for j in range(len(source) - wide_from):
                one, other = " ".join(to[i : i + wide_to + 1]), " ".join(source[j : j + wide_from + 1])
                if distance_is_one(one, other):
                    score = 1 - 2 / max(len(one), len(other))
                    pairs = [(i + a, j + b) for a in range(wide_to + 1) for b in range(wide_from + 1)]
                    found += [(a, b, score) for a, b in pairs if score > 0]
    return found


def distance_is_one(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def position(record: Record, every: list[Record], to_length: int, from_length: int) -> float:
    if to_length == 1:
        return 1.0
    i, j, _ = record
    values = []
    for other_i, other_j, _ in every:
        if (other_i, other_j) == (i, j):
            continue
        same_order = (other_i < i and other_j < j) or (other_i > i and other_j > j)
        shift = -2 if same_order else 0 if other_i == i or other_j == j else -1
        values.append(OFF.get(abs(other_j - j) + abs(other_i - i) + shift, 0.0))
    first, second = ([*sorted(values, reverse=True), 0.0, 0.0])[:2]
    at_end = (i == 0 and j == 0) or (i == to_length - 1 and j == from_length - 1)
    return first if at_end else (first + second) / 2


def best(to: Words, source: Words, source_weights: dict[str, float] | None) -> list[float]:
    scores = [0.0] * len(to)
    every = records(to, source)
    for record in every:
        i, j, score = record
        score = max(0.0, score - LOSS * (1 - position(record, every, len(to), len(source))))
        if source_weights is not None:
            score *= math.sqrt(source_weights.get(source[j], 1.0))
        scores[i] = max(scores[i], score)
    return scores


def concept_match(own: Lists, part: list[Words], weight: dict[str, float]) -> tuple[float, str]:
    found, kind = 0.0, "none"
    for name, words in own.names:
        for source in part:
            scores = best(words, source, None)
            if scores and min(scores) > 0 and (value := (sum(scores) / len(scores)) ** 0.2) > found:
                found, kind = value, name
    for name, prose in own.prose:
        means = []
        for words in prose:
            columns = zip(*(best(words, source, None) for source in part), strict=True)
            scores = [max(column) * math.sqrt(weight[word]) for column, word in zip(columns, words, strict=True)]
            means.append(sum(scores) / len(scores))
        if means and part and (value := (sum(means) / len(means)) ** 0.2) > found:
            found, kind = value, name
    return found, kind


def query_match(own: Lists, part: list[Words], weight: dict[str, float]) -> float:
    means = []
    for words in part:
        rows = [best(words, source, weight if weighted else None) for source, weighted in own.all() if source]
        scores = [max(column) for column in zip(*rows, strict=True)]
        means.append(sum(scores) / len(scores))
    return (sum(means) / len(means)) ** 0.2 if means else 0.0


@dataclass
class Score:
    best_one: float
    score: float
    query: str
    concept: str


def score_of(own: Lists, parts: dict[str, list[Words]], weight: dict[str, float]) -> Score:
    total = over = 0.0
    top = (0.0, "none", "none")
    for name, part in parts.items():
        if not part:
            continue
        normaliser, share = PARTS[name]
        match, kind = concept_match(own, part, weight)
        value = normaliser * (match + query_match(own, part, weight)) / 2
        total += share * value**10
        over += share
        top = max(top, (value, name, kind), key=lambda found: found[0])
    return Score(top[0], total / over if over else 0.0, top[1], top[2])
