"""Harvests kept: added once, updated in place, locked, left to whom they belong, withdrawn; migrations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from lifenode.errors import InvalidOption
from lifenode.training.database import migrate, open_database
from lifenode.training.duplicates import clusters
from lifenode.training.harvest import Harvest, harvest
from lifenode.training.models import Base, StoredHarvest, StoredRecord
from lifenode.training.moments import parse_moment
from lifenode.training.records import Event, Material, Person
from lifenode.training.store import Kept, keep_harvest, lock, stored

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    yield made
    made.dispose()


def event(title: str = "Course", url: str = "https://x.org/course", **more: object) -> Event:
    made = Event(title=title, url=url, start=parse_moment("2026-05-04T09:00:00+02:00"))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def keep(engine: Engine, *records: Event | Material, source: str = "https://x.org/a", **options: object) -> Kept:
    made = Harvest(source, "bioschemas", read=len(records), records=list(records))
    for name in ("complete", "withdrawn"):
        setattr(made, name, options.pop(name, getattr(made, name)))
    return keep_harvest(made, str(options.pop("provider", "X")), engine=engine, now=NOW)


def only(session: Session) -> StoredRecord:
    return session.scalars(select(StoredRecord)).one()


def from_file(path: Path, source: str) -> Harvest:
    return harvest(source, lambda url: b"", content=path.read_bytes())


def test_saved_sources_a_second_time_add_nothing(tess: Path, engine: Engine) -> None:
    names = ("nbis-course-instances.json", "ext_res.json", "events_NCI.csv", "materials.csv", "sib_course.json")
    first = [
        keep_harvest(from_file(tess / "ingestion" / it, f"https://x.org/{it}"), "X", engine=engine) for it in names
    ]
    again = [
        keep_harvest(from_file(tess / "ingestion" / it, f"https://x.org/{it}"), "X", engine=engine) for it in names
    ]
    assert [kept.added for kept in first] == [23, 1, 14, 2, 2]
    assert [(kept.added, kept.updated, kept.withdrawn) for kept in again] == [(0, 0, 0)] * 5
    assert [kept.unchanged for kept in again] == [kept.added for kept in first]
    with Session(engine) as session:
        assert len(stored(session)) == 42
        assert len(session.scalars(select(StoredHarvest)).all()) == 10


def test_the_same_address_at_another_provider_is_another_record(tess: Path, engine: Engine) -> None:
    path = tess / "ingestion" / "existing.json"
    old = event("Old title", "http://example.com/cool-course-summer")
    assert keep(engine, old, provider="Other").added == 1
    assert keep_harvest(from_file(path, "https://x.org/a"), "X", engine=engine).added == 1
    assert keep(engine, old, provider="Mine").added == 1
    changed = keep_harvest(from_file(path, "https://x.org/a"), "Mine", engine=engine)
    assert (changed.added, changed.updated) == (0, 1)
    with Session(engine) as session:
        titles = [it.title for it in stored(session)]
    assert titles == ["Old title", "Summer Course on Learning Stuff 2", "Summer Course on Learning Stuff 2"]


def test_locked_fields_stay(tess: Path, engine: Engine) -> None:
    known = Material(title="My First Material", url="https://app.com/materials/material1.html", description="Mine")
    keep(engine, known, source="https://x.org/m")
    with Session(engine) as session, session.begin():
        lock(session, only(session), "description")
        with pytest.raises(InvalidOption, match="no field 'colour'"):
            lock(session, only(session), "colour")
    kept = keep_harvest(from_file(tess / "ingestion" / "materials.csv", "https://x.org/m"), "X", engine=engine)
    assert (kept.added, kept.updated, kept.rejected) == (1, 1, 1)
    with Session(engine) as session:
        first = stored(session)[0]
    assert isinstance(first, Material)
    assert (first.description, first.version, first.licence) == ("Mine", "1.1", "CC-BY-4.0")


def test_what_is_blank_does_not_wipe_out(engine: Engine) -> None:
    keep(engine, event(description="Long", venue="Hall"))
    assert keep(engine, event(description="", venue="Aula")).updated == 1
    with Session(engine) as session:
        (found,) = stored(session)
    assert isinstance(found, Event)
    assert (found.description, found.venue) == ("Long", "Aula")


def test_a_record_with_a_new_address_is_known_by_title_and_start(engine: Engine) -> None:
    keep(engine, event())
    assert keep(engine, event(url="https://x.org/moved")).updated == 1
    assert keep(engine, event(url="https://x.org/next", start=parse_moment("2026-06-04T09:00:00+02:00"))).added == 1


def test_parallel_sessions_of_one_title_stay_apart(engine: Engine) -> None:
    sessions = [event(), event(url="https://x.org/parallel")]
    assert keep(engine, *sessions).added == 2
    assert keep(engine, *reversed(sessions)).unchanged == 2


def test_another_source_changes_a_record_only_if_it_says_more(engine: Engine) -> None:
    keep(engine, event(description="Some words", venue="Hall"))
    assert keep(engine, event(description="Other words"), source="https://x.org/b").left_alone == 1
    longer = event(description="Some words and many more of them", venue="Hall")
    assert keep(engine, longer, source="https://x.org/b").updated == 1
    assert keep(engine, event(description="y" * 99, venue="Hall", contact="me"), source="https://x.org/c").updated == 1
    with Session(engine) as session:
        assert only(session).source == "https://x.org/c"


def test_what_the_source_no_longer_has_is_withdrawn_and_may_come_back(engine: Engine) -> None:
    past = event("Past", "https://x.org/past", start=parse_moment("2026-01-05T09:00:00Z"))
    past.end = parse_moment("2026-01-05T12:00:00Z")
    keep(engine, event(), event("Two", "https://x.org/two"), past)
    assert keep(engine, event(), complete=False).withdrawn == 0
    assert keep(engine).withdrawn == 0
    assert keep(engine, event(), source="https://x.org/b").withdrawn == 0
    assert keep(engine, event()).withdrawn == 1
    with Session(engine) as session:
        assert [it.title for it in stored(session)] == ["Course", "Past"]
        assert len(stored(session, "event", withdrawn=True)) == 3
    assert keep(engine, event(), event("Two", "https://x.org/two")).updated == 1
    with Session(engine) as session:
        assert len(stored(session)) == 3


def test_what_a_repository_deletes_is_withdrawn(engine: Engine) -> None:
    keep(engine, event(external_id="oai:x:1"), event("Two", "https://x.org/two", external_id="oai:x:2"))
    assert keep(engine, withdrawn=["oai:x:2"], complete=False).withdrawn == 1


def test_dates_of_a_series_are_records_of_their_own(engine: Engine) -> None:
    dates = [event(occurrence=f"2026-05-0{day}T09:00") for day in (4, 5)]
    for day, made in enumerate(dates, 4):
        made.start = parse_moment(f"2026-05-0{day}T09:00:00+02:00")
    assert keep(engine, *dates).added == 2
    assert keep(engine, *dates).unchanged == 2


def test_names_in_addresses_are_free_and_no_numbers(engine: Engine) -> None:
    keep(
        engine, event("2026", "https://x.org/1"), event("Ära R!", "https://x.org/2"), event("Ara r", "https://x.org/3")
    )
    with Session(engine) as session:
        slugs = list(session.scalars(select(StoredRecord.slug).order_by(StoredRecord.id)))
    assert slugs == ["event-2026", "ara-r", "ara-r-2"]


def test_an_error_leaves_nothing_half_kept(engine: Engine) -> None:
    broken = event("Two", "https://x.org/two", capacity=object())
    with pytest.raises(Exception, match="JSON"):
        keep(engine, event(), broken)
    with Session(engine) as session:
        assert not stored(session)


def test_duplicates_across_providers(engine: Engine) -> None:
    keep(engine, event("Intro to R", "https://www.x.org/r/"), event("Intro to R, again", "https://x.org/other"))
    keep(engine, event("Course of R", "http://x.org/r?utm_source=mail"), provider="Y")
    authors = [Person("Ada")]
    for provider in ("X", "Y"):
        made = Material(title="Statistics in R", url=f"https://{provider}.org/s", description="d", authors=authors)
        keep(engine, made, provider=provider, source=f"https://{provider}.org")
    keep(engine, Material(title="Statistics in R", url="https://z.org/s", description="d"), provider="Z")
    with Session(engine) as session:
        found = clusters(session.scalars(select(StoredRecord)).all())
        assert [sorted(record.url for record in group) for group in found] == [
            ["http://x.org/r?utm_source=mail", "https://www.x.org/r/"],
            ["https://X.org/s", "https://Y.org/s"],
        ]


def test_migrations_go_up_and_down_and_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), Base.metadata)
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    assert keep(engine, event()).added == 1


def test_times_come_back_as_they_were(engine: Engine) -> None:
    keep(engine, event())
    with Session(engine) as session:
        record = only(session)
        assert record.start == datetime(2026, 5, 4, 7, tzinfo=UTC)
        assert record.created_at == NOW
        assert record.created_at.utcoffset() == timedelta()
