"""What the mark-up of events and of materials has in common: people, terms, links, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lifenode.training.clean import absolute, bullets, one_line, orcid_of, plain_text, unique
from lifenode.training.ingest.linked_data import Node, label_of
from lifenode.training.records import ExternalResource, Person, Record, Topic

_EDAM = "http://edamontology.org/"
_ORCID_PLACE = re.compile(r"orcid", re.IGNORECASE)
_BARE_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]", re.ASCII)
_LANGUAGES = {"english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "dutch": "nl",
    "portuguese": "pt", "swedish": "sv", "estonian": "et", "finnish": "fi", "norwegian": "nb", "danish": "da",
    "czech": "cs", "slovenian": "sl", "greek": "el", "hungarian": "hu", "polish": "pl"}  # fmt: skip


class Facts:
    """The properties of a thing, and behind them those of the course it belongs to."""

    def __init__(self, node: Node, behind: Node | None, base: str) -> None:
        self.node = node
        self.base = base
        self._layers = [node] if behind is None else [node, behind]

    def get(self, *names: str) -> list[str | Node]:
        """Return the values of the first name that has any, of the thing before those of its course."""
        return next((found for layer in self._layers if (found := layer.get(*names))), [])

    def texts(self, *names: str) -> list[str]:
        """Return values as single lines of text."""
        return unique(one_line(label_of(value)) for value in self.get(*names))

    def text(self, *names: str) -> str:
        """Return the first value as one line."""
        return next(iter(self.texts(*names)), "")

    def prose(self, *names: str) -> str:
        """Return the first literal as text with its lines."""
        return next((text for v in self.get(*names) if (text := plain_text(label_of(v)))), "")

    def listed(self, *names: str) -> str:
        """Return one value as text, several as a list of lines."""
        found = unique(plain_text(_outcome(value)) for value in self.get(*names))
        return bullets(found) if found else ""

    def address(self) -> str:
        """Return the ``url`` of the thing, or else its IRI; then those of its course."""
        for layer in self._layers:
            for value in layer.get("url"):
                given = value if isinstance(value, str) else value.address or value.text("url")
                if given.strip():
                    return absolute(given, self.base)
            if layer.address:
                return absolute(layer.address, self.base)
        return ""


def fill_common(record: Record, facts: Facts) -> None:
    """Fill in what every record has."""
    record.title = facts.text("name", "headline")
    record.url = facts.address()
    record.source_url = facts.base
    record.description = facts.prose("description", "abstract")
    record.keywords = keywords(facts.get("keywords"))
    record.target_audience = audience(facts.get("audience"))
    record.learning_objectives = facts.listed("teaches")
    record.language = language(facts.get("inLanguage"))
    record.contributors = people(facts.get("contributor"))
    record.external_resources = mentions(facts)
    record.nodes = nodes(facts.get("provider"))
    record.contact = contact(facts.get("contact", "contactPoint"))
    topics(record, [*facts.get("about"), *facts.get("topic")])


def keywords(values: Iterable[str | Node]) -> list[str]:
    """Return keywords: names of terms, and texts, of which one that stands alone is split on commas."""
    values = list(values)
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == 1:
        texts = one_line(texts[0]).split(",")
    named = [label_of(value) for value in values if isinstance(value, Node)]
    return unique(one_line(text) for text in [*named, *texts])


def audience(values: Iterable[str | Node]) -> list[str]:
    """Return who something is for."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found += [value]
        else:
            found += value.texts("educationalRole", "audienceType", "name", "label")
    return unique(one_line(text) for text in found)


def language(values: Iterable[str | Node]) -> str:
    """Return the code of the first language: the first part of ``en-GB``, or the code of a name."""
    for value in values:
        texts = [value] if isinstance(value, str) else [*value.texts("alternateName"), *value.texts("name")]
        for text in texts:
            code = re.split(r"[-_]", text.strip().lower())[0]
            if re.fullmatch(r"[a-z]{2,3}", code) or code in _LANGUAGES:
                return _LANGUAGES.get(code, code)
    return ""


def people(values: Iterable[str | Node]) -> list[Person]:
    """Return people and organisations by name, with their ORCID iD where one is given."""
    found: dict[str, Person] = {}
    for value in values:
        name = one_line(label_of(value))
        iri = value.address if isinstance(value, Node) else ""
        orcid = _orcid(value) if isinstance(value, Node) else ""
        if name == iri and orcid:
            continue
        if name and (name != iri or not iri):
            found.setdefault(f"{name} {orcid}", Person(name, orcid))
    return list(found.values())


def topics(record: Record, values: Iterable[str | Node]) -> None:
    """Put terms where they belong: EDAM operations, EDAM topics and terms of no known kind; notes what is neither."""
    for value in values:
        label = one_line(label_of(value))
        iri = _edam_iri(value)
        if iri.startswith(f"{_EDAM}operation_"):
            _add_topic(record.operations, label, iri)
        elif iri.startswith(f"{_EDAM}topic_"):
            _add_topic(record.scientific_topics, label, iri)
        elif iri:
            record.notes.append(f'"{label}" ({iri}) is no topic and no operation of EDAM.')
        elif isinstance(value, str) or (label and label != value.address and "DefinedTerm" in value.types):
            _add_topic(record.scientific_topics, label, "")


def mentions(facts: Facts) -> list[ExternalResource]:
    """Return what is mentioned with a name and an address."""
    found: dict[tuple[str, str], ExternalResource] = {}
    for value in facts.get("mentions"):
        if isinstance(value, Node):
            url = next(iter(value.texts("url")), "") or value.address
            title = one_line(label_of(value)) or url
            if url:
                made = ExternalResource(title, absolute(url, facts.base))
                found.setdefault((made.title, made.url), made)
    return list(found.values())


def nodes(providers: Iterable[str | Node]) -> list[str]:
    """Return the ELIXIR nodes among providers, by the name of their country."""
    names = (one_line(label_of(value)) for value in providers)
    return unique(re.sub(r"(?i)^elixir[ -]+", "", name) for name in names if re.match(r"(?i)elixir[ -]+\w", name))


def organisations(values: Iterable[str | Node]) -> list[str]:
    """Return names, with the address in brackets where one is given."""
    found = []
    for value in values:
        name = one_line(label_of(value))
        address = value.address if isinstance(value, Node) else ""
        found.append(f"{name} ({address})" if address and address != name else name)
    return unique(found)


def contact(values: Iterable[str | Node]) -> str:
    """Return whom to ask: names with their e-mail addresses."""
    found = []
    for value in values:
        parts = [one_line(label_of(value))]
        if isinstance(value, Node):
            parts.append(value.text("email").removeprefix("mailto:"))
        found.append(" - ".join(unique(parts)))
    return ", ".join(unique(found))


def _outcome(value: str | Node) -> str:
    if isinstance(value, str):
        return value
    return value.text("targetName") or value.text("description") if not value.get("name") else label_of(value)


def _orcid(person: Node) -> str:
    for text in (person.address, *person.texts("identifier"), *person.texts("sameAs"), *person.texts("url")):
        if _ORCID_PLACE.search(text) or _BARE_ORCID.fullmatch(text.strip()):
            return orcid_of(text)
    for held in person.nodes("identifier"):
        if found := orcid_of(held.text("value", "url")):
            return found
    return ""


def _edam_iri(value: str | Node) -> str:
    if isinstance(value, str):
        return value if value.startswith(_EDAM) else ""
    for text in (value.address, *value.texts("url"), *value.texts("sameAs")):
        iri = re.sub(r"^https?://(www\.)?edamontology\.org/", _EDAM, text)
        if iri.startswith(_EDAM):
            return iri
    return ""


def _add_topic(known: list[Topic], label: str, iri: str) -> None:
    label = "" if label == iri or label.startswith(_EDAM) else label
    for topic in known:
        if (iri and topic.iri == iri) or (not iri and label and topic.label == label):
            topic.label = topic.label or label
            return
    if label or iri:
        known.append(Topic(label, iri))
