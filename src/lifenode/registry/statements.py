"""What a page states: statements with the place each comes from, in one graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lifenode.registry.namespaces import TYPE, shortened

Syntax = Literal["json-ld", "rdfa", "microdata", "meta", "link", "header", "rdf"]
EMBEDDED: frozenset[Syntax] = frozenset({"json-ld", "rdfa", "microdata", "rdf"})
"""Syntaxes that state RDF."""


LONGEST_TEXT = 20_000
"""Characters of the text of an element that are kept: elements within elements would repeat the whole page."""


def joined(pieces: Iterable[str]) -> str:
    """Return the text of an element, its blanks as one, up to `LONGEST_TEXT` characters."""
    kept: list[str] = []
    room = LONGEST_TEXT
    for piece in pieces:
        kept.append(piece[:room])
        room -= len(kept[-1])
        if not room:
            break
    return " ".join("".join(kept).split())


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple and its place.

    Attributes
    ----------
    subject
        An IRI, or a blank node, which begins with ``_:``.
    predicate
        An IRI; schema.org is always ``http://schema.org/``.
    object
        An IRI, a blank node or a text, as `kind` says.
    syntax
        Where in the page: JSON-LD, RDFa, microdata, meta tags, links of the page, the Link header, or an RDF document.
    line
        1-based line of the document; 0 where there is none (a header, or RDF in other syntaxes than JSON-LD).
    """

    subject: str
    predicate: str
    object: str
    kind: Literal["iri", "blank", "text"]
    syntax: Syntax
    line: int = 0

    def __str__(self) -> str:
        value = self.object if len(self.object) <= 80 else f"{self.object[:79]}…"
        shown = shortened(value) if self.predicate == TYPE else value
        return f"{shortened(self.predicate)} {' '.join(shown.split())}"

    @property
    def place(self) -> str:
        """Return the place in words."""
        return f"line {self.line} ({self.syntax})" if self.line else self.syntax


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a page that could not be read, and why; the rest was."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}" if self.line else self.problem


@dataclass(frozen=True)
class Page:
    """Everything read from one document.

    Attributes
    ----------
    url
        Address of the document; what is said of no other subject is said of it.
    statements
        In document order, each once per syntax.
    troubles
        What could not be read.
    media_type
        Such as ``text/html``.
    status
        HTTP status if the document was fetched, else None.
    known_url
        Whether `url` is an address the page can be found at, and not only the name of a file.
    """

    url: str
    statements: tuple[Statement, ...]
    troubles: tuple[Trouble, ...] = ()
    media_type: str = "text/html"
    status: int | None = None
    known_url: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_subject(self) -> dict[str, list[Statement]]:
        """Statements by their subject."""
        found: dict[str, list[Statement]] = {}
        for statement in self.statements:
            found.setdefault(statement.subject, []).append(statement)
        return found

    def of(self, subject: str, predicates: Collection[str]) -> Iterator[Statement]:
        """Yield the statements about `subject` by any of `predicates`, in document order."""
        return (found for found in self.by_subject.get(subject, ()) if found.predicate in predicates)

    def types(self, subject: str) -> list[str]:
        """Return the classes of a node, in document order."""
        return list(dict.fromkeys(found.object for found in self.of(subject, (TYPE,))))

    def nodes(self) -> list[str]:
        """Return the subjects that have a class, in document order."""
        return list(dict.fromkeys(found.subject for found in self.statements if found.predicate == TYPE))

    def embedded(self) -> list[Statement]:
        """Return the statements that are RDF, without meta tags and links."""
        return [found for found in self.statements if found.syntax in EMBEDDED]
