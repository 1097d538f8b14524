"""RSS 0.9 to 2.0, RDF Site Summary and Atom; and the feed a page points to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree
from lxml import html as lxml_html

from lifenode.errors import UnreadableInput
from lifenode.training.clean import absolute, unique
from lifenode.training.ingest.bioschemas_material import day_of
from lifenode.training.ingest.reading import Reading, text_of, xml_of
from lifenode.training.moments import first_moment
from lifenode.training.records import Event, Material, Person, Record

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_HTML = re.compile(rb"(?i)^\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)")
_ADDRESS_THEN_NAME = re.compile(r"\S+@\S+\s+\((.+)\)")


def read_event_feed(content: bytes, base: str) -> Reading:
    """Return the entries of a feed as events.

    The start is what event modules of feeds say (``ev:startdate``, ``start``, ``dtstart``); the day an entry was
    written is no start, and an entry without one keeps none.

    Raises
    ------
    UnreadableInput
        It is no feed and points to none.
    """
    return _read(content, base, _event)


def read_material_feed(content: bytes, base: str) -> Reading:
    """Return the entries of a feed as materials.

    Raises
    ------
    UnreadableInput
        It is no feed and points to none.
    """
    return _read(content, base, _material)


def _read(content: bytes, base: str, make: Callable[[etree._Element, str], Event | Material]) -> Reading:
    if _HTML.match(content):
        return Reading(more=[_discovered(content, base)])
    root = xml_of(content, base or "The feed")
    if _local(root) not in ("rss", "RDF", "feed"):
        raise UnreadableInput(f"{base or 'This'} is no feed: its root is <{_local(root)}>.", value=_local(root))
    entries = [part for part in root.iter() if _local(part) in ("item", "entry")]
    return Reading(records=[make(entry, base) for entry in entries])


def _discovered(content: bytes, base: str) -> str:
    try:
        page = lxml_html.document_fromstring(text_of(content).encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        page = None
    for link in page.iter("link") if page is not None else []:
        if "alternate" in (link.get("rel") or "").lower() and link.get("type") in _FEEDS and link.get("href"):
            return absolute(link.get("href"), base)
    raise UnreadableInput(
        f"{base or 'The page'} is no feed and points to none.",
        value=base,
        next_step='Give the address of the feed, or add <link rel="alternate" type="application/rss+xml"> to the page.',
    )


def _event(entry: etree._Element, base: str) -> Event:
    event = Event()
    _common(event, entry, base)
    event.start = first_moment(_texts(entry, "startdate", "start", "dtstart"))
    event.end = first_moment(_texts(entry, "enddate", "end", "dtend"))
    event.venue = next(_texts(entry, "location", "venue"), "")
    event.organizer = next(_texts(entry, "organizer"), "")
    return event


def _material(entry: etree._Element, base: str) -> Material:
    material = Material()
    _common(material, entry, base)
    material.authors = _people(entry)
    material.licence = next(_texts(entry, "license", "rights"), "")
    material.date_published = day_of(next(_texts(entry, "published", "pubDate", "issued", "date"), ""), material.notes)
    material.date_modified = day_of(next(_texts(entry, "updated", "modified"), ""), material.notes)
    return material


def _common(record: Record, entry: etree._Element, base: str) -> None:
    record.title = next(_texts(entry, "title"), "")
    record.url = absolute(_link(entry), base)
    record.source_url = base
    record.external_id = next(_texts(entry, "guid", "id"), "")
    record.description = max(_texts(entry, "encoded", "content", "description", "summary"), key=len, default="")
    categories = [part.get("term") or part.text or "" for part in entry if _local(part) in ("category", "subject")]
    record.keywords = unique(text.strip() for text in categories)
    record.language = next(_texts(entry, "language"), "").split("-")[0].lower()


def _link(entry: etree._Element) -> str:
    for part in entry:
        if _local(part) == "link" and part.get("href") and part.get("rel", "alternate") == "alternate":
            return str(part.get("href"))
    guid = next((part for part in entry if _local(part) == "guid"), None)
    permanent = [guid.text or ""] if guid is not None and guid.get("isPermaLink", "true") == "true" else []
    about = entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    found = [*_texts(entry, "link"), *(text for text in (about, *permanent) if text.startswith("http"))]
    return next(iter(found), "")


def _people(entry: etree._Element) -> list[Person]:
    found = []
    for part in entry:
        if _local(part) in ("author", "creator"):
            text = next(_texts(part, "name"), "") or (part.text or "").strip()
            named = _ADDRESS_THEN_NAME.fullmatch(text)
            found.append(named[1] if named else text)
    return [Person(name) for name in unique(found)]


def _texts(entry: etree._Element, *names: str) -> Iterator[str]:
    """Yield the texts of the children of these names, in the order of the names."""
    for name in names:
        for part in entry:
            if _local(part).lower() == name.lower():
                text = "".join(part.itertext()).strip()
                if text:
                    yield text


def _local(element: etree._Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
