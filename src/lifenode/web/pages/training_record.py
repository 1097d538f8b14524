"""The page of one event or material, with mark-up that others can harvest."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.training.portal import Listed, Portal
from lifenode.training.publish import FORMS, shown
from lifenode.training.publish_bioschemas import json_ld, script_text
from lifenode.training.publish_ical import calendar
from lifenode.training.records import Event, Material, Person, Topic
from lifenode.web.api.answers import REVALIDATED
from lifenode.web.api.representations import NotAcceptable
from lifenode.web.pages.faults import wants_page
from lifenode.web.pages.frame import render
from lifenode.web.pages.training_portal import KINDS, at_work, base_of, place_of, span_of, value_link
from lifenode.web.problems import problem

_FORMS = {"event": ("ics", "json", "jsonld"), "material": ("json", "jsonld")}
_CONTROLLED = {"event_types", "eligibility", "cost_basis"}
Facts = list[tuple[str, list[tuple[str, str]]]]


def install(app: FastAPI) -> None:
    """Add the routes."""
    for kinds in KINDS:
        app.add_route(f"/training/{kinds}/{{slug}}.{{format}}", _twin, methods=["GET"], include_in_schema=False)
        app.add_route(f"/training/{kinds}/{{slug}}", _page, methods=["GET"], include_in_schema=False)


def _kind(request: Request) -> str:
    return KINDS[request.url.path.split("/")[2]]


def _found(portal: Portal, kind: str, slug: str) -> Listed:
    return portal.record(kind, slug)


async def _page(request: Request) -> Response:
    listed = await at_work(request, _found, _kind(request), request.path_params["slug"])
    if listed.withdrawn_at is not None:
        return _gone(request, listed)
    base = base_of(request)
    return render(request, "training_record.html", **view(listed, base + listed.path))


def _gone(request: Request, listed: Listed) -> Response:
    """Return what is said of a record whose source no longer has it."""
    detail = f"{listed.provider} withdrew {listed.record.title!r} on {listed.withdrawn_at:%Y-%m-%d}."
    step = f"Search for others under /training/{listed.kind}s."
    if not wants_page(request):
        return problem(410, detail, code="withdrawn", next_step=step)
    error = UnknownName(detail, value=listed.slug, next_step=step).to_dict() | {"status": 410, "title": "Withdrawn"}
    return render(request, "fault.html", status=410, fault=error, request_id="", near=[], sought="", wait="")


async def _twin(request: Request) -> Response:
    kind, form = _kind(request), request.path_params["format"]
    if form not in _FORMS[kind]:
        raise NotAcceptable(
            f'There is no form "{form[:20]}" of this record.',
            value=form,
            next_step=f"There are {', '.join(_FORMS[kind])}.",
        )
    listed = await at_work(request, _found, kind, request.path_params["slug"])
    base = base_of(request)
    headers = {"Cache-Control": REVALIDATED}
    if form == "ics":
        headers["Content-Disposition"] = f'attachment; filename="{listed.slug[:80]}.ics"'
        content = calendar([listed], base=base)
    else:
        document = shown(listed, base) if form == "json" else json_ld(listed, base + listed.path)
        content = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    status = 410 if listed.withdrawn_at is not None and form != "ics" else 200
    return Response(content, status, headers, FORMS[form].media_type)


def view(listed: Listed, address: str) -> dict[str, Any]:
    """Return a record as its page shows it; without an address it has no page yet."""
    record = listed.record
    return {
        "listed": listed,
        "record": record,
        "is_event": isinstance(record, Event),
        "span": span_of(record) if isinstance(record, Event) else None,
        "place": place_of(record) if isinstance(record, Event) else "",
        "facts": [(label, values) for label, values in _facts(listed) if values],
        "prose": [(heading, text) for heading, text in _prose(record) if text],
        "resources": [(held.title, held.url) for held in record.external_resources],
        "mark_up": script_text(json_ld(listed, address)) if address else "",
        "forms": [(FORMS[name].label, f"{listed.path}.{name}") for name in _FORMS[listed.kind]] if address else [],
        "summary": " ".join(record.description.split())[:200],
    }


def _prose(record: Event | Material) -> list[tuple[str, str]]:
    parts = [("Learning objectives", record.learning_objectives), ("Prerequisites", record.prerequisites)]
    if isinstance(record, Event):
        return [*parts, ("Requirements", record.tech_requirements), ("Recognition", record.recognition)]
    return [*parts, ("Syllabus", record.syllabus)]


def _facts(listed: Listed) -> Facts:
    record = listed.record
    own = _event_facts(record) if isinstance(record, Event) else _material_facts(record)
    return [
        *own,
        ("Topics", _terms(listed.kind, "scientific_topics", record.scientific_topics)),
        ("Operations", _terms(listed.kind, "operations", record.operations)),
        ("Keywords", _linked(listed.kind, "keywords", record.keywords)),
        ("Audience", _linked(listed.kind, "target_audience", record.target_audience)),
        ("Fields", _linked(listed.kind, "fields", record.fields)),
        ("Language", _linked(listed.kind, "language", [record.language])),
        ("Contributors", _people(record.contributors)),
        ("Nodes", [(f"ELIXIR {node}", f"/training/nodes/{node}") for node in record.nodes]),
        ("Contact", _plain(record.contact)),
    ]


def _event_facts(event: Event) -> Facts:
    cost = f"{event.cost_value:g} {event.cost_currency}".strip() if event.cost_value is not None else ""
    spot = f"{event.latitude:g}, {event.longitude:g}" if None not in (event.latitude, event.longitude) else ""
    return [
        ("Takes place", _linked("event", "online", [event.presence])),
        ("Venue", _plain(", ".join(part for part in (event.venue, event.postcode) if part))),
        ("City", _linked("event", "city", [event.city])),
        ("Country", _linked("event", "country", [event.country])),
        ("Latitude, longitude", _plain(spot)),
        ("Type", _linked("event", "event_types", event.event_types)),
        ("Organiser", _linked("event", "organizer", [event.organizer])),
        ("Host institutions", [(name, "") for name in event.host_institutions]),
        ("Sponsors", _linked("event", "sponsors", event.sponsors)),
        ("Instructors", _people(event.instructors)),
        ("Cost", _plain(cost) or _linked("event", "cost_basis", [event.cost_basis])),
        ("Who may come", _linked("event", "eligibility", event.eligibility)),
        ("Places", _plain(str(event.capacity) if event.capacity else "")),
        ("Duration", _plain(event.duration)),
    ]


def _material_facts(material: Material) -> Facts:
    doi = [(material.doi, f"https://doi.org/{material.doi}")] if material.doi else []
    return [
        ("Type", _linked("material", "resource_type", material.resource_type)),
        ("Authors", _people(material.authors)),
        ("Difficulty", _linked("material", "difficulty_level", [material.difficulty_level])),
        ("Licence", _linked("material", "licence", [material.licence])),
        ("DOI", doi),
        ("Version", _plain(material.version)),
        ("Status", _linked("material", "status", [material.status])),
        ("Published", _plain(material.date_published)),
        ("Modified", _plain(material.date_modified)),
        ("Created", _plain(material.date_created)),
    ]


def _plain(text: str) -> list[tuple[str, str]]:
    return [(text, "")] if text else []


def _linked(kind: str, facet: str, values: list[str]) -> list[tuple[str, str]]:
    return [
        (value.replace("_", " ") if facet in _CONTROLLED else value, value_link(kind, facet, value))
        for value in values
        if value and value != "notspecified"
    ]


def _people(people: list[Person]) -> list[tuple[str, str]]:
    return [(person.name, f"https://orcid.org/{person.orcid}" if person.orcid else "") for person in people]


def _terms(kind: str, facet: str, topics: list[Topic]) -> list[tuple[str, str]]:
    return [(topic.label or topic.iri, value_link(kind, facet, topic.label or topic.iri)) for topic in topics]
