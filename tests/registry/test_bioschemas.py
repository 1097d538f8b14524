from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifenode.registry.bioschemas import profiles, validate
from lifenode.registry.graph import read_page
from lifenode.registry.namespaces import local_name

URL = "https://example.org/page"


def course(**changes: object) -> bytes:
    node: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "dct:conformsTo": {"@id": "https://bioschemas.org/profiles/Course/1.0-RELEASE"},
        "name": "n",
        "description": "d",
        "keywords": "k",
    }
    node.update(changes)
    return json.dumps({key: value for key, value in node.items() if value is not None}).encode()


def test_there_are_the_profiles_of_the_source() -> None:
    assert len(profiles()) == 32
    assert {one.name for one in profiles()} >= {
        "TrainingMaterial",
        "Course",
        "CourseInstance",
        "Dataset",
        "DataCatalog",
    }


def test_agrees_with_the_specifications(shared_data: Path) -> None:
    by_name = {one.name: one for one in profiles()}
    for path in (shared_data / "training" / "bioschemas").glob("*_v1.0-RELEASE.json"):
        rules = json.loads(path.read_bytes())["@graph"][0]["$validation"]
        profile = by_name[path.name.partition("_")[0]]
        for kind in ("required", "recommended", "optional"):
            mine = {local_name(name) for name in getattr(profile, kind)} - {"conformsTo"}
            assert mine == set(rules[kind]), (path.name, kind)


@pytest.mark.parametrize("missing", ["name", "description", "keywords"])
def test_a_required_property_that_is_missing(missing: str) -> None:
    result = validate(read_page(course(**{missing: None}), URL))
    assert result.meta["nodes"][0]["required_missing"] == [missing]
    assert not result.meta["nodes"][0]["valid"]
    assert [row["property"] for row in result if row["marginality"] == "required" and row["status"] == "fail"] == [
        missing
    ]


def test_a_blank_value_is_none() -> None:
    assert not validate(read_page(course(name=" "), URL)).meta["nodes"][0]["valid"]


def test_a_valid_node_lists_what_is_recommended() -> None:
    about = validate(read_page(course(), URL)).meta["nodes"][0]
    assert about["valid"]
    assert "license" in about["recommended_missing"]
    assert about["line"] == 1
    assert not about["other_version"]


def test_another_version_is_held_against_ours_and_said_so() -> None:
    old = {"@id": "https://bioschemas.org/profiles/Course/0.9-DRAFT-2020_12_08"}
    about = validate(read_page(course(**{"dct:conformsTo": old}), URL)).meta["nodes"][0]
    assert about["other_version"]
    assert about["profile"].endswith("Course/1.0-RELEASE")


def test_the_class_decides_where_no_profile_is_named() -> None:
    about = validate(read_page(course(**{"dct:conformsTo": None}), URL)).meta["nodes"][0]
    assert about["required_missing"] == ["conformsTo"]


def test_nodes_inside_others_only_when_asked() -> None:
    page = read_page(course(provider={"@type": "Organization", "name": "o"}), URL)
    assert len(validate(page).meta["nodes"]) == 1
    assert len(validate(page, nested=True).meta["nodes"]) == 2
    assert validate(page).meta["outside"] == ["Organization"]


def test_real_pages(shared_data: Path) -> None:
    folder = shared_data / "training" / "tess"
    valid = {
        "rdf_extractors/galaxy-training-network-tutorial.html": 7,
        "rdf_extractors/sib-online-course.html": 3,
        "ingestion/nbis-course-instances.json": 23,
    }
    for name, count in valid.items():
        nodes = validate(read_page((folder / name).read_bytes(), f"{URL}/{name}")).meta["nodes"]
        assert sum(node["valid"] for node in nodes) == count, name
