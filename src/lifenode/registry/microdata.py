"""Microdata to statements, with the line of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lifenode.registry.namespaces import TYPE, canonical
from lifenode.registry.statements import Statement, joined

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ADDRESS_OF = {
    "a": "href", "area": "href", "link": "href", "audio": "src", "embed": "src", "iframe": "src", "img": "src",
    "source": "src", "track": "src", "video": "src", "object": "data",
}  # fmt: skip


def read_microdata(root: HtmlElement, base: str) -> list[Statement]:
    """Return what a page states in microdata, in document order.

    Parameters
    ----------
    root
        The ``html`` element.
    base
        Address that relative ones are resolved against.
    """
    return _Reader(root, base).statements


class _Reader:
    def __init__(self, root: HtmlElement, base: str) -> None:
        self.base = base
        self.statements: list[Statement] = []
        self._names: dict[HtmlElement, str] = {}
        self._by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
        self._items = [element for element in root.iter() if isinstance(element.tag, str) and _is_item(element)]
        for number, item in enumerate(self._items, start=1):
            self._names[item] = self._name(item, number)
        for item in self._items:
            self._item(item)

    def _name(self, item: HtmlElement, number: int) -> str:
        given = item.get("itemid")
        return self._address(given) if given else f"_:m.{number}"

    def _address(self, text: str) -> str:
        try:
            return canonical(urljoin(self.base, text.strip()))
        except ValueError:
            return text

    def _item(self, item: HtmlElement) -> None:
        """State the classes and the properties of one item."""
        subject = self._names[item]
        types = [canonical(name) for name in (item.get("itemtype") or "").split()]
        line = item.sourceline or 0
        for name in types:
            self.statements.append(Statement(subject, TYPE, name, "iri", "microdata", line))
        vocabulary = _vocabulary(types[0]) if types else ""
        for element in self._of(item):
            for name in (element.get("itemprop") or "").split():
                predicate = canonical(name) if ":" in name else vocabulary + name
                # A name without a vocabulary says nothing outside its page.
                if ":" in predicate:
                    self._value(subject, predicate, element)

    def _of(self, item: HtmlElement) -> list[HtmlElement]:
        """Return the elements that are properties of an item, not of one within it."""
        found: list[HtmlElement] = []
        referred = [self._by_id[name] for name in (item.get("itemref") or "").split() if name in self._by_id]
        stack = [*reversed([*item, *referred])]
        seen = {item}
        while stack:
            element = stack.pop()
            if element in seen or not isinstance(element.tag, str):
                continue
            seen.add(element)
            if element.get("itemprop"):
                found.append(element)
            if not _is_item(element):
                stack.extend(reversed(element))
        return found

    def _value(self, subject: str, predicate: str, element: HtmlElement) -> None:
        value, kind = self._value_of(element)
        self.statements.append(Statement(subject, predicate, value, kind, "microdata", element.sourceline or 0))

    def _value_of(self, element: HtmlElement) -> tuple[str, Literal["iri", "blank", "text"]]:
        if _is_item(element):
            name = self._names[element]
            return name, "blank" if name.startswith("_:") else "iri"
        address = element.get(_ADDRESS_OF.get(element.tag, "")) if element.tag in _ADDRESS_OF else None
        if address is not None:
            return self._address(address), "iri"
        for attribute in ("content", "datetime"):
            given = element.get(attribute)
            if given is not None:
                return given, "text"
        if element.tag in ("data", "meter") and element.get("value") is not None:
            return element.get("value") or "", "text"
        return joined(element.itertext()), "text"


def _is_item(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None


def _vocabulary(type_: str) -> str:
    cut = max(type_.rfind("#"), type_.rfind("/"))
    return type_[: cut + 1]
