"""The numbers of a year that come from training events and their participants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lifenode.reporting.indicators import Evidence, Indicator
from lifenode.reporting.inputs import Inputs
from lifenode.reporting.organisations import organisations
from lifenode.reporting.training_events import COURSES, Event, of_year

_ORGANISATIONS = (
    "Different organisations of the participants of the courses; spellings are brought together by ROR, by a person's "
    "decision, or by the matcher."
)


def training_figures(inputs: Inputs, year: int) -> Iterator[Indicator]:
    """Yield courses, events, co-organised events, participants, trainers and organisations of a year."""
    if "events.csv" not in inputs.sheets:
        return
    node = inputs.text("node")
    events = of_year(list(inputs.events.values()), year)
    own = [event for event in events if event.node_main == node]
    courses = [event for event in own if event.type in COURSES]
    shared = [event for event in events if event.node_main != node and node in event.node]
    whose = f"with {node} as main node that begin in the year"
    joint = f"Events that begin in the year in which {node} takes part and another node is the main one."
    silent = sum(event.number_participants is None for event in courses)
    notes = (f"{silent} courses give no number and count as none",) if silent else ()
    for code, label, chosen, value, rule in (
        ("courses", "courses", courses, len(courses), f"Events of a type of training {whose}."),
        ("events", "training events", own, len(own), f"Events of every type {whose}."),
        ("co_organised", "co-organised events", shared, len(shared), joint),
        ("participants", "participants", courses, _sum(courses, "participants"), "Participants of the courses."),
        ("trainers", "trainers", courses, _sum(courses, "trainers"), "Trainers of the courses."),
    ):
        evidence = (Evidence("events.csv", len(chosen), inputs.sheets["events.csv"].sha256),)
        rimo, words = ("Users", ()) if code == "participants" else ("", ("training courses",) * (code == "courses"))
        footnotes = notes if code == "participants" else ()
        yield Indicator(f"training.{code}", label, str(year), value, rule, evidence, rimo, footnotes, words)
    yield from _organisations(inputs, str(year), courses)


def _sum(events: Sequence[Event], name: str) -> int:
    return sum(getattr(event, f"number_{name}") or 0 for event in events)


def _organisations(inputs: Inputs, period: str, courses: Sequence[Event]) -> Iterator[Indicator]:
    if "participants.csv" not in inputs.sheets:
        return
    codes = {event.code for event in courses}
    rows = [row for row in inputs.rows("participants.csv") if row.get("event_code") in codes]
    written = [row.get("organisation") for row in rows]
    found = organisations(written, inputs.registry, inputs.decided)
    notes = []
    if blank := sum(not name for name in written):
        notes.append(f"{blank} participants without an organisation are in none")
    if found:
        how = Counter(match.how for match in found.values())
        notes.append(f"{len(found)} spellings: {', '.join(f'{n} by {name}' for name, n in sorted(how.items()))}")
    expected = _sum(courses, "participants")
    if len(rows) != expected:
        notes.append(f"{len(rows)} participants are listed, the events say {expected}")
    value = len({match.ror_id or match.name for match in found.values()})
    evidence = (Evidence("participants.csv", len(rows), inputs.sheets["participants.csv"].sha256),)
    words = ("organizations", "institutions")
    label = "organisations"
    yield Indicator(
        "training.organisations", label, period, value, _ORGANISATIONS, evidence, notes=tuple(notes), words=words
    )
