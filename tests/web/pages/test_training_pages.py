"""The pages of the training portal: search and its twins, records that can be harvested, the page tester."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from lifenode.errors import FetchFailed
from lifenode.registry.fair import assess
from lifenode.registry.graph import read_page
from lifenode.training.database import open_database
from lifenode.training.demonstration import demonstration, keep_demonstration
from lifenode.training.harvest import Harvest, harvest
from lifenode.training.models import StoredRecord
from lifenode.training.moments import Moment
from lifenode.training.records import Event, ExternalResource, Person, Topic
from lifenode.training.spreadsheet import read_sheet
from lifenode.training.store import keep_harvest
from lifenode.training.store import opened as session_of
from tests.training.publishing import differing
from tests.web.conftest import Opened

EVENT = "/training/events/reading-gene-lists-from-a-list-to-its-biology"
SNIPPET = '{"@context": "https://schema.org/", "@type": "Event", "name": "A day", "startDate": "2027-03-09"'
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def filled(opened: Opened, tmp_path: Path) -> Iterator[TestClient]:
    """A node whose portal holds the examples."""
    (tmp_path / "state").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_demonstration(engine=engine)
    engine.dispose()
    with opened() as client:
        yield client


def shown_titles(text: str) -> list[str]:
    return [unescape(title) for title in re.findall(r'<h2><a href="/training/\w+/[^"]+">([^<]+)</a>', text)]


def test_an_empty_portal_says_how_to_fill_it(opened: Opened) -> None:
    with opened() as client:
        text = client.get("/training").text
        assert "lifenode training harvest https://" in text
        assert "lifenode training demo" in text
        assert client.get("/training/events.json").json()["meta"]["total"] == 0


def test_the_next_events_come_first_and_past_ones_are_counted(filled: TestClient) -> None:
    text = filled.get("/training/events").text
    assert shown_titles(text)[0] == "Statistics without fear, online"
    assert "1 more that is over" in text
    assert "Data that others can use" in shown_titles(filled.get("/training/events?include_expired=true").text)


def test_a_choice_narrows_and_can_be_left_out(filled: TestClient) -> None:
    text = filled.get("/training/events?country=Estonia&q=lists").text
    assert shown_titles(text) == ["Reading gene lists: from a list to its biology"]
    assert '<input type="checkbox" name="country" value="Estonia" checked>' in text
    assert '<a href="/training/events?q=lists" title="Leave out">Country: Estonia' in text


def test_typing_mistakes_and_other_names_are_told(filled: TestClient) -> None:
    assert "read as" in filled.get("/training/events?q=sequencnig").text
    assert "was also found as" in filled.get("/training/events?q=NGS").text


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("json", "application/json"), ("csv", "text/csv"), ("xlsx", "application/vnd.openxml"),
        ("ics", "text/calendar"), ("atom", "application/atom+xml"), ("rss", "application/rss+xml"),
        ("feed", "application/feed+json"), ("jsonld", "application/ld+json"),
    ],
)  # fmt: skip
def test_the_same_search_in_every_form(filled: TestClient, ending: str, kind: str) -> None:
    by_ending = filled.get(f"/training/events.{ending}?country=Estonia")
    by_name = filled.get(f"/training/events?country=Estonia&format={ending}")
    assert by_ending.status_code == by_name.status_code == 200
    assert by_ending.headers["content-type"].startswith(kind)
    assert by_ending.content == by_name.content
    text = "".join(map(str, read_sheet(by_ending.content))) if ending == "xlsx" else by_ending.text
    assert "association-week" in text
    assert "proteomics" not in text


def test_a_feed_tells_the_newest_first(filled: TestClient, tmp_path: Path) -> None:
    page = SNIPPET.replace("A day", "The newcomer").replace("2027", "2031") + ', "url": "https://x.org/day"}'
    made = harvest("https://x.org/", lambda url: b"", content=page.encode())
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_harvest(made, "X", engine=engine)
    engine.dispose()
    assert filled.get("/training/events.feed").json()["items"][0]["title"] == "The newcomer"
    assert filled.get("/training/events.feed?sort=early").json()["items"][-1]["title"] == "The newcomer"
    assert filled.get("/training/events.json").json()["result"][-1]["title"] == "The newcomer"


def test_impossible_searches_are_explained_at_their_field(filled: TestClient) -> None:
    answer = filled.get("/training/events?start=March&q=gene&city=Tartu")
    assert answer.status_code == 422
    # Nothing that was chosen is lost.
    assert 'name="city" value="Tartu"' in answer.text
    assert 'value="gene"' in answer.text
    assert 'id="start-wrong"' in answer.text
    assert filled.get("/training/events.pdf").status_code == 406


def test_a_record_can_be_harvested_from_its_page(filled: TestClient) -> None:
    def fetch(url: str) -> bytes:
        answer = filled.get(url.removeprefix("http://testserver"))
        if answer.status_code != 200:
            raise FetchFailed(f"{url} answers {answer.status_code}.", value=url)
        return answer.content

    made = harvest("http://testserver/training/sitemap.xml", fetch)
    assert (made.rejected, made.complete) == ([], True)
    expected = {record.url: record for record in demonstration(datetime.now(UTC).date())}
    assert {record.url: differing(record, expected[record.url]) for record in made.records} == {
        url: {} for url in expected
    }


def test_a_record_page_shows_what_is_known(filled: TestClient) -> None:
    text = unescape(filled.get(EVENT).text)
    for part in ("10:00 to 16:00", "Europe/Tallinn", "Tartu", "PhD students", 'href="/training/nodes/Estonia"'):
        assert part in text
    assert f'<a href="{EVENT}.ics">' in text
    assert b"BEGIN:VEVENT" in filled.get(f"{EVENT}.ics").content
    assert filled.get(f"{EVENT}.jsonld").json()["@type"] == "Course"
    assert filled.get(f"{EVENT}.pdf").status_code == 406


def test_a_withdrawn_record_is_gone(filled: TestClient, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    with session_of(engine) as session:
        found = session.scalars(select(StoredRecord)).first()
        assert found is not None
        found.withdrawn_at = found.updated_at
        slug = found.slug
    engine.dispose()
    answer = filled.get(f"/training/events/{slug}", headers=BROWSER)
    assert (answer.status_code, "withdrew" in answer.text) == (410, True)
    assert filled.get(f"/training/events/{slug}.json").status_code == 410
    assert slug not in filled.get("/training/sitemap-events-1.xml").text


@pytest.mark.parametrize(
    "path",
    ["/training/providers", "/training/providers/1", "/training/nodes", "/training/nodes/estonia", "/training/map"],
)
def test_lists_lead_to_records(filled: TestClient, path: str) -> None:
    answer = filled.get(path)
    assert answer.status_code == 200
    assert "/training/" in answer.text


def test_a_provider_sees_what_its_harvest_gave_but_no_place_on_the_machine(filled: TestClient, tmp_path: Path) -> None:
    made = harvest("file:///secret/place.json", lambda url: b"", content=f"{SNIPPET}}}".encode())
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_harvest(made, "From a file", engine=engine)
    engine.dispose()
    text = filled.get("/training/providers/2").text
    assert "url can&#39;t be blank" in text
    assert "secret" not in text


@pytest.mark.parametrize(
    "path",
    ["/training/providers/99", "/training/providers/x", "/training/nodes/Nowhere", "/training/events/none",
     "/training/sitemap-cakes-1.xml"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(filled: TestClient, path: str) -> None:
    assert filled.get(path).status_code == 404


def test_the_calendar_shows_each_day_of_an_event_and_long_ones_apart(filled: TestClient) -> None:
    record = filled.get("/training/events/sequencing-reads-checked-and-mapped.json").json()
    text = filled.get(f"/training/calendar?month={record['start_local'][:7]}").text
    assert text.count("Sequencing reads, checked and mapped</a>") >= 1
    assert filled.get("/training/calendar?month=March").status_code == 422
    assert filled.get("/training/calendar?month=2026-13").status_code == 422


def test_the_page_tester_shows_the_record_as_it_would_appear(filled: TestClient) -> None:
    text = filled.post(
        "/training/check", data={"url": "https://x.org/day", "text": SNIPPET + ', "url": "https://x.org/day"}'}
    ).text
    assert "A day" in text
    assert "Tue 9 Mar 2027" in text
    assert 'class="grade">D' in text
    assert filled.get("/training/events.json?q=day&include_expired=true").json()["meta"]["total"] < 8


def test_the_page_tester_names_what_is_wrong(filled: TestClient) -> None:
    assert "url can&#39;t be blank" in filled.post("/training/check", data={"text": SNIPPET + "}"}).text
    answer = filled.post("/training/check", data={"url": "", "text": ""})
    assert (answer.status_code, "Nothing was given" in answer.text) == (422, True)
    assert "Nothing was found" in filled.post("/training/check", data={"text": "<p>words</p>"}).text


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://169.254.169.254/", "file:///etc/passwd", "x"])
def test_the_page_tester_fetches_no_private_address(filled: TestClient, address: str) -> None:
    answer = filled.post("/training/check", data={"url": address})
    assert answer.status_code in (400, 422, 403)
    assert "mistakes" in answer.text


def test_a_file_can_be_checked(filled: TestClient) -> None:
    table = filled.get("/training/events.xlsx").content
    answer = filled.post("/training/check", files={"file": ("events.xlsx", table)})
    assert "Reading gene lists: from a list to its biology" in answer.text


def test_hostile_text_is_text(filled: TestClient) -> None:
    hostile = json.dumps(
        {
            "@context": "https://schema.org/", "@type": "Event", "name": "<img src=x onerror=alert(1)>",
            "url": "https://x.org/", "startDate": "2027-03-09", "description": "</script><script>alert(1)</script>",
            "mentions": {"@type": "Thing", "name": "x", "url": "javascript:alert(1)"},
        }
    )  # fmt: skip
    text = filled.post("/training/check", data={"text": hostile}).text
    assert "<img" not in text
    assert "alert(1)</script>" not in text
    assert 'href="javascript' not in text


def test_the_repository_answers_by_address_and_by_form(filled: TestClient) -> None:
    got = filled.get("/training/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    sent = filled.post("/training/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    assert got.headers["content-type"].startswith("text/xml")
    assert got.text.count("<identifier>oai:testserver:") == sent.text.count("<identifier>oai:testserver:") == 12


def test_the_mark_up_passes_the_check_of_fair_pages(filled: TestClient) -> None:
    for listed in ("events", "materials"):
        for record in filled.get(f"/training/{listed}.json?include_expired=true&per_page=100").json()["result"]:
            page = read_page(filled.get(record["page"].removeprefix("http://testserver")).content, record["page"])
            found = [row for row in assess(page, ("bioschemas",)).to_dicts() if row["name"].startswith("required")]
            assert [row["test"] for row in found if row["outcome"] != "pass"] == [], record["slug"]
            assert found, record["slug"]


def test_hostile_records_are_shown_as_text_everywhere(filled: TestClient, tmp_path: Path) -> None:
    bad = "</script><img src=x onerror=alert(1)>"
    event = Event(title=f"T{bad}", url="https://x.org/e", description=bad, keywords=[bad], city=bad, venue=bad)
    event.start = Moment.of_day(datetime.now(UTC).date(), "Europe/Tallinn")
    event.end, event.latitude, event.longitude = event.start, 58.0, 26.0
    event.nodes, event.organizer, event.contact, event.instructors = [bad], bad, bad, [Person(bad)]
    event.external_resources, event.scientific_topics = [ExternalResource(bad, "https://x.org/?a=<b>")], [Topic(bad)]
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'training.sqlite'}")
    keep_harvest(Harvest("https://x.org/", "bioschemas", read=1, records=[event]), f"P{bad}", engine=engine)
    engine.dispose()
    found = filled.get("/training/events.json?content_provider=" + quote(f"P{bad}")).json()["result"]
    page = found[0]["page"].removeprefix("http://testserver")
    paths = ["/training/events?include_expired=true", page, "/training/calendar", "/training/map"]
    paths += ["/training/providers", "/training/providers/2", "/training/nodes", f"/training/events?q={quote(bad)}"]
    for path in paths:
        text = filled.get(path).text
        assert "<img" not in text, path
        assert text.count("</script>") == text.count("<script"), path
    for form in ("atom", "rss", "ics", "xlsx", "jsonld", "feed"):
        assert filled.get(f"/training/events.{form}?include_expired=true").status_code == 200
    assert "<img" not in filled.get("/training/oai?verb=ListRecords&metadataPrefix=rdf").text
