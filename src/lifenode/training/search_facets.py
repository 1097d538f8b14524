"""The facets of a search: what each is called, what has it, and the values a record has in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lifenode.training.records import Event, Material, Person, Topic

Values = Callable[[Event | Material, str], list[str]]


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its name in addresses, its label on pages, and the values of a record and its provider's title."""

    name: str
    label: str
    kinds: tuple[str, ...]
    values: Values


def _field(name: str) -> Values:
    def values(record: Event | Material, provider: str) -> list[str]:
        held = getattr(record, name, "")
        return list(held) if isinstance(held, list) else [held]

    return values


def _people(name: str) -> Values:
    def values(record: Event | Material, provider: str) -> list[str]:
        people: list[Person] = getattr(record, name, [])
        return [person.name for person in people]

    return values


def _terms(name: str) -> Values:
    def values(record: Event | Material, provider: str) -> list[str]:
        topics: list[Topic] = getattr(record, name)
        return [topic.label or _label_of(topic.iri) for topic in topics]

    return values


def _label_of(iri: str) -> str:
    from lifenode.training.search_words import edam_texts

    return next(iter(edam_texts([iri])), iri)


def _resources(kind: str) -> Values:
    def values(record: Event | Material, provider: str) -> list[str]:
        return [resource.title for resource in record.external_resources if resource.kind == kind]

    return values


def _provider(record: Event | Material, provider: str) -> list[str]:
    return [provider]


_BOTH, _EVENT, _MATERIAL = ("event", "material"), ("event",), ("material",)

FACETS: Mapping[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet("online", "Takes place", _EVENT, _field("presence")),
        Facet("event_types", "Type", _EVENT, _field("event_types")),
        Facet("resource_type", "Type of material", _MATERIAL, _field("resource_type")),
        Facet("scientific_topics", "Topic", _BOTH, _terms("scientific_topics")),
        Facet("operations", "Operation", _BOTH, _terms("operations")),
        Facet("keywords", "Keyword", _BOTH, _field("keywords")),
        Facet("country", "Country", _EVENT, _field("country")),
        Facet("city", "City", _EVENT, _field("city")),
        Facet("node", "Node", _BOTH, _field("nodes")),
        Facet("content_provider", "Provider", _BOTH, _provider),
        Facet("target_audience", "Audience", _BOTH, _field("target_audience")),
        Facet("difficulty_level", "Difficulty", _MATERIAL, _field("difficulty_level")),
        Facet("licence", "Licence", _MATERIAL, _field("licence")),
        Facet("status", "Status", _MATERIAL, _field("status")),
        Facet("language", "Language", _BOTH, _field("language")),
        Facet("fields", "Field", _BOTH, _field("fields")),
        Facet("tools", "Tool", _BOTH, _resources("tool")),
        Facet("standard_database_or_policy", "Standard or database", _BOTH, _resources("fairsharing")),
        Facet("eligibility", "Eligibility", _EVENT, _field("eligibility")),
        Facet("cost_basis", "Cost", _EVENT, _field("cost_basis")),
        Facet("organizer", "Organiser", _EVENT, _field("organizer")),
        Facet("venue", "Venue", _EVENT, _field("venue")),
        Facet("sponsors", "Sponsor", _EVENT, _field("sponsors")),
        Facet("instructors", "Instructor", _EVENT, _people("instructors")),
        Facet("authors", "Author", _MATERIAL, _people("authors")),
        Facet("contributors", "Contributor", _BOTH, _people("contributors")),
    )
}
"""Facets by name, in the order a page shows them."""


def facets_of(kind: str) -> list[Facet]:
    """Return the facets of events, of materials, or of both where no kind is named."""
    return [facet for facet in FACETS.values() if not kind or kind in facet.kinds]


def folded(value: str) -> str:
    """Return a value as it is compared: whatever its case and blanks."""
    return " ".join(value.split()).casefold()


def facet_values(record: Event | Material, provider: str) -> Iterator[tuple[str, list[str]]]:
    """Yield for each facet the values of a record, each once."""
    kind = "event" if isinstance(record, Event) else "material"
    for facet in FACETS.values():
        held = facet.values(record, provider) if kind in facet.kinds else []
        once = {folded(value): " ".join(value.split()) for value in reversed(held) if value and value.strip()}
        yield facet.name, list(reversed(once.values()))


def texts_of(record: Event | Material, provider: str) -> Iterator[tuple[float, str]]:
    """Yield the texts a record is found by, each with its weight; names of EDAM terms with their synonyms."""
    from lifenode.training.search_words import edam_texts

    terms = [topic.iri or topic.label for topic in (*record.scientific_topics, *record.operations)]
    labels = [topic.label for topic in (*record.scientific_topics, *record.operations)]
    yield 8.0, record.title
    yield 4.0, "\n".join([*record.keywords, *labels, getattr(record, "subtitle", "")])
    yield (
        2.0,
        "\n".join(
            [
                provider,
                *edam_texts(terms),
                *record.fields,
                *record.nodes,
                *record.target_audience,
                *(resource.title for resource in record.external_resources),
                *(person.name for person in record.contributors),
            ]
        ),
    )
    yield 1.0, "\n".join([record.description, record.url, record.contact, record.learning_objectives])
    yield 1.0, record.prerequisites
    if isinstance(record, Event):
        yield 2.0, "\n".join(
            [
                record.organizer, record.venue, record.city, record.county, record.country, record.timezone,
                *record.host_institutions, *record.sponsors, *(person.name for person in record.instructors),
                *record.event_types,
            ]
        )  # fmt: skip
    else:
        yield 2.0, "\n".join([record.doi, *(person.name for person in record.authors), *record.resource_type])
        yield 1.0, record.syllabus
