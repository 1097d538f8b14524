"""What is searched for: text, facets, special filters, order and page, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lifenode.errors import InvalidOption, UnknownField, nearest
from lifenode.training.search_facets import FACETS, facets_of

KINDS = ("event", "material")
SORTS = {
    "default": "default order",
    "early": "earliest first",
    "late": "latest first",
    "rel": "most relevant first",
    "new": "newest first",
    "mod": "last changed first",
    "asc": "title A to Z",
    "desc": "title Z to A",
}
"""Orders by name. By default: events by their start, text by relevance, all else newest first."""
AGES = {"24 hours": 1, "1 week": 7, "1 month": 30}
"""Days of each age that ``max_age`` may name."""
PAGE_SIZES = (10, 20, 50, 100)
FLAGS = ("include_expired", "include_archived")
SPECIAL = (*FLAGS, "elixir", "days_since_scrape", "max_age", "start", "running_during")
"""Filters that are no facets."""
_LONGEST_TEXT = 500
_LAST_PAGE = 1_000_000
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})?/(\d{4}-\d{2}-\d{2})?")

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Question:
    """A search.

    Parameters
    ----------
    kind
        ``event``, ``material``, or nothing for both.
    text
        Words that must all be found.
    facets
        Values by the name of their facet: one of a facet's values must be there, of each facet.
    include_expired, include_archived
        Whether events that are over, and materials that are archived, are shown.
    elixir
        Only what a node of ELIXIR has part in, or only what none has.
    days_since_scrape
        Only what no harvest has seen for so many days.
    max_age
        Only what came in within so many days.
    start, running_during
        First and last day of the start, or of a time in which an event takes place; either may be open.
    sort, page, per_page
        A name of `SORTS`, the number of the page from 1, and its size.
    """

    kind: str = ""
    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include_expired: bool = False
    include_archived: bool = False
    elixir: bool | None = None
    days_since_scrape: int | None = None
    max_age: int | None = None
    start: Days | None = None
    running_during: Days | None = None
    sort: str = "default"
    page: int = 1
    per_page: int = 10

    def __post_init__(self) -> None:
        """Refuse what can have no answer.

        Raises
        ------
        InvalidOption
            A value is none of those that are possible.
        """
        if self.kind not in ("", *KINDS):
            raise _impossible("kind", self.kind, f"one of {', '.join(KINDS)}")
        if self.sort not in SORTS:
            raise _impossible("sort", self.sort, f"one of {', '.join(SORTS)}")
        if not 1 <= self.page <= _LAST_PAGE:
            raise _impossible("page", self.page, "a whole number from 1")
        if not 1 <= self.per_page <= PAGE_SIZES[-1]:
            raise _impossible("per_page", self.per_page, f"a whole number from 1 to {PAGE_SIZES[-1]}")
        if len(self.text) > _LONGEST_TEXT:
            raise _impossible("q", f"{self.text[:40]}...", f"a text of at most {_LONGEST_TEXT} characters")
        known = [facet.name for facet in facets_of(self.kind)]
        for name in self.facets:
            if name not in known:
                raise _unknown(name, known)

    @property
    def order(self) -> str:
        """The order in force, where the default is asked for too."""
        if self.sort != "default":
            return self.sort
        if self.kind == "event":
            return "early"
        return "rel" if self.text.strip() else "new"

    def pairs(self) -> list[tuple[str, str]]:
        """Return the question as the parameters of an address, without what is the default."""
        found = [("q", self.text)] if self.text.strip() else []
        found += [(name, value) for name, values in self.facets.items() for value in values]
        found += [(name, "true") for name in FLAGS if getattr(self, name)]
        if self.elixir is not None:
            found.append(("elixir", "true" if self.elixir else "false"))
        if self.days_since_scrape is not None:
            found.append(("days_since_scrape", str(self.days_since_scrape)))
        found += [("max_age", name) for name, days in AGES.items() if days == self.max_age]
        for name in ("start", "running_during"):
            days: Days | None = getattr(self, name)
            if days is not None:
                found.append((name, "/".join("" if day is None else day.isoformat() for day in days)))
        found += [("sort", self.sort)] if self.sort != "default" else []
        found += [("page", str(self.page))] if self.page > 1 else []
        return [*found, *([("per_page", str(self.per_page))] if self.per_page != PAGE_SIZES[0] else [])]

    def with_facet(self, name: str, values: Iterable[str]) -> Question:
        """Return the question with other values of a facet, on its first page."""
        kept = {known: held for known, held in self.facets.items() if known != name}
        values = tuple(values)
        return replace(self, facets={**kept, **({name: values} if values else {})}, page=1)


def read_question(pairs: Iterable[tuple[str, str]], kind: str = "", *, strict: bool = False) -> Question:
    """Return the question that parameters of an address ask.

    Parameters
    ----------
    pairs
        Names and values.
    kind
        What is searched for where the address does not say so.
    strict
        Refuse blank values and repetitions, as programs are told; forms send such, and there they ask nothing.

    Raises
    ------
    UnknownField
        There is no such parameter.
    InvalidOption
        A value is impossible.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        known = name if strict else _ALIASES.get(name, name).removesuffix("[]")
        if value.strip() or (strict and name != "q"):
            given.setdefault(known, []).append(value.strip())
    kind = kind or given.pop("kind", [""])[-1]
    if kind not in ("", *KINDS):
        raise _impossible("kind", kind, f"one of {', '.join(KINDS)}")
    facets = {name: tuple(dict.fromkeys(given.pop(name))) for name in list(given) if name in FACETS}
    options: dict[str, Any] = {}
    for name, values in given.items():
        if name not in _READERS:
            raise _unknown(name, [*_READERS, *(facet.name for facet in facets_of(kind))])
        if len(values) > 1 and (strict or len(set(values)) > 1):
            raise InvalidOption(f"{name} is given {len(values)} times.", value=values[1], next_step="Give it once.")
        options["text" if name == "q" else name] = _READERS[name](name, values[-1])
    return Question(kind=kind, facets=facets, **options)


_ALIASES = {"page_number": "page", "page_size": "per_page"}


def _impossible(name: str, value: object, wanted: str) -> InvalidOption:
    return InvalidOption(f"{name} is {value!r}, which is not {wanted}.", value=value, next_step="Correct it.")


def _unknown(name: str, known: Iterable[str]) -> UnknownField:
    close = nearest(name, list(known), 2)
    step = f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(known)}."
    return UnknownField(f"A search of training has no {name[:40]!r}.", value=name, next_step=step)


def _flag(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise _impossible(name, text, "true or false")
    return text == "true"


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise _impossible(name, text, "a whole number")
    return int(text)


def _age(name: str, text: str) -> int:
    if text not in AGES:
        raise _impossible(name, text, f"one of {', '.join(AGES)}")
    return AGES[text]


def _days(name: str, text: str) -> Days | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise _impossible(name, text, "two days such as 2026-03-01/2026-03-31, of which one may be left out")
    try:
        first, last = (date.fromisoformat(part) if part else None for part in found.groups())
    except ValueError as error:
        raise _impossible(name, text, "two days of the calendar") from error
    if first is not None and last is not None and last < first:
        raise _impossible(name, text, "a first day and then a last one")
    return None if first is None and last is None else (first, last)


_READERS: Mapping[str, Any] = {
    "q": lambda name, text: text,
    "include_expired": _flag,
    "include_archived": _flag,
    "elixir": _flag,
    "days_since_scrape": _whole,
    "max_age": _age,
    "start": _days,
    "running_during": _days,
    "sort": lambda name, text: text,
    "page": _whole,
    "per_page": _whole,
}
