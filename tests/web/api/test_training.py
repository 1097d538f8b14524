"""The native API of the training portal: searches, records, facets, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lifenode.training.database import open_database
from lifenode.training.demonstration import keep_demonstration
from tests.web.conftest import Opened


@pytest.fixture
def filled(opened: Opened, tmp_path: Path) -> Iterator[TestClient]:
    """A node whose portal holds the examples."""
    (tmp_path / "state").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_demonstration(engine=engine)
    engine.dispose()
    with opened() as client:
        yield client


def test_a_search_gives_records_facets_and_the_way_on(filled: TestClient) -> None:
    answer = filled.get("/api/v1/training/events", params={"per_page": 2, "online": ["onsite", "hybrid"]}).json()
    assert len(answer["result"]) == 2
    assert answer["meta"]["total"] == 5
    assert [value["value"] for value in answer["facets"]["online"]] == ["onsite", "online", "hybrid"]
    seen = {record["slug"] for record in answer["result"]}
    while answer["meta"]["next_url"]:
        answer = filled.get(answer["meta"]["next_url"]).json()
        seen |= {record["slug"] for record in answer["result"]}
    assert len(seen) == 5


def test_one_record_and_its_facets(filled: TestClient) -> None:
    record = filled.get("/api/v1/training/materials/what-a-background-is").json()["result"]
    assert (record["type"], record["licence"]) == ("material", "CC-BY-4.0")
    assert filled.get(record["page"].removeprefix("http://testserver")).status_code == 200
    facets = filled.get("/api/v1/training/materials/facets?q=statistics").json()["facets"]
    assert {"value": "Tutorial", "count": 1, "chosen": False} in facets["resource_type"]


def test_what_has_not_changed_is_not_sent_again(filled: TestClient) -> None:
    first = filled.get("/api/v1/training/events")
    again = filled.get("/api/v1/training/events", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("events?citty=Tartu", 422, "city"),
        ("events?sort=best", 422, "early"),
        ("events?page=1&page=2", 422, "2 times"),
        ("events?elixir=", 422, "true or false"),
        ("materials?city=Tartu", 422, "city"),
        ("events/no-such-event", 404, "no-such-event"),
        ("events/no-such-event?x=1", 422, "x"),
    ],
)
def test_refusals_name_what_is_wrong(filled: TestClient, address: str, status: int, words: str) -> None:
    answer = filled.get(f"/api/v1/training/{address}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in f"{answer.json()['detail']} {answer.json()['next_step']}"


def test_only_get_is_served(filled: TestClient) -> None:
    answer = filled.post("/api/v1/training/events", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
