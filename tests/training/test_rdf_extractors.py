"""What the mark-up of saved pages says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lifenode.training.ingest.bioschemas import read_bioschemas
from lifenode.training.ingest.reading import Reading
from lifenode.training.records import to_dict

BASE = "https://example.org/pages/page.html"


@pytest.fixture(scope="module")
def wanted(tess: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tess / "rdf_extractors" / "expected.json").read_text(encoding="utf-8"))
    return found


def read(tess: Path, name: str) -> Reading:
    return read_bioschemas((tess / "rdf_extractors" / name).read_bytes(), BASE)


def test_as_many_as_there_are(tess: Path, wanted: dict[str, Any]) -> None:
    for name, facts in wanted.items():
        for kind in ("Event", "CourseInstance", "LearningResource", "CreativeWork"):
            if isinstance(facts, dict) and kind in facts:
                reading = read(tess, name)
                held = reading.events if kind in ("Event", "CourseInstance") else reading.materials
                assert len(held) == facts[kind], name


def test_rdfa_with_a_place(tess: Path, wanted: dict[str, Any]) -> None:
    facts = wanted["career-counseling-antwerp-0-vib.html"]
    (event,) = read(tess, "career-counseling-antwerp-0-vib.html").events
    shown = to_dict(event)
    assert shown["start_local"] == facts["start"]
    assert (str(event.latitude), str(event.longitude)) == (facts["lat"], facts["lon"])
    for key in ("title", "postcode", "city", "venue"):
        assert shown[key] == facts[key]


def test_a_tutorial_with_its_requirements(tess: Path, wanted: dict[str, Any]) -> None:
    facts = wanted["galaxy-training-network-tutorial.html"]["main"]
    (main,) = [it for it in read(tess, "galaxy-training-network-tutorial.html").materials if it.title == facts["title"]]
    assert main.licence == facts["licence"]
    assert (main.keywords, main.resource_type) == (facts["keywords"], facts["resource_type"])
    assert main.difficulty_level == facts["difficulty"]
    assert {f"{person.name} {person.orcid}".strip() for person in main.authors} == set(facts["authors"])


def test_topics_and_nodes(tess: Path, wanted: dict[str, Any]) -> None:
    facts = wanted["galaxy-training-network-slides.html"]
    main = read(tess, "galaxy-training-network-slides.html").materials[0]
    assert [topic.iri for topic in main.scientific_topics] == facts["topic_uris"]
    assert facts["nodes_include"] in main.nodes


@pytest.mark.parametrize("name", ["ifb-event.json", "http-ifb-event.json"])
def test_http_and_https_are_the_same_vocabulary(tess: Path, wanted: dict[str, Any], name: str) -> None:
    facts = wanted["ifb-event.json"]
    shown = to_dict(read(tess, name).events[0])
    assert (shown["url"], shown["start_local"], shown["end_local"]) == (facts["url"], facts["start"], facts["end"])
    assert str(shown["capacity"]) == facts["capacity"]


def test_where_people_meet(tess: Path) -> None:
    assert read(tess, "sib-online-course.html").events[0].presence == "online"
    assert to_dict(read(tess, "ebi-course-online.json").events[0])["online"] is True
    path = tess / "rdf_extractors" / "ebi-course-face-to-face.json"
    assert to_dict(read(tess, path.name).events[0])["online"] is False
    silent = json.loads(path.read_text(encoding="utf-8"))
    del silent["hasCourseInstance"][0]["courseMode"]
    assert to_dict(read_bioschemas(json.dumps(silent).encode(), BASE).events[0])["online"] is None


def test_an_id_is_an_address(tess: Path) -> None:
    assert read(tess, "no-url.json").materials[0].url == "https://www.ebi.ac.uk/training/online/courses/rnacentral"


def test_a_creative_work(tess: Path, wanted: dict[str, Any]) -> None:
    (material,) = read(tess, "bridgedbr-tutorial.html").materials
    assert material.version == wanted["bridgedbr-tutorial.html"]["version"]


def test_an_event_with_topics_and_a_contact(tess: Path, wanted: dict[str, Any]) -> None:
    facts = wanted["metagenomics-metabarcoding.html"]
    (event,) = read(tess, "metagenomics-metabarcoding.html").events
    shown = to_dict(event)
    assert (shown["start_local"], shown["end_local"]) == (facts["start"], facts["end"])
    assert len(event.scientific_topics) == facts["topics"]
    assert event.contact == facts["contact"]


def test_a_street_is_a_venue(tess: Path, wanted: dict[str, Any]) -> None:
    assert read(tess, "nbis-courses.json").events[0].venue == wanted["nbis-courses.json"]["venue"]


def test_rdfa_of_https_is_read(tess: Path) -> None:
    assert len(read(tess, "rdfa-with-https").events) == 12
