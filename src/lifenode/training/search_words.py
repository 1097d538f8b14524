"""Text as the search sees it: stems of words, and what a query asks for in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lifenode.edam.ontology import Ontology
from lifenode.edam.stemmer import stem
from lifenode.edam.tokens import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:[-'’\u2010\u2011.][^\W_]+)*")
_INNER = re.compile(r"[-'’\u2010\u2011.]")
_LONGEST_WORD = 40
_LONGEST_NAME = 6

Alternative = tuple[str, ...]
"""Stems that must all be there."""
Synonym = tuple[Alternative, str]
"""The stems of a name, and the name."""


@dataclass(frozen=True, slots=True)
class Group:
    """One thing a query asks for: the words as typed, the ways to say it, and whether it must not be there.

    ``typed`` are the words behind the first of the ways, not stemmed; ``synonyms`` are further ways, by names of EDAM.
    """

    text: str
    typed: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    synonyms: tuple[Synonym, ...] = ()
    excluded: bool = False


def stems(text: str) -> list[str]:
    """Return the stems to find a text by; a word with a hyphen by its parts and as one.

    >>> stems("RNA-Seq reads in Zürich")
    ['rna', 'seq', 'rnaseq', 'read', 'zurich']
    """
    return [stem(word) for word in spellings(text)]


def spellings(text: str) -> list[str]:
    """Return the words of a text in lower case without accents; one with a hyphen by its parts and as one."""
    found = []
    for word in _words(text):
        if word.isalnum():
            if word not in STOP_WORDS:
                found.append(word)
            continue
        parts = _INNER.split(word)
        found += [part for part in parts if part not in STOP_WORDS]
        found.append("".join(parts))
    return found


def groups(query: str) -> list[Group]:
    """Return what a query asks for; all of it must be found.

    A name of an EDAM topic or operation, of several words too, is one thing, found also by its synonyms. A word with
    ``-`` before it must not be there.
    """
    wanted = []
    excluded = []
    for typed in query.split():
        for word in _words(typed):
            ways = _ways(word)
            if ways and typed.startswith("-"):
                excluded.append(Group(word, (word,), ways, excluded=True))
            elif ways:
                wanted.append(_Typed(word, _parts(word), ways))
    return [*_named(wanted), *excluded]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word of a query, its parts and the ways to find it."""

    word: str
    parts: tuple[str, ...]
    ways: tuple[Alternative, ...]


def _words(text: str) -> list[str]:
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)]


def _parts(word: str) -> tuple[str, ...]:
    return tuple(part for part in _INNER.split(word) if part not in STOP_WORDS)


def _ways(word: str) -> tuple[Alternative, ...]:
    """Return how a word is found: by its parts, and one with a hyphen also as one."""
    apart = tuple(stem(part) for part in _parts(word))
    together = (stem(_INNER.sub("", word)),)
    return tuple(dict.fromkeys(way for way in (apart, together) if way and apart))


def _named(words: list[_Typed]) -> Iterator[Group]:
    """Yield words as groups, the longest names of EDAM together."""
    names = _edam_names()
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            taken = words[at : at + length]
            together = tuple(one for each in taken for one in each.ways[0])
            ways = (together,) if length > 1 else taken[0].ways
            synonyms = [other for way in ways for other in names.get(way, ()) if other[0] not in ways]
            if synonyms or length == 1:
                typed = tuple(part for each in taken for part in each.parts)
                yield Group(" ".join(each.word for each in taken), typed, ways, tuple(dict.fromkeys(synonyms)))
                at += length
                break


@lru_cache(maxsize=1)
def _edam_names() -> dict[Alternative, tuple[Synonym, ...]]:
    """Return for the stems of each name the other names of the concepts that are called so."""
    known: dict[Alternative, list[Synonym]] = {}
    for concept in Ontology.load():
        if concept.obsolete or concept.branch not in ("topic", "operation") or not concept.parents:
            continue
        exact = {_key(name): name for name in (*reversed(concept.exact), concept.label)}
        every = {**{_key(name): name for name in concept.narrow}, **exact}
        for way in every:
            # A narrow synonym asks for less than the concept: it finds its own words and the names of the concept.
            others = every if way in exact else exact
            known.setdefault(way, []).extend(
                sorted((other, n) for other, n in others.items() if other and other != way)
            )
    known.pop((), None)
    return {way: tuple(dict(others).items()) for way, others in known.items()}


def _key(name: str) -> Alternative:
    return tuple(one for word in _words(name) for one in next(iter(_ways(word)), ()))


def edam_texts(names: Iterable[str]) -> list[str]:
    """Return labels, exact and narrow synonyms of the terms with these ids, IRIs or labels, as a record is found by."""
    return [text for name in names for text in _texts_of(name)]


@lru_cache(maxsize=8192)
def _texts_of(name: str) -> tuple[str, ...]:
    from lifenode.errors import UnknownTerm

    for branch in ("topic", "operation"):
        try:
            concept = Ontology.load().find(name, branch)
        except UnknownTerm:
            continue
        return (concept.label, *concept.exact, *concept.narrow)
    return ()
