"""Records as readers make them, brought to the words and forms of the portal; and one record for one thing.

Words near a controlled one take its place; what fits none is left out with a note on the record, so that one odd word
does not cost a provider the whole record. Rules a record can break after that are those of
`lifenode.training.validation`.
"""

from __future__ import annotations

from collections.abc import Iterable

from lifenode.training.clean import doi_of, one_line, plain_text, unique
from lifenode.training.moments import Moment
from lifenode.training.presence import presence_in
from lifenode.training.records import Event, Material, Person
from lifenode.training.vocabulary import Vocabulary, country_name, licence_id

_LINES = ("title", "subtitle", "contact", "organizer", "venue", "city", "county", "postcode", "duration", "version")
_PROSE = ("description", "learning_objectives", "prerequisites", "tech_requirements", "recognition", "syllabus")
_ONE_HOUR = 3600


def tidy(record: Event | Material, vocabulary: Vocabulary) -> None:
    """Bring a record into the forms of the portal, in place."""
    for name in _LINES:
        if hasattr(record, name):
            setattr(record, name, one_line(getattr(record, name)))
    for name in _PROSE:
        if hasattr(record, name):
            setattr(record, name, plain_text(getattr(record, name)))
    record.url = record.url.strip()
    for name in ("keywords", "fields", "target_audience"):
        setattr(record, name, unique(one_line(text) for text in getattr(record, name)))
    if isinstance(record, Event):
        _tidy_event(record, vocabulary)
    else:
        _tidy_material(record, vocabulary)
    record.notes = unique(record.notes)


def same_once(records: Iterable[Event | Material]) -> list[Event | Material]:
    """Return records with one for each address (and date of a series): the one that says more, the first of equals.

    Records without an address are all kept: nothing says that they are the same.
    """
    kept: dict[object, Event | Material] = {}
    for number, record in enumerate(records):
        key = (type(record), *record.key) if record.url else number
        if key not in kept or record.filled() > kept[key].filled():
            kept[key] = record
    return list(kept.values())


def _tidy_event(event: Event, vocabulary: Vocabulary) -> None:
    event.country = country_name(event.country)
    event.event_types = _words(event, "event_types", event.event_types, vocabulary)
    event.eligibility = _words(event, "eligibility", event.eligibility, vocabulary)
    event.cost_basis = next(iter(_words(event, "cost_basis", [event.cost_basis], vocabulary)), "")
    event.cost_currency = event.cost_currency.strip().upper()
    event.presence = event.presence or presence_in(event.description, event.venue)
    if event.start and event.end is None:
        event.end = _usual_end(event.start, online=event.presence == "online")
    for name in ("sponsors", "host_institutions"):
        setattr(event, name, unique(one_line(text) for text in getattr(event, name)))
    event.contributors, event.instructors = _credited(event.contributors), _credited(event.instructors)


def _usual_end(start: Moment, *, online: bool) -> Moment:
    """Return the end of an event that names none: an hour later online or after 16:00, else at 17:00."""
    if start.all_day:
        return start
    wall = start.wall()
    later = Moment(start.instant.fromtimestamp(start.instant.timestamp() + _ONE_HOUR, start.instant.tzinfo), start.zone)
    if online or wall.hour >= 16:
        return later
    return Moment.of_wall(wall.replace(hour=17, minute=0, second=0), start.zone)


def _tidy_material(material: Material, vocabulary: Vocabulary) -> None:
    material.licence = _licence(material)
    given = material.difficulty_level
    if given:
        material.difficulty_level = vocabulary.match("difficulty", given)
        if not material.difficulty_level:
            material.notes.append(_unknown("difficulty", given, vocabulary))
    if material.status:
        status = vocabulary.match("material_status", material.status)
        if not status:
            material.notes.append(_unknown("material_status", material.status, vocabulary))
        material.status = status
    material.doi = doi_of(material.doi)
    material.resource_type = unique(one_line(text) for text in material.resource_type)
    material.authors, material.contributors = _credited(material.authors), _credited(material.contributors)


def _licence(material: Material) -> str:
    given = material.licence.strip()
    if not given or given == "notspecified":
        return given
    found = licence_id(given)
    if not found:
        material.notes.append(f'The licence "{one_line(given)[:120]}" is not known; name it by its SPDX id or address.')
    return found


def _words(event: Event, name: str, values: list[str], vocabulary: Vocabulary) -> list[str]:
    found = []
    for value in values:
        if value.strip():
            found.append(vocabulary.match(name, value))
            if not found[-1]:
                event.notes.append(_unknown(name, value, vocabulary))
    return unique(found)


def _unknown(name: str, value: str, vocabulary: Vocabulary) -> str:
    return f'"{one_line(value)[:80]}" is none of the known {name} ({", ".join(vocabulary.ids(name))}).'


def _credited(people: list[Person]) -> list[Person]:
    made = [Person(one_line(person.name), person.orcid) for person in people]
    return list({(person.name, person.orcid): person for person in made}.values())
