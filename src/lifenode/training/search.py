"""Search: which records a question finds, in order, and how many of them have each value of each facet.

One of the values asked for of a facet must be there, and so for each facet; the counts of a facet leave its own
values out of account, so that they tell what another choice would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from lifenode.training.search_facets import facets_of, folded
from lifenode.training.search_index import Index, Mask
from lifenode.training.search_question import Days, Question
from lifenode.training.search_text import match_text
from lifenode.training.search_words import edam_texts

_DAY = 86_400.0
_TERMS = ("scientific_topics", "operations")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet, how many records have it, and whether it is asked for."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds.

    ``ids`` are all records in order, ``shown`` those of the page. ``facets`` hold the most frequent values and those
    asked for, ``more`` how many others there are. ``past`` counts the events that would be there but
    for being over. ``read_as`` tells what was read for words that no record has, ``synonyms`` which other names of
    EDAM found something.
    """

    question: Question
    ids: npt.NDArray[np.int64]
    facets: Mapping[str, list[Value]]
    more: Mapping[str, int]
    past: int
    read_as: Mapping[str, list[str]]
    synonyms: Mapping[str, list[str]]

    @property
    def total(self) -> int:
        """How many records there are."""
        return len(self.ids)

    @property
    def pages(self) -> int:
        """How many pages they fill, one at least."""
        return max(1, -(-self.total // self.question.per_page))

    @property
    def shown(self) -> list[int]:
        """The ids of the records of the page."""
        first = (self.question.page - 1) * self.question.per_page
        return [int(one) for one in self.ids[first : first + self.question.per_page]]


def search_index(
    index: Index, question: Question, *, now: datetime | None = None, most_values: int | None = None
) -> Found:
    """Return what a question finds in an index.

    Parameters
    ----------
    index
        The records.
    question
        What is searched for.
    now
        The time by which events are over and days are counted.
    most_values
        How many values of a facet are told; all where it is None, and facets are not counted at all where it is 0.
    """
    moment = (now or datetime.now(UTC)).timestamp()
    text = match_text(index, question.text)
    base = text.mask & _special(index, question, moment)
    choices = {name: _having(index, name, values) for name, values in question.facets.items()}
    missing = np.zeros(len(index), dtype=np.int16)
    for choice in choices.values():
        missing += ~choice
    over = index.is_event & (index.over <= moment)
    everything = base & (missing == 0)
    if not question.include_expired:
        base &= ~over
    found = base & (missing == 0)
    counting = _Counting(index, question, base, choices, missing)
    counted = (
        {} if most_values == 0 else {f.name: counting.values(f.name, most_values) for f in facets_of(question.kind)}
    )
    facets = {name: values for name, (values, _) in counted.items()}
    more = {name: others for name, (_, others) in counted.items()}
    rows = np.flatnonzero(found)
    ordered = rows[_order(index, question.order, rows, text.scores)]
    past = int(np.count_nonzero(everything & over))
    return Found(question, index.ids[ordered], facets, more, past, text.read_as, text.synonyms)


def _special(index: Index, question: Question, now: float) -> Mask:
    mask = np.ones(len(index), dtype=bool)
    if question.kind:
        mask &= index.is_event == (question.kind == "event")
    if not question.include_archived:
        mask &= ~index.archived
    if question.elixir is not None:
        mask &= index.elixir == question.elixir
    if question.days_since_scrape is not None:
        mask &= index.seen < now - question.days_since_scrape * _DAY
    if question.max_age is not None:
        mask &= index.created >= now - question.max_age * _DAY
    if question.start is not None:
        mask &= _between(index.first_day, index.first_day, question.start)
    if question.running_during is not None:
        mask &= _between(index.first_day, index.last_day, question.running_during)
    return mask


def _between(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64], days: Days) -> Mask:
    if days == (None, None):
        return np.ones(len(first), dtype=bool)
    mask: Mask = first >= 0
    if days[0] is not None:
        mask &= last >= days[0].toordinal()
    if days[1] is not None:
        mask &= first <= days[1].toordinal()
    return mask


def _having(index: Index, name: str, values: tuple[str, ...]) -> Mask:
    """Return which records have one of some values; terms of EDAM are known by their synonyms and ids too."""
    mask = np.zeros(len(index), dtype=bool)
    for value in values:
        key = _key(index, name, value)
        if key is not None:
            mask[index.facets[name].postings.of(key)] = True
    return mask


def _key(index: Index, name: str, value: str) -> int | None:
    names = [value, *edam_texts([value])] if name in _TERMS else [value]
    keys = index.facets[name].keys
    return next((keys[folded(one)] for one in names if folded(one) in keys), None)


@dataclass(frozen=True, slots=True)
class _Counting:
    """What the counts of facets start from: all but the facets, and for each row how many facets it misses."""

    index: Index
    question: Question
    base: Mask
    choices: Mapping[str, Mask]
    missing: npt.NDArray[np.int16]

    def values(self, name: str, most: int | None) -> tuple[list[Value], int]:
        """Return the most frequent values of a facet and those asked for, and the number of the others."""
        own = self.choices.get(name)
        mask = self.base & (self.missing == 0) if own is None else self.base & (self.missing - ~own == 0)
        column = self.index.facets[name]
        asked = {value: _key(self.index, name, value) for value in self.question.facets.get(name, ())}
        counts = column.counts(mask)
        keys = column.ordered(counts)
        told = keys[:most] + [key for key in keys[len(keys[:most]) :] if key in asked.values()]
        values = [Value(column.labels[key], int(counts[key]), key in asked.values()) for key in told]
        values += [Value(value, 0, chosen=True) for value, key in asked.items() if key not in keys]
        return values, len(keys) - len(told)


def _order(
    index: Index, sort: str, rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """Return the places of rows in an order; what is equal goes by relevance and then by age."""
    start = np.nan_to_num(index.start[rows], nan=np.inf)
    keys = {
        "early": start,
        "late": np.where(np.isinf(start), np.inf, -start),
        "rel": -scores[rows],
        "new": -index.created[rows],
        "mod": -index.updated[rows],
        "asc": index.title_rank[rows],
        "desc": -index.title_rank[rows],
    }
    return np.lexsort((index.ids[rows], -scores[rows], keys[sort]))
