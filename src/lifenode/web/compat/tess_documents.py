"""Records as TeSS's clients read them: JSON:API resources with dasherised keys, and their legacy form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lifenode.training.moments import Moment
from lifenode.training.portal import Listed, ProviderFacts
from lifenode.training.records import Event, Material, Person, Record, Topic

PREFIX = "/tess"
VERSION = {"version": "1.0"}
_KIND_OF_RESOURCE = {"tool": "tool", "fairsharing": "database, policy or standard", "other": "other"}


def moment(value: Moment | datetime | None, *, ends: bool = False) -> str | None:
    """Return an instant as TeSS writes it; a day counts from 09:00 to 17:00."""
    if value is None:
        return None
    if isinstance(value, Moment):
        value = value.assumed(ends=ends)
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def resource(listed: Listed, base: str) -> dict[str, Any]:
    """Return a record as a JSON:API resource; `base` is the address of the node."""
    kind = f"{listed.kind}s"
    path = f"{PREFIX}/{kind}/{listed.slug}"
    others = "materials" if listed.kind == "event" else "events"
    provider = {"id": str(listed.provider_id), "type": "content-providers"} if listed.provider_id else None
    provider_path = f"{PREFIX}/content_providers/{listed.provider_id}"
    links = {"self": path} | ({"redirect": f"{path}/redirect"} if listed.kind == "event" else {})
    return {
        "id": str(listed.id),
        "type": kind,
        "attributes": attributes(listed),
        "relationships": {
            "user": {"data": None},
            "content-provider": {"data": provider} | ({"links": {"related": provider_path}} if provider else {}),
            "nodes": {"data": [{"id": node_slug(one), "type": "nodes"} for one in listed.record.nodes]},
            "collections": {"data": []},
            others: {"data": []},
        },
        "links": links,
    }


def attributes(listed: Listed) -> dict[str, Any]:
    """Return the attributes of a record, by their dasherised names."""
    record = listed.record
    shared = _shared(listed, record)
    own = _of_event(record) if isinstance(record, Event) else _of_material(record)
    return shared | own


def _shared(listed: Listed, record: Record) -> dict[str, Any]:
    created, updated = moment(listed.created_at), moment(listed.updated_at)
    return {
        "slug": listed.slug,
        "title": record.title,
        "url": record.url,
        "description": record.description or None,
        "keywords": list(record.keywords),
        "fields": list(record.fields),
        "target-audience": list(record.target_audience),
        "contact": record.contact or None,
        "learning-objectives": record.learning_objectives or None,
        "prerequisites": record.prerequisites or None,
        "scientific-topics": _terms(record.scientific_topics),
        "operations": _terms(record.operations),
        "external-resources": [
            {
                "title": one.title, "url": one.url, "created-at": created, "updated-at": updated, "api-url": None,
                "type": _KIND_OF_RESOURCE[one.kind],
            }
            for one in record.external_resources
        ],
        "created-at": created,
        "updated-at": updated,
        "last-scraped": moment(listed.last_seen_at),
        "scraper-record": True,
    }  # fmt: skip


def _of_event(event: Event) -> dict[str, Any]:
    return {
        "external-id": event.external_id or None,
        "subtitle": event.subtitle or None,
        "organizer": event.organizer or None,
        "start": moment(event.start),
        "end": moment(event.end, ends=True),
        "duration": event.duration or None,
        "timezone": event.timezone or None,
        "sponsor": ", ".join(event.sponsors) or None,
        "sponsors": list(event.sponsors),
        **{name: getattr(event, name) or None for name in ("venue", "city", "county", "country", "postcode")},
        "latitude": _number(event.latitude),
        "longitude": _number(event.longitude),
        "online": None if not event.presence else event.presence != "onsite",
        "presence": event.presence or None,
        "event-types": list(event.event_types),
        "host-institutions": list(event.host_institutions),
        "eligibility": list(event.eligibility),
        "capacity": event.capacity,
        "cost-basis": event.cost_basis or None,
        "cost-value": _number(event.cost_value),
        "cost-currency": event.cost_currency or None,
        "recognition": event.recognition or None,
        "tech-requirements": event.tech_requirements or None,
    }


def _of_material(material: Material) -> dict[str, Any]:
    return {
        "doi": material.doi or None,
        "version": material.version or None,
        "status": material.status or None,
        "licence": material.licence or "notspecified",
        "difficulty-level": material.difficulty_level or "notspecified",
        "authors": _names(material.authors),
        "contributors": _names(material.contributors),
        "resource-type": list(material.resource_type),
        "other-types": material.other_types or None,
        "subsets": list(material.subsets),
        "syllabus": material.syllabus or None,
        "date-created": material.date_created or None,
        "date-modified": material.date_modified or None,
        "date-published": material.date_published or None,
        "remote-created-date": material.date_created or None,
        "remote-updated-date": material.date_modified or None,
    }


def _terms(topics: list[Topic]) -> list[dict[str, str]]:
    return [{"preferred-label": one.label, "uri": one.iri} for one in topics]


def _names(people: list[Person]) -> list[str]:
    return [one.name for one in people]


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def provider_resource(provider: ProviderFacts) -> dict[str, Any]:
    """Return a provider as a JSON:API resource."""
    made = moment(provider.created_at)
    return {
        "id": str(provider.id),
        "type": "content-providers",
        "attributes": {
            "slug": str(provider.id), "title": provider.title, "description": None, "url": provider.url or None,
            "image-url": None, "keywords": [], "created-at": made, "updated-at": made, "contact": None,
        },
        "relationships": {
            name: {"links": {"related": f"{PREFIX}/{name}?content_provider[]={quote(provider.title)}"}}
            for name in ("events", "materials")
        },
        "links": {"self": f"{PREFIX}/content_providers/{provider.id}"},
    }  # fmt: skip


def node_slug(name: str) -> str:
    """Return the name of a node in addresses."""
    return "-".join(name.lower().split())


def node_resource(name: str) -> dict[str, Any]:
    """Return a node as a JSON:API resource; of nodes only the names are known."""
    return {
        "id": node_slug(name),
        "type": "nodes",
        "attributes": {
            "slug": node_slug(name), "name": name, "member-status": None, "country-code": None, "home-page": None,
            "staff": [], "twitter": None,
        },
        "relationships": {
            kind: {"links": {"related": f"{PREFIX}/{kind}?node[]={quote(name)}"}} for kind in ("events", "materials")
        },
        "links": {"self": f"{PREFIX}/nodes/{node_slug(name)}"},
    }  # fmt: skip


def legacy(listed: Listed) -> dict[str, Any]:
    """Return a record with underscored names, as the JSON that is older than JSON:API has it."""
    return {"id": listed.id} | {
        name.replace("-", "_"): _underscored(value) for name, value in attributes(listed).items()
    }


def _underscored(value: Any) -> Any:
    if isinstance(value, list):
        return [_underscored(one) for one in value]
    if isinstance(value, dict):
        return {name.replace("-", "_"): _underscored(one) for name, one in value.items()}
    return value
