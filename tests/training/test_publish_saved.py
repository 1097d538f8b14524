"""What is published of real records, of every kind of saved source, is read back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifenode.errors import FetchFailed, LifenodeError
from lifenode.training.harvest import harvest
from lifenode.training.ingest.ical import read_ical
from lifenode.training.publish_bioschemas import json_ld, script_text
from lifenode.training.publish_ical import calendar
from lifenode.training.publish_tables import csv_text, event_rows, material_rows
from lifenode.training.records import Event, Material
from tests.training.publishing import differing, listed
from tests.training.test_publish_forms import NOT_IN_TABLES

_KINDS = (".json", ".jsonld", ".csv", ".ics", ".html", ".xml")


def absent(url: str) -> bytes:
    raise FetchFailed(f"{url} answers 404.", value=url)


@pytest.fixture(scope="module")
def records(tess: Path) -> list[Event | Material]:
    """All records of all saved sources."""
    return [record for path in files(tess) for record in of_file(path)]


def files(tess: Path) -> Iterator[Path]:
    for folder in ("ingestion", "rdf_extractors"):
        yield from (path for path in sorted((tess / folder).rglob("*")) if path.suffix in _KINDS)


def of_file(path: Path) -> list[Event | Material]:
    try:
        return harvest(f"https://x.org/{path.name}", absent, content=path.read_bytes(), one_page=True).records
    except LifenodeError:
        return []


@pytest.mark.data
def test_mark_up_is_read_back_as_the_record(records: list[Event | Material]) -> None:
    assert len(records) > 100
    for record in records:
        text = script_text(json_ld(listed(record), "https://node.example.org/training/x"))
        made = harvest("https://node.example.org/", absent, content=text.encode())
        assert made.rejected == []
        assert differing(made.records[0], record) == {}, record.url


@pytest.mark.data
def test_calendars_keep_start_zone_and_days(records: list[Event | Material]) -> None:
    timed = [record for record in records if isinstance(record, Event) and record.start is not None]
    assert len(timed) > 50
    for event in timed:
        (back,) = read_ical(calendar([listed(event)]), "").events
        assert back.start is not None
        assert event.start is not None
        assert back.start.instant == event.start.instant or event.start.all_day
        assert back.start.local_text() == event.start.local_text()
        assert event.start.all_day or back.start.zone == event.start.zone


@pytest.mark.data
def test_tables_are_read_back(records: list[Event | Material]) -> None:
    lost: dict[str, int] = {}
    for record in records:
        rows = event_rows if isinstance(record, Event) else material_rows
        made = harvest("https://x.org/", absent, content=csv_text(rows([listed(record)])).encode())
        (back,) = made.records
        for name in differing(back, record).keys() - NOT_IN_TABLES:
            lost[name] = lost.get(name, 0) + 1
    assert lost == {}
