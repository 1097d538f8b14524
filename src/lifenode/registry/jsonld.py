"""JSON-LD to statements, with the line of each and without fetching a context.

Contexts named by address are never fetched. That of schema.org and Bioschemas stands for: every name is one of
schema.org, and the prefixes of `lifenode.registry.namespaces`. Others are reported, and their names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urljoin

from lifenode.registry.located_json import MalformedJson, Node, Number, read_json
from lifenode.registry.namespaces import ADDRESSES, PREFIXES, SCHEMA, TYPE, canonical
from lifenode.registry.statements import Statement, Trouble

_BUNDLED = re.compile(r"https?://(www\.)?(schema\.org|bioschemas\.org)(/.*)?$")
_ADDRESS = re.compile(r"(https?|ftp)://[^\s]+$|/[^\s/][^\s]*$")


@dataclass(frozen=True)
class Term:
    """What a context says of a name: its IRI, and how its values are to be read."""

    iri: str | None
    coercion: str = ""
    reverse: bool = False


@dataclass(frozen=True)
class Context:
    """The names in force."""

    base: str
    blanks: str
    vocabulary: str = ""
    terms: dict[str, Term] = field(default_factory=dict)


class _Document:
    """One JSON-LD document being read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.statements: list[Statement] = []
        self.troubles: list[Trouble] = []
        self._blanks = 0

    def blank(self) -> str:
        self._blanks += 1
        return f"_:{self.name}.{self._blanks}"

    def add(self, subject: str, predicate: str, value: tuple[str, Literal["iri", "blank", "text"]], line: int) -> None:
        self.statements.append(Statement(subject, predicate, value[0], value[1], "json-ld", line))


def read_jsonld(text: str, base: str, *, name: str = "j", first_line: int = 1) -> tuple[list[Statement], list[Trouble]]:
    """Read a JSON-LD document.

    Parameters
    ----------
    text
        The document.
    base
        Address that relative ones are resolved against.
    name
        Start of the names of its blank nodes.
    first_line
        Line of its file at which it begins, 1-based.

    Returns
    -------
    tuple
        Statements in document order, and what could not be read.
    """
    document = _Document(name)
    try:
        root = read_json(text, first_line)
    except MalformedJson as error:
        return [], [Trouble(error.line, f"JSON-LD that is not JSON: {error.problem}")]
    for item in _items(root):
        if isinstance(item.value, dict):
            _node(document, item, Context(base, name))
    return document.statements, document.troubles


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else [node]


# Contexts


def _context(document: _Document, given: Node, before: Context) -> Context:
    context = before
    for item in _items(given):
        if item.value is None:
            context = Context(before.base, before.blanks)
        elif isinstance(item.value, str):
            if _BUNDLED.match(item.value):
                context = replace(context, vocabulary=SCHEMA)
            else:
                document.troubles.append(
                    Trouble(
                        item.line, f"the context {item.value[:100]} is not bundled; names only it knows are left out"
                    )
                )
        elif isinstance(item.value, dict):
            context = _local_context(item.value, context)
    return context


def _local_context(given: dict[str, Node], before: Context) -> Context:
    vocabulary = given["@vocab"].value if "@vocab" in given else before.vocabulary
    base = given["@base"].value if "@base" in given else before.base
    context = replace(
        before,
        base=urljoin(before.base, base) if isinstance(base, str) else before.base,
        vocabulary=canonical(vocabulary) if isinstance(vocabulary, str) else "",
        terms=dict(before.terms),
    )
    for name, node in given.items():
        if not name.startswith("@"):
            raw = node.value.get("@id") if isinstance(node.value, dict) else node
            text = raw.value if raw is not None else None
            context.terms[name] = Term(text) if isinstance(text, str) else Term(None if node.value is None else name)
    # Names may lean on names that are defined after them.
    for name, node in given.items():
        if not name.startswith("@"):
            context.terms[name] = _term(name, node, context)
    return context


def _term(name: str, node: Node, context: Context) -> Term:
    value = node.value
    if not isinstance(value, dict):
        return Term(_name(value, context) if isinstance(value, str) else None)
    reverse = value.get("@reverse")
    named = reverse or value.get("@id")
    iri = named.value if named is not None else None
    if named is None:
        iri = context.vocabulary + name if ":" not in name and context.vocabulary else name
    kind = value["@type"].value if "@type" in value else ""
    coercion = kind if isinstance(kind, str) else ""
    container = value.get("@container")
    if container is not None and container.value in ("@language", "@index", "@id", "@type", "@graph"):
        coercion = f"@map {container.value}"
    return Term(_name(iri, context, skip=name) if isinstance(iri, str) else None, coercion, reverse is not None)


def _name(name: str, context: Context, skip: str = "", depth: int = 0) -> str | None:
    """Return the IRI or keyword of a name, or None for a name that the context does not know."""
    if name.startswith("@") or name.startswith("_:"):
        return name
    known = context.terms.get(name) if name != skip else None
    if known is not None and depth < 8:
        return known.iri if known.iri is None or known.iri == name else _name(known.iri, context, name, depth + 1)
    prefix, colon, rest = name.partition(":")
    if colon:
        start = context.terms.get(prefix)
        if not rest.startswith("//") and start is not None and start.iri and depth < 8:
            head = _name(start.iri, context, prefix, depth + 1)
            return canonical(f"{head}{rest}") if head else None
        if not rest.startswith("//") and prefix in PREFIXES:
            return PREFIXES[prefix] + rest
        return canonical(name)
    return context.vocabulary + name if context.vocabulary else None


def _reference(text: str, context: Context) -> tuple[str, Literal["iri", "blank"]]:
    """Return the node that an ``@id`` names."""
    if text.startswith("_:"):
        return f"_:{context.blanks}-{text[2:]}", "blank"
    prefix, colon, rest = text.partition(":")
    known = context.terms.get(prefix)
    if colon and not rest.startswith("//") and (known is not None or prefix in PREFIXES):
        return _name(text, context) or text, "iri"
    try:
        return canonical(urljoin(context.base, text.strip())), "iri"
    except ValueError:
        return text, "iri"


# Nodes and values


def _node(document: _Document, node: Node, context: Context) -> str:
    """State a node object and return its name."""
    pairs = node.value
    if not isinstance(pairs, dict):
        raise TypeError(node)
    if "@context" in pairs:
        context = _context(document, pairs["@context"], context)
    named = {_name(key, context) or key: value for key, value in pairs.items() if _is_keyword(key, context)}
    given = named.get("@id")
    if given is not None and isinstance(given.value, str):
        subject, _ = _reference(given.value, context)
    else:
        subject = document.blank()
    for item in _items(named["@type"]) if "@type" in named else ():
        iri = _name(item.value, context) if isinstance(item.value, str) else None
        if iri:
            document.add(subject, TYPE, (iri, "iri"), item.line)
    for key in ("@graph", "@included"):
        for item in _items(named[key]) if key in named else ():
            if isinstance(item.value, dict):
                _node(document, item, context)
    if "@reverse" in named and isinstance(named["@reverse"].value, dict):
        for key, value in named["@reverse"].value.items():
            _property(document, subject, key, value, context, turned=True)
    for key, value in pairs.items():
        if not _is_keyword(key, context):
            _property(document, subject, key, value, context)
    return subject


def _is_keyword(key: str, context: Context) -> bool:
    known = context.terms.get(key)
    return key.startswith("@") or (known is not None and known.iri is not None and known.iri.startswith("@"))


def _property(
    document: _Document, subject: str, key: str, node: Node, context: Context, *, turned: bool = False
) -> None:
    term = context.terms.get(key, Term(None))
    iri = _name(key, context)
    if iri is None or ":" not in iri:
        return
    for value, line in _values(document, node, iri, term, context):
        if turned or term.reverse:
            if value[1] != "text":
                document.add(value[0], iri, (subject, "blank" if subject.startswith("_:") else "iri"), line)
        else:
            document.add(subject, iri, value, line)


_Value = tuple[str, Literal["iri", "blank", "text"]]


def _values(
    document: _Document, node: Node, predicate: str, term: Term, context: Context
) -> Iterator[tuple[_Value, int]]:
    value = node.value
    if isinstance(value, list):
        for item in value:
            yield from _values(document, item, predicate, term, context)
    elif isinstance(value, dict):
        yield from _object_values(document, node, value, predicate, term, context)
    elif isinstance(value, bool):
        yield (("true" if value else "false"), "text"), node.line
    elif isinstance(value, Number):
        yield (value.text, "text"), node.line
    elif isinstance(value, str):
        yield _text(value, predicate, term, context), node.line


def _object_values(
    document: _Document, node: Node, value: dict[str, Node], predicate: str, term: Term, context: Context
) -> Iterator[tuple[_Value, int]]:
    keywords = {_name(key, context) for key in value if _is_keyword(key, context)}
    if "@value" in keywords:
        inner = next(item for key, item in value.items() if _name(key, context) == "@value")
        yield from _values(document, inner, predicate, Term(None, "text"), context)
    elif "@list" in keywords or "@set" in keywords:
        for key, item in value.items():
            if _name(key, context) in ("@list", "@set"):
                yield from _values(document, item, predicate, term, context)
    elif term.coercion.startswith("@map"):
        for item in value.values():
            yield from _values(document, item, predicate, Term(None), context)
    else:
        subject = _node(document, node, context)
        yield (subject, "blank" if subject.startswith("_:") else "iri"), node.line


def _text(value: str, predicate: str, term: Term, context: Context) -> _Value:
    if term.coercion == "@id":
        return _reference(value, context)
    if term.coercion == "@vocab":
        return (_name(value, context) or value), "iri"
    local = predicate.removeprefix(SCHEMA) if predicate.startswith(SCHEMA) else ""
    if not term.coercion and local in ADDRESSES and _ADDRESS.match(value.strip()):
        return _reference(value.strip(), context)
    return value, "text"
