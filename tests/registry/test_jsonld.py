"""JSON-LD, by hand and against rdflib."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lifenode.registry.jsonld import read_jsonld
from lifenode.registry.namespaces import PREFIXES, SCHEMA, TYPE, canonical
from lifenode.registry.statements import Statement

BASE = "https://example.org/page"


def read(document: Any) -> list[Statement]:
    found, troubles = read_jsonld(json.dumps(document), BASE)
    assert not troubles
    return found


def facts(document: Any) -> set[tuple[str, str]]:
    return {(one.predicate, one.object) for one in read(document)}


def test_schema_org_needs_no_network() -> None:
    page = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "x",
        "license": "https://spdx.org/licenses/MIT",
    }
    found = read(page)
    assert {(one.predicate, one.object, one.kind) for one in found} == {
        (TYPE, f"{SCHEMA}Dataset", "iri"),
        (f"{SCHEMA}name", "x", "text"),
        (f"{SCHEMA}license", "https://spdx.org/licenses/MIT", "iri"),
    }


@pytest.mark.parametrize(
    "context", ["http://schema.org", "https://schema.org/docs/jsonldcontext.json", ["https://schema.org"]]
)
def test_schema_org_is_one_however_it_is_written(context: Any) -> None:
    assert facts({"@context": context, "name": "x"}) == {(f"{SCHEMA}name", "x")}
    assert facts({"@context": {"s": "https://schema.org/"}, "s:name": "x"}) == {(f"{SCHEMA}name", "x")}


def test_an_unknown_context_is_reported_and_its_names_are_left_out() -> None:
    found, troubles = read_jsonld('{\n"@context": "https://other.org/c",\n"name": "x", "http://a.org/p": "y"}', BASE)
    assert [(one.predicate, one.object) for one in found] == [("http://a.org/p", "y")]
    assert troubles[0].line == 2
    assert "https://other.org/c" in str(troubles[0])


def test_contexts_of_ones_own() -> None:
    context = {
        "ex": "http://ex.org/",
        "id": "@id",
        "type": "@type",
        "label": "ex:label",
        "knows": {"@id": "ex:knows", "@type": "@id"},
        "partOf": {"@reverse": "ex:hasPart"},
        "none": None,
        "names": {"@id": "ex:names", "@container": "@language"},
    }
    node = {
        "@context": context,
        "id": "/a",
        "type": "ex:Thing",
        "label": {"@value": "L", "@language": "en"},
        "knows": ["b", "_:c"],
        "partOf": {"id": "http://ex.org/whole"},
        "none": "x",
        "unknown": "x",
        "names": {"en": "n", "fr": "m"},
        "ex:list": {"@list": [1, True]},
    }
    found = read(node)
    assert {(one.subject, one.predicate.removeprefix("http://ex.org/"), one.object) for one in found} == {
        ("https://example.org/a", TYPE, "http://ex.org/Thing"),
        ("https://example.org/a", "label", "L"),
        ("https://example.org/a", "knows", "https://example.org/b"),
        ("https://example.org/a", "knows", "_:j-c"),
        ("http://ex.org/whole", "hasPart", "https://example.org/a"),
        ("https://example.org/a", "names", "n"),
        ("https://example.org/a", "names", "m"),
        ("https://example.org/a", "list", "1"),
        ("https://example.org/a", "list", "true"),
    }


def test_a_graph_and_nodes_inside_it() -> None:
    found = read({"@context": "https://schema.org", "@graph": [{"@id": "#a", "author": {"@id": "#b", "name": "B"}}]})
    assert {(one.subject.rpartition("#")[2], one.object.rpartition("#")[2]) for one in found} == {
        ("a", "b"),
        ("b", "B"),
    }


def test_names_that_go_in_circles_end() -> None:
    assert facts({"@context": {"a": "b:x", "b": "a:y"}, "a": "v"}) is not None


def documents(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".jsonld", ".html"):
            text = path.read_text(encoding="utf-8")
            scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
            found += [(path.name, one) for one in (scripts if path.suffix == ".html" else [text]) if '"@type"' in one]
    return found


def with_context(value: Any) -> Any:
    """Return the document with a context that rdflib need not fetch in place of that of schema.org."""
    if isinstance(value, dict):
        return {
            key: {"@vocab": SCHEMA, **PREFIXES} if key == "@context" else with_context(one)
            for key, one in value.items()
        }
    return [with_context(one) for one in value] if isinstance(value, list) else value


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_states_what_rdflib_states(shared_data: Path) -> None:
    import rdflib

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    compared = 0
    for name, text in documents(shared_data / "training" / "tess"):
        document = json.loads(text)
        roots = document if isinstance(document, list) else [document]
        if any('"@context": {' in json.dumps(root) or "@context" not in root for root in roots):
            continue
        graph = rdflib.Graph().parse(data=json.dumps(with_context(document)), format="json-ld", base=BASE)
        theirs = Counter(
            (
                canonical(str(p)),
                "_" if isinstance(o, rdflib.BNode) else canonical(str(o)).replace("https://example.org", ""),
            )
            for _, p, o in graph
        )
        found, _ = read_jsonld(json.dumps(with_context(document)), BASE)
        mine = Counter(
            (one.predicate, "_" if one.kind == "blank" else one.object.replace("https://example.org", ""))
            for one in dict.fromkeys(found)
        )
        assert {key for key in theirs if "rdf-syntax" not in key[0] or key[0] == TYPE} - set(mine) == set(), name
        assert sum(theirs.values()) <= sum(mine.values()) + 1, name
        compared += 1
    assert compared >= 15
