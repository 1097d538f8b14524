"""Times, words and rules of records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.training.clean import orcid_of, plain_text, split_list
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event, ExternalResource, Material, Person
from lifenode.training.tidy import same_once, tidy
from lifenode.training.validation import Rules, orcid_is_right, validate
from lifenode.training.vocabulary import Vocabulary, country_name, is_licence, licence_id

ZONES = st.sampled_from(
    ["Europe/Tallinn", "Australia/Perth", "America/St_Johns", "Asia/Kolkata", "UTC", "+05:30", "-03:00"]
)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), ZONES)
def test_an_instant_in_a_zone_is_the_same_after_it_was_written(instant: datetime, zone: str) -> None:
    moment = Moment(instant.replace(microsecond=0), zone)
    again = parse_moment(moment.to_text(), zone)
    assert again is not None
    assert (again.instant, again.all_day) == (moment.instant, False)
    assert again.zone == zone


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)), st.sampled_from(["", "Europe/Tallinn", "Pacific/Apia"]))
def test_a_day_stays_a_day(day: date, zone: str) -> None:
    moment = Moment.of_day(day, zone)
    assert moment.to_text() == day.isoformat()
    assert parse_moment(moment.to_text(), zone) == moment
    assert moment.assumed().astimezone(ZoneInfo(zone or "UTC")).hour == 9


@pytest.mark.parametrize(
    ("text", "written", "zone"),
    [
        ("2023-03-20T00:00:00", "2023-03-20", ""),
        ("2023-03-20T00:00:00+01:00", "2023-03-20T00:00:00+01:00", "+01:00"),
        ("20220112T110000", "2022-01-12T11:00:00", ""),
        ("1970-01-01 00:00:09 +0000", "1970-01-01T00:00:09+00:00", "UTC"),
        ("Tue, 01 Jan 2019 10:00:00 +0200", "2019-01-01T10:00:00+02:00", "+02:00"),
        ("3 March 2026", "2026-03-03", ""),
        ("13/02/2026", "2026-02-13", ""),
    ],
)
def test_times_are_read_as_they_are_meant(text: str, written: str, zone: str) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert (moment.to_text(), moment.zone) == (written, zone)


@pytest.mark.parametrize(
    "text", ["", "soon", "2022", "March 2026", "03/04/2026", "2022-02-30", "99999999", "10:00", "1 May 2026 10:00 XYZT"]
)
def test_times_that_cannot_be_told_are_not_guessed(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Australia/Sydney", "Australia/Sydney"),
        ("Melbourne", "Australia/Melbourne"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Romance Standard Time", "Europe/Paris"),
        ("Bern", "Europe/Zurich"),
        ("Nowhere", ""),
    ],
)
def test_zones_are_known_by_many_names(text: str, zone: str) -> None:
    assert zone_name(text) == zone


def messages(record: Event | Material, rules: Rules | None = None) -> list[str]:
    return [str(problem) for problem in validate(record, rules)]


def event(**values: object) -> Event:
    made = Event(title="T", url="https://x.org/e")
    for name, value in values.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": ""}, "title can't be blank"),
        ({"url": ""}, "url can't be blank"),
        *(
            ({"url": url}, "url is not a valid URL")
            for url in ("123", "/relative", "git://x.org/a", "ftp://x.org", "http://")
        ),
        ({"url": "https://bad.example.com/x"}, "url is of a blocked domain"),
        ({"capacity": 0}, "capacity must be greater than or equal to 1"),
        ({"cost_value": 0.0}, "cost_value must be greater than 0"),
        ({"cost_currency": "euro"}, "cost_currency is not a currency code of three letters"),
        ({"latitude": 91.0}, "latitude must be between -90 and 90"),
        ({"longitude": -181.0}, "longitude must be between -180 and 180"),
        ({"presence": "nearby"}, "presence must be one of onsite, online, hybrid"),
        ({"keywords": [str(n) for n in range(21)]}, "keywords has too many items (more than 20)"),
        ({"origin_uri": "here"}, "origin_uri is not a valid URL"),
        ({"language": "English"}, "language is not a language code"),
        ({"instructors": [Person("A", "0000-0002-1825-0098")]}, "instructors has an invalid ORCID iD"),
        ({"contributors": [Person("")]}, "contributors has a person without a name"),
        (
            {"external_resources": [ExternalResource("", "https://x.org")]},
            "external_resources has an item without a title",
        ),
        ({"external_resources": [ExternalResource("A", "x")]}, "external_resources is not a valid URL"),
        ({"start": parse_moment("2026-03-02"), "end": parse_moment("2026-03-01")}, "end is before the start"),
    ],
)
def test_every_rule_of_events_has_its_message(values: dict[str, object], message: str) -> None:
    rules = Rules(Vocabulary(), (r"\.example\.com$",))
    assert messages(event(), rules) == []
    assert messages(event(**values), rules) == [message]


@pytest.mark.parametrize(
    ("field", "value"),
    [("event_types", ["party"]), ("eligibility", ["all"]), ("cost_basis", "gold")],
)
def test_controlled_words_of_events(field: str, value: object) -> None:
    (message,) = messages(event(**{field: value}))
    assert message.startswith(f"{field} must be a controlled vocabulary term (")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"description": ""}, "description can't be blank"),
        ({"resource_type": ["other"]}, "other_types can't be blank when the resource type is other"),
        ({"licence": "mine"}, "licence must be a controlled vocabulary term"),
        (
            {"difficulty_level": "hard"},
            "difficulty_level must be a controlled vocabulary term (notspecified, beginner, intermediate, advanced)",
        ),
        ({"status": "lost"}, "status must be a controlled vocabulary term (active, development, archived)"),
        ({"authors": [Person("A", "0000-0000-0000-000X")]}, "authors has an invalid ORCID iD"),
    ],
)
def test_every_rule_of_materials_has_its_message(values: dict[str, object], message: str) -> None:
    made = Material(title="T", url="https://x.org/m", description="D")
    assert messages(made) == []
    for name, value in values.items():
        setattr(made, name, value)
    assert messages(made) == [message]


@pytest.mark.parametrize(
    ("orcid", "right"),
    [("0000-0002-1825-0097", True), ("0000-0002-1694-233X", True), ("0000-0002-1825-009,", False), ("", False)],
)
def test_orcids(orcid: str, right: bool) -> None:
    assert orcid_is_right(orcid) == right
    assert (orcid_of(f"https://orcid.org/{orcid}") == orcid) == right or not orcid


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.en", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("CC BY 4.0 license, except where further details are provided", "CC-BY-4.0"),
        ("All rights reserved", ""),
    ],
)
def test_licences(text: str, licence: str) -> None:
    assert licence_id(text) == licence
    assert not licence or is_licence(licence)


def test_words_near_a_known_one_take_its_place_and_others_are_noted() -> None:
    made = event(event_types=["workshops", "course"], eligibility=["First come first served"], country="Deutschland")
    tidy(made, Vocabulary())
    assert (made.event_types, made.eligibility) == (["workshops_and_courses"], ["first_come_first_served"])
    assert made.country == "Germany" == country_name("DE")
    assert made.notes[0].startswith('"course" is none of the known event_types')


def test_what_is_said_of_meeting_online_counts() -> None:
    for values in ({"description": "Join by Zoom."}, {"venue": "Online"}):
        made = event(**values)
        tidy(made, Vocabulary())
        assert made.presence == "online"
    made = event(description="A zoom lens", presence="onsite")
    tidy(made, Vocabulary())
    assert made.presence == "onsite"


def test_one_record_for_an_address_the_one_that_says_more() -> None:
    first, second = event(), event(description="More")
    blank = event(url="")
    other = event(occurrence="2026-01-01")
    assert same_once([first, second, blank, event(url=""), other]) == [second, blank, blank, other]


def test_text_is_plain() -> None:
    given = "<p>A <b>bold</b> one</p><ul><li>x<li>y</ul><script>alert(1)</script>&lt;tag&gt; &amp; more\x00"
    assert plain_text(given) == "A bold one\n\n* x\n* y\n<tag> & more"
    assert plain_text("1 < 2 and 3 > 2") == "1 < 2 and 3 > 2"
    assert split_list('a; b,c  d\n"e";;') == ["a", "b", "c", "d", "e"]
