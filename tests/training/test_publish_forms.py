"""Tables, feeds and calendars of a search: read back by our own readers, safe in a spreadsheet, whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from lifenode.errors import InvalidOption, UnreadableInput
from lifenode.training.database import open_database
from lifenode.training.harvest import Harvest, harvest
from lifenode.training.moments import Moment, parse_moment
from lifenode.training.portal import Portal
from lifenode.training.publish import FORMS, publish
from lifenode.training.publish_feeds import Channel
from lifenode.training.publish_tables import csv_text, event_rows, material_rows, xlsx_bytes
from lifenode.training.records import Event, Material
from lifenode.training.search_question import Question
from lifenode.training.spreadsheet import read_sheet, write_sheet
from lifenode.training.store import keep_harvest
from tests.training.publishing import NOW, differing, events, listed, materials

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
CHANNEL = Channel("Courses", "https://n.org/training.atom", "https://n.org/training", "https://n.org")
# What the columns of the templates do not hold.
NOT_IN_TABLES = {
    "external_id", "scientific_topics", "operations", "external_resources", "origin_uri", "occurrence", "open_science",
    "subsets", "date_created",
}  # fmt: skip


def read_back(content: bytes) -> Event | Material:
    made = harvest("https://n.org/", lambda url: b"", content=content)
    assert made.rejected == []
    (found,) = made.records
    return found


@given(events())
@QUICK
def test_events_in_tables_are_read_back(event: Event) -> None:
    if event.start is not None and event.start.wall().time() == event.end.wall().time() == _MIDNIGHT:  # type: ignore[union-attr]
        return
    one = listed(event)
    for content in (csv_text(event_rows([one])).encode(), xlsx_bytes(event_rows([one]), "events")):
        assert differing(read_back(content), event).keys() <= NOT_IN_TABLES


@given(materials())
@QUICK
def test_materials_in_tables_are_read_back(material: Material) -> None:
    if not material.description or ("other" in material.resource_type and not material.other_types):
        return
    one = listed(material)
    for content in (csv_text(material_rows([one])).encode(), xlsx_bytes(material_rows([one]), "materials")):
        assert differing(read_back(content), material).keys() <= NOT_IN_TABLES


_MIDNIGHT = Moment.of_day(NOW.date()).wall().time()


def test_a_cell_is_never_a_formula() -> None:
    event = Event(title="=1+1", url="https://x.org/", description="@SUM(A1)", keywords=["-2", "a,b"])
    rows = list(csv.reader(io.StringIO(csv_text(event_rows([listed(event)])))))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    back = read_back(csv_text(event_rows([listed(event)])).encode())
    assert (back.title, back.description, back.keywords) == ("=1+1", "@SUM(A1)", ["-2", "a,b"])


def test_a_workbook_opens_in_other_programs() -> None:
    rows = [["Title", "", "Ä"], ["a & <b>", "line\nline", "=1+1"]]
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet(rows, "events"))).active
    assert [[cell or "" for cell in row] for row in sheet.values] == rows
    assert write_sheet(rows, "events") == write_sheet(rows, "events")
    assert read_sheet(write_sheet(rows, "events")) == rows


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100, write_sheet([], "a")[:-40]])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableInput):
        read_sheet(content)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    kept = []
    for number in range(120):
        event = Event(title=f"Course {number}", url=f"https://x.org/{number}", city="Tartu", keywords=["R"])
        event.start = parse_moment(f"2026-05-04T{number % 24:02}:30:00+03:00")
        event.end = event.start
        kept.append(event)
    material = Material(title="Slides", url="https://x.org/m", description="<b>& all")
    harvest = Harvest("https://x.org/", "bioschemas", read=121, records=[*kept, material])
    keep_harvest(harvest, "X", engine=made.engine, now=NOW)
    yield made
    made.close()


def test_tables_and_calendars_are_whole(portal: Portal) -> None:
    found = portal.search(Question(kind="event"), now=NOW)
    whole = {form: publish(portal, found, form, CHANNEL) for form in FORMS}
    assert len(json.loads(whole["json"])["result"]) == 10
    assert json.loads(whole["json"])["meta"]["total"] == 120
    assert len(whole["csv"].splitlines()) == 121
    assert len(read_sheet(whole["xlsx"])) == 121
    assert whole["ics"].count(b"BEGIN:VEVENT") == 120
    assert len(json.loads(whole["jsonld"])["@graph"]) == 10
    assert len(json.loads(whole["feed"])["items"]) == 100
    for form in ("atom", "rss"):
        assert len(list(etree.fromstring(whole[form]).iter("{*}entry", "item"))) == 100


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_our_reader_of_feeds_understands_ours(portal: Portal, form: str) -> None:
    found = portal.search(Question(kind="event", per_page=100), now=NOW)
    made = harvest("https://n.org/", lambda url: b"", content=publish(portal, found, form, CHANNEL))
    assert made.kind == "event_feed"
    first = portal.records(found.shown)[0].record
    assert isinstance(first, Event)
    read = next(event for event in made.events if event.url == first.url)
    assert (read.title, read.start, read.end, read.keywords) == (first.title, first.start, first.end, first.keywords)


def test_events_and_materials_do_not_share_a_table(portal: Portal) -> None:
    found = portal.search(Question(), now=NOW)
    assert publish(portal, found, "ics", CHANNEL).count(b"BEGIN:VEVENT") == 120
    with pytest.raises(InvalidOption):
        publish(portal, found, "csv", CHANNEL)
    with pytest.raises(InvalidOption):
        publish(portal, found, "pdf", CHANNEL)
