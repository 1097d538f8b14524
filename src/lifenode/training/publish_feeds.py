"""Records as feeds: Atom (RFC 4287), RSS 2.0 with its event module, and JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

import lifenode
from lifenode.training.portal import Listed
from lifenode.training.records import Event, Material, Person

_ATOM = "http://www.w3.org/2005/Atom"
_EVENTS = "http://purl.org/rss/1.0/modules/event/"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AGES_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself: its title, its own address, that of the page, and that of the portal."""

    title: str
    address: str
    page: str
    base: str


def atom(records: Sequence[Listed], channel: Channel) -> bytes:
    """Return an Atom feed; an entry leads to what it is about, and by ``via`` to its page of the portal."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "ev": _EVENTS})
    _add(root, "id", channel.address)
    _add(root, "title", channel.title)
    _add(root, "updated", _newest(records).isoformat())
    _link(root, "self", channel.address)
    _link(root, "alternate", channel.page)
    _add(root, "generator", "lifenode", version=lifenode.__version__)
    for listed in records:
        entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
        _add(entry, "id", channel.base + listed.path)
        _add(entry, "title", listed.record.title)
        _link(entry, "alternate", listed.record.url)
        _link(entry, "via", channel.base + listed.path)
        _add(entry, "updated", listed.updated_at.isoformat())
        _add(entry, "published", listed.created_at.isoformat())
        for person in _authors(listed) or [Person(listed.provider)]:
            _add(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", person.name)
        for keyword in listed.record.keywords:
            etree.SubElement(entry, f"{{{_ATOM}}}category", term=_plain(keyword))
        _add(entry, "summary", _summary(listed))
        _times(entry, listed)
    return _bytes(root)


def rss(records: Sequence[Listed], channel: Channel) -> bytes:
    """Return an RSS 2.0 feed; events say their times by the event module."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM, "ev": _EVENTS})
    about = etree.SubElement(root, "channel")
    for name, text in (("title", channel.title), ("link", channel.page), ("description", channel.title)):
        etree.SubElement(about, name).text = _plain(text)
    etree.SubElement(about, f"{{{_ATOM}}}link", rel="self", href=channel.address, type="application/rss+xml")
    etree.SubElement(about, "lastBuildDate").text = format_datetime(_newest(records), usegmt=True)
    for listed in records:
        item = etree.SubElement(about, "item")
        etree.SubElement(item, "title").text = _plain(listed.record.title)
        etree.SubElement(item, "link").text = _plain(listed.record.url)
        etree.SubElement(item, "guid", isPermaLink="true").text = channel.base + listed.path
        etree.SubElement(item, "pubDate").text = format_datetime(listed.created_at.astimezone(UTC), usegmt=True)
        etree.SubElement(item, "description").text = _plain(_summary(listed))
        for keyword in listed.record.keywords:
            etree.SubElement(item, "category").text = _plain(keyword)
        _times(item, listed)
    return _bytes(root)


def json_feed(records: Iterable[Listed], channel: Channel) -> dict[str, Any]:
    """Return a JSON Feed."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "items": [_item(listed, channel) for listed in records],
    }


def _item(listed: Listed, channel: Channel) -> dict[str, Any]:
    made = {
        "id": channel.base + listed.path,
        "url": listed.record.url,
        "title": listed.record.title,
        "content_text": _summary(listed),
        "date_published": listed.created_at.isoformat(),
        "date_modified": listed.updated_at.isoformat(),
        "authors": [{"name": person.name} for person in _authors(listed)],
        "tags": list(listed.record.keywords),
        "language": listed.record.language,
    }
    return {name: value for name, value in made.items() if value}


def _summary(listed: Listed) -> str:
    """Return when and where, and then the description."""
    record = listed.record
    parts = []
    if isinstance(record, Event):
        place = "online" if record.presence == "online" else ", ".join(p for p in (record.city, record.country) if p)
        zone = record.timezone
        when = record.start.local_text().replace("T", " ") if record.start else ""
        until = record.end.local_text().replace("T", " ") if record.end and record.end != record.start else ""
        span = f"{when} to {until}" if until else when
        parts = ["cancelled" if record.status == "cancelled" else "", f"{span} {zone}".strip(), place]
    head = " · ".join(part for part in parts if part)
    return "\n\n".join(text for text in (head, record.description) if text)


def _authors(listed: Listed) -> list[Person]:
    record = listed.record
    return record.authors if isinstance(record, Material) else record.instructors


def _times(entry: etree._Element, listed: Listed) -> None:
    record = listed.record
    if isinstance(record, Event):
        for name, moment in (("startdate", record.start), ("enddate", record.end)):
            if moment is not None:
                etree.SubElement(entry, f"{{{_EVENTS}}}{name}").text = moment.to_text()
        for name, text in (("location", record.venue or record.city), ("organizer", record.organizer)):
            if text:
                etree.SubElement(entry, f"{{{_EVENTS}}}{name}").text = _plain(text)


def _newest(records: Sequence[Listed]) -> datetime:
    return max((listed.updated_at for listed in records), default=_AGES_AGO).astimezone(UTC)


def _add(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = _plain(text)


def _link(parent: etree._Element, relation: str, address: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", rel=relation, href=_plain(address))


def _plain(text: str) -> str:
    return _CONTROL.sub("", text)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
