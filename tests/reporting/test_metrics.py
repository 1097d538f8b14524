"""Training metrics: the counts of the example data, the rules, and what happens to what is outside them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.errors import BadTable, UnknownName, UnreadableInput
from lifenode.reporting.metrics import (
    SMALLEST_GROUP,
    Filters,
    event_json,
    set_json,
    tally,
    totals,
    withheld,
    world_map_json,
)
from lifenode.reporting.responses import Response, read_responses
from lifenode.reporting.sheets import read_sheet
from lifenode.reporting.training_events import Event, event_from_tess, merge_events, read_events
from lifenode.reporting.vocabulary import facts, match, match_several, questions, template, values_of

EXAMPLES = "training/tmd/example-data"


@pytest.fixture(scope="module")
def events(shared_data: Path) -> list[Event]:
    found, problems = read_events(read_sheet(shared_data / EXAMPLES / "tango_events.csv"))
    assert problems == []
    return found


@pytest.fixture(scope="module")
def responses(shared_data: Path, events: list[Event]) -> list[Response]:
    codes = {event.code for event in events}
    found = []
    for name in ("demographics", "qualities", "impacts"):
        read = read_responses(read_sheet(shared_data / EXAMPLES / f"tango_{name}.csv"), codes)
        assert len(read.responses) == 200
        outside = 2 if name == "demographics" else 0
        assert [problem.value for problem in read.problems] == ["Myanmar, {Burma}"] * outside
        assert read.unknown == outside
        assert read.cells == read.blank + read.unknown + sum(len(response.answers) for response in read.responses)
        found += read.responses
    return found


def test_vocabulary_has_the_published_counts() -> None:
    assert len(questions()) == 21
    assert [q.name for q in questions().values() if q.multiple] == ["heard_from", "help_work", "attending_led_to"]
    assert len(facts("training_aliases.tsv")) == 138
    assert len(questions()["Demographic.employment_country"].options) == 197
    assert "Online" in values_of("Event.location_country")
    assert len(values_of("Event.type")) == 5
    assert len(values_of("Event.funding")) == 9
    assert [len(template(n)) for n in ("events", "metrics-demographic-quality", "metrics-impact")] == [15, 12, 11]
    assert questions()["Quality.course_rating"].options[0::4] == ("Poor (1)", "Excellent (5)")
    assert questions()["Impact.people_share_knowledge"].options[-1] == "25+"


def test_every_alias_leads_to_a_value() -> None:
    for row in facts("training_aliases.tsv"):
        if row["field"] != "general.general":
            value = match(row["field"], row["alias"])
            assert value is not None
            assert match(row["field"], row["value"]) == match(row["field"], row["alias"].upper()) == value
    funds = "Event.funding"
    assert match(funds, "Non-ELIXIR/ Non-EXCELERATE funds") == "Non-ELIXIR / Non-EXCELERATE Funds"
    assert match(funds, "CONVERGE") == "ELIXIR Converge"
    assert match(funds, "EOSC-Life") == "EOSC Life"
    reason = "To build an existing knowledge to aid me in my current research/ work"
    assert match("Impact.main_attend_reason", reason) == reason.replace("an existing", "on existing")
    assert match(funds, "Galaxy") is None


@settings(deadline=None)  # the first call reads the vocabulary
@given(st.lists(st.sampled_from(questions()["Impact.attending_led_to"].options), unique=True))
def test_lists_of_answers_come_apart_again(values: list[str]) -> None:
    for separator in (", ", ";", " ; "):
        assert match_several("Impact.attending_led_to", separator.join(values)) == (values, [])


def test_answers_with_commas_are_one() -> None:
    options = list(questions()["Quality.used_resources_before"].options)
    assert match_several("Quality.used_resources_before", ", ".join(options)) == (options, [])


def test_example_data_have_the_published_totals(events: list[Event], responses: list[Response]) -> None:
    found = totals(events)
    assert (found.events, found.participants, found.trainers) == (20, 1249, 258)
    assert found.courses == sum(event.type.startswith("Training") for event in events) == 13
    assert len(responses) == 600
    assert len(merge_events({}, events)[0]) == 20
    assert sum(row["count"] for row in world_map_json(events)["values"]) == 20
    kinds = event_json(events)["values"][0]
    assert kinds["id"] == "Event.type"
    assert sum(option["count"] for option in kinds["options"]) == 20


@pytest.mark.parametrize(("name", "count"), [("demographic", 5), ("quality", 6), ("IMPACT", 10)])
def test_tallies_count_every_answer(
    name: str, count: int, events: list[Event], responses: list[Response], shared_data: Path
) -> None:
    table = tally(responses, events, name)
    answers = [item for response in responses for item in response.answers.items()]
    given = sum(len(values) for slug, values in answers if slug.lower().startswith(name.lower()))
    assert int(table["count"].sum()) == given
    values = set_json(table)["values"]
    assert len(values) == count
    assert set(values[0]) == {"label", "id", "options"}
    assert set(values[0]["options"][0]) == {"label", "id", "count"}
    public = tally(responses, events, name, public=True)
    for full, shown in zip(table, public, strict=True):
        assert shown["count"] in (None, full["count"])
        assert not 0 < (shown["count"] or 0) < SMALLEST_GROUP
    with pytest.raises(UnknownName, match="Did you mean Quality"):
        tally(responses, events, "Qualiti")


def test_counts_are_those_of_the_raw_file(events: list[Event], responses: list[Response], shared_data: Path) -> None:
    with (shared_data / EXAMPLES / "tango_qualities.csv").open(newline="") as handle:
        raw = [row["course_rating"] for row in csv.DictReader(handle)]
    table = {row["option"]: row["count"] for row in tally(responses, events, "quality") if "rating" in row["question"]}
    assert table == {option: raw.count(option) for option in table}
    assert sum(table.values()) == 200


def test_filters_narrow(events: list[Event], responses: list[Response]) -> None:
    hackathons = Filters(type="Hackathon")
    codes = {event.code for event in events if event.type == "Hackathon"}
    table = tally(responses, events, "quality", hackathons)
    assert table.meta["events"] == len(codes) == 5
    assert table.meta["answered"]["Quality.course_rating"] == sum(
        r.event in codes for r in responses if "Quality.course_rating" in r.answers
    )
    kept = {
        "funding": Filters(funding="EOSC Life"), "audience": Filters(target_audience="Healthcare"),
        "platforms": Filters(additional_platforms="Compute"), "node": Filters(node="ELIXIR-EE"),
        "main": Filters(node="ELIXIR-EE", node_only=True), "from": Filters(date_from=date(2023, 1, 2)),
        "to": Filters(date_to=date(2023, 1, 1)),
    }  # fmt: skip
    counts = {name: sum(map(filters.keep, events)) for name, filters in kept.items()}
    assert counts["node"] == 1
    assert counts["main"] == counts["from"] == 0
    assert counts["to"] == 20
    assert 0 < counts["funding"] < 20


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_withheld_counts_cannot_be_told_from_the_total(counts: list[int]) -> None:
    hidden = withheld(counts)
    inside = [count for count, hide in zip(counts, hidden, strict=True) if hide]
    assert all(hide for count, hide in zip(counts, hidden, strict=True) if 0 < count < SMALLEST_GROUP)
    assert 0 not in inside
    if inside and any(count and not hide for count, hide in zip(counts, hidden, strict=True)):
        assert len(inside) > 1
        assert sum(inside) >= SMALLEST_GROUP


def row_of(**cells: str) -> str:
    names = template("events")
    places = {
        "title": 0,
        "node": 1,
        "start": 2,
        "end": 3,
        "type": 4,
        "funding": 5,
        "place": 7,
        "people": 12,
        "trainers": 13,
    }
    short = {name: names[place] for name, place in {**places, "url": 14}.items()}
    values = {short[name]: value for name, value in cells.items()}
    return ",".join(f'"{values.get(name, "")}"' for name in names)


def read_rows(folder: Path, *rows: str) -> tuple[list[Event], list[str]]:
    file = folder / "events.csv"
    file.write_text("\n".join([",".join(f'"{name}"' for name in template("events")), *rows, ",,,"]), encoding="utf-8")
    found, problems = read_events(read_sheet(file))
    return found, [str(problem) for problem in problems]


GOOD = {
    "title": "R for biologists", "node": "ELIXIR-EE", "start": "2023-05-30", "end": "2023-06-01",
    "type": "training - elearning",
}  # fmt: skip


def test_the_template_is_read_with_the_defaults(tmp_path: Path) -> None:
    (event,), problems = read_rows(tmp_path, row_of(**GOOD, place="Tartu, Estonia", people="25"))
    assert problems == []
    assert (event.duration, event.type, event.funding) == (3, "Training - e-learning", ("ELIXIR Node",))
    assert (event.location_city, event.location_country) == ("Tartu", "Estonia")
    assert event.target_audience == ("Academia/ Research Institution",)
    assert event.additional_platforms == event.communities == ("NA",)
    assert event.status == "Incomplete"
    assert event.code.startswith("E")
    dotted = GOOD | {"start": "30.05.2023", "place": "Online", "people": "25", "trainers": "2"}
    (online,), _ = read_rows(tmp_path, row_of(**dotted))
    assert (online.location_city, online.location_country, online.status) == ("NA", "Online", "Complete")
    assert (online.date_start, online.code) == (event.date_start, event.code)


def test_rows_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    found, problems = read_rows(
        tmp_path,
        row_of(**GOOD | {"title": ""}),
        row_of(**GOOD | {"start": "May"}),
        row_of(**GOOD | {"type": "party"}),
        row_of(**GOOD | {"end": "2023-05-01"}, people="many", place="Tartu, Narnia", funding="Lottery; ELIXIR Hub"),
        row_of(**GOOD | {"node": "Atlantis", "title": "Other"}),
    )
    assert [event.title for event in found] == ["R for biologists", "Other"]
    assert found[0].funding == ("ELIXIR Hub",)
    expected = (
        "line 2: title", "line 3: date_start 'May'", "line 4: type 'party'", "line 5: date_end", "'Lottery'", "'many'",
        "'Narnia'", "line 6: node 'Atlantis'",
    )  # fmt: skip
    for words in expected:
        assert any(words in problem for problem in problems), words
    assert len(problems) == 8


def test_one_event_counts_once(tmp_path: Path) -> None:
    """Two nodes that claim it, two codes for it, and the same row twice."""
    address = "https://www.example.org/r/"
    events, _ = read_rows(
        tmp_path,
        row_of(**GOOD, url=address),
        row_of(**GOOD | {"node": "ELIXIR-FI", "title": "R course"}, url="http://example.org/r"),
        row_of(**GOOD, url=address),
    )
    merged, problems = merge_events({}, events)
    assert list(merged.values()) == events[:1]
    assert "by ELIXIR-EE and ELIXIR-FI" in problems[0].reason
    assert "given twice, first in events.csv, line 2" in problems[1].reason


def test_only_the_main_node_changes_an_entry_that_is_not_locked(tmp_path: Path) -> None:
    (event,), _ = read_rows(tmp_path, row_of(**GOOD))
    changed = replace(event, number_participants=12)
    stored = {event.code: event}
    assert merge_events(stored, [changed], "ELIXIR-EE")[0][event.code].number_participants == 12
    merged, (problem,) = merge_events(stored, [changed], "ELIXIR-FI")
    assert merged == stored
    assert "belongs to ELIXIR-EE" in problem.reason
    locked = {event.code: replace(event, locked=True)}
    assert "locked" in merge_events(locked, [changed], "ELIXIR-EE")[1][0].reason


def test_events_come_from_tess() -> None:
    attributes = {
        "title": "R", "url": "https://e.org", "start": "2023-05-30T09:00:00.000Z", "end": "2023-05-31T17:00:00Z",
        "city": "Tartu", "country": "Estonia",
    }  # fmt: skip
    event = event_from_tess({"data": {"id": "7", "attributes": attributes}}, "ELIXIR-EE")
    assert (event.code, event.duration, event.location_city, event.location_country) == (
        "tess-7",
        2,
        "Tartu",
        "Estonia",
    )
    with pytest.raises(BadTable, match="TeSS document"):
        event_from_tess({"data": {"id": "7", "attributes": {"title": "R"}}}, "ELIXIR-EE")


def test_answers_outside_the_vocabulary_and_of_unknown_events(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    heading = ",".join(f'"{name}"' for name in template("metrics-demographic-quality"))
    file.write_text(f"{heading}\nA,TeSS, ,Industrie,,,,,,,,\nB,TeSS\nA,tess; Radio,,,,,,,,good (3),,\nA" + ",x" * 20)
    read = read_responses(read_sheet(file), {"A"})
    assert [response.answers for response in read.responses] == [
        {"Demographic.heard_from": ("TeSS",)},
        {"Demographic.heard_from": ("TeSS",), "Quality.course_rating": ("Good (3)",)},
    ]
    assert read.sets == ("Demographic", "Quality")
    assert (read.cells, read.unknown) == (22, 2)
    words = [str(problem) for problem in read.problems]
    assert "21 cells under 12 headings" in words[0]
    assert "did you mean 'Industry'" in words[1]
    assert "line 3: event_code 'B'" in words[2]


def test_tables_that_are_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    for content, error, word in (
        (b"", BadTable, "no headings"), (b"a,a\n", BadTable, "twice"), (b"title\n", BadTable, "start date"),
        (b"\xff\xfe", UnreadableInput, "cannot be read"),
    ):  # fmt: skip
        file.write_bytes(content)
        with pytest.raises(error, match=word):
            read_events(read_sheet(file))
    file.write_text("event_code,gendr\n")
    with pytest.raises(BadTable, match="Did you mean 'gender'"):
        read_responses(read_sheet(file), {"A"})
