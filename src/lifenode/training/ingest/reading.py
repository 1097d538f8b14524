"""What a reader gives back, and how it opens what it was given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from lifenode.errors import UnreadableInput
from lifenode.training.records import Event, Material


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that was found and cannot be used."""

    title: str
    url: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """How far mark-up follows its Bioschemas profile: ``A`` to ``D``, and what is missing."""

    title: str
    profile: str
    letter: str
    missing: tuple[str, ...]
    recommended: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """Records of a source, what was rejected, and where it goes on.

    ``more`` holds addresses that continue a list, ``pages`` addresses of pages that are to be read one by one.
    """

    records: list[Event | Material] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    grades: list[Grade] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def extend(self, other: Reading) -> None:
        """Take in another reading; where that goes on is left out."""
        self.records += other.records
        self.rejected += other.rejected
        self.withdrawn += other.withdrawn
        self.notes += other.notes
        self.grades += other.grades

    @property
    def events(self) -> list[Event]:
        """The events among the records."""
        return [record for record in self.records if isinstance(record, Event)]

    @property
    def materials(self) -> list[Material]:
        """The materials among the records."""
        return [record for record in self.records if isinstance(record, Material)]


def text_of(content: bytes) -> str:
    """Return bytes as text: UTF-8 where it fits, else Latin-1, which always does."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252", errors="replace")


def json_of(content: bytes, what: str) -> Any:
    """Return what JSON says.

    Raises
    ------
    UnreadableInput
        It is no JSON, or nested too deeply.
    """
    try:
        return json.loads(text_of(content), strict=False)
    except (ValueError, RecursionError) as error:
        kind = "is nested too deeply" if isinstance(error, RecursionError) else f"is no JSON: {error}"
        raise UnreadableInput(f"The answer of {what} {kind}.", value=content[:40]) from error


def xml_of(content: bytes, what: str) -> etree._Element:
    """Return the root of XML, read without entities, document types of its own or the network.

    Raises
    ------
    UnreadableInput
        It is no XML, or defines entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False, huge_tree=False)
    try:
        root = etree.fromstring(content.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableInput(f"{what} is no XML: {error}.", value=content[:40]) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise UnreadableInput(
            f"{what} defines XML entities, which are refused.", value=what, next_step="Publish it without a DOCTYPE."
        )
    return root


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, or the one object."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def word(value: Any) -> str:
    """Return a JSON value as text; nothing for null, objects and lists."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return str(value).strip()
