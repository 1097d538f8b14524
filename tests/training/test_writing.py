"""Records written one by one: whose they are, what they break, what a change leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lifenode.errors import NotPermitted
from lifenode.training.database import open_database
from lifenode.training.models import Provider, StoredRecord
from lifenode.training.people import add_user, changes
from lifenode.training.store import lock
from lifenode.training.writing import create, existing, update

GIVEN: dict[str, Any] = {
    "title": "Course", "url": "https://x.org/course", "start": "2026-05-04 09:00:00", "timezone": "Europe/Tallinn",
    "content_provider_id": 1, "scientific_topic_names": ["Proteomics"], "keywords": ["mass"], "node_names": ["Estonia"],
}  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    with Session(engine) as made:
        made.add(Provider(title="X", url="https://x.org", created_at=datetime.now(UTC)))
        made.flush()
        yield made
    engine.dispose()


def made_by(session: Session, email: str, role: str = "registered_user", **changed: Any) -> StoredRecord:
    made = create(session, add_user(session, email, role=role), "event", GIVEN | changed)
    assert isinstance(made, StoredRecord), made
    return made


def test_a_record_is_kept_and_found_again(session: Session) -> None:
    made = made_by(session, "ada@example.org")
    assert made.start == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert made.content["scientific_topics"][0]["label"] == "Proteomics"
    assert made.content["nodes"] == ["Estonia"]
    assert existing(session, "event", {"url": GIVEN["url"], "content_provider_id": "1"}) is made
    assert existing(session, "event", {"title": "Course"}) is made
    assert existing(session, "event", {"url": "https://x.org/other"}) is None
    assert existing(session, "material", {"title": "Course"}) is None
    assert existing(session, "event", {"title": "Course", "content_provider_id": 2}) is None


def test_every_broken_rule_is_told_and_nothing_is_kept(session: Session) -> None:
    user = add_user(session, "ada@example.org")
    found = create(session, user, "event", {"title": "", "url": "ftp://x.org", "content_provider_id": 99})
    assert isinstance(found, list)
    assert {it.field for it in found} >= {"title", "url", "content_provider_id"}
    assert existing(session, "event", {"url": "ftp://x.org"}) is None


def test_a_change_leaves_alone_what_is_not_given_and_what_is_locked(session: Session) -> None:
    ada = add_user(session, "ada@example.org")
    made = create(session, ada, "event", GIVEN)
    assert isinstance(made, StoredRecord)
    lock(session, made, "venue")
    assert update(session, ada, made, {"title": "Longer course", "venue": "Elsewhere"}) is made
    assert (made.title, made.content["title"], made.content["venue"]) == ("Longer course", "Longer course", "")
    assert made.content["keywords"] == ["mass"]
    assert isinstance(update(session, ada, made, {"title": ""}), list)
    assert made.title == "Longer course"
    assert [it.action for it in changes(session, f"event/{made.slug}")] == ["record.update", "record.create"]


@pytest.mark.parametrize(
    ("role", "may"), [("registered_user", False), ("basic_user", False), ("curator", True), ("scraper_user", True)]
)
def test_who_may_change_the_record_of_another(session: Session, role: str, may: bool) -> None:
    made = made_by(session, "ada@example.org")
    other = add_user(session, "bob@example.org", role=role)
    if may:
        assert update(session, other, made, {"title": "Better"}) is made
    else:
        with pytest.raises(NotPermitted):
            update(session, other, made, {"title": "Better"})
        assert made.title == "Course"


@pytest.mark.parametrize("role", ["basic_user", "unverified_user"])
def test_who_may_not_write(session: Session, role: str) -> None:
    with pytest.raises(NotPermitted):
        made_by(session, "ada@example.org", role)
