"""Selection rounds from the application to the renewal, and their audit log."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lifenode.errors import FormatError, InvalidOption, LifenodeError, UnknownName
from lifenode.registry.facts import resources
from lifenode.registry.questions import Question, Reply, questions, self_assessment
from lifenode.registry.rounds import Rounds, eligibility


def complete(form: str = "community-database") -> dict[str, Reply]:
    return {question.question: answer(question) for question in questions(form)}


def answer(question: Question) -> Reply:
    chosen = {"choice": question.options[0] if question.options else "", "number": "1,200"}.get(question.answer, "")
    link = ("https://example.org/evidence",) if "links" in question.needs else ()
    return Reply(chosen, "as described" if question.needs and not link else "", link)


@pytest.fixture
def rounds(tmp_path: Path) -> Rounds:
    found = Rounds(tmp_path / "rounds" / "log.jsonl")
    found.open_round("2026 spring", "community-database", "2026-01-01", "2026-03-31", by="Coordinator")
    return found


NAME = "2026-spring/g-profiler"


def accepted(rounds: Rounds) -> None:
    rounds.apply("2026-spring", "g:Profiler", complete(), by="Applicant", on="2026-02-01")
    rounds.check_eligibility(NAME, True, "on the plan of its node", by="Hub")
    rounds.review(NAME, "a clear gap", by="Reviewer", recommendation="accept")
    rounds.decide(NAME, True, "by consensus", by="Community", on="2026-04-15")


def test_the_forms_have_their_questions() -> None:
    form = questions("community-database")
    assert len(form) == len({question.question for question in form}) == 52
    assert len({question.section for question in questions("core-data-resource")}) == 5
    assert all(len(question.text) > 15 and question.text.count("?") == 1 for question in form)
    with pytest.raises(UnknownName, match="community-database"):
        questions("comunity-database")


def test_an_assessment_says_what_is_missing() -> None:
    replies = complete()
    assert self_assessment("community-database", replies).meta["complete"]
    del replies["2.1b"]
    replies["2.1a"] = Reply("", "word " * 101)
    replies["2.1c"] = Reply("overlapping")
    replies["2.1d"] = Reply("huge", "x")
    replies["3.1"] = Reply("yes")
    replies["3.2"] = Reply("no")
    replies["4.5"], replies["4.9"] = Reply("2 to 5 FTE"), Reply("no")
    replies["7.1"] = Reply("yes", "", ("javascript:alert(1)",))
    table = self_assessment("community-database", replies)
    found = {row["question"]: row["finding"] for row in table.to_dicts() if row["finding"]}
    assert found == {
        "2.1a": "101 words, 100 are allowed",
        "2.1b": "not answered",
        "2.1c": "the list is missing",
        "2.1d": "'huge' is none of the options",
        "3.1": "the description is missing",
        "7.1": "javascript:alert(1) is not a link",
    }
    assert table.meta["concerns"] == {"sustainability": ["4.9"]}
    assert table.meta["sections"]["users"] == {"complete": 2, "questions": 3}
    with pytest.raises(UnknownName, match=r"9\.9"):
        self_assessment("community-database", {"9.9": Reply("yes")})


def test_from_the_application_to_the_renewal(rounds: Rounds) -> None:
    accepted(rounds)
    assert rounds.application(NAME).state == "provisional"
    held = resources("community-database", "2026-05-01", facts=rounds.facts())
    assert list(held["resource"]) == ["g-profiler"]
    assert list(held["note"]) == ["provisional"]
    assert len(resources("community-database", "2026-04-14", facts=rounds.facts())) == 0
    assert rounds.due("2027-04-14") == []
    assert rounds.due("2027-04-15") == [(NAME, "health check", "2027-04-15")]
    with pytest.raises(InvalidOption, match="2027-04-15"):
        rounds.health_check(NAME, "met", "early", by="Hub", on="2027-01-01")
    rounds.health_check(NAME, "met", "uptime 99.8 %", by="Hub", on="2027-04-20")
    assert rounds.due("2031-01-01") == [(NAME, "renewal", "2030-04-20")]
    assert [len(resources("community-database", day, facts=rounds.facts())) for day in ("2030-04-19", "2030-04-20")] \
        == [1, 0]  # fmt: skip
    rounds.open_round("2030", "community-database", "2030-01-01", "2030-02-28", by="Coordinator")
    rounds.apply("2030", "g:Profiler", complete(), by="Applicant", on="2030-01-10")
    again = "2030/g-profiler"
    rounds.check_eligibility(again, True, "", by="Hub")
    rounds.review(again, "as good as ever", by="Reviewer")
    rounds.decide(again, True, "renewed", by="Community", on="2030-03-01")
    assert rounds.application(again).state == "full"
    assert [(fact.from_latest, fact.to) for fact in rounds.facts()] == [
        ("2026-04-15", "2030-02-28"), ("2030-03-01", "2033-02-28"),
    ]  # fmt: skip


def test_a_status_can_be_revoked(rounds: Rounds) -> None:
    accepted(rounds)
    rounds.health_check(NAME, "not met", "uptime 92 %", by="Hub", on="2026-11-01")
    assert rounds.application(NAME).state == "revoked"
    assert [len(resources("community-database", day, facts=rounds.facts())) for day in ("2026-10-31", "2026-11-01")] \
        == [1, 0]  # fmt: skip
    with pytest.raises(InvalidOption, match="is revoked"):
        rounds.withdraw(NAME, "", by="Applicant")


def test_after_a_rejection_a_resource_waits_a_year_and_says_what_changed(rounds: Rounds) -> None:
    rounds.apply("2026-spring", "g:Profiler", complete(), by="Applicant", on="2026-02-01")
    rounds.check_eligibility(NAME, True, "", by="Hub")
    rounds.review(NAME, "no roadmap", by="Reviewer", question="4.1", recommendation="reject")
    rounds.decide(NAME, False, "no roadmap", by="Community", on="2026-04-15")
    assert rounds.facts() == []
    rounds.open_round("2027", "community-database", "2027-01-01", "2027-12-31", by="Coordinator")
    with pytest.raises(InvalidOption, match="after a year"):
        rounds.apply("2027", "g:Profiler", complete(), by="Applicant", on="2027-04-14", changes="a roadmap")
    with pytest.raises(InvalidOption, match="what was done"):
        rounds.apply("2027", "g:Profiler", complete(), by="Applicant", on="2027-04-15")
    rounds.apply("2027", "g:Profiler", complete(), by="Applicant", on="2027-04-15", changes="a roadmap")
    assert [one.state for one in rounds.applications()] == ["rejected", "submitted"]


def test_steps_out_of_order_are_refused_and_leave_no_trace(rounds: Rounds) -> None:
    before = rounds.log.read_bytes()
    attempts: list[Callable[[], object]] = [
        lambda: rounds.open_round("2026 Spring", "community-database", "2026-01-01", "2026-02-01", by="C"),
        lambda: rounds.open_round("x", "core-resource", "2026-01-01", "2026-02-01", by="C"),
        lambda: rounds.open_round("x", "community-database", "2026-02-01", "2026-01-01", by="C"),
        lambda: rounds.open_round("x", "community-database", "2026-02-30", "2026-03-01", by="C"),
        lambda: rounds.open_round("x", "community-database", "2026-02-01", "2026-03-01", by="  "),
        lambda: rounds.apply("2026-spring", "A", complete(), by="A", on="2026-04-01"),
        lambda: rounds.apply("2026-spring", "A", {"2.2": Reply("less than 1 year")}, by="A", on="2026-02-01"),
        lambda: rounds.apply("2025", "A", complete(), by="A", on="2026-02-01"),
        lambda: rounds.check_eligibility("2026-spring/a", True, "", by="H"),
    ]
    for attempt in attempts:
        with pytest.raises(LifenodeError):
            attempt()
    assert rounds.log.read_bytes() == before
    rounds.apply("2026-spring", "A", complete(), by="A", on="2026-02-01")
    before = rounds.log.read_bytes()
    attempts = [
        lambda: rounds.apply("2026-spring", "A", complete(), by="A", on="2026-02-02"),
        lambda: rounds.review("2026-spring/a", "good", by="R"),
        lambda: rounds.review("2026-spring/a", "good", by="A"),
        lambda: rounds.decide("2026-spring/a", True, "", by="C"),
        lambda: rounds.health_check("2026-spring/a", "met", "", by="C"),
        lambda: rounds.health_check("2026-spring/a", "not assessable", "", by="C"),
    ]
    for attempt in attempts:
        with pytest.raises(LifenodeError):
            attempt()
    assert rounds.log.read_bytes() == before


def test_the_log_tells_when_it_was_altered(rounds: Rounds) -> None:
    accepted(rounds)
    lines = rounds.log.read_text().splitlines(keepends=True)
    assert [json.loads(line)["event"] for line in lines] == [
        "round", "application", "eligibility", "review", "decision",
    ]  # fmt: skip
    altered = [lines[0], lines[1].replace("Applicant", "Nobody"), *lines[2:]]
    for wrong in (altered, [*lines[:2], *lines[3:]], [lines[1], *lines], ["{}\n", *lines]):
        rounds.log.write_text("".join(wrong))
        with pytest.raises(FormatError, match="line"):
            rounds.applications()
    rounds.log.write_text("".join(lines) + '{"number": 6, "ti')
    assert rounds.application(NAME).state == "provisional"
    rounds.withdraw(NAME, "closed", by="Applicant", on="2026-06-01")
    assert len(rounds.events(NAME)) == 5


def test_events_of_many_writers_are_all_kept(rounds: Rounds) -> None:
    def write(number: int) -> None:
        rounds.apply("2026-spring", f"R{number}", complete(), by="A", on="2026-02-01")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.resource for one in rounds.applications("2026-spring")} == {f"r{number}" for number in range(12)}


def test_the_registry_answers_on_eligibility() -> None:
    assert all(eligibility("ClustVis").values())
    assert not eligibility("CATH")["not a core data resource"]
    assert not eligibility("Nothing")["in the service delivery plan of a node"]
