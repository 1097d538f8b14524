"""TeSS's JSON API for writing: the steps of its Ruby client, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from lifenode.settings import settings
from lifenode.training.database import open_database
from lifenode.training.models import Provider
from lifenode.training.people import add_user, ban, find_user
from lifenode.training.sign_in import issue_token
from lifenode.web.app import make_app

EVENT: dict[str, Any] = {
    "title": "Course", "url": "https://x.org/course", "start": "2027-05-04 09:00:00", "timezone": "Europe/Tallinn",
    "content_provider_id": 1, "scraper_record": True, "last_scraped": "2026-11-23", "description": "Of lists",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def tokens(place: Path) -> dict[str, str]:
    """Tokens of people by their names before the @."""
    engine = open_database(f"sqlite:///{place / 'training.sqlite'}")
    roles = {"ada": "scraper_user", "bob": "registered_user", "eve": "basic_user", "mal": "registered_user"}
    with Session(engine) as session, session.begin():
        session.add(Provider(title="X", url="https://x.org", created_at=datetime.now(UTC)))
        made = {
            name: issue_token(session, add_user(session, f"{name}@example.org", role=role))[0]
            for name, role in roles.items()
        }
        ban(session, find_user(session, "mal@example.org"), "spam")
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def node(place: Path, tokens: dict[str, str]) -> Iterator[TestClient]:
    with TestClient(make_app(replace(settings(), state_dir=place))) as client:
        yield client


def signed(tokens: dict[str, str], name: str) -> dict[str, str]:
    return {"user_email": f"{name}@example.org", "user_token": tokens[name]}


def test_the_steps_of_the_client(node: TestClient, tokens: dict[str, str]) -> None:
    assert node.post("/tess/events/check_exists.json", json={"event": EVENT}).json() == {}
    provider = node.post("/tess/content_providers/check_exists.json", json={"content_provider": {"title": "X"}}).json()
    assert provider == {"id": 1, "title": "X", "url": "https://x.org"}
    made = node.post("/tess/events.json", json=signed(tokens, "bob") | {"event": EVENT})
    assert (made.status_code, made.json()["slug"]) == (201, "course")
    found = node.post("/tess/events/check_exists.json", json={"event": EVENT}).json()
    assert found == made.json()
    headers = {"X-User-Email": "ada@example.org", "X-User-Token": tokens["ada"]}
    changed = node.put(f"/tess/events/{found['id']}.json", json={"event": {"title": "Longer"}}, headers=headers)
    assert (changed.status_code, changed.json()["title"]) == (200, "Longer")
    assert changed.json()["description"] == "Of lists"
    assert changed.json()["start"] == "2027-05-04T06:00:00Z"
    listed = node.get("/api/v1/training/events", params={"q": "Longer"}).json()
    assert [one["title"] for one in listed["result"]] == ["Longer"]


def test_broken_rules_are_told_by_field(node: TestClient, tokens: dict[str, str]) -> None:
    answer = node.post("/tess/materials.json", json=signed(tokens, "bob") | {"material": {"title": "", "url": "/x"}})
    assert answer.status_code == 422
    told = answer.json()
    assert {"title", "url", "description", "content_provider_id"} <= set(told)
    assert all(isinstance(text, str) for messages in told.values() for text in messages)


@pytest.mark.parametrize(
    ("email", "token_of", "status"),
    [("nobody", "bob", 401), ("bob", "ada", 401), ("mal", "mal", 401), ("eve", "eve", 403)],
)
def test_who_may_not_write_does_not(
    node: TestClient, tokens: dict[str, str], email: str, token_of: str, status: int
) -> None:
    event = EVENT | {"url": "https://x.org/never", "title": "Never"}
    signature = {"user_email": f"{email}@example.org", "user_token": tokens[token_of]}
    answer = node.post("/tess/events.json", json=signature | {"event": event})
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert node.post("/tess/events.json", json={"event": event}).status_code == 401
    assert node.post("/tess/events/check_exists.json", json={"event": event}).json() == {}


def test_a_provider_is_made_once_and_by_those_who_may(node: TestClient, tokens: dict[str, str]) -> None:
    given = {"content_provider": {"title": "Y", "url": "https://y.org"}}
    assert node.post("/tess/content_providers.json", json=given).status_code == 401
    assert node.post("/tess/content_providers.json", json=signed(tokens, "eve") | given).status_code == 403
    made = node.post("/tess/content_providers.json", json=signed(tokens, "bob") | given)
    assert (made.status_code, made.json()["title"]) == (201, "Y")
    assert node.post("/tess/content_providers/check_exists.json", json=given).json() == made.json()
    again = node.post("/tess/content_providers.json", json=signed(tokens, "bob") | given)
    assert (again.status_code, again.json()) == (422, {"title": ["has already been taken"]})
    bare = node.post(
        "/tess/content_providers.json", json=signed(tokens, "bob") | {"content_provider": {"url": "ftp://y"}}
    )
    assert (bare.status_code, set(bare.json())) == (422, {"title", "url"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}", b'{"event": 3}', b'{"event": {"title": {"a": [1]}}}'])
def test_a_body_that_is_none_is_no_fault_of_the_node(node: TestClient, body: bytes) -> None:
    assert node.post("/tess/events/check_exists.json", content=body).status_code in (200, 400)
    assert node.post("/tess/events.json", content=body).status_code in (400, 401)


@pytest.mark.parametrize("value", [None, 3, "x\x00", [1], {"a": 1}, [[]], True, 1e300, "9" * 400])
def test_odd_values_are_refused_or_passed_over(node: TestClient, tokens: dict[str, str], value: Any) -> None:
    for name in (
        "start",
        "title",
        "keywords",
        "content_provider_id",
        "capacity",
        "instructors",
        "latitude",
        "language",
    ):
        event = EVENT | {"url": "https://x.org/odd", name: value}
        answer = node.post("/tess/events.json", json=signed(tokens, "bob") | {"event": event})
        assert answer.status_code in (201, 422), (name, answer.text)


def test_a_record_that_is_not_there_is_not_changed(node: TestClient, tokens: dict[str, str]) -> None:
    answer = node.put("/tess/events/no-such.json", json=signed(tokens, "ada") | {"event": {"title": "A"}})
    assert answer.status_code == 404
