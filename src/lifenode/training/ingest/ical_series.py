"""The dates of a series: what its rule gives, with dates added, left out, changed and cancelled."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Component
from icalendar.prop.broken import vBroken

from lifenode.training.moments import Moment
from lifenode.training.records import Event

_MOST = 500


def occurrences(
    event: Event,
    part: Component,
    replacing: dict[str, Event],
    moment: Callable[[Any, str], Moment | None],
    horizon: date,
) -> tuple[list[Event], list[str]]:
    """Return the events of a series, in order, and notes on what was left out.

    The rule runs on the wall clock of the zone, so that a course at 10:00 stays at 10:00 when the clocks change. Each
    event's ``occurrence`` is the wall clock the rule gave it, also where that date was moved.

    Parameters
    ----------
    event, part
        The first date, as read and as it stands in the calendar.
    replacing
        Changed dates by the occurrence they replace.
    moment
        Makes a moment of a calendar's value and zone.
    horizon
        The last day listed of a series that goes on.
    """
    assert event.start is not None  # noqa: S101 - the reader has refused events without a start
    start = event.start
    left_out = {found.local_text() for found in _listed(part, "EXDATE", moment)}
    walls, notes = _by_rule(start, part, horizon, event.title)
    dates = {Moment.of_wall(wall, start.zone, all_day=start.all_day) for wall in walls}
    dates |= {start, *_listed(part, "RDATE", moment)}
    made = []
    for found in sorted(dates, key=lambda known: known.instant):
        name = found.local_text()
        if name in replacing:
            made.append(_replaced(replacing[name], event, name))
        elif name not in left_out:
            made.append(_moved(event, found, name))
    return made, notes


def _by_rule(start: Moment, part: Component, horizon: date, title: str) -> tuple[list[datetime], list[str]]:
    rule = part.get("RRULE")
    if rule is None:
        return [], []
    rules = rule if isinstance(rule, list) else [rule]
    walls: list[datetime] = []
    notes: list[str] = []
    for given in rules:
        try:
            text = _local_rule(given.to_ical().decode(), start)
            found = rrulestr(text, dtstart=start.wall())
            until = datetime.combine(horizon, time.max)
            walls += list(islice(_within(found, until), _MOST + 1))
        except (ValueError, TypeError, KeyError) as error:
            notes.append(f'The rule of the series "{title}" cannot be read ({error}); only its first date is listed.')
    if len(walls) > _MOST:
        notes.append(f'The series "{title}" has more than {_MOST} dates; only the first {_MOST} are listed.')
    return walls[:_MOST], notes


def _within(dates: Any, until: datetime) -> Iterator[datetime]:
    for wall in dates:
        if wall > until:
            return
        yield wall


def _local_rule(text: str, start: Moment) -> str:
    """Return a rule whose UNTIL is a wall clock of the zone, as its dates are."""
    parts = []
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        if name.upper() == "UNTIL":
            if value.endswith("Z"):
                utc = datetime.strptime(value, "%Y%m%dT%H%M%S%z")
                value = Moment.of_aware(utc, start.zone or "UTC").wall().strftime("%Y%m%dT%H%M%S")
            elif "T" not in value:
                value += "T235959"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _listed(part: Component, name: str, moment: Callable[[Any, str], Moment | None]) -> Iterator[Moment]:
    given = part.get(name)
    for group in given if isinstance(given, list) else [given] if given is not None else []:
        if isinstance(group, vBroken):
            continue
        zone = str(group.params.get("TZID", ""))
        for item in getattr(group, "dts", []):
            value = item.dt[0] if isinstance(item.dt, tuple) else item.dt
            found = moment(value, zone)
            if found is not None:
                yield found


def _moved(event: Event, start: Moment, name: str) -> Event:
    made = copy.deepcopy(event)
    made.occurrence, made.start = name, start
    if event.start is not None and event.end is not None:
        length: timedelta = event.end.wall() - event.start.wall()
        made.end = Moment.of_wall(start.wall() + length, start.zone, all_day=event.end.all_day)
    return made


def _replaced(changed: Event, event: Event, name: str) -> Event:
    changed.occurrence = name
    changed.url = changed.url or event.url
    changed.title = changed.title or event.title
    changed.description = changed.description or event.description
    return changed
