"""Which records may be kept: every rule with the message a provider gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lifenode.training.records import Event, Material, Person, Record
from lifenode.training.vocabulary import Vocabulary, is_licence

MAX_KEYWORDS = 20
PRESENCES = ("onsite", "online", "hybrid")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule a record breaks: the field, the value at fault and what is wrong with it."""

    field: str
    value: object
    message: str

    def __str__(self) -> str:
        return f"{self.field} {self.message}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a portal allows: its words, and sites it takes nothing from (regular expressions)."""

    vocabulary: Vocabulary
    blocked_domains: tuple[str, ...] = ()


def validate(record: Event | Material, rules: Rules | None = None) -> list[Problem]:
    """Return every rule a record breaks; an empty list means that it may be kept.

    Parameters
    ----------
    record
        The record, after `lifenode.training.tidy.tidy`.
    rules
        What the portal allows; its own vocabulary and no blocked site by default.
    """
    rules = rules or Rules(Vocabulary())
    problems = list(_common(record, rules))
    problems += _event(record, rules.vocabulary) if isinstance(record, Event) else _material(record, rules.vocabulary)
    return problems


def web_address(text: str) -> bool:
    """Tell whether a text is a whole http or https address with a host."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not re.search(r"[\s<>\"]", text)


def orcid_is_right(orcid: str) -> bool:
    """Tell whether an ORCID iD has its form and its check character (ISO 7064 MOD 11-2).

    >>> orcid_is_right("0000-0002-1825-0097")
    True
    """
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", orcid, re.ASCII):
        return False
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))


def _common(record: Record, rules: Rules) -> Iterator[Problem]:
    for name in ("title", "url"):
        if not getattr(record, name):
            yield Problem(name, "", "can't be blank")
    if record.url:
        yield from _address("url", record.url, rules.blocked_domains)
    if record.origin_uri and not web_address(record.origin_uri):
        yield Problem("origin_uri", record.origin_uri, "is not a valid URL")
    if len(record.keywords) > MAX_KEYWORDS:
        yield Problem("keywords", len(record.keywords), f"has too many items (more than {MAX_KEYWORDS})")
    if record.language and not _LANGUAGE.fullmatch(record.language):
        yield Problem("language", record.language, "is not a language code")
    yield from _people("contributors", record.contributors)
    for resource in record.external_resources:
        if not resource.title:
            yield Problem("external_resources", resource.url, "has an item without a title")
        if not web_address(resource.url):
            yield Problem("external_resources", resource.url, "is not a valid URL")


def _event(event: Event, words: Vocabulary) -> Iterator[Problem]:
    if event.presence and event.presence not in PRESENCES:
        yield Problem("presence", event.presence, f"must be one of {', '.join(PRESENCES)}")
    if event.capacity is not None and event.capacity < 1:
        yield Problem("capacity", event.capacity, "must be greater than or equal to 1")
    if event.cost_value is not None and not event.cost_value > 0:
        yield Problem("cost_value", event.cost_value, "must be greater than 0")
    if event.cost_currency and not _CURRENCY.fullmatch(event.cost_currency):
        yield Problem("cost_currency", event.cost_currency, "is not a currency code of three letters")
    for name, limit in (("latitude", 90), ("longitude", 180)):
        degrees = getattr(event, name)
        if degrees is not None and not -limit <= degrees <= limit:
            yield Problem(name, degrees, f"must be between -{limit} and {limit}")
    if event.start and event.end and event.end.assumed(ends=True) < event.start.assumed():
        yield Problem("end", event.end.local_text(), "is before the start")
    yield from _listed("event_types", event.event_types, words)
    yield from _listed("eligibility", event.eligibility, words)
    yield from _listed("cost_basis", [event.cost_basis] if event.cost_basis else [], words)
    yield from _people("instructors", event.instructors)


def _material(material: Material, words: Vocabulary) -> Iterator[Problem]:
    if not material.description:
        yield Problem("description", "", "can't be blank")
    if "other" in material.resource_type and not material.other_types:
        yield Problem("other_types", "", "can't be blank when the resource type is other")
    if material.licence and not is_licence(material.licence):
        yield Problem("licence", material.licence, "must be a controlled vocabulary term")
    difficulty = [material.difficulty_level] if material.difficulty_level else []
    yield from _listed("difficulty_level", difficulty, words, "difficulty")
    yield from _listed("status", [material.status] if material.status else [], words, "material_status")
    yield from _people("authors", material.authors)


def _address(name: str, url: str, blocked: tuple[str, ...]) -> Iterator[Problem]:
    if not web_address(url):
        yield Problem(name, url, "is not a valid URL")
    elif any(re.search(pattern, urlsplit(url).hostname or "") for pattern in blocked):
        yield Problem(name, url, "is of a blocked domain")


def _listed(name: str, values: list[str], words: Vocabulary, vocabulary: str = "") -> Iterator[Problem]:
    known = words.ids(vocabulary or name)
    for value in values:
        if value not in known:
            yield Problem(name, value, f"must be a controlled vocabulary term ({', '.join(known)})")


def _people(name: str, people: list[Person]) -> Iterator[Problem]:
    for person in people:
        if not person.name:
            yield Problem(name, person.orcid, "has a person without a name")
        if person.orcid and not orcid_is_right(person.orcid):
            yield Problem(name, person.orcid, "has an invalid ORCID iD")
