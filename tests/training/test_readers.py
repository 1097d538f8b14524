"""Readers of answers that are written here as their services give them, and what each says of something else."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lifenode.errors import InvalidOption, UnreadableInput
from lifenode.training.filters import Filter, let_through
from lifenode.training.harvest import address_for, harvest
from lifenode.training.ingest.bioschemas import read_bioschemas
from lifenode.training.ingest.github import read_github, repository_address
from lifenode.training.ingest.kinds import READERS, kind_of
from lifenode.training.ingest.sitemap import read_sitemap
from lifenode.training.moments import parse_moment
from lifenode.training.records import Event, Material
from lifenode.training.tidy import tidy
from lifenode.training.vocabulary import Vocabulary

PAGE = "https://x.org/a/page.html"


def encoded(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def read(answer: Any, base: str = "https://x.org/api?status=live") -> Any:
    content = answer if isinstance(answer, bytes) else encoded(answer)
    return READERS[kind_of(content)](content, base)


def test_zenodo() -> None:
    hit = {
        "id": 7,
        "doi": "10.5281/zenodo.7",
        "created": "2024-01-02T03:04:05.678+00:00",
        "links": {"self": "https://zenodo.org/api/records/7", "self_html": "https://zenodo.org/records/7"},
        "metadata": {
            "title": "R for all",
            "description": "<p>Slides.</p>",
            "creators": [{"name": "Carberry, Josiah", "orcid": "0000-0002-1825-0097"}],
            "contributors": [{"name": "Doe, Jane", "type": "Editor"}],
            "license": {"id": "cc-by-4.0"},
            "keywords": ["R", "training"],
            "resource_type": {"title": "Presentation", "type": "presentation"},
            "publication_date": "2024-01-01",
            "version": "2",
        },
    }
    reading = read({"hits": {"hits": [hit], "total": 1}, "links": {"next": "https://zenodo.org/api/records?page=2"}})
    (material,) = reading.materials
    tidy(material, Vocabulary())
    assert (material.url, material.doi, material.licence) == (
        "https://zenodo.org/records/7",
        "10.5281/zenodo.7",
        "CC-BY-4.0",
    )
    assert (material.authors[0].orcid, material.contributors[0].name) == ("0000-0002-1825-0097", "Doe, Jane")
    assert (material.date_published, material.date_created, material.version) == ("2024-01-01", "2024-01-02", "2")
    assert reading.more == ["https://zenodo.org/api/records?page=2"]
    assert len(read(hit).materials) == 1


def test_eventbrite_keeps_its_query_on_the_next_page() -> None:
    item = {
        "id": "5",
        "name": {"text": "R", "html": "<b>R</b>"},
        "description": {"text": "About", "html": "<p>About</p>"},
        "url": "https://www.eventbrite.com/e/5",
        "start": {"timezone": "Australia/Perth", "local": "2026-03-09T12:00:00", "utc": "2026-03-09T04:00:00Z"},
        "end": {"timezone": "Australia/Perth", "local": "2026-03-10T00:00:00", "utc": "2026-03-09T16:00:00Z"},
        "online_event": False,
        "is_free": True,
        "capacity": 20,
        "venue": {"name": "Hall", "address": {"address_1": "1 Road", "city": "Perth", "country": "AU"}},
    }
    paging = {"page_number": 1, "has_more_items": True}
    reading = read({"pagination": paging, "events": [item]})
    (event,) = reading.events
    tidy(event, Vocabulary())
    assert event.start.to_text() == "2026-03-09T12:00:00+08:00"
    assert event.end.to_text() == "2026-03-10T00:00:00+08:00"
    assert (event.title, event.venue, event.country, event.timezone) == (
        "R",
        "Hall, 1 Road",
        "Australia",
        "Australia/Perth",
    )
    assert (event.presence, event.cost_basis, event.eligibility, event.capacity) == ("onsite", "free", [], 20)
    assert reading.more == ["https://x.org/api?status=live&page=2"]


def test_carpentries() -> None:
    item = {
        "slug": "2026-03-09-tartu",
        "start": "2026-03-09",
        "end": "2026-03-10",
        "venue": "University of Tartu",
        "country": "EE",
        "url": "https://x.github.io/2026-03-09-tartu",
        "tags": [{"name": "SWC"}],
        "instructors": [{"name": "Ada Lovelace"}],
        "latitude": "58.38",
        "longitude": 26.72,
    }
    (event,) = read([item]).events
    tidy(event, Vocabulary())
    assert (event.title, event.country, event.presence) == ("SWC workshop, University of Tartu", "Estonia", "onsite")
    assert (event.start.to_text(), event.end.to_text(), event.latitude) == ("2026-03-09", "2026-03-10", 58.38)
    assert event.instructors[0].name == "Ada Lovelace"


def test_github_with_its_readme(tess: Path) -> None:
    folder = tess / "ingestion" / "github"
    api = "https://api.github.com/repos/hsf-training/cpluspluscourse"
    answers = {f"{api}/readme": "readme", f"{api}/releases": "releases", f"{api}/contributors": "contributors"}
    reading = read_github(
        (folder / "api-github-com.json").read_bytes(), api, lambda url: (folder / f"{answers[url]}.json").read_bytes()
    )
    (material,) = reading.materials
    assert (material.title, material.licence, material.status) == ("Cpluspluscourse", "Apache-2.0", "archived")
    assert (material.doi, material.version) == ("10.5281/zenodo.4670321", "1.0.0")
    assert [person.name for person in material.contributors] == ["jane", "doe"]
    assert (material.date_created, material.keywords) == ("2025-09-29", ["those", "are", "keywords"])
    assert repository_address("https://testwebsite.blabla") == ""


FEED = b"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/">
<channel><title>T</title><item><title>R &amp; more</title><link>/r</link><description>&lt;p&gt;x&lt;/p&gt;</description>
<dc:creator>Ada</dc:creator><author>a@x.org (Bob)</author><category>R</category>
<pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate>%s</item></channel></rss>"""


def test_rows_that_are_short_are_rows() -> None:
    made = harvest("", lambda url: b"", content=b"Title,URL,Start\nA,https://x.org/a\nB\n")
    assert ([it.title for it in made.events], [it.title for it in made.rejected]) == (["A"], ["B"])


def test_rss_and_atom() -> None:
    (material,) = read(FEED % b"", "https://x.org/feed").materials
    tidy(material, Vocabulary())
    assert (material.title, material.url, material.description) == ("R & more", "https://x.org/r", "x")
    assert [person.name for person in material.authors] == ["Ada", "Bob"] or len(material.authors) == 2
    assert (material.date_published, material.keywords) == ("2026-01-06", ["R"])
    (event,) = read(FEED % b"<ev:startdate>2026-03-09T10:00:00+02:00</ev:startdate>").events
    assert event.start.to_text() == "2026-03-09T10:00:00+02:00"
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><id>urn:1</id>
<link rel="self" href="/s"/><link href="https://x.org/a"/><author><name>Ada</name></author><updated>2026-01-06T10:00:00Z</updated>
<summary>S</summary><content type="html">longer</content></entry></feed>"""
    (entry,) = read(atom).materials
    assert (entry.url, entry.description, entry.authors[0].name) == ("https://x.org/a", "longer", "Ada")
    assert entry.date_modified == "2026-01-06"


def test_a_page_leads_to_its_feed() -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
    made = harvest(
        "https://x.org/news", {"https://x.org/feed": FEED % b""}.__getitem__, kind="material_feed", content=page
    )
    assert [it.title for it in made.materials] == ["R & more"]
    with pytest.raises(UnreadableInput, match="points to none"):
        READERS["event_feed"](b"<html></html>", PAGE)


def test_sitemaps_of_sitemaps_end() -> None:
    index = b"<sitemapindex><sitemap><loc>https://x.org/sitemap.xml</loc></sitemap></sitemapindex>"
    made = harvest("https://x.org/sitemap.xml", lambda url: index)
    assert not made.records
    images = b"""<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> /p </loc>
<image:image><image:loc>https://x.org/i.png</image:loc></image:image></url></urlset>"""
    assert read_sitemap(images, "https://x.org/sitemap.xml").pages == ["https://x.org/p"]


def test_a_harvest_stops_at_its_limit_and_says_so() -> None:
    lines = "\n".join(f"https://x.org/{n}" for n in range(9)).encode()
    made = harvest("https://x.org/sitemap.txt", lambda url: b"<p>", content=lines, most_pages=4)
    assert (len(made.pages), made.complete) == (4, False)


@pytest.mark.parametrize(
    ("kind", "page", "address"),
    [
        ("ical", "https://x.org/event/a/", "https://x.org/event/a/?ical=true"),
        ("ical", "https://x.org/event/a/?b=c", "https://x.org/event/a/?b=c&ical=true"),
        ("ical", "https://x.org/a.ics", "https://x.org/a.ics"),
        ("tess", "https://tess.org/events?q=r", "https://tess.org/events.json_api?q=r"),
        ("oai_pmh", "https://x.org/oai", "https://x.org/oai?verb=ListRecords&metadataPrefix=oai_dc"),
        ("github", "https://github.com/a/b", "https://api.github.com/repos/a/b"),
        (
            "event_csv",
            "https://docs.google.com/spreadsheets/d/K/edit#gid=3",
            "https://docs.google.com/spreadsheets/d/K/export?gid=3&exportFormat=csv",
        ),
        ("bioschemas", PAGE, PAGE),
    ],
)
def test_data_behind_pages(kind: str, page: str, address: str) -> None:
    assert address_for(kind, page) == address


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel>&b;</channel></rss>'
)


@pytest.mark.parametrize("kind", sorted(set(READERS) - {"bioschemas"}))
@pytest.mark.parametrize(
    "content", [b"", b"<html><p>x</html>", b"[" * 100_000, b'{"a": 1}', BOMB, b"\x00\xff", b"null"]
)
def test_what_is_something_else_is_said_not_guessed(kind: str, content: bytes) -> None:
    with suppress(UnreadableInput):
        assert not READERS[kind](content, PAGE).records


@pytest.mark.parametrize("content", [b"", b"<p>", b"[" * 100_000, b"{", BOMB, b"\x00\xff", b"null", b"[[[[1]]]]"])
def test_pages_without_mark_up_give_nothing(content: bytes) -> None:
    assert not read_bioschemas(content, PAGE).records


def page_with(script: str) -> bytes:
    return f'<html><head><script type="application/ld+json">{script}</script></head></html>'.encode()


def test_mark_up_with_slips_is_read_and_faults_are_told() -> None:
    slip = '<!-- {"@context": "https://schema.org", "@type": "LearningResource", "name": "A", "url": "a",} -->'
    (material,) = read_bioschemas(page_with(slip), PAGE).materials
    assert material.url == "https://x.org/a/a"
    broken = read_bioschemas(page_with('{"@type": "Event" "name": "A"}'), PAGE)
    assert not broken.records
    assert "delimiter" in broken.notes[0]


def test_prefixes_graphs_and_full_names() -> None:
    document = {
        "@context": {"s": "https://schema.org/", "title": "s:name"},
        "@graph": [
            {"@id": "#e", "@type": "s:Event", "title": "A", "s:startDate": {"@value": "2026-03-09"}},
            {"@id": "#e", "http://schema.org/url": {"@id": "https://x.org/e"}, "s:location": {"@id": "#place"}},
            {"@id": "#place", "@type": "s:Place", "title": "Hall"},
        ],
    }
    (event,) = read_bioschemas(encoded(document), PAGE).events
    assert (event.title, event.url, event.venue) == ("A", "https://x.org/e", "Hall")


def test_microdata() -> None:
    page = b"""<div itemscope itemtype="https://schema.org/Event">
<a itemprop="url" href="/e"><b itemprop="name">R</b></a>
<time itemprop="startDate" datetime="2026-03-09T10:00+02:00">9 March</time>
<div itemprop="location" itemscope itemtype="https://schema.org/Place"><i itemprop="name">Hall</i></div></div>"""
    (event,) = read_bioschemas(page, PAGE).events
    assert (event.title, event.url, event.venue) == ("R", "https://x.org/e", "Hall")
    assert event.start is not None
    assert event.start.to_text() == "2026-03-09T10:00:00+02:00"


def test_grades() -> None:
    node = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": "A",
        "description": "D",
        "keywords": "k",
    }
    assert read_bioschemas(encoded(node), PAGE).grades[0].missing == ("conformsTo",)
    node["http://purl.org/dc/terms/conformsTo"] = "https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE"
    assert read_bioschemas(encoded(node), PAGE).grades[0].letter == "C"


def test_a_script_in_mark_up_is_text() -> None:
    node = {
        "@type": "Event",
        "url": "https://x.org/e",
        "name": "A<script>alert(1)</script>B",
        "description": "<img src=x onerror=y>C",
    }
    (event,) = read_bioschemas(encoded(node), PAGE).events
    assert (event.title, event.description) == ("AB", "C")


@pytest.mark.parametrize(
    ("rule", "stopped"),
    [
        (Filter("allow", "keyword", "r"), False),
        (Filter("allow", "keyword", "python"), True),
        (Filter("block", "title_contains", "INTRO"), True),
        (Filter("block", "url_prefix", "https://x.org/"), True),
        (Filter("allow", "city", "tartu"), False),
    ],
)
def test_filters(rule: Filter, stopped: bool) -> None:
    event = Event(title="Intro", url="https://x.org/e", keywords=["R"], city="Tartu")
    assert bool(let_through(event, [rule])) == stopped


def test_filters_that_could_never_match_are_refused() -> None:
    for mode, name in (("maybe", "title"), ("allow", "colour")):
        with pytest.raises(InvalidOption):
            Filter(mode, name, "x")
    material = Material(title="Intro", url="https://x.org/e", description="d", licence="MIT")
    node = {"@type": "LearningResource", "name": "A", "url": PAGE, "description": "D"}
    made = harvest(PAGE, lambda url: encoded(node), filters=[Filter("block", "title", "a")])
    assert (len(made.filtered), len(made.records)) == (1, 0)
    assert not let_through(material, [Filter("allow", "license", "mit")])
    assert parse_moment("2026-03-09")
