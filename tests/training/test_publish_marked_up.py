"""What is published is read back as what it was: JSON-LD by our own harvest, calendars with start, zone and days."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from lifenode.training.harvest import harvest
from lifenode.training.ingest.ical import read_ical
from lifenode.training.moments import Moment, parse_moment
from lifenode.training.publish_bioschemas import json_ld, script_text
from lifenode.training.publish_ical import calendar
from lifenode.training.records import Event, Material, from_dict, to_dict
from tests.training.publishing import differing, events, listed, materials, moments

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
HERE = "https://node.example.org/training/events/one"


def read_back(record: Event | Material) -> Event | Material:
    page = f'<html><script type="application/ld+json">{script_text(json_ld(listed(record), HERE))}</script></html>'
    made = harvest("https://node.example.org/", lambda url: b"", content=page.encode())
    assert made.rejected == []
    (found,) = made.records
    return found


@given(events())
@QUICK
def test_an_event_is_read_back_as_it_was(event: Event) -> None:
    assert differing(read_back(event), event) == {}


@given(materials())
@QUICK
def test_a_material_is_read_back_as_it_was(material: Material) -> None:
    if material.description and ("other" not in material.resource_type or material.other_types):
        assert differing(read_back(material), material) == {}


@given(moments(("", "+05:30", "-03:00")))
@QUICK
def test_times_of_json_ld_stay_through_the_store(given: tuple[Moment, Moment]) -> None:
    page = {"@context": "https://schema.org/", "@type": "Event", "name": "A", "url": "https://x.org/a"}
    page |= {"startDate": given[0].to_text(), "endDate": given[1].to_text()}
    (first,) = harvest("https://x.org/", lambda url: b"", content=json.dumps(page).encode()).records
    kept = from_dict(json.loads(json.dumps(to_dict(first))))
    made = json_ld(listed(kept), HERE)
    # A midnight without an offset is what pages write that know the day only.
    expected = [parse_moment(page[name]) for name in ("startDate", "endDate")]
    assert [made["startDate"], made["endDate"]] == [moment.to_text() for moment in expected if moment]
    if given[0].zone or given[0].all_day:
        assert [made["startDate"], made["endDate"]] == [page["startDate"], page["endDate"]]
    assert differing(read_back(kept), first) == {}


@given(events())
@QUICK
def test_a_calendar_keeps_start_zone_and_days(event: Event) -> None:
    if event.start is None:
        assert b"BEGIN:VEVENT" not in calendar([listed(event)])
        return
    (back,) = read_ical(calendar([listed(event)]), "").records
    assert isinstance(back, Event)
    assert (back.start, back.end) == (event.start, event.end)
    assert (back.title, back.status) == (event.title, event.status)
    assert (back.organizer, back.contact) == (event.organizer, event.contact)
    kept = from_dict(json.loads(json.dumps(to_dict(back))))
    again = read_ical(calendar([listed(kept)]), "").records
    assert differing(again[0], back) == {}


@pytest.mark.parametrize("zone", ["TZID=Australia/Perth:20260309T094500", "TZID=Europe/Berlin:20260309T000000"])
def test_a_foreign_calendar_is_written_as_it_was_read(zone: str) -> None:
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:u1", "SUMMARY:A", f"DTSTART;{zone}")
    text = "\n".join([*lines, "END:VEVENT", "END:VCALENDAR"])
    (event,) = read_ical(text.encode(), "").records
    assert f"DTSTART;{zone}" in calendar([listed(event)]).decode().replace("\r\n ", "")


def test_dates_of_a_series_keep_their_places(tmp_path: object) -> None:
    text = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:u1\nSUMMARY:A\nURL:https://x.org/a\n"
        "DTSTART;TZID=Europe/Tallinn:20260323T100000\nDTEND;TZID=Europe/Tallinn:20260323T120000\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR"
    )
    first = read_ical(text.encode(), "").events
    again = read_ical(calendar([listed(event, str(number)) for number, event in enumerate(first)]), "").events
    key = [(event.occurrence, event.start, event.end, event.external_id) for event in first]
    assert [(event.occurrence, event.start, event.end, event.external_id) for event in again] == key
    assert key[1][0] == "2026-03-30T10:00"


def test_mark_up_says_its_profiles_and_ends_no_script() -> None:
    event = Event(title="</script><b>x", url="https://x.org/", event_types=["workshops_and_courses"])
    event.start = parse_moment("2026-03-09T08:00:00+02:00")
    made = json_ld(listed(event), HERE)
    assert made["@type"] == "Course"
    assert made["dct:conformsTo"]["@id"].endswith("Course/1.0-RELEASE")
    assert made["hasCourseInstance"][0]["startDate"] == "2026-03-09T08:00:00+02:00"
    assert "</script" not in script_text(made)


def test_own_fields_of_another_kind_are_noted_and_left_out() -> None:
    page = {"@context": "https://schema.org/", "@type": "Event", "name": "A", "url": "https://x.org/a"}
    wrong = {"start": '"soon"', "capacity": '"many"', "keywords": "{}", "notes": '["x"]', "sponsors": "[", "title": "3"}
    wrong |= {"occurrence": '"whenever"', "status": '"odd"', "no_such": '"x"'}
    page["additionalProperty"] = [
        {"@type": "PropertyValue", "propertyID": f"urn:lifenode:training:{name}", "value": value}
        for name, value in wrong.items()
    ]  # type: ignore[assignment]
    (event,) = harvest("https://x.org/", lambda url: b"", content=json.dumps(page).encode()).events
    assert (event.title, event.start, event.capacity, event.keywords) == ("A", None, None, [])
    assert len(event.notes) == len(wrong)
