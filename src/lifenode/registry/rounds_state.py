"""What an audit log of selection rounds adds up to: rounds, applications, and the state each is in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lifenode.errors import UnknownName, nearest
from lifenode.registry.facts import Fact
from lifenode.registry.rounds_log import Event

STATES = ("submitted", "not eligible", "eligible", "rejected", "provisional", "full", "revoked", "withdrawn")

Named = TypeVar("Named")

_YEARS = 3  # a status is renewed or reviewed after so long


@dataclass(frozen=True, slots=True)
class Round:
    """A time in which resources apply for a status."""

    round: str
    status: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Application:
    """One resource in one round.

    Attributes
    ----------
    application
        ``round/resource``.
    state
        One of `STATES`.
    submitted, decided, ended
        Days of the application, of the decision, and on which the status was taken or given back; "" for none.
    full_from
        Day from which the status is no longer provisional.
    renewal
        Whether it renews a status, so that there is no second health check.
    reviews
        Events of the log.
    """

    application: str
    round: str
    resource: str
    status: str
    by: str
    submitted: str
    replies: Mapping[str, Mapping[str, Any]]
    state: str = "submitted"
    decided: str = ""
    full_from: str = ""
    ended: str = ""
    note: str = ""
    renewal: bool = False
    reviews: tuple[Event, ...] = field(default=())

    def fact(self) -> Fact | None:
        """Return the dated status that came of it, or None where none did."""
        if not self.decided or self.state in ("rejected", "not eligible"):
            return None
        # A status ends the day before it is taken, or with its term unless it is reviewed without one.
        last = _day_before(self.ended) if self.ended else ""
        if not last and self.status == "community-database" and self.full_from:
            last = _day_before(years_after(self.full_from, _YEARS))
        return Fact(
            fact=f"{self.status}/{self.resource}", resource=self.resource, status=self.status,
            from_earliest=self.decided, from_latest=self.decided, to=last,
            source=f"decision of the round {self.round} (audit log)", retrieved=self.decided, inferred=False,
            note="provisional" if self.state == "provisional" else self.note,
        )  # fmt: skip

    def due(self) -> tuple[str, str] | None:
        """Return what is due next, and when."""
        if self.state == "provisional":
            return "health check", years_after(self.decided, 1)
        if self.state == "full":
            return "renewal", years_after(self.full_from, _YEARS)
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """All rounds and applications by name."""

    rounds: dict[str, Round]
    applications: dict[str, Application]

    def round(self, name: str) -> Round:
        """Return a round.

        Raises
        ------
        UnknownName
            There is none of that name.
        """
        return _one(name, self.rounds, "round")

    def application(self, name: str) -> Application:
        """Return an application.

        Raises
        ------
        UnknownName
            There is none of that name.
        """
        return _one(name, self.applications, "application")

    def of_resource(self, resource: str) -> list[Application]:
        """Return the applications of a resource, the oldest first."""
        return [one for one in self.applications.values() if one.resource == resource]


def replay(events: Iterable[Event]) -> Known:
    """Return what a log adds up to."""
    known = Known({}, {})
    for event in events:
        if event["event"] == "round":
            names = ("round", "status", "opens", "closes")
            known.rounds[event["round"]] = Round(**{name: event[name] for name in names})
        elif event["event"] == "application":
            known.applications[event["application"]] = _submitted(known, event)
        else:
            name = event["application"]
            known.applications[name] = _after(known.applications[name], event)
    return known


def without_overlap(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts of one status and resource, each ending before the next begins: a renewal may come early."""
    ordered = sorted(facts, key=lambda fact: fact.from_latest)
    for number, after in enumerate(ordered[1:]):
        before = ordered[number]
        if not before.to or before.to >= after.from_latest:
            ordered[number] = replace(before, to=_day_before(after.from_latest))
    return ordered


def years_after(day: str, years: int) -> str:
    """Return the same day so many years later; the last of February where there is none."""
    date = datetime.date.fromisoformat(day)
    last = date.month == 2 and date.day == 29
    return (date.replace(day=28) if last else date).replace(year=date.year + years).isoformat()


def _submitted(known: Known, event: Event) -> Application:
    status = known.rounds[event["round"]].status
    earlier = [one for one in known.of_resource(event["resource"]) if one.status == status]
    return Application(
        application=event["application"], round=event["round"], resource=event["resource"], status=status,
        by=event["by"], submitted=event["on"], replies=event["replies"],
        renewal=any(one.state == "full" for one in earlier),
    )  # fmt: skip


def _after(one: Application, event: Event) -> Application:
    note = event.get("note", one.note)
    if event["event"] == "eligibility":
        decided = "" if event["eligible"] else event["time"][:10]
        return replace(one, state="eligible" if event["eligible"] else "not eligible", note=note, decided=decided)
    if event["event"] == "review":
        return replace(one, reviews=(*one.reviews, event))
    if event["event"] == "decision":
        return _decided(one, event)
    if event["event"] == "health-check":
        if event["verdict"] == "met":
            return replace(one, state="full", full_from=event["on"], note=note)
        return replace(one, state="revoked", ended=event["on"], note=note)
    return replace(one, state="withdrawn", ended=event["on"] if one.decided else "", note=note)


def _decided(one: Application, event: Event) -> Application:
    if not event["accepted"]:
        return replace(one, state="rejected", decided=event["on"], note=event["note"])
    provisional = one.status == "community-database" and not one.renewal
    full_from = "" if provisional else event["on"]
    state = "provisional" if provisional else "full"
    return replace(one, state=state, decided=event["on"], full_from=full_from, note=event["note"])


def _one(name: str, known: dict[str, Named], what: str) -> Named:
    if name not in known:
        close = nearest(name, known, 2)
        hint = f"Did you mean {' or '.join(close)}?" if close else f"There is no {what} yet." if not known else ""
        raise UnknownName(f"There is no {what} {name!r}.", value=name, next_step=hint)
    return known[name]


def _day_before(day: str) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
