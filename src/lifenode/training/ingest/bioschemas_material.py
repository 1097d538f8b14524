"""Learning resources in Bioschemas mark-up."""

from __future__ import annotations

from lifenode.training.clean import absolute, doi_of, unique
from lifenode.training.ingest.bioschemas_common import Facts, fill_common, people
from lifenode.training.ingest.linked_data import Node
from lifenode.training.moments import parse_moment
from lifenode.training.records import Material


def material_of(node: Node, base: str) -> Material:
    """Return the material a node describes."""
    facts = Facts(node, None, base)
    material = Material()
    fill_common(material, facts)
    material.licence = _licence(facts)
    material.difficulty_level = facts.text("educationalLevel", "difficultyLevel")
    material.resource_type = facts.texts("learningResourceType")
    material.version = facts.text("version")
    material.status = facts.text("creativeWorkStatus")
    material.authors = people(facts.get("author", "creator"))
    material.prerequisites = facts.listed("competencyRequired", "coursePrerequisites")
    material.syllabus = facts.prose("syllabusSections")
    material.doi = _doi(facts)
    for name in ("Created", "Modified", "Published"):
        setattr(material, f"date_{name.lower()}", day_of(facts.text(f"date{name}"), material.notes))
    return material


def day_of(text: str, notes: list[str]) -> str:
    """Return the day of a date as ISO text; a note and nothing where it cannot be read."""
    if not text:
        return ""
    moment = parse_moment(text)
    if moment is None:
        notes.append(f"The date {text!r} cannot be told for certain; write it as 2026-03-09.")
        return ""
    return moment.wall().date().isoformat()


def _licence(facts: Facts) -> str:
    for value in facts.get("license"):
        if isinstance(value, str):
            is_path = value.startswith(("/", "./", "../")) or value.lower().endswith((".md", ".txt", ".html"))
            return absolute(value, facts.base) if is_path else value.strip()
        if value.address or value.get("url", "name"):
            return value.address or value.text("url", "name")
    return ""


def _doi(facts: Facts) -> str:
    held = [part for node in facts.get("identifier") if isinstance(node, Node) for part in node.texts("value", "url")]
    texts = unique([*facts.texts("identifier"), *held, *facts.texts("sameAs")])
    return next((doi for text in texts if (doi := doi_of(text))), "")
