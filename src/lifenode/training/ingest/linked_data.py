"""Linked data as one graph of nodes: JSON-LD, microdata, RDFa and RDF/XML, with schema.org's names made short.

Objects with the same ``@id`` are one node whose values are joined, as RDF has it: pages list the same course twice,
each time with a part of what is known. No context is ever fetched; schema.org's is known, others are used where they
are written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lifenode.training.clean import absolute

_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/")
# Names of these vocabularies are used short, like those of schema.org.
_SHORTENED = re.compile(
    r"https?://(?:(?:www\.)?schema\.org/|(?:www\.)?bioschemas\.org/(?:types/|properties/|drafts/)?"
    r"|discovery\.biothings\.io/(?:view/)?(?:bioschemas\w*|schema)/|bioschemas\.org/drafts/)#?(\w+)/?"
)
_CONFORMS_TO = re.compile(r"https?://purl\.org/dc/terms/conformsTo")
_PREFIXES = {
    "schema": "http://schema.org/",
    "sdo": "http://schema.org/",
    "sc": "http://schema.org/",
    "bioschemas": "https://bioschemas.org/",
    "bs": "https://bioschemas.org/",
    "bioschemasdrafts": "https://bioschemas.org/",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "edam": "http://edamontology.org/",
    "orcid": "https://orcid.org/",
    "doi": "https://doi.org/",
}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|(?:urn|mailto|data|tel):")
_EDAM = re.compile(r"https?://(?:www\.)?edamontology\.org/")


@dataclass(eq=False, slots=True)
class Node:
    """A thing: its IRI (nothing or ``_:…`` where it has none), its types and the values of its properties."""

    iri: str = ""
    types: set[str] = field(default_factory=set)
    values: dict[str, list[str | Node]] = field(default_factory=dict)
    nested: bool = False

    @property
    def address(self) -> str:
        """The IRI where it is one, not the mark of a blank node."""
        return "" if self.iri.startswith("_:") else self.iri

    def add(self, name: str, value: str | Node) -> None:
        """Add a value once."""
        known = self.values.setdefault(name, [])
        if value not in known:
            known.append(value)

    def get(self, *names: str) -> list[str | Node]:
        """Return the values of the first property that has any."""
        return next((self.values[name] for name in names if self.values.get(name)), [])

    def texts(self, *names: str) -> list[str]:
        """Return values as text: a literal, or the name or else the IRI of a node."""
        return [text for value in self.get(*names) if (text := label_of(value))]

    def text(self, *names: str) -> str:
        """Return the first value as text."""
        return next(iter(self.texts(*names)), "")

    def nodes(self, *names: str) -> list[Node]:
        """Return the values that are nodes."""
        return [value for value in self.get(*names) if isinstance(value, Node)]


def label_of(value: str | Node) -> str:
    """Return a literal, or the name or else the IRI of a node."""
    if isinstance(value, str):
        return value.strip()
    names = value.get("name", "label", "http://www.w3.org/2000/01/rdf-schema#label", "alternateName")
    return next((text.strip() for text in names if isinstance(text, str) and text.strip()), value.address)


class Graph:
    """All nodes of a page, in the order they were met."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        self._all: list[Node] = []
        self._by_iri: dict[str, Node] = {}
        self._blank_scope = 0

    def __iter__(self) -> Iterator[Node]:
        return iter(self._all)

    def of_type(self, *types: str) -> list[Node]:
        """Return the nodes of any of the types."""
        return [node for node in self._all if node.types.intersection(types)]

    def node(self, iri: str = "") -> Node:
        """Return the node of an IRI, a new one where it is not known or has none."""
        if iri and iri in self._by_iri:
            return self._by_iri[iri]
        made = Node(iri)
        self._all.append(made)
        if iri:
            self._by_iri[iri] = made
        return made

    def add_json_ld(self, document: Any) -> None:
        """Take in a JSON-LD document."""
        self._blank_scope += 1
        self._json(document, _Names({}), nested=False)

    def _json(self, given: Any, names: _Names, *, nested: bool) -> list[str | Node]:
        if isinstance(given, list):
            return [value for item in given for value in self._json(item, names, nested=nested)]
        if isinstance(given, dict):
            return self._object(given, names, nested=nested)
        if given is None:
            return []
        return [("true" if given else "false") if isinstance(given, bool) else str(given)]

    def _object(self, given: dict[str, Any], names: _Names, *, nested: bool) -> list[str | Node]:
        names = names.within(given.get("@context"))
        if "@value" in given:
            return self._json(given["@value"], names, nested=nested)
        for container in ("@list", "@set"):
            if container in given:
                return self._json(given[container], names, nested=nested)
        if "@graph" in given and not {"@type", "type"} & given.keys():
            self._json(given["@graph"], names, nested=False)
            return []
        node = self.node(self._iri(given.get("@id", given.get("id")), names))
        node.nested = node.nested or nested
        for key, value in given.items():
            self._property(node, key, value, names)
        return [node]

    def _property(self, node: Node, key: str, value: Any, names: _Names) -> None:
        name = names.term(key)
        if name == "@type":
            kinds = value if isinstance(value, list) else [value]
            node.types.update(names.type(kind) for kind in kinds if isinstance(kind, str))
        elif name == "@graph":
            self._json(value, names, nested=False)
        elif name == "@reverse" and isinstance(value, dict):
            for inner, things in value.items():
                for thing in self._json(things, names, nested=False):
                    if isinstance(thing, Node):
                        thing.add(names.term(inner), node)
        elif name and not name.startswith("@"):
            for found in self._json(value, names, nested=True):
                node.add(name, names.value(key, found))

    def _iri(self, given: Any, names: _Names) -> str:
        if not isinstance(given, str) or not given.strip():
            return ""
        if given.startswith("_:"):
            return f"_:{self._blank_scope}.{given[2:]}"
        iri = names.expand(given.strip(), vocabulary=False)
        return _EDAM.sub("http://edamontology.org/", absolute(iri, self.base))


class _Names:
    """What short names mean in a part of a JSON-LD document."""

    def __init__(self, terms: dict[str, Any], vocabulary: str = "http://schema.org/") -> None:
        self._terms = terms
        self._vocabulary = vocabulary

    def within(self, context: Any) -> _Names:
        """Return the names in force below a context."""
        if context is None:
            return self
        terms, vocabulary = dict(self._terms), self._vocabulary
        for part in context if isinstance(context, list) else [context]:
            if isinstance(part, dict):
                vocabulary = part.get("@vocab") or vocabulary
                terms.update({key: value for key, value in part.items() if not key.startswith("@")})
        return _Names(terms, vocabulary if isinstance(vocabulary, str) else self._vocabulary)

    def term(self, key: str) -> str:
        """Return the name of a property: short for the known vocabularies, else the IRI."""
        if key.startswith("@"):
            return key
        if key in ("type", "id") and key not in self._terms:
            return f"@{key}"
        return shorten(self.expand(key))

    def type(self, kind: str) -> str:
        """Return the name of a class."""
        return shorten(self.expand(kind))

    def value(self, key: str, value: str | Node) -> str | Node:
        """Expand a literal that the context declares to be a compact IRI."""
        declared = self._terms.get(key)
        typed = isinstance(declared, dict) and declared.get("@type") in ("@id", "@vocab")
        return self.expand(value, vocabulary=False) if typed and isinstance(value, str) else value

    def expand(self, name: str, *, vocabulary: bool = True, depth: int = 0) -> str:
        """Return the IRI of a name, a compact IRI or an IRI."""
        meaning = self._terms.get(name) if vocabulary else None
        if isinstance(meaning, dict):
            meaning = meaning.get("@id")
        if isinstance(meaning, str) and meaning != name and depth < 8:
            return self.expand(meaning, depth=depth + 1)
        if _ABSOLUTE.match(name) or name.startswith("@"):
            return name
        prefix, colon, rest = name.partition(":")
        if colon:
            start = self._terms.get(prefix) or _PREFIXES.get(prefix)
            start = start.get("@id") if isinstance(start, dict) else start
            if isinstance(start, str) and start != name and depth < 8:
                return self.expand(start, depth=depth + 1) + rest
            return name
        return f"{self._vocabulary}{name}" if vocabulary else name


def shorten(iri: str) -> str:
    """Return the short name of a property or class of schema.org, Bioschemas or ``dct:conformsTo``; else the IRI."""
    found = _SHORTENED.fullmatch(iri)
    if found:
        return found[1]
    return "conformsTo" if _CONFORMS_TO.fullmatch(iri) else iri
