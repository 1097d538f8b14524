"""Search: text with synonyms and typing mistakes, facets, filters, order and pages, all as counting by hand gives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifenode.errors import InvalidOption, UnknownField
from lifenode.training.database import open_database
from lifenode.training.harvest import Harvest
from lifenode.training.models import StoredRecord
from lifenode.training.moments import Moment
from lifenode.training.portal import Listed, Portal
from lifenode.training.records import Event, ExternalResource, Material, Person, Topic, to_dict
from lifenode.training.search import search_index
from lifenode.training.search_facets import facet_values, facets_of, folded
from lifenode.training.search_index import Index, Shelf
from lifenode.training.search_near import distance
from lifenode.training.search_question import Question, read_question
from lifenode.training.search_words import groups, stems
from lifenode.training.store import keep_harvest, opened

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = (Topic("Transcriptomics", "http://edamontology.org/topic_3308"), Topic("Proteomics", ""), Topic("Sequencing"))


def event(number: int, title: str, days: int | None, **more: object) -> Event:
    made = Event(title=title, url=f"https://x.org/e/{number}")
    if days is not None:
        made.start = Moment.of_day(NOW.date() + timedelta(days=days), "Europe/Tallinn")
        made.end = made.start
    for name, value in more.items():
        setattr(made, name, value)
    return made


RECORDS: tuple[Event | Material, ...] = (
    event(1, "The RNA-Seq course", 10, keywords=["R", "rna-seq"], city="Tartu", scientific_topics=[TOPICS[0]]),
    event(2, "Genomics for all", 40, keywords=["r"], city="tartu", presence="online", nodes=["Estonia"]),
    event(3, "A workshop that is over", -5, city="Riga", keywords=["python"]),
    event(4, "Without a date", None, description="Announced as soon as the room is known"),
    Material(
        title="Slides on proteins", url="https://x.org/m/1", description="Mass spectrometry of peptides",
        scientific_topics=[TOPICS[1]], authors=[Person("Ada")], difficulty_level="beginner",
        external_resources=[ExternalResource("BWA", "https://bio.tools/bwa")],
    ),
    Material(title="Old slides", url="https://x.org/m/2", description="Genomics", status="archived"),
    Material(title="An introduction to Python", url="https://x.org/m/3", description="Lists", keywords=["Python"]),
)  # fmt: skip


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    keep(made, RECORDS)
    yield made
    made.close()


def keep(portal: Portal, records: tuple[Event | Material, ...], provider: str = "X", when: datetime = NOW) -> None:
    made = Harvest(f"https://{provider}.org/", "bioschemas", read=len(records), records=list(records))
    keep_harvest(made, provider, engine=portal.engine, now=when)


def titles(portal: Portal, **asked: object) -> list[str]:
    found = portal.search(Question(**asked), now=NOW)  # type: ignore[arg-type]
    return [listed.record.title for listed in portal.records([int(one) for one in found.ids])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rna-seq", ["The RNA-Seq course"]),
        ("rnaseq", ["The RNA-Seq course"]),
        ("room", ["Without a date"]),  # descriptions are searched too
        ("Genomcis", ["Genomics for all"]),
        ("proteomic", ["Slides on proteins"]),
        ("spectrom", ["Slides on proteins"]),  # the beginning of a word
        ("ada", ["Slides on proteins"]),
        ("slides -proteins", []),
        ("no such thing at all", []),
    ],
)
def test_text(portal: Portal, text: str, expected: list[str]) -> None:
    assert titles(portal, text=text) == expected


def test_a_term_of_edam_is_found_by_its_other_names(portal: Portal) -> None:
    assert titles(portal, text="comparative transcriptomics") == ["The RNA-Seq course"]
    assert titles(portal, facets={"scientific_topics": ("topic_3308",)}) == ["The RNA-Seq course"]


def test_other_names_of_what_is_typed_are_searched_in_texts(portal: Portal) -> None:
    keep(
        portal,
        (Material(title="Reads", url="https://x.org/m/9", description="All of high-throughput sequencing."),),
        "Y",
    )
    found = portal.search(Question(text="NGS"), now=NOW)
    assert [listed.record.title for listed in portal.records(found.shown)] == ["Reads"]
    assert "Sequencing" in found.synonyms["ngs"]


def test_what_was_read_for_a_mistyped_word_is_told(portal: Portal) -> None:
    assert portal.search(Question(text="Genomcis"), now=NOW).read_as == {"genomcis": ["genomics"]}


def test_events_that_are_over_are_left_out_and_counted(portal: Portal) -> None:
    assert titles(portal, kind="event") == ["The RNA-Seq course", "Genomics for all", "Without a date"]
    found = portal.search(Question(kind="event", facets={"city": ("Riga",)}), now=NOW)
    assert (found.total, found.past) == (0, 1)
    assert titles(portal, kind="event", include_expired=True)[0] == "A workshop that is over"


def test_archived_materials_are_left_out_unless_asked_for(portal: Portal) -> None:
    assert "Old slides" not in titles(portal, kind="material")
    assert "Old slides" in titles(portal, kind="material", include_archived=True)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("early", ["The RNA-Seq course", "Genomics for all", "Without a date"]),
        ("late", ["Genomics for all", "The RNA-Seq course", "Without a date"]),
        ("asc", ["Genomics for all", "The RNA-Seq course", "Without a date"]),
        ("desc", ["Without a date", "The RNA-Seq course", "Genomics for all"]),
    ],
)
def test_orders(portal: Portal, sort: str, expected: list[str]) -> None:
    assert titles(portal, kind="event", sort=sort) == expected


def test_values_that_differ_in_case_are_one(portal: Portal) -> None:
    found = portal.search(Question(kind="event"), now=NOW)
    assert [(value.value, value.count) for value in found.facets["city"]] == [("Tartu", 2)]
    assert titles(portal, kind="event", facets={"city": ("TARTU",)}) == ["The RNA-Seq course", "Genomics for all"]


def test_a_facet_is_counted_without_its_own_choice(portal: Portal) -> None:
    found = portal.search(Question(kind="event", facets={"online": ("online",)}), now=NOW)
    assert found.total == 1
    assert [(value.value, value.count, value.chosen) for value in found.facets["online"]] == [("online", 1, True)]
    assert [value.value for value in found.facets["city"]] == ["Tartu"]


def test_pages_hold_every_record_once(portal: Portal) -> None:
    pages = [portal.search(Question(page=page, per_page=2), now=NOW) for page in (1, 2, 3, 4)]
    assert [len(found.shown) for found in pages] == [2, 2, 1, 0]
    assert sorted(one for found in pages for one in found.shown) == sorted(int(one) for one in pages[0].ids)
    assert pages[0].pages == 3


def test_the_index_follows_the_database(portal: Portal) -> None:
    assert titles(portal, text="newcomer") == []
    keep(portal, (event(9, "A newcomer", 3),), "Y", NOW + timedelta(hours=1))
    assert titles(portal, text="newcomer") == ["A newcomer"]
    with opened(portal.engine) as session:
        found = session.query(StoredRecord).filter_by(title="A newcomer").one()
        found.withdrawn_at = NOW + timedelta(hours=2)
    assert titles(portal, text="newcomer") == []


def test_a_large_index_is_renewed_in_the_background(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(portal.index) == len(RECORDS)
    monkeypatch.setattr("lifenode.training.portal._MANY", 1)
    keep(portal, (event(9, "A newcomer", 3),), "Y", NOW + timedelta(hours=1))
    end = time.monotonic() + 30
    while titles(portal, text="newcomer") == []:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert titles(portal, text="newcomer") == ["A newcomer"]


# Counted by hand


words = st.sampled_from(["genomics", "reads", "python", "tartu", "statistics", "sequencing"])
some = st.lists(words, max_size=3, unique=True)
moments = st.none() | st.builds(
    lambda days, zone: Moment.of_day(date(2026, 2, 27) + timedelta(days=days), zone),
    st.integers(0, 6), st.sampled_from(["", "Europe/Tallinn", "Pacific/Auckland"]),
)  # fmt: skip
events = st.builds(
    Event, title=words, description=words, keywords=some, city=words, start=moments, nodes=some,
    presence=st.sampled_from(["", "online"]),
)  # fmt: skip
materials = st.builds(
    Material, title=words, description=words, keywords=some, nodes=some,
    status=st.sampled_from(["", "archived", "active"]),
)  # fmt: skip
ranges = st.none() | st.tuples(
    st.none() | st.dates(date(2026, 2, 26), date(2026, 3, 1)), st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 6))
)
questions = st.builds(
    Question,
    kind=st.sampled_from(["", "event", "material"]),
    text=st.sampled_from(["", "genomics", "python tartu", "reads -python"]),
    facets=st.fixed_dictionaries({}, optional={"keywords": some.map(tuple), "node": some.map(tuple)}).map(
        lambda held: {name: values for name, values in held.items() if values}
    ),
    include_expired=st.booleans(), include_archived=st.booleans(), elixir=st.none() | st.booleans(),
    start=ranges, running_during=ranges, max_age=st.sampled_from([None, 1, 7]),
    days_since_scrape=st.sampled_from([None, 0, 3]),
)  # fmt: skip


def fits(listed: Listed, question: Question, without: str = "") -> bool:
    """Tell whether a record is an answer, rule by rule and the slow way."""
    record = listed.record
    held = dict(facet_values(record, listed.provider))
    rules = [
        not question.kind or listed.kind == question.kind,
        question.elixir is None or question.elixir == bool(record.nodes),
        question.max_age is None or listed.created_at >= NOW - timedelta(days=question.max_age),
        question.days_since_scrape is None or listed.last_seen_at < NOW - timedelta(days=question.days_since_scrape),
    ]
    if isinstance(record, Event):
        end = record.end or record.start
        rules.append(question.include_expired or end is None or end.assumed(ends=True) > NOW)
    elif isinstance(record, Material):
        rules.append(question.include_archived or record.status != "archived")
    for name, days in (("start", question.start), ("running_during", question.running_during)):
        if days is not None and days != (None, None):
            start = record.start if isinstance(record, Event) else None
            last = record.end if isinstance(record, Event) and name == "running_during" and record.end else start
            first_day, last_day = (moment.wall().date() if moment else None for moment in (start, last))
            rules.append(bool(first_day and last_day))
            rules.append(last_day is None or days[0] is None or last_day >= days[0])
            rules.append(first_day is None or days[1] is None or first_day <= days[1])
    for name, values in question.facets.items():
        if name != without:
            rules.append(bool({folded(one) for one in held[name]} & {folded(one) for one in values}))
    text = " ".join([record.title, record.description, *record.keywords, *record.nodes, getattr(record, "city", "")])
    for word in question.text.split():
        has = set(stems(word.lstrip("-"))) <= set(stems(text))
        rules.append(not has if word.startswith("-") else has)
    return all(rules)


@given(st.lists(events | materials, max_size=12), st.lists(questions, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_results_and_counts_are_those_of_counting_by_hand(
    records: list[Event | Material], asked: list[Question]
) -> None:
    everything = []
    shelf = Shelf()
    for number, record in enumerate(records):
        record.url = f"https://x.org/{number}"
        when = NOW - timedelta(days=number % 5)
        everything.append(Listed(record, str(number), f"P{number % 2}", 1, "", when, when, when))
    index = Index((shelf.entry(row(number, listed)) for number, listed in enumerate(everything)), shelf)
    for question in asked:
        if any(name not in [facet.name for facet in facets_of(question.kind)] for name in question.facets):
            continue
        found = search_index(index, question, now=NOW)
        expected = [number for number, listed in enumerate(everything) if fits(listed, question)]
        assert sorted(found.ids.tolist()) == expected
        for facet in facets_of(question.kind):
            counted: dict[str, int] = {}
            for listed in everything:
                if fits(listed, question, without=facet.name):
                    for value in dict(facet_values(listed.record, listed.provider))[facet.name]:
                        counted[folded(value)] = counted.get(folded(value), 0) + 1
            shown = {folded(value.value): value.count for value in found.facets[facet.name] if value.count}
            assert shown == counted, facet.name


def row(number: int, listed: Listed) -> dict[str, Any]:
    times = {name: getattr(listed, name) for name in ("created_at", "updated_at", "last_seen_at")}
    return {"id": number, "content": to_dict(listed.record), "provider": listed.provider, **times}


@given(st.text("abcd", max_size=6), st.text("abcd", max_size=6))
def test_distance_is_one_for_one_change_and_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert distance(one, one, 2) == 0
    assert distance(one, one + "a", 2) == 1
    assert (distance(one, other, 9) == 0) == (one == other)


# Questions as addresses


def test_a_question_is_the_same_after_a_way_through_an_address() -> None:
    asked = Question(
        kind="event", text="a b", facets={"city": ("Tartu", "Riga"), "online": ("online",)}, include_expired=True,
        elixir=False, days_since_scrape=3, max_age=7, start=(date(2026, 3, 1), None), sort="late", page=3, per_page=50,
    )  # fmt: skip
    assert read_question(asked.pairs(), "event") == asked


@pytest.mark.parametrize(
    ("pairs", "error", "words"),
    [
        ([("citty", "Tartu")], UnknownField, "city"),
        ([("sort", "best")], InvalidOption, "early"),
        ([("start", "March")], InvalidOption, "2026-03-01/2026-03-31"),
        ([("start", "2026-02-30/")], InvalidOption, "calendar"),
        ([("start", "2026-03-02/2026-03-01")], InvalidOption, "first day"),
        ([("per_page", "1000")], InvalidOption, "100"),
        ([("page", "0")], InvalidOption, "from 1"),
        ([("max_age", "2 days")], InvalidOption, "24 hours"),
        ([("elixir", "maybe")], InvalidOption, "true"),
        ([("authors", "Ada")], UnknownField, "organizer"),
        ([("sort", "asc"), ("sort", "desc")], InvalidOption, "once"),
    ],
)
def test_impossible_questions_are_refused(pairs: list[tuple[str, str]], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        read_question(pairs, "event")
    assert words in f"{caught.value} {getattr(caught.value, 'next_step', '')}"


def test_names_of_edam_are_one_thing() -> None:
    (first, second) = groups("gene expression python")
    assert (first.text, second.text) == ("gene expression", "python")
    assert first.synonyms
