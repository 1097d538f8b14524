"""RDFa 1.1 in HTML to statements, with the line of each.

Written after the processing sequence of RDFa Core 1.1 (section 7.5) and HTML+RDFa 1.1. Lists (``inlist``) are read as
repeated values, XML literals as their text; vocabularies are never fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lifenode.registry.namespaces import PREFIXES, TYPE, XHV, canonical
from lifenode.registry.statements import Statement, joined

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAPPING = re.compile(r"([^\s:]+):\s+(\S+)")
_TERMS = {
    "license": f"{XHV}license",
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "role": f"{XHV}role",
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class _State:
    """What an element inherits."""

    base: str
    subject: str
    object: str | None
    vocabulary: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    waiting: tuple[tuple[str, bool, int], ...] = ()


class _Reader:
    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._blanks = 0

    def blank(self) -> str:
        self._blanks += 1
        return f"_:r.{self._blanks}"

    def link(self, subject: str, predicate: str, value: str, line: int) -> None:
        kind: Literal["iri", "blank"] = "blank" if value.startswith("_:") else "iri"
        self.statements.append(Statement(subject, predicate, value, kind, "rdfa", line))

    def text(self, subject: str, predicate: str, value: str, line: int) -> None:
        self.statements.append(Statement(subject, predicate, value, "text", "rdfa", line))


def read_rdfa(root: HtmlElement, base: str) -> list[Statement]:
    """Return what a page states in RDFa, in document order.

    Parameters
    ----------
    root
        The ``html`` element.
    base
        Address that relative ones are resolved against.
    """
    reader = _Reader()
    # A stack of our own: pages are nested deeper than functions may call one another.
    stack: list[tuple[HtmlElement, _State]] = [(root, _State(base, base, None))]
    while stack:
        element, state = stack.pop()
        if not isinstance(element.tag, str):
            continue
        inner = _element(reader, element, state)
        stack.extend((child, inner) for child in reversed(element))
    return reader.statements


@dataclass(frozen=True)
class _Roles:
    """Which nodes an element speaks of (step 5 and 6 of the processing sequence)."""

    subject: str
    target: str | None = None
    typed: str | None = None
    skip: bool = False


def _element(reader: _Reader, element: HtmlElement, state: _State) -> _State:
    """State what one element says and return what its children inherit."""
    state = _scope(element, state)
    has_property = element.get("property") is not None
    relations = _names(element.get("rel"), state, links=True, both=has_property)
    backward = _names(element.get("rev"), state, links=True, both=has_property)
    linking = bool(relations or backward)
    if not has_property:
        linking = element.get("rel") is not None or element.get("rev") is not None
    roles = _roles(reader, element, state, linking)
    line = element.sourceline or 0
    if roles.typed is not None:
        for name in _names(element.get("typeof"), state):
            reader.link(roles.typed, TYPE, name, line)
    target = roles.target
    waiting: tuple[tuple[str, bool, int], ...] = ()
    if linking and target is not None:
        for name in relations:
            reader.link(roles.subject, name, target, line)
        for name in backward:
            reader.link(target, name, roles.subject, line)
    elif linking and (relations or backward):
        target = reader.blank()
        waiting = (*((name, True, line) for name in relations), *((name, False, line) for name in backward))
    _properties(reader, element, state, roles, linking)
    if roles.skip:
        return state
    for name, forward, at in state.waiting:
        ends = (state.subject, roles.subject) if forward else (roles.subject, state.subject)
        reader.link(ends[0], name, ends[1], at)
    return replace(state, subject=roles.subject, object=target or roles.subject, waiting=waiting)


def _scope(element: HtmlElement, state: _State) -> _State:
    vocabulary = element.get("vocab")
    prefixes = {
        name[6:].lower(): str(value) for name, value in element.attrib.items() if str(name).startswith("xmlns:")
    }
    for name, value in _MAPPING.findall(element.get("prefix") or ""):
        prefixes[name.lower()] = value
    if vocabulary is None and not prefixes:
        return state
    return replace(
        state,
        vocabulary=state.vocabulary if vocabulary is None else canonical(vocabulary.strip()),
        prefixes={**state.prefixes, **prefixes},
    )


def _roles(reader: _Reader, element: HtmlElement, state: _State, linking: bool) -> _Roles:
    inherited = state.object or state.subject
    about = _resource(element.get("about"), state)
    if about is None and element.getparent() is None:
        about = state.base
    target = _target(element, state)
    typed = element.get("typeof") is not None
    if linking:
        if typed and about is None and target is None:
            target = reader.blank()
        return _Roles(about or inherited, target, (about or target) if typed else None)
    if _has_value_elsewhere(element):
        described = (about or target or reader.blank()) if typed else None
        return _Roles(about or inherited, described, described)
    chosen = about or target or (reader.blank() if typed else None)
    skip = chosen is None and element.get("property") is None
    return _Roles(chosen or inherited, None, chosen if typed else None, skip)


def _has_value_elsewhere(element: HtmlElement) -> bool:
    """Say whether the value of a property may be a node, and not only the element's own text."""
    get = element.get
    return get("property") is not None and get("content") is None and get("datatype") is None


def _properties(reader: _Reader, element: HtmlElement, state: _State, roles: _Roles, linking: bool) -> None:
    get = element.get
    line = element.sourceline or 0
    given = get("content") if get("content") is not None else get("datetime")
    node = None if linking else _target(element, state)
    if node is None and get("typeof") is not None and get("about") is None:
        node = roles.typed
    for name in _names(get("property"), state):
        if given is not None:
            reader.text(roles.subject, name, given, line)
        elif node is not None and not get("datatype"):
            reader.link(roles.subject, name, node, line)
        else:
            reader.text(roles.subject, name, _text_of(element), line)


def _target(element: HtmlElement, state: _State) -> str | None:
    """Return the node that ``resource``, ``href`` or ``src`` names."""
    resource = _resource(element.get("resource"), state)
    address = element.get("href") if element.get("href") is not None else element.get("src")
    return resource or (_address(address, state) if address is not None else None)


def _text_of(element: HtmlElement) -> str:
    return joined(element.itertext())


def _names(given: str | None, state: _State, *, links: bool = False, both: bool = False) -> list[str]:
    """Return the IRIs of names in ``property``, ``rel``, ``rev`` or ``typeof``; unknown ones are left out."""
    found = (_name(name, state, links=links, both=both) for name in (given or "").split())
    return [name for name in found if name]


def _name(name: str, state: _State, *, links: bool, both: bool) -> str | None:
    prefix, colon, rest = name.partition(":")
    if not colon:
        if links and both:
            return None
        if state.vocabulary:
            return canonical(state.vocabulary + name)
        return _TERMS.get(name.lower())
    start = state.prefixes.get(prefix.lower()) or PREFIXES.get(prefix.lower())
    if start and not rest.startswith("//"):
        return canonical(start + rest)
    if prefix == "_":
        return None
    return canonical(name)


def _resource(given: str | None, state: _State) -> str | None:
    """Return the node that ``about`` or ``resource`` names."""
    if given is None:
        return None
    text = given.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    if text.startswith("_:"):
        return f"_:r-{text[2:]}"
    prefix, colon, rest = text.partition(":")
    start = state.prefixes.get(prefix.lower()) if colon else None
    if start and not rest.startswith("//"):
        return canonical(start + rest)
    return _address(text, state)


def _address(text: str, state: _State) -> str | None:
    try:
        return canonical(urljoin(state.base, text.strip()))
    except ValueError:
        return None
