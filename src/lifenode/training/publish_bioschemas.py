"""Records as Bioschemas JSON-LD that a harvest reads back as the same record.

A course is a ``Course`` with one ``hasCourseInstance``, any other event an ``Event``, a material a
``LearningResource``. What schema.org has no word for, or would lose (the name of a time zone, a cost without an
amount), follows as ``additionalProperty`` under names of `FIELD_PREFIX`; which fields those are is found by reading
the mark-up back.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from lifenode.training.ingest.bioschemas import read_graph
from lifenode.training.ingest.bioschemas_own import FIELD_PREFIX, field_text
from lifenode.training.ingest.linked_data import Graph
from lifenode.training.portal import Listed
from lifenode.training.records import Event, Material, Person, Topic
from lifenode.training.tidy import tidy
from lifenode.training.vocabulary import Vocabulary

_PROFILES = "https://bioschemas.org/profiles"
_CONTEXT = {"@vocab": "https://schema.org/", "dct": "http://purl.org/dc/terms/"}
_COURSE = "workshops_and_courses"
_MODES = {"onsite": "onsite", "online": "online", "hybrid": "blended"}
_EDAM = "http://edamontology.org/"
Properties = dict[str, Any]


def json_ld(listed: Listed, address: str = "") -> dict[str, Any]:
    """Return the JSON-LD of a record.

    Parameters
    ----------
    listed
        The record.
    address
        Where the portal shows it; the ``@id`` of the mark-up, and what ``url`` falls back to.
    """
    made = _mark_up(listed, address)
    missing = _lost(listed.record, made)
    if missing:
        made["additionalProperty"] = missing
    return made


def script_text(mark_up: Any) -> str:
    """Return JSON-LD as a ``script`` element may hold it: nothing in it ends the element."""
    text = json.dumps(mark_up, ensure_ascii=False, indent=1)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _mark_up(listed: Listed, address: str) -> dict[str, Any]:
    record = listed.record
    common = _common(listed)
    head: Properties = {"@context": _CONTEXT, "@id": address}
    if isinstance(record, Material):
        made = {**head, "@type": "LearningResource", **_conforms("TrainingMaterial/1.0-RELEASE"), **common}
        return _said({**made, **_material(record)})
    if _COURSE not in record.event_types:
        made = {**head, "@type": "Event", **_conforms("Event/0.3-DRAFT"), **common}
        return _said({**made, **_event(record), **_date(record)})
    date = {"@type": "CourseInstance", **_conforms("CourseInstance/1.0-RELEASE"), **_date(record)}
    date |= {"name": record.title, "url": record.url, "inLanguage": record.language}
    if address:
        date["@id"] = f"{address}#date"
    made = {**head, "@type": "Course", **_conforms("Course/1.0-RELEASE"), **common, **_event(record)}
    return _said({**made, "hasCourseInstance": [_said(date)]})


def _conforms(profile: str) -> Properties:
    return {"dct:conformsTo": {"@id": f"{_PROFILES}/{profile}", "@type": "CreativeWork"}}


def _common(listed: Listed) -> Properties:
    record = listed.record
    organisation = {"@type": "Organization", "name": listed.provider, "url": listed.provider_url}
    nodes = [{"@type": "Organization", "name": f"ELIXIR {node}"} for node in record.nodes]
    return {
        "name": record.title,
        "url": record.url,
        "description": record.description,
        "keywords": _terms(record.keywords),
        "inLanguage": record.language,
        "about": [_topic(topic) for topic in (*record.scientific_topics, *record.operations)],
        "audience": [{"@type": "Audience", "audienceType": text} for text in record.target_audience],
        "teaches": record.learning_objectives,
        "mentions": [{"@type": "Thing", "name": held.title, "url": held.url} for held in record.external_resources],
        "contributor": [_person(person) for person in record.contributors],
        "contact": record.contact,
        "provider": [_said(organisation), *nodes],
    }


def _terms(texts: list[str]) -> list[Any]:
    # A text that stands alone is split on commas by readers, a term is not.
    return [{"@type": "DefinedTerm", "name": text} for text in texts] if len(texts) == 1 else list(texts)


def _topic(topic: Topic) -> Properties:
    made = {"@type": "DefinedTerm", "@id": topic.iri, "name": topic.label, "url": topic.iri}
    if topic.iri.startswith(_EDAM):
        made["inDefinedTermSet"] = "http://edamontology.org"
    return _said(made)


def _person(person: Person) -> Properties:
    orcid = f"https://orcid.org/{person.orcid}" if person.orcid else ""
    return _said({"@type": "Person", "@id": orcid, "name": person.name, "identifier": orcid})


def _event(event: Event) -> Properties:
    """Return what belongs to a course as a whole."""
    return {
        "alternateName": event.subtitle,
        "coursePrerequisites": event.prerequisites,
        "eligibility": event.eligibility,
        "eventType": event.event_types,
        "hostInstitution": [{"@type": "Organization", "name": name} for name in event.host_institutions],
    }


def _date(event: Event) -> Properties:
    """Return what belongs to one date of it."""
    is_free = event.cost_basis == "free" and event.cost_value is None
    offer = {"@type": "Offer", "price": 0 if is_free else event.cost_value, "priceCurrency": event.cost_currency}
    status = "https://schema.org/EventCancelled" if event.status == "cancelled" else ""
    return {
        "startDate": event.start.to_text() if event.start else "",
        "endDate": event.end.to_text() if event.end else "",
        "duration": event.duration,
        "courseMode": _MODES.get(event.presence, ""),
        "eventStatus": status,
        "location": _place(event),
        "organizer": _said({"@type": "Organization", "name": event.organizer}) if event.organizer else "",
        "sponsor": [{"@type": "Organization", "name": name} for name in event.sponsors],
        "instructor": [_person(person) for person in event.instructors],
        "maximumAttendeeCapacity": event.capacity,
        "offers": _said(offer) if is_free or event.cost_value is not None else "",
    }


def _place(event: Event) -> Properties | str:
    address = _said(
        {
            "streetAddress": event.venue, "addressLocality": event.city, "addressRegion": event.county,
            "postalCode": event.postcode, "addressCountry": event.country,
        }
    )  # fmt: skip
    place: Properties = {"latitude": event.latitude, "longitude": event.longitude}
    if address:
        place["address"] = {"@type": "PostalAddress", **address}
    place = _said(place)
    if place:
        return {"@type": "Place", **place}
    return _said({"@type": "VirtualLocation", "url": event.url}) if event.presence == "online" else ""


def _material(material: Material) -> Properties:
    licence = f"https://spdx.org/licenses/{material.licence}" if _is_spdx(material.licence) else material.licence
    return {
        "identifier": f"https://doi.org/{material.doi}" if material.doi else "",
        "version": material.version,
        "creativeWorkStatus": material.status,
        "license": licence,
        "educationalLevel": material.difficulty_level,
        "learningResourceType": material.resource_type,
        "competencyRequired": material.prerequisites,
        "dateCreated": material.date_created,
        "dateModified": material.date_modified,
        "datePublished": material.date_published,
        "author": [_person(person) for person in material.authors],
    }


def _is_spdx(licence: str) -> bool:
    return bool(licence) and licence != "notspecified" and " " not in licence


def _said(made: Properties) -> Properties:
    """Return the properties that say something."""
    return {name: value for name, value in made.items() if value not in ("", None, [], {})}


def _lost(record: Event | Material, made: dict[str, Any]) -> list[Properties]:
    """Return the fields that a reader of the mark-up would not get back, as properties of our own."""
    graph = Graph(record.source_url)
    graph.add_json_ld(made)
    read = next((one for one in read_graph(graph).records if type(one) is type(record)), type(record)())
    tidy(read, Vocabulary())
    wanted = copy.deepcopy(record)
    back = dict(read.content())
    return [
        {"@type": "PropertyValue", "propertyID": f"{FIELD_PREFIX}{name}", "name": name, "value": field_text(value)}
        for name, value in wanted.content()
        if back[name] != value
    ]
