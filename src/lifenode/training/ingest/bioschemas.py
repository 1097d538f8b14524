"""Bioschemas in pages: events, courses with their dates, and learning resources.

An event is an ``Event``, a ``CourseInstance``, or a ``Course`` joined to each of its ``hasCourseInstance`` (what the
date says goes before what the course says). An ``Event`` inside another thing that has neither address nor date is the
name of a subject, not an event, and is passed over.
"""

from __future__ import annotations

from lxml import etree

from lifenode.training.ingest.bioschemas_event import EVENT_TYPES, event_of
from lifenode.training.ingest.bioschemas_grade import grade
from lifenode.training.ingest.bioschemas_material import material_of
from lifenode.training.ingest.bioschemas_own import read_own_fields
from lifenode.training.ingest.linked_data import Graph, Node
from lifenode.training.ingest.markup import graph_of, rdf_graph
from lifenode.training.ingest.reading import Reading

_MATERIAL_TYPES = ("LearningResource", "TrainingMaterial")


def read_bioschemas(content: bytes, base: str) -> Reading:
    """Return the records in the mark-up of a page or a JSON-LD file.

    Parameters
    ----------
    content
        HTML, or JSON-LD.
    base
        The address it came from.
    """
    graph, faults = graph_of(content, base)
    reading = read_graph(graph)
    reading.notes += faults
    return reading


def read_bioschemas_rdf(element: etree._Element, base: str) -> Reading:
    """Return the records of an RDF/XML element, as OAI-PMH carries them."""
    return read_graph(rdf_graph(element, base))


def read_graph(graph: Graph) -> Reading:
    """Return the records in linked data that is at hand as a graph."""
    reading = Reading()
    for node, course in _dates(graph):
        event = event_of(node, course, graph.base)
        read_own_fields(event, node if course is None else course)
        reading.records.append(event)
        reading.grades.append(grade(node, course))
    for node in _materials(graph):
        material = material_of(node, graph.base)
        read_own_fields(material, node)
        reading.records.append(material)
        reading.grades.append(grade(node, None))
    dateless = [c for c in graph.of_type("Course") if not c.nested and not c.nodes("hasCourseInstance")]
    for course in dateless:
        reading.notes.append(f'The course "{course.text("name")}" has no hasCourseInstance, so it has no date to list.')
    return reading


def _dates(graph: Graph) -> list[tuple[Node, Node | None]]:
    """Return every date with its course, where it has one."""
    joined = [(date, course) for course in graph.of_type("Course") for date in course.nodes("hasCourseInstance")]
    taken = {id(date) for date, _ in joined}
    alone = [node for node in graph.of_type(*EVENT_TYPES) if id(node) not in taken and not _is_stub(node)]
    return [*joined, *((node, None) for node in alone)]


def _is_stub(node: Node) -> bool:
    dated = node.get("startDate", "endDate", "location")
    return node.nested and not dated and not (node.address or node.get("url"))


def _materials(graph: Graph) -> list[Node]:
    """Return the learning resources, and the creative works that say they are training materials."""
    found = graph.of_type(*_MATERIAL_TYPES)
    works = [node for node in graph.of_type("CreativeWork") if node not in found and _teaches(node)]
    return [*found, *works]


def _teaches(node: Node) -> bool:
    """Tell whether a creative work is for learning: by its profile, or because it says whom or what level it is for."""
    if "TrainingMaterial" in " ".join(node.texts("conformsTo")):
        return True
    says = node.get("learningResourceType", "educationalLevel", "difficultyLevel", "audience")
    return bool(not node.nested and says and node.get("name"))
