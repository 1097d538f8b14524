"""Selection rounds: application, eligibility, review, decision, health check and renewal, drawn from an audit log."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lifenode.errors import InvalidOption, UnknownName, nearest
from lifenode.registry.build_facts import slug
from lifenode.registry.facts import Fact, resources
from lifenode.registry.questions import Reply, questions, self_assessment
from lifenode.registry.rounds_log import Event, append, read_log
from lifenode.registry.rounds_state import Application, Round, replay, without_overlap, years_after

STATUS_FORMS = {
    "community-database": "community-database",
    "core-data-resource": "core-data-resource",
    "deposition-database": "core-data-resource",
}
"""Statuses that rounds award, and the form each asks for."""

WAITING_DAYS = 365
"""Days after a rejection until a resource may apply again."""

_EXCLUDING = (
    "core-data-resource",
    "deposition-database",
    "global-core-biodata-resource",
    "recommended-interoperability-resource",
)
_RECOMMENDATIONS = ("accept", "reject", "")


@dataclass(frozen=True)
class Rounds:
    """The rounds of a node, kept in an audit log.

    Parameters
    ----------
    log
        The file of the log; it is made with the first event.
    """

    log: Path

    def open_round(self, name: str, status: str, opens: str, closes: str, *, by: str) -> Event:
        """Open a round in which resources apply for a status from one day to another, both included."""
        if status not in STATUS_FORMS:
            close = nearest(status, STATUS_FORMS, 1)
            hint = f"Did you mean {close[0]}?" if close else f"Statuses: {', '.join(STATUS_FORMS)}."
            raise UnknownName(f"No round awards the status {status!r}.", value=status, next_step=hint)
        first, last = day_of(opens), day_of(closes)
        if last < first:
            raise InvalidOption(f"A round cannot close on {last} and open on {first}.", value=closes)

        def make(events: list[Event]) -> dict[str, Any]:
            if slug(name) in replay(events).rounds:
                raise InvalidOption(
                    f"There is a round {slug(name)!r} already.", value=name, next_step="Choose another name."
                )
            return {
                "event": "round", "by": _person(by), "round": slug(name), "status": status, "opens": first,
                "closes": last,
            }  # fmt: skip

        return append(self.log, make)

    def apply(
        self, round_: str, resource: str, replies: Mapping[str, Reply], *, by: str, on: str = "today", changes: str = ""
    ) -> Event:
        """Hand in the self-assessment of a resource.

        Parameters
        ----------
        round_, resource
            Where it applies, and what.
        replies
            Answers by question; they must be complete.
        by
            Who applies; nobody reviews their own application.
        on
            Day of the application.
        changes
            What was done about the reasons of an earlier rejection; needed after one.

        Raises
        ------
        InvalidOption
            The round is not open, the form is not complete, the resource applied already, or was rejected less than
            a year ago.
        """
        day = day_of(on)

        def make(events: list[Event]) -> dict[str, Any]:
            known = replay(events)
            its = known.round(round_)
            if not its.opens <= day <= its.closes:
                raise InvalidOption(
                    f"The round {its.round} is open from {its.opens} to {its.closes}, not on {day}.", value=day
                )
            assessment = self_assessment(STATUS_FORMS[its.status], replies)
            open_ = [row["question"] for row in assessment.to_dicts() if row["finding"]]
            if open_:
                raise InvalidOption(
                    f"The form is not complete: {', '.join(open_[:8])}{' ...' if len(open_) > 8 else ''}.",
                    value=open_, next_step="`lifenode resources checklist FILE` says what is missing.",
                )  # fmt: skip
            _may_apply(known.of_resource(slug(resource)), its, day, changes)
            return {
                "event": "application", "by": _person(by), "application": f"{its.round}/{slug(resource)}",
                "round": its.round, "resource": slug(resource), "on": day, "changes": changes,
                "replies": {name: asdict(replies[name]) for name in _order(its.status) if name in replies},
            }  # fmt: skip

        return append(self.log, make)

    def check_eligibility(self, application: str, eligible: bool, note: str, *, by: str) -> Event:
        """State whether an application is eligible; one that is not ends here."""
        return self._step(application, ("submitted",), "eligibility", by, {"eligible": eligible, "note": note})

    def review(self, application: str, comment: str, *, by: str, question: str = "", recommendation: str = "") -> Event:
        """Add a comment of a reviewer, on one question or on the whole, with a recommendation if there is one.

        Raises
        ------
        InvalidOption
            The reviewer is the applicant, the comment is empty, or the recommendation is neither accept nor reject.
        """
        if recommendation not in _RECOMMENDATIONS or not comment.strip():
            raise InvalidOption(
                f"A review has a comment, and recommends accept or reject; not {recommendation!r}.",
                value=recommendation,
            )
        found = self.application(application)
        if _person(by) == found.by:
            raise InvalidOption(
                f"{by} handed in {found.application} and cannot review it.", value=by,
                next_step="Ask somebody without a stake in it.",
            )  # fmt: skip
        if question and question not in found.replies:
            raise UnknownName(f"{found.application} has no answer to {question!r}.", value=question)
        said = {"comment": comment, "question": question, "recommendation": recommendation}
        return self._step(application, ("eligible",), "review", by, said)

    def decide(self, application: str, accepted: bool, note: str, *, by: str, on: str = "today") -> Event:
        """Decide on an eligible application that was reviewed.

        An accepted community database is provisional for a year of health check, unless it renews its status.
        """
        if not self.application(application).reviews:
            raise InvalidOption(
                f"{application} was not reviewed.", value=application, next_step="Add a review before the decision."
            )
        said = {"accepted": accepted, "note": note, "on": day_of(on)}
        return self._step(application, ("eligible",), "decision", by, said)

    def health_check(self, application: str, verdict: str, note: str, *, by: str, on: str = "today") -> Event:
        """End the year of probation: ``met`` gives the full status for three years, ``not met`` takes it back.

        Raises
        ------
        InvalidOption
            The verdict is another, or the year is not over and the target can still be met.
        """
        found = self.application(application)
        if verdict not in ("met", "not met"):
            raise InvalidOption(
                f"The health check cannot end with {verdict!r}.", value=verdict,
                next_step="Go on monitoring until the uptime of the year can be judged.",
            )  # fmt: skip
        if verdict == "met" and found.decided and day_of(on) < years_after(found.decided, 1):
            raise InvalidOption(
                f"The year of {found.application} ends on {years_after(found.decided, 1)}.", value=on,
                next_step="Only a target that cannot be met any more ends it earlier.",
            )  # fmt: skip
        said = {"verdict": verdict, "note": note, "on": day_of(on)}
        return self._step(application, ("provisional",), "health-check", by, said)

    def withdraw(self, application: str, note: str, *, by: str, on: str = "today") -> Event:
        """End an application, or the status that came of it."""
        states = ("submitted", "eligible", "provisional", "full")
        return self._step(application, states, "withdrawal", by, {"note": note, "on": day_of(on)})

    def rounds(self) -> list[Round]:
        """Return all rounds, the oldest first."""
        return list(replay(read_log(self.log)).rounds.values())

    def applications(self, round_: str | None = None) -> list[Application]:
        """Return all applications, or those of a round, the oldest first."""
        known = replay(read_log(self.log))
        wanted = known.round(round_).round if round_ is not None else None
        return [one for one in known.applications.values() if wanted in (None, one.round)]

    def application(self, name: str) -> Application:
        """Return one application, named ``round/resource``."""
        return replay(read_log(self.log)).application(name)

    def events(self, application: str | None = None) -> list[Event]:
        """Return the audit log, or what it says of one application."""
        events = read_log(self.log)
        return [event for event in events if application in (None, event.get("application"))]

    def facts(self) -> list[Fact]:
        """Return the dated statuses that decisions of these rounds gave and took."""
        found: dict[tuple[str, str], list[Fact]] = {}
        for one in self.applications():
            if fact := one.fact():
                found.setdefault((fact.status, fact.resource), []).append(fact)
        return [fact for facts in found.values() for fact in without_overlap(facts)]

    def due(self, on: str = "today") -> list[tuple[str, str, str]]:
        """Return what is due by a day: application, what (health check or renewal), and since when."""
        day = day_of(on)
        return [(one.application, *what) for one in self.applications() if (what := one.due()) and what[1] <= day]

    def _step(
        self, application: str, states: tuple[str, ...], event: str, by: str, said: Mapping[str, object]
    ) -> Event:
        def make(events: list[Event]) -> dict[str, Any]:
            found = replay(events).application(application)
            if found.state not in states:
                raise InvalidOption(
                    f"{found.application} is {found.state}; this step is for one that is {' or '.join(states)}.",
                    value=found.state,
                )
            return {"event": event, "by": _person(by), "application": found.application, **said}

        return append(self.log, make)


def eligibility(resource: str, on: str = "today") -> dict[str, bool]:
    """Return what the registry says about the conditions for a community database, by condition."""
    table = resources(None, day_of(on), uncertain=True)
    held = {row["status"] for row in table.to_dicts() if row["resource"] == slug(resource)}
    found = {"in the service delivery plan of a node": "service-delivery-plan" in held}
    return found | {f"not a {name.replace('-', ' ')}": name not in held for name in _EXCLUDING}


def day_of(text: str) -> str:
    """Return a day as ``YYYY-MM-DD``; ``today`` is one.

    Raises
    ------
    InvalidOption
        It is not a date.
    """
    try:
        return (datetime.date.today() if text == "today" else datetime.date.fromisoformat(text)).isoformat()
    except ValueError as error:
        raise InvalidOption(
            f"{text!r} is not a date.", value=text, next_step="Write year-month-day, such as 2026-03-31."
        ) from error


def _may_apply(earlier: list[Application], its: Round, day: str, changes: str) -> None:
    same = [one for one in earlier if one.status == its.status]
    if any(one.round == its.round for one in same):
        raise InvalidOption(f"{same[-1].resource} applied in {its.round} already.", value=same[-1].resource)
    rejected = [one for one in same if one.state in ("rejected", "not eligible") and one.decided]
    if not rejected or rejected[-1].state == "not eligible":
        return
    waited = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(rejected[-1].decided)).days
    if waited < WAITING_DAYS:
        raise InvalidOption(
            f"{rejected[-1].resource} was rejected on {rejected[-1].decided}; it may apply again after a year.",
            value=day,
        )
    if not changes.strip():
        raise InvalidOption(
            f"{rejected[-1].resource} was rejected on {rejected[-1].decided}.", value="",
            next_step="Say what was done about the reasons (changes).",
        )  # fmt: skip


def _order(status: str) -> list[str]:
    return [question.question for question in questions(STATUS_FORMS[status])]


def _person(by: str) -> str:
    if not by.strip():
        raise InvalidOption("Who does this is not stated.", value=by, next_step="Give a name or an address.")
    return " ".join(by.split())
