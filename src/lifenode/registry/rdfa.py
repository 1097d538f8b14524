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
from lifenode.registry.statements import Statement

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAPPING = re.compile(r"([^\s:]+):\s+(\S+)")
_TERMS = {
    "license": f"{XHV}license",
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "role": f"{XHV}role",
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_Direction = Literal["forward", "backward"]


@dataclass(frozen=True)
class _State:
    """What an element inherits."""

    base: str
    subject: str
    object: str | None
    vocabulary: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    waiting: tuple[tuple[str, _Direction, int], ...] = ()


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


def _element(reader: _Reader, element: HtmlElement, state: _State) -> _State:
    """State what one element says and return what its children inherit."""
    get = element.get
    state = _scope(element, state)
    relations = _names(get("rel"), state, links=True, both=get("property") is not None)
    backward = _names(get("rev"), state, links=True)
    properties = _names(get("property"), state)
    linking = (get("rel") is not None and bool(relations or get("property") is None)) or get("rev") is not None
    linking = linking and bool(relations or backward)
    types = _names(get("typeof"), state)
    subject, target, typed = _subject(reader, element, state, linking)
    line = element.sourceline or 0
    if typed:
        for name in types:
            reader.link(typed, TYPE, name, line)
    waiting: list[tuple[str, _Direction, int]] = []
    if linking:
        if target is not None:
            for name in relations:
                reader.link(subject, name, target, line)
            for name in backward:
                reader.link(target, name, subject, line)
        else:
            target = reader.blank()
            waiting = [(name, "forward", line) for name in relations] + [(name, "backward", line) for name in backward]
    _properties(reader, element, subject, properties, typed, linking)
    used = subject != (state.object or state.subject) or get("about") is not None or typed == subject or linking
    if used or typed:
        for name, direction, at in state.waiting:
            ends = (state.subject, subject) if direction == "forward" else (subject, state.subject)
            reader.link(ends[0], name, ends[1], at)
        left: tuple[tuple[str, _Direction, int], ...] = tuple(waiting)
        return replace(state, subject=subject, object=target or typed or subject, waiting=left)
    if properties and get("resource") is None and target is None:
        return state if state.waiting else replace(state, object=state.object)
    return state


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


def _subject(reader: _Reader, element: HtmlElement, state: _State, linking: bool) -> tuple[str, str | None, str | None]:
    """Return the subject, the object a link leads to, and the node that ``typeof`` describes."""
    inherited = state.object or state.subject
    about = _resource(element.get("about"), state)
    resource = _resource(element.get("resource"), state)
    address = element.get("href") if element.get("href") is not None else element.get("src")
    target = resource or (_address(address, state) if address is not None else None)
    typed = element.get("typeof") is not None
    root = element.getparent() is None
    if linking:
        if typed and about is None and target is None:
            target = reader.blank()
        return about or inherited, target, (about or target) if typed else None
    if element.get("property") is not None and element.get("content") is None and element.get("datatype") is None:
        # The value of the property is the thing that typeof describes.
        if not typed:
            return about or inherited, None, None
        described = about or (state.base if root else None) or target or reader.blank()
        return about or inherited, None, described
    chosen = about or target or (state.base if root else None)
    if chosen is None:
        chosen = reader.blank() if typed else inherited
    if target and not about and not typed and element.get("resource") is None:
        # An address alone names a subject only where nothing else is said of the element.
        chosen = inherited
    return chosen, None, chosen if typed else None


def _properties(
    reader: _Reader, element: HtmlElement, subject: str, names: list[str], typed: str | None, linking: bool
) -> None:
    get = element.get
    line = element.sourceline or 0
    for name in names:
        address = get("resource") or get("href") or get("src")
        if get("content") is not None:
            reader.text(subject, name, get("content") or "", line)
        elif get("datetime") is not None:
            reader.text(subject, name, get("datetime") or "", line)
        elif get("datatype"):
            reader.text(subject, name, _text_of(element), line)
        elif not linking and address is not None and not (typed and get("about") is None):
            target = _target_of(element, subject)
            reader.link(subject, name, target or address, line)
        elif typed and get("about") is None and not linking:
            reader.link(subject, name, typed, line)
        else:
            reader.text(subject, name, _text_of(element), line)


def _target_of(element: HtmlElement, subject: str) -> str | None:
    base = element.base_url or (subject if _SCHEME.match(subject) else "")
    address = element.get("resource") or element.get("href") or element.get("src") or ""
    if address.startswith("["):
        return None
    try:
        return canonical(urljoin(base, address.strip()))
    except ValueError:
        return None


def _text_of(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


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
