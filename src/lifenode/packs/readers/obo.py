"""OBO 1.2 and 1.4: ontologies as flat text.

Definitions, synonyms and cross references are passed over: nothing here needs them. ``intersection_of`` is a logical
definition, not an edge; releases state the edges that follow from it as ``is_a`` and ``relationship``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text


class Header(NamedTuple):
    """What the file says of itself; "" where it is silent."""

    format_version: str
    data_version: str
    date: str
    ontology: str
    default_namespace: str


class Term(NamedTuple):
    """One ``[Term]``."""

    term_id: str
    name: str
    namespace: str
    alternatives: tuple[str, ...]
    """Ids merged into this term."""
    obsolete: bool
    replaced_by: tuple[str, ...]
    consider: tuple[str, ...]
    is_a: tuple[str, ...]
    relationships: tuple[tuple[str, str], ...]
    """Pairs of relation and target id, ``is_a`` not among them."""
    line: int
    """Where the stanza begins."""


class Typedef(NamedTuple):
    """One ``[Typedef]``: a relation."""

    relation: str
    name: str
    is_a: tuple[str, ...]
    transitive: bool
    line: int


class Ontology(NamedTuple):
    """A whole file."""

    header: Header
    terms: list[Term]
    typedefs: list[Typedef]

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return three tables of text, in the order of the file.

        Returns
        -------
        terms
            term_id, name, namespace, obsolete (boolean).
        edges
            child, parent, relation; ``is_a`` and every relationship.
        alternatives
            alternative, term_id.
        """
        terms = [(term.term_id, term.name, term.namespace, term.obsolete) for term in self.terms]
        edges = [
            (term.term_id, target, relation)
            for term in self.terms
            for relation, target in (*(("is_a", parent) for parent in term.is_a), *term.relationships)
        ]
        merged = [(other, term.term_id) for term in self.terms for other in term.alternatives]
        schema = {"term_id": pl.String, "name": pl.String, "namespace": pl.String, "obsolete": pl.Boolean}
        ends = dict.fromkeys(("child", "parent", "relation"), pl.String)
        return (
            pl.DataFrame(terms, schema=schema, orient="row"),
            pl.DataFrame(edges, schema=ends, orient="row"),
            pl.DataFrame(merged, schema={"alternative": pl.String, "term_id": pl.String}, orient="row"),
        )


def read(path: Path | str) -> Ontology:
    """Read a whole file.

    Raises
    ------
    FormatError
        A line that is no ``tag: value``, a stanza without id, an id defined twice, a file that is not OBO.
    """
    header = Header("", "", "", "", "")
    terms: list[Term] = []
    typedefs: list[Typedef] = []
    seen: dict[str, int] = {}
    for entry in entries(path):
        if isinstance(entry, Header):
            header = entry
            continue
        identifier = entry.term_id if isinstance(entry, Term) else entry.relation
        if identifier in seen:
            problem = f"{identifier} is defined a second time, after line {seen[identifier]}"
            raise FormatError.at(path, entry.line, problem, value=identifier)
        seen[identifier] = entry.line
        if isinstance(entry, Term):
            terms.append(entry)
        else:
            typedefs.append(entry)
    return Ontology(header, terms, typedefs)


def entries(path: Path | str) -> Iterator[Header | Term | Typedef]:
    """Yield the header, then every term and relation in the order of the file; other stanzas are passed over."""
    namespace = ""
    for stanza in _stanzas(path):
        if stanza.kind == "":
            header = _header(stanza)
            namespace = header.default_namespace
            yield header
        elif stanza.kind == "Term":
            yield _term(stanza, namespace)
        elif stanza.kind == "Typedef":
            yield _typedef(stanza)


class _Stanza:
    """The tags of one stanza, each value with its line; the header is the stanza whose kind is ""."""

    def __init__(self, path: Path | str, kind: str, line: int) -> None:
        self.path = path
        self.kind = kind
        self.line = line
        self.tags: dict[str, list[tuple[int, str]]] = {}

    def one(self, tag: str) -> str:
        return _plain(self.tags[tag][0][1]) if tag in self.tags else ""

    def words(self, tag: str) -> tuple[str, ...]:
        """First word of each value of a tag, ids being single words."""
        return tuple(words[0] for words in self._split(tag, 1))

    def pairs(self, tag: str) -> tuple[tuple[str, str], ...]:
        """First two words of each value of a tag."""
        return tuple((words[0], words[1]) for words in self._split(tag, 2))

    def identifier(self) -> str:
        found = self.words("id")
        if len(found) != 1:
            problem = f"the [{self.kind}] that begins here has {len(found) or 'no'} id{'s' if found else ''}"
            raise FormatError.at(self.path, self.line, problem, value=self.kind)
        return found[0]

    def _split(self, tag: str, least: int) -> Iterator[list[str]]:
        for number, value in self.tags.get(tag, ()):
            words = _plain(value).split()
            if len(words) < least:
                problem = f"{tag} has {'no value' if not words else 'a relation but no target'}"
                raise FormatError.at(self.path, number, problem, value=value)
            yield words


# Tags kept; the rest of a stanza is read only as far as its colon.
_KEPT = frozenset(
    (
        *("id", "name", "namespace", "alt_id", "is_obsolete", "replaced_by", "consider", "is_a", "relationship"),
        *("is_transitive", "format-version", "data-version", "date", "ontology", "default-namespace"),
    )
)


def _stanzas(path: Path | str) -> Iterator[_Stanza]:
    stanza = _Stanza(path, "", 1)
    for number, line in _joined_lines(path):
        if not line or line[0] == "!":
            continue
        if line[0] == "[":
            kind, bracket, rest = line[1:].partition("]")
            if not bracket or _plain(rest):
                raise FormatError.at(path, number, f"{line[:60]!r} is not the head of a stanza", value=line)
            yield stanza
            stanza = _Stanza(path, kind.strip(), number)
            continue
        tag, colon, value = line.partition(":")
        if not colon:
            raise FormatError.at(path, number, f"{line[:60]!r} is not of the form 'tag: value'", value=line)
        if tag in _KEPT:
            stanza.tags.setdefault(tag, []).append((number, value))
    yield stanza


def _joined_lines(path: Path | str) -> Iterator[tuple[int, str]]:
    """Lines without outer blanks; one that ends in an odd number of backslashes goes on in the next."""
    begun, start = "", 0
    for number, line in text.lines(path):
        if line.endswith("\\") and (len(line) - len(line.rstrip("\\"))) % 2:
            begun, start = begun + line[:-1], start or number
            continue
        yield start or number, (begun + line).strip()
        begun, start = "", 0
    if begun:
        yield start, begun.strip()


_SPECIAL = re.compile(r'[\\!{"]')
_ESCAPED = {"n": "\n", "t": "\t", "W": " "}
# A block of trailing modifiers: {key="value", ...} after a blank, at the end. Names of chemicals have braces as well,
# though never with a key and an equals sign.
_MODIFIER = r'[\w:.-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^",{}\s]*)'
_MODIFIERS = re.compile(rf"\s\{{\s*(?:{_MODIFIER}\s*(?:,\s*{_MODIFIER}\s*)*)?\}}$")


def _plain(value: str) -> str:
    """Return a value without comment, trailing modifiers and escapes."""
    value = value.strip()
    if not _SPECIAL.search(value):
        return value
    value = _MODIFIERS.sub("", _uncommented(value)).strip()
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), value) if "\\" in value else value


def _uncommented(value: str) -> str:
    if "!" not in value:
        return value
    quoted = escaped = False
    for place, character in enumerate(value):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "!" and not quoted:
            return value[:place].rstrip()
    # A lone quotation mark opens nothing: take the comment as if it were not there.
    return value.partition(" ! ")[0].rstrip() if quoted else value


def _header(stanza: _Stanza) -> Header:
    version = stanza.one("format-version")
    if not version:
        problem = "no format-version in the header: this is not an OBO file"
        raise FormatError.at(stanza.path, 1, problem, value=stanza.path)
    names = ("data-version", "date", "ontology", "default-namespace")
    return Header(version, *(stanza.one(name) for name in names))


def _term(stanza: _Stanza, namespace: str) -> Term:
    return Term(
        term_id=stanza.identifier(),
        name=stanza.one("name"),
        namespace=stanza.one("namespace") or namespace,
        alternatives=stanza.words("alt_id"),
        obsolete=stanza.one("is_obsolete") == "true",
        replaced_by=stanza.words("replaced_by"),
        consider=stanza.words("consider"),
        is_a=stanza.words("is_a"),
        relationships=stanza.pairs("relationship"),
        line=stanza.line,
    )


def _typedef(stanza: _Stanza) -> Typedef:
    return Typedef(
        relation=stanza.identifier(),
        name=stanza.one("name"),
        is_a=stanza.words("is_a"),
        transitive=stanza.one("is_transitive") == "true",
        line=stanza.line,
    )
