"""The index of a portal: what each record is found, counted and sorted by, as arrays.

It is built from the records in the database, whichever that is, and brought up to date by what has changed since.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.edam.stemmer import stem
from lifenode.training.records import Event, from_dict
from lifenode.training.search_facets import FACETS, facet_values, folded, texts_of
from lifenode.training.search_near import NearWords
from lifenode.training.search_words import spellings

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_NO_DAY = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it is indexed; times are seconds since 1970, days are counted as `date.toordinal` does.

    ``values`` are the numbers of its values in all facets, one facet after the other, ``lengths`` how many of each.
    """

    id: int
    stamp: tuple[datetime, datetime]
    is_event: bool
    title: str
    start: float
    over: float
    first_day: int
    last_day: int
    created: float
    updated: float
    seen: float
    elixir: bool
    archived: bool
    words: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    values: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.uint16]


class Words:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text, a new one where it is not known."""
        return self.known.setdefault(text, len(self.known))


class Shelf:
    """Makes entries, and keeps what they share: the numbers of stems and of the values of facets."""

    def __init__(self) -> None:
        self.stems = Words()
        self.stem_of: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self.values = {name: Words() for name in FACETS}

    def _number(self, word: str) -> int:
        self.stem_of[word] = stem(word)
        self._numbers[word] = self.stems.number(self.stem_of[word])
        return self._numbers[word]

    def entry(self, row: Mapping[str, Any]) -> Entry:
        """Return a record as it is indexed; `row` holds its columns and the title of its provider."""
        record = from_dict(row["content"])
        weights: dict[int, float] = {}
        numbers = self._numbers
        for weight, text in texts_of(record, row["provider"]):
            for number in {numbers.get(word) or self._number(word) for word in spellings(text)}:
                weights[number] = weights.get(number, 0.0) + weight
        held = [
            [self.values[name].number(value) for value in values]
            for name, values in facet_values(record, row["provider"])
        ]
        start = record.start if isinstance(record, Event) else None
        end = (record.end or record.start) if isinstance(record, Event) else None
        return Entry(
            id=row["id"],
            stamp=(row["updated_at"], row["last_seen_at"]),
            is_event=isinstance(record, Event),
            title=_ARTICLE.sub("", folded(record.title), count=1),
            start=start.assumed().timestamp() if start else math.nan,
            over=end.assumed(ends=True).timestamp() if end else math.inf,
            first_day=start.wall().toordinal() if start else _NO_DAY,
            last_day=end.wall().toordinal() if end else _NO_DAY,
            created=row["created_at"].timestamp(),
            updated=row["updated_at"].timestamp(),
            seen=row["last_seen_at"].timestamp(),
            elixir=bool(record.nodes),
            archived=not isinstance(record, Event) and record.status == "archived",
            words=np.fromiter(weights, dtype=np.int32, count=len(weights)),
            weights=np.fromiter(weights.values(), dtype=np.float32, count=len(weights)),
            values=np.array([number for numbers in held for number in numbers], dtype=np.int32),
            lengths=np.array([len(numbers) for numbers in held], dtype=np.uint16),
        )


class Postings:
    """Which records hold each of some numbered things."""

    def __init__(self, rows: Numbers, things: Numbers, count: int) -> None:
        self.order = np.argsort(things, kind="stable")
        self.rows = rows[self.order]
        self.things = things[self.order]
        self.starts = np.searchsorted(self.things, np.arange(count + 1))

    def of(self, thing: int) -> npt.NDArray[np.int32]:
        """Return the rows that hold a thing, in order."""
        return self.rows[self.starts[thing] : self.starts[thing + 1]]

    def span(self, thing: int) -> slice:
        """Return where its rows are."""
        return slice(int(self.starts[thing]), int(self.starts[thing + 1]))


class FacetColumn:
    """The values of one facet: which records have each, whatever its case, and how it is written most often."""

    def __init__(self, rows: Numbers, labels: Numbers, known: Mapping[str, int]) -> None:
        keys = Words()
        of_label = np.array([keys.number(folded(label)) for label in known], dtype=np.int32)
        self.keys = keys.known
        self.postings = Postings(rows, of_label[labels], len(self.keys))
        written = np.bincount(labels, minlength=len(known))
        self.labels = _commonest(list(known), of_label, written, len(self.keys))
        self._rank = np.empty(len(self.keys), dtype=np.int64)
        self._rank[sorted(range(len(self.labels)), key=lambda key: folded(self.labels[key]))] = np.arange(
            len(self.keys)
        )

    def counts(self, mask: Mask) -> npt.NDArray[np.int64]:
        """Return for each value how many records of a mask have it."""
        held = self.postings.things[mask[self.postings.rows]]
        return np.bincount(held, minlength=len(self.keys)).astype(np.int64)

    def ordered(self, counts: npt.NDArray[np.int64]) -> list[int]:
        """Return the values that are counted, the most frequent first, equals by their label."""
        keys = np.flatnonzero(counts)
        order: list[int] = keys[np.lexsort((self._rank[keys], -counts[keys]))].tolist()
        return order


def _commonest(labels: list[str], of_label: npt.NDArray[np.int32], written: npt.NDArray[Any], count: int) -> list[str]:
    best: list[tuple[int, str]] = [(0, "")] * count
    for label, key, times in zip(labels, of_label.tolist(), written.tolist(), strict=True):
        if times and (not best[key][1] or (-times, label) < best[key]):
            best[key] = (-times, label)
    return [label for _, label in best]


def _joined(arrays: list[npt.NDArray[Any]], kind: type[np.generic] = np.int32) -> npt.NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=kind)


class Index:
    """All records, as arrays of one length; a row of them is a record."""

    def __init__(self, entries: Iterable[Entry], shelf: Shelf) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.id)
        held = self.entries
        self.ids = np.array([entry.id for entry in held], dtype=np.int64)
        self.is_event = np.array([entry.is_event for entry in held], dtype=bool)
        self.elixir = np.array([entry.elixir for entry in held], dtype=bool)
        self.archived = np.array([entry.archived for entry in held], dtype=bool)
        names = ("start", "over", "created", "updated", "seen")
        self.start, self.over, self.created, self.updated, self.seen = (
            np.array([getattr(entry, name) for entry in held], dtype=np.float64) for name in names
        )
        self.first_day = np.array([entry.first_day for entry in held], dtype=np.int64)
        self.last_day = np.array([entry.last_day for entry in held], dtype=np.int64)
        by_title = sorted(range(len(held)), key=lambda row: held[row].title)
        self.title_rank = np.empty(len(held), dtype=np.int64)
        self.title_rank[by_title] = np.arange(len(held))
        self._words(shelf)
        self._facets(shelf)

    def __len__(self) -> int:
        return len(self.entries)

    def _words(self, shelf: Shelf) -> None:
        self.stems = dict(shelf.stems.known)
        lengths = [len(entry.words) for entry in self.entries]
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        self.postings = Postings(rows, _joined([entry.words for entry in self.entries]), len(self.stems))
        flat = _joined([entry.weights for entry in self.entries], np.float32)
        self.weights = flat[self.postings.order]
        held = np.diff(self.postings.starts)
        self.rarity = np.log1p(len(self.entries) / np.maximum(held, 1)).astype(np.float32)
        self.stem_of = {word: one for word, one in shelf.stem_of.items() if held[self.stems[one]]}
        self.near = NearWords(list(self.stem_of))

    def _facets(self, shelf: Shelf) -> None:
        count = len(self.entries)
        lengths = _joined([entry.lengths for entry in self.entries], np.uint16)
        values = _joined([entry.values for entry in self.entries])
        facet_of = np.repeat(np.tile(np.arange(len(FACETS), dtype=np.int16), count), lengths)
        in_each = lengths.reshape(count, len(FACETS)).sum(axis=1, dtype=np.int64)
        rows = np.repeat(np.arange(count, dtype=np.int32), in_each)
        self.facets = {}
        for place, name in enumerate(FACETS):
            own = facet_of == place
            self.facets[name] = FacetColumn(rows[own], values[own], shelf.values[name].known)

    def holds(self, word: str) -> bool:
        """Tell whether any record has a stem."""
        number = self.stems.get(word)
        return number is not None and bool(len(self.postings.of(number)))
