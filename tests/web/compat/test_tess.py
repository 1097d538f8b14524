"""TeSS's API for reading: its keys, paging, facets and the values clients rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.training.database import open_database
from lifenode.training.demonstration import keep_demonstration
from tests.web.conftest import Opened

EVENT_KEYS = {
    "slug", "title", "subtitle", "url", "organizer", "description", "start", "end", "sponsor", "venue", "city",
    "country", "county", "postcode", "latitude", "longitude", "created-at", "updated-at", "keywords", "event-types",
    "target-audience", "capacity", "eligibility", "contact", "host-institutions", "scientific-topics", "operations",
    "external-resources", "fields", "duration", "timezone", "sponsors", "online", "presence", "cost-basis",
    "cost-value", "cost-currency", "recognition", "learning-objectives", "prerequisites", "tech-requirements",
    "external-id", "last-scraped", "scraper-record",
}  # fmt: skip
MATERIAL_KEYS = {
    "slug", "title", "url", "description", "doi", "remote-updated-date", "remote-created-date", "created-at",
    "updated-at", "keywords", "licence", "difficulty-level", "authors", "contributors", "target-audience",
    "scientific-topics", "operations", "external-resources", "resource-type", "fields", "version", "contact",
    "prerequisites", "syllabus", "learning-objectives", "subsets", "date-created", "date-modified", "date-published",
    "status", "other-types", "last-scraped", "scraper-record",
}  # fmt: skip


@pytest.fixture
def filled(opened: Opened, tmp_path: Path) -> Iterator[TestClient]:
    """A node whose portal holds the examples."""
    (tmp_path / "state").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_demonstration(engine=engine)
    engine.dispose()
    with opened() as client:
        yield client


def data(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(f"/tess{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.api+json; charset=utf-8"
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("kind", "keys"), [("events", EVENT_KEYS), ("materials", MATERIAL_KEYS)])
def test_lists_have_the_keys_of_the_schema(filled: TestClient, kind: str, keys: set[str]) -> None:
    body = data(filled, f"/{kind}.json_api?include_expired=true")
    assert set(body) == {"data", "links", "meta", "jsonapi"}
    assert set(body["meta"]) == {"facets", "available-facets", "query", "results-count"}
    assert body["meta"]["results-count"] == len(body["data"]) > 3
    for one in body["data"]:
        assert set(one) == {"id", "type", "attributes", "relationships", "links"}
        assert set(one["attributes"]) == keys
        assert one["type"] == kind
        assert {"user", "content-provider", "nodes", "collections"} < set(one["relationships"])


@pytest.mark.data
@pytest.mark.parametrize(("kind", "schema"), [("events", "EventAttributes"), ("materials", "MaterialAttributes")])
def test_keys_are_those_of_the_published_description(shared_data: Path, kind: str, schema: str) -> None:
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load((shared_data / "training/tess/spec/tess.yml").read_text(encoding="utf-8"))
    described = set(found["components"]["schemas"][schema]["properties"])
    assert (EVENT_KEYS if kind == "events" else MATERIAL_KEYS) == described - {"report"}


def test_pages_lead_to_every_record_once(filled: TestClient) -> None:
    path: str | None = "/tess/events.json_api?page_size=2&include_expired=true&q="
    seen: list[str] = []
    while path:
        body = filled.get(path).json()
        seen += [one["id"] for one in body["data"]]
        assert body["links"]["first"].endswith("page_number=1")
        path = body["links"].get("next")
    assert len(seen) == len(set(seen)) == body["meta"]["results-count"]
    assert body["links"]["prev"]


def test_facets_in_brackets_narrow_and_are_told(filled: TestClient) -> None:
    everything = data(filled, "/events.json_api?include_expired=true")
    values = everything["meta"]["available-facets"]["country"]
    value = values[0]
    body = data(filled, f"/events.json_api?include_expired=true&country[]={value['value']}&unknown=1&page_number=0")
    assert body["meta"]["results-count"] == value["count"]
    assert body["meta"]["facets"] == {"country": [value["value"]]}
    assert {one["attributes"]["country"] for one in body["data"]} == {value["value"]}
    assert {"content-provider", "event-types", "scientific-topics"} <= set(everything["meta"]["available-facets"])


def test_one_record_by_slug_and_number_as_importers_ask(filled: TestClient) -> None:
    first = data(filled, "/events.json_api?include_expired=true")["data"][0]
    by_number = data(filled, f"/events/{first['id']}.json_api")["data"]
    assert by_number == data(filled, f"/events/{first['attributes']['slug']}.json_api")["data"] == first
    assert first["attributes"]["start"].endswith("Z")
    assert {"title", "url", "start", "end", "city", "country"} <= set(by_number["attributes"])
    assert by_number["links"]["self"] == f"/tess/events/{first['attributes']['slug']}"
    redirected = filled.get(by_number["links"]["redirect"], follow_redirects=False)
    assert (redirected.status_code, redirected.headers["location"]) == (302, first["attributes"]["url"])
    topics = [
        one for each in data(filled, "/materials.json_api")["data"] for one in each["attributes"]["scientific-topics"]
    ]
    assert topics
    assert all(set(one) == {"preferred-label", "uri"} for one in topics)


def test_what_is_not_there_has_the_form_of_errors(filled: TestClient) -> None:
    answer = filled.get("/tess/events/nothing.json_api")
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (404, "404")
    answer = filled.get("/tess/materials/9999.json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, 404)
    for path in ("content_providers/99", "nodes/atlantis"):
        assert filled.get(f"/tess/{path}.json_api").status_code == 404


def test_the_json_before_json_api(filled: TestClient) -> None:
    rows = filled.get("/tess/materials.json").json()
    assert rows
    assert {"id", "title", "difficulty_level", "scientific_topics", "created_at"} <= set(rows[0])
    one = filled.get(f"/tess/materials/{rows[0]['slug']}.json").json()
    assert one == rows[0]
    count = filled.get("/tess/materials/count").json()
    assert count["count"] == len(rows)
    assert filled.get("/tess/events/count.json?include_expired=true").json()["count"] >= 5


def test_providers_and_nodes(filled: TestClient) -> None:
    providers = data(filled, "/content_providers.json_api")["data"]
    assert providers
    one = data(filled, f"/content_providers/{providers[0]['id']}.json_api")["data"]
    assert one["attributes"]["title"]
    event = next(each for each in data(filled, "/events.json_api?include_expired=true")["data"])
    assert event["relationships"]["content-provider"]["data"]["id"] in {each["id"] for each in providers}
    nodes = data(filled, "/nodes.json_api")["data"]
    assert data(filled, f"/nodes/{nodes[0]['id']}.json_api")["data"] == nodes[0]
    assert data(filled, "/workflows.json_api")["meta"]["results-count"] == 0


def test_tables_and_calendars(filled: TestClient) -> None:
    lines = filled.get("/tess/events.csv?include_expired=true").text.splitlines()
    assert lines[0] == "Title,Organizer,Start,End,ContentProvider"
    assert all(line.count(",") == 4 for line in lines)
    calendar = filled.get("/tess/events.ics?include_expired=true").text
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert calendar.count("BEGIN:VEVENT") == len(lines) - 1
    slug = filled.get("/tess/events.json?include_expired=true").json()[0]["slug"]
    assert "@context" in filled.get(f"/tess/events/{slug}.jsonld").json()


def test_widgets_on_other_sites_may_read(filled: TestClient) -> None:
    answer = filled.get("/tess/events.json_api", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("query", ["start=nonsense", "sort=best", "max_age=ages", "page_number=abc", "page_size=99999",
    "country[]=", "q=" + "x" * 600, "days_since_scrape=-1", "elixir=maybe"])  # fmt: skip
def test_impossible_values_are_passed_over(filled: TestClient, query: str) -> None:
    assert data(filled, f"/events.json_api?{query}")["data"] is not None
