from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import UnreadableInput
from lifenode.registry.graph import read_page
from lifenode.registry.links import read_link_header
from lifenode.registry.namespaces import CITATION, DCT, RELATION, SCHEMA, TYPE
from lifenode.registry.places import documents
from lifenode.registry.statements import LONGEST_TEXT

URL = "https://example.org/page"
MICRODATA = b"""<html><body>
<div itemscope itemtype="https://schema.org/Event" itemref="more"><h1 itemprop="name">A <b>day</b></h1>
<time itemprop="startDate" datetime="2024-05-01">May</time><a itemprop="url" href="/e">e</a>
<div itemprop="location" itemscope itemtype="http://schema.org/Place"><span itemprop="name">Tartu</span></div></div>
<p id="more" itemprop="description">Text</p><span itemprop="name">of nothing</span>
</body></html>"""


def test_microdata() -> None:
    page = read_page(MICRODATA, URL)
    event, place = page.nodes()
    assert page.types(event) == [f"{SCHEMA}Event"]
    stated = {(one.predicate.removeprefix(SCHEMA), one.object, one.line) for one in page.by_subject[event]}
    assert stated == {
        (TYPE, f"{SCHEMA}Event", 2), ("name", "A day", 2), ("startDate", "2024-05-01", 3),
        ("url", "https://example.org/e", 3), ("location", place, 4), ("description", "Text", 5),
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_microdata_has_as_many_properties_as_extruct_finds(shared_data: Path) -> None:
    from extruct.w3cmicrodata import MicrodataExtractor

    path = shared_data / "training" / "tess" / "rdf_extractors" / "rdfa-with-https"
    page = read_page(path.read_bytes(), URL, media_type="text/html")

    def count(item: dict[str, object]) -> int:
        properties = item.get("properties", {})
        assert isinstance(properties, dict)
        values = [one for value in properties.values() for one in (value if isinstance(value, list) else [value])]
        return len(values) + sum(count(one) for one in values if isinstance(one, dict))

    items = MicrodataExtractor().extract(path.read_text(encoding="utf-8"), base_url=URL)
    mine = [one for one in page.statements if one.syntax == "microdata" and one.predicate != TYPE]
    assert len(mine) == pytest.approx(sum(count(item) for item in items), abs=2)


def test_meta_tags_and_typed_links() -> None:
    page = read_page(
        b'<head><meta name="DC.title" content="T"><meta name="DCTERMS.issued" content="2024">\n'
        b'<meta name="citation_doi" content="10.1/x"><link rel="cite-as" href="https://doi.org/10.1/x">'
        b'<link rel="stylesheet" href="s.css"><link rel="item" type="text/csv" href="d.csv"></head>',
        URL,
    )
    found = {(one.predicate, one.object, one.syntax, one.line) for one in page.statements}
    assert (f"{DCT}issued", "2024", "meta", 1) in found
    assert (f"{CITATION}doi", "10.1/x", "meta", 2) in found
    assert (f"{RELATION}cite-as", "https://doi.org/10.1/x", "link", 2) in found
    assert (f"{RELATION}item", "https://example.org/d.csv", "link", 2) in found
    assert not any("s.css" in one.object for one in page.statements)


def test_the_link_header() -> None:
    header = '</m.json>; rel="describedby"; type="application/ld+json", <https://a.org/l>;rel=license'
    header += ', </x>; rel="item"; anchor="/y"'
    found = [(one.predicate.removeprefix(RELATION), one.object) for one in read_link_header(header, URL)]
    assert ("describedby", "https://example.org/m.json") in found
    assert ("license", "https://a.org/l") in found
    assert "item" not in [name for name, _ in found]
    assert read_page(b"<p>x</p>", URL, headers={"Link": header}).statements[0].syntax == "header"


def test_broken_parts_are_reported_and_the_rest_is_read() -> None:
    page = read_page(
        b'<html>\n<script type="application/ld+json">\n{"@context": "https://schema.org",\n"name": }</script>\n'
        b'<script type="application/ld+json">{"@context": "https://schema.org", "name": "n"}</script></html>',
        URL,
    )
    assert [one.object for one in page.statements] == ["n"]
    assert [one.line for one in page.statements] == [5]
    assert [(one.line, "not JSON" in one.problem) for one in page.troubles] == [(4, True)]


def test_rdf_documents() -> None:
    turtle = b'@prefix s: <https://schema.org/> . <http://a.org/d> a s:Dataset ; s:name "n" .'
    page = read_page(turtle, "https://a.org/d.ttl")
    assert {(one.predicate, one.object) for one in page.statements} == {
        (TYPE, f"{SCHEMA}Dataset"),
        (f"{SCHEMA}name", "n"),
    }
    assert "cannot be parsed" in read_page(b"<a> <b", URL, media_type="text/turtle").troubles[0].problem
    bomb = b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'
    assert "entities" in read_page(bomb, URL, media_type="application/rdf+xml").troubles[0].problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = '<html><head><meta property="og:title" content="Ärzte"></head></html>'
    assert read_page(text.encode(encoding), URL).statements[0].object == "Ärzte"


@pytest.mark.parametrize("content", [b"", b"  \n", b"\x89PNG\x00\x00", b"<!-- -->"])
def test_what_is_no_page_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableInput):
        read_page(content, URL)


def test_elements_within_elements_do_not_repeat_the_whole_page() -> None:
    page = read_page(b'<div property="og:a">' * 100 + b"x" * 1_000_000, URL)
    assert sum(len(one.object) for one in page.statements) <= 100 * LONGEST_TEXT


@pytest.mark.parametrize("start", [b"<loc>", b"<loc> ", b"<a"])
def test_site_maps_that_never_end(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_bytes(b"<urlset>" + start * 100_000 + b"<loc><![CDATA[https://example.org/a&amp;b]]></loc></urlset>")
    assert [one.name for one in documents(str(path))] == ["https://example.org/a&b"]
