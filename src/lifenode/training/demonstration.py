"""A few records of our own, so that a portal can be looked at before anything is harvested; marked as examples."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import Engine, select

from lifenode.edam.ontology import Ontology
from lifenode.training.clean import bullets
from lifenode.training.harvest import Harvest
from lifenode.training.models import Provider, StoredRecord
from lifenode.training.moments import Moment
from lifenode.training.records import Event, ExternalResource, Material, Person, Record, Topic
from lifenode.training.store import Kept, keep_harvest, opened
from lifenode.training.tidy import tidy
from lifenode.training.vocabulary import Vocabulary

PROVIDER = "Examples of lifenode"
SOURCE = "https://training.example.org/"
_MARK = "\n\nThis is an example that shows what the portal does; there is no such event or material."
_EDAM = "http://edamontology.org/"


def demonstration(today: date) -> list[Event | Material]:
    """Return the examples, with dates counted from a day."""
    shipped = json.loads((files(__package__) / "demonstration.json").read_text(encoding="utf-8"))
    found: list[Event | Material] = [_event(given, today) for given in shipped["events"]]
    found += [_material(given, today) for given in shipped["materials"]]
    for record in found:
        tidy(record, Vocabulary())
    return found


def keep_demonstration(*, engine: Engine | None = None, now: datetime | None = None) -> Kept:
    """Keep the examples; a second time they move to dates of today on."""
    when = now or datetime.now(UTC)
    records = demonstration(when.date())
    made = Harvest(SOURCE, "bioschemas", read=len(records), records=records)
    return keep_harvest(made, PROVIDER, engine=engine, now=when)


def withdraw_demonstration(*, engine: Engine | None = None, now: datetime | None = None) -> int:
    """Withdraw the examples, and return how many there were."""
    when = now or datetime.now(UTC)
    with opened(engine) as session:
        wanted = select(StoredRecord).join(Provider).where(Provider.title == PROVIDER)
        held = list(session.scalars(wanted.where(StoredRecord.withdrawn_at.is_(None))))
        for record in held:
            record.withdrawn_at = when
        return len(held)


def _common(record: Record, given: dict[str, Any]) -> None:
    edam = Ontology.load()
    record.title = given["title"]
    record.url = f"{SOURCE}{given['slug']}"
    record.description = given["description"] + _MARK
    record.keywords = [*given["keywords"], "example"]
    record.target_audience = list(given["audience"])
    record.scientific_topics = [Topic(edam.term(one).label, f"{_EDAM}{one}") for one in given["topics"]]
    record.operations = [Topic(edam.term(one).label, f"{_EDAM}{one}") for one in given.get("operations", ())]
    record.external_resources = [ExternalResource(title, url) for title, url in given.get("tools", ())]
    record.nodes = list(given.get("nodes", ()))
    record.learning_objectives = bullets(given["teaches"]) if given.get("teaches") else ""
    record.prerequisites = given.get("needs", "")
    record.contact = "Example desk - training@example.org"
    record.language = "en"


def _event(given: dict[str, Any], today: date) -> Event:
    event = Event()
    _common(event, given)
    first = today + timedelta(days=given["days"])
    last = first + timedelta(days=given.get("length", 1) - 1)
    event.start, event.end = _moment(first, given, "from"), _moment(last, given, "to")
    event.organizer = PROVIDER
    event.host_institutions = ["Example institute"]
    event.instructors = [Person("Example instructor")]
    event.event_types = list(given["types"])
    event.eligibility = list(given.get("eligibility", ()))
    event.cost_basis = given.get("cost", "")
    for name in ("presence", "venue", "city", "country", "latitude", "longitude", "capacity"):
        setattr(event, name, given.get(name, getattr(event, name)))
    return event


def _moment(day: date, given: dict[str, Any], name: str) -> Moment:
    if name not in given:
        return Moment.of_day(day, given["zone"])
    return Moment.of_wall(datetime.combine(day, time.fromisoformat(given[name])), given["zone"])


def _material(given: dict[str, Any], today: date) -> Material:
    material = Material()
    _common(material, given)
    material.resource_type = list(given["type"])
    material.licence, material.difficulty_level = given["licence"], given["difficulty"]
    material.authors = [Person(name) for name in given["authors"]]
    material.date_published = (today - timedelta(days=30)).isoformat()
    return material
