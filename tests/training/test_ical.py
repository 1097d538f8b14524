"""Calendars: zones, series, changed and cancelled dates, whole days, and what is broken."""

from __future__ import annotations

from datetime import date

import pytest

from lifenode.errors import UnreadableInput
from lifenode.training.ingest.ical import read_ical
from lifenode.training.ingest.reading import Reading

OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:16011104T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010311T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def read(*events: str, more: str = "", today: date = date(2026, 1, 1)) -> Reading:
    parts = "".join(f"BEGIN:VEVENT\nUID:u{n}\nSUMMARY:E\n{body}\nEND:VEVENT\n" for n, body in enumerate(events))
    return read_ical(
        f"BEGIN:VCALENDAR\nVERSION:2.0\n{more}{parts}END:VCALENDAR\n".encode(), "https://x.org/", today=today
    )


@pytest.mark.parametrize(
    ("line", "text", "zone"),
    [
        ("DTSTART;TZID=Australia/Perth:20220211T094500", "2022-02-11T09:45:00+08:00", "Australia/Perth"),
        ("DTSTART:20260309T080000Z", "2026-03-09T08:00:00+00:00", "UTC"),
        ("DTSTART:20260309T080000", "2026-03-09T08:00:00", ""),
        ("DTSTART;TZID=W. Europe Standard Time:20260709T080000", "2026-07-09T08:00:00+02:00", "Europe/Berlin"),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Rome:20260709T080000",
            "2026-07-09T08:00:00+02:00",
            "Europe/Rome",
        ),
        ("DTSTART;TZID=Our office:20260709T080000", "2026-07-09T08:00:00+02:00", "+02:00"),
        ("DTSTART;TZID=Our office:20260109T080000", "2026-01-09T08:00:00+01:00", "+01:00"),
        ("DTSTART;VALUE=DATE:20260709", "2026-07-09", ""),
    ],
)
def test_zones(line: str, text: str, zone: str) -> None:
    (event,) = read(line, more=OWN_ZONE).events
    assert event.start is not None
    assert (event.start.to_text(), event.start.zone) == (text, zone)
    assert event.start.all_day == ("VALUE=DATE" in line)


def test_floating_times_are_in_the_zone_of_the_calendar() -> None:
    (event,) = read("DTSTART:20260709T080000", more="X-WR-TIMEZONE:Europe/Tallinn\n").events
    assert event.timezone == "Europe/Tallinn"


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ("DTSTART;VALUE=DATE:20260709\nDTEND;VALUE=DATE:20260711", "2026-07-10"),
        ("DTSTART;VALUE=DATE:20260709\nDTEND;VALUE=DATE:20260709", "2026-07-09"),
        ("DTSTART;VALUE=DATE:20260709\nDURATION:P3D", "2026-07-11"),
        ("DTSTART:20260709T080000Z\nDURATION:PT90M", "2026-07-09T09:30:00+00:00"),
    ],
)
def test_ends(lines: str, end: str) -> None:
    (event,) = read(lines).events
    assert event.end is not None
    assert event.end.to_text() == end


def test_a_series_keeps_its_clock_when_the_clocks_change() -> None:
    body = "URL:https://x.org/s\nDTSTART;TZID=Europe/Berlin:20260320T100000\nDTEND;TZID=Europe/Berlin:20260320T113000\n"
    events = read(body + "RRULE:FREQ=WEEKLY;COUNT=3").events
    assert [event.start.to_text() for event in events if event.start] == [
        "2026-03-20T10:00:00+01:00",
        "2026-03-27T10:00:00+01:00",
        "2026-04-03T10:00:00+02:00",
    ]
    assert [event.occurrence for event in events] == ["2026-03-20T10:00", "2026-03-27T10:00", "2026-04-03T10:00"]
    assert events[2].end is not None
    assert events[2].end.local_text() == "2026-04-03T11:30"


def test_dates_left_out_added_moved_and_cancelled() -> None:
    zone = "TZID=Europe/Berlin"
    series = (
        f"DTSTART;{zone}:20260320T100000\nRRULE:FREQ=WEEKLY;UNTIL=20260410T080000Z\nURL:https://x.org/s\n"
        f"EXDATE;{zone}:20260327T100000\nRDATE;{zone}:20260501T100000"
    )
    moved = (
        f"BEGIN:VEVENT\nUID:u0\nRECURRENCE-ID;{zone}:20260403T100000\nSUMMARY:Moved\n"
        f"DTSTART;{zone}:20260404T120000\nSTATUS:CANCELLED\nEND:VEVENT\n"
    )
    events = read(series, more=moved).events
    assert [(e.occurrence, e.start.local_text() if e.start else "", e.status) for e in events] == [
        ("2026-03-20T10:00", "2026-03-20T10:00", ""),
        ("2026-04-03T10:00", "2026-04-04T12:00", "cancelled"),
        ("2026-04-10T10:00", "2026-04-10T10:00", ""),
        ("2026-05-01T10:00", "2026-05-01T10:00", ""),
    ]
    assert {event.url for event in events} == {"https://x.org/s"}


def test_series_without_an_end_go_a_year_ahead_and_no_further_than_500_dates() -> None:
    events = read("DTSTART:20260105T100000Z\nRRULE:FREQ=MONTHLY").events
    assert len(events) == 12
    daily = read("DTSTART:20200105T100000Z\nRRULE:FREQ=DAILY")
    assert len(daily.events) == 500
    assert "more than 500 dates" in daily.notes[0]
    wrong = read("DTSTART:20260105T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=XX")
    assert len(wrong.events) == 1


def test_a_uid_and_a_cancellation_are_kept() -> None:
    (event,) = read("DTSTART:20260105T100000Z\nSTATUS:CANCELLED").events
    assert (event.external_id, event.status) == ("u0", "cancelled")


@pytest.mark.parametrize("content", [b"", b"<html>", b"BEGIN:VEVENT\nEND:VEVENT", b"\xff\xfe"])
def test_what_is_no_calendar_is_said(content: bytes) -> None:
    with pytest.raises(UnreadableInput):
        read_ical(content, "")


def test_an_event_without_a_start_is_rejected_by_name() -> None:
    reading = read("URL:https://x.org/a", "DTSTART:soon", "DTSTART:20260105T100000Z")
    assert (len(reading.events), len(reading.rejected)) == (1, 2)
    assert reading.rejected[0].reasons[0] == "start can't be read"
