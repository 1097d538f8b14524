"""Training metrics: answers counted by question and option, as tables and as the JSON of the Training Metrics Database.

Groups under five are not published (`SMALLEST_GROUP`): their counts are withheld, and as many others, smallest first,
as it takes that the withheld ones cannot be told from the total. Zero is published: it describes nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifenode.errors import UnknownName, nearest
from lifenode.reporting.responses import Response
from lifenode.reporting.training_events import COURSES, Event
from lifenode.reporting.vocabulary import SETS, questions, values_of
from lifenode.table import Column, Table

SMALLEST_GROUP = 5

_TALLY = (
    Column("question", "text", "slug of the question"),
    Column("text", "text", "the question"),
    Column("option", "text", "an answer"),
    Column("count", "integer", "responses with this answer; missing where withheld"),
)


@dataclass(frozen=True)
class Filters:
    """Which events a report is about; every one that is given must hold.

    Attributes
    ----------
    type, funding, target_audience, additional_platforms
        A value of the vocabulary each.
    date_from, date_to
        The first day of the event lies between them, both included.
    node
        A node that takes part; with `node_only` the main one.
    """

    type: str | None = None
    funding: str | None = None
    target_audience: str | None = None
    additional_platforms: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    node: str | None = None
    node_only: bool = False

    def keep(self, event: Event) -> bool:
        """Say whether an event is one of those."""
        several = ("funding", "target_audience", "additional_platforms")
        held: Callable[[str], bool] = lambda name: getattr(self, name) in (None, *getattr(event, name))  # noqa: E731
        return (
            self.type in (None, event.type)
            and all(map(held, several))
            and (self.date_from is None or self.date_from <= event.date_start)
            and (self.date_to is None or event.date_start <= self.date_to)
            and (self.node is None or self.node in ((event.node_main,) if self.node_only else event.node))
        )


def withheld(counts: Sequence[int]) -> list[bool]:
    """Return which counts of a question must not be published.

    Those of 1 to 4, and while the withheld sum to less than five or are only one, the next smallest that is not zero.

    Examples
    --------
    >>> withheld([20, 3, 9, 0])
    [False, True, True, False]
    """
    hidden = [0 < count < SMALLEST_GROUP for count in counts]
    order = sorted((count, place) for place, count in enumerate(counts) if count >= SMALLEST_GROUP)
    while any(hidden) and order:
        shown = [count for count, hide in zip(counts, hidden, strict=True) if hide]
        if len(shown) > 1 and sum(shown) >= SMALLEST_GROUP:
            break
        hidden[order.pop(0)[1]] = True
    return hidden


def tally(
    responses: Iterable[Response], events: Sequence[Event], question_set: str, filters: Filters | None = None, *,
    public: bool = False,
) -> Table:  # fmt: skip
    """Count the answers of a question set.

    Parameters
    ----------
    responses, events
        All there are.
    question_set
        Demographic, Quality or Impact; case does not matter.
    filters
        The events to look at; all by default.
    public
        Withhold small groups.

    Returns
    -------
    Table
        Columns question, text, option, count: every option of every question, in the order of the database. The meta
        data give the responses to each question and the rule of withholding.

    Raises
    ------
    UnknownName
        There is no such question set.
    """
    name = _set_named(question_set)
    kept = {event.code for event in events if filters is None or filters.keep(event)}
    chosen = [response for response in responses if response.event in kept]
    data: dict[str, list[Any]] = {column.name: [] for column in _TALLY}
    answered = {}
    for question in questions().values():
        if question.set != name:
            continue
        given = Counter(value for response in chosen for value in response.answers.get(question.slug, ()))
        counts = [given[option] for option in question.options]
        people = sum(question.slug in response.answers for response in chosen)
        hidden = withheld(counts) if public else [False] * len(counts)
        answered[question.slug] = None if public and 0 < people < SMALLEST_GROUP else people
        data["question"] += [question.slug] * len(counts)
        data["text"] += [question.text] * len(counts)
        data["option"] += question.options
        data["count"] += [None if hide else count for count, hide in zip(counts, hidden, strict=True)]
    rule = f"groups of 1 to {SMALLEST_GROUP - 1} and what would give them away are withheld" if public else "all counts"
    return Table(
        _TALLY, data, {"set": name, "answered": answered, "events": len(kept), "rule": rule}, len(data["count"])
    )


def _set_named(text: str) -> str:
    for name in SETS:
        if name.casefold() == text.casefold():
            return name
    close = nearest(text, SETS, 1)
    offer = f"Did you mean {close[0]}?" if close else f"There are {', '.join(SETS)}."
    raise UnknownName(f"There is no question set {text!r}.", value=text, next_step=offer)


def set_json(table: Table) -> dict[str, Any]:
    """Return a tally as ``/metrics/set/<slug>`` gives it: questions under ``values``, each with its options."""
    values: dict[str, dict[str, Any]] = {}
    for row in table:
        entry = values.setdefault(row["question"], {"label": row["text"], "id": row["question"], "options": []})
        place = len(entry["options"]) + 1
        entry["options"].append({"label": row["option"], "id": f"{row['question']}.{place}", "count": row["count"]})
    return {"values": list(values.values())}


def event_json(events: Sequence[Event], filters: Filters | None = None) -> dict[str, Any]:
    """Return events counted by type, funding, audience, platforms and communities, as ``/metrics/event`` gives them."""
    kept = [event for event in events if filters is None or filters.keep(event)]
    values = []
    for name in ("type", "funding", "target_audience", "additional_platforms", "communities"):
        found = Counter(value for event in kept for value in _as_tuple(getattr(event, name)))
        options = [
            {"label": value, "id": f"Event.{name}.{place}", "count": found[value]}
            for place, value in enumerate(values_of(f"Event.{name}"), 1)
        ]
        values.append({"label": name.replace("_", " ").capitalize(), "id": f"Event.{name}", "options": options})
    return {"values": values}


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def world_map_json(events: Sequence[Event]) -> dict[str, Any]:
    """Return events counted by country, as ``/metrics/world-map`` gives them: ``{"values": [{country, count}]}``."""
    found = Counter(event.location_country for event in events if event.location_country)
    return {"values": [{"country": country, "count": count} for country, count in sorted(found.items())]}


@dataclass(frozen=True)
class Totals:
    """Events of a set and who took part, as the events say themselves.

    Attributes
    ----------
    events, courses
        All; those that are training of some kind.
    participants, trainers
        Sums over all events that give a number.
    course_participants
        The same of the courses alone.
    without_participants
        Events that give none.
    """

    events: int
    courses: int
    participants: int
    trainers: int
    course_participants: int
    without_participants: int


def totals(events: Sequence[Event]) -> Totals:
    """Return the totals of events; courses are those of type face to face, e-learning or blended training."""
    courses = [event for event in events if event.type in COURSES]
    return Totals(
        len(events),
        len(courses),
        sum(event.number_participants or 0 for event in events),
        sum(event.number_trainers or 0 for event in events),
        sum(event.number_participants or 0 for event in courses),
        sum(event.number_participants is None for event in events),
    )
