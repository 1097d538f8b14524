"""RDFa, against pyRdfa."""

from __future__ import annotations

import json
import logging
from collections import Counter
from pathlib import Path

import pytest

from lifenode.registry.graph import parse_html
from lifenode.registry.namespaces import XHV, canonical
from lifenode.registry.rdfa import read_rdfa

BASE = "https://example.org/p"
PAGE = """<html prefix="dct: http://purl.org/dc/terms/"><head><title>x</title><meta property="og:title" content="T">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"><link rel="stylesheet" href="a.css"></head>
<body vocab="https://schema.org/" typeof="WebPage">
<div typeof="Dataset" resource="#ds"><span property="name">My data</span>
 <a property="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>
 <div property="creator" typeof="Person"><span property="name">Ada</span> <a property="url" href="/ada">me</a></div>
 <div rel="distribution"><div typeof="DataDownload"><a property="contentUrl" href="data.csv">csv</a></div></div>
 <img property="image" src="i.png"> <div about="http://x.org/b" typeof="Book" property="name">A book</div>
 <a rel="dct:isPartOf" href="/cat">catalog</a> <a rev="dct:hasPart" href="/cat">cat</a>
 <span property="dct:title" content="hello">shown</span> <a href="/plain"><span property="headline">Head</span></a>
 <p resource="/other"><b property="name">Other</b></p>
 <div property="isBasedOn" resource="/basis" typeof="Dataset"><i property="name">Basis</i></div>
 <div rel="dct:relation"><a href="/r1">1</a><a href="/r2" property="name">2</a></div>
 <span property="unknown:x">u</span>
</div></body></html>"""


def mine(text: str) -> Counter[tuple[str, ...]]:
    found = dict.fromkeys(read_rdfa(parse_html(text), BASE))
    return Counter(
        tuple(shown(part, blank=part.startswith("_:")) for part in (o.subject, o.predicate, o.object)) for o in found
    )


def shown(text: str, *, blank: bool) -> str:
    return "_" if blank else " ".join(canonical(text).split())


def theirs(content: bytes) -> Counter[tuple[str, ...]]:
    import rdflib
    from extruct.rdfa import RDFaExtractor
    from extruct.utils import parse_xmldom_html

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    items = RDFaExtractor().extract_items(parse_xmldom_html(content, "utf-8"), base_url=BASE)
    graph = rdflib.Graph().parse(data=json.dumps(items), format="json-ld")
    return Counter(tuple(shown(str(part), blank=isinstance(part, rdflib.BNode)) for part in triple) for triple in graph)


def left_out(triple: tuple[str, ...]) -> bool:
    """Say whether a triple is of what is not RDFa Core: roles, old link types, and values kept as mark-up."""
    return triple[1].startswith((f"{XHV}role", f"{XHV}icon", f"{XHV}stylesheet")) or "ns/rdfa#" in triple[1] or (
        triple[1].endswith("content/encoded")
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_a_page_with_every_construct() -> None:
    expected = Counter({key: n for key, n in theirs(PAGE.encode()).items() if not left_out(key)})
    assert mine(PAGE) == expected
    assert len(expected) > 25


@pytest.mark.filterwarnings("ignore")
def test_real_pages(shared_data: Path) -> None:
    stated = 0
    for path in sorted((shared_data / "training" / "tess").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        expected = {key for key in theirs(text.encode()) if not left_out(key)}
        found = {key for key in mine(text) if not left_out(key)}
        assert found == expected, path.name
        stated += len(found)
    assert stated > 40


def test_link_types_of_html_are_no_properties_beside_one() -> None:
    page = '<p vocab="http://schema.org/"><a rel="nofollow" property="sameAs" href="http://s.org/">s</a></p>'
    assert [(o.predicate, o.object) for o in read_rdfa(parse_html(page), BASE)] == [
        ("http://schema.org/sameAs", "http://s.org/")
    ]


def test_lines_and_deep_pages() -> None:
    found = read_rdfa(parse_html(PAGE), BASE)
    assert {o.line for o in found if o.predicate.endswith("/contentUrl")} == {7}
    deep = "<div>" * 240 + '<p property="og:title" content="T"></p>'
    assert [o.object for o in read_rdfa(parse_html(deep), BASE)] == ["T"]
