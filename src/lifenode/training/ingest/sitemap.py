"""Sitemaps: lists of pages as XML (also of further sitemaps, also packed) or as plain lines."""

from __future__ import annotations

import re

from lifenode.errors import UnreadableInput
from lifenode.training.clean import absolute, unique
from lifenode.training.ingest.reading import Reading, text_of, xml_of
from lifenode.training.validation import web_address

_XML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<")


def read_sitemap(content: bytes, base: str) -> Reading:
    """Return the pages (``pages``) and further sitemaps (``more``) of a sitemap.

    Only ``<loc>`` of ``<url>`` and ``<sitemap>`` count: images and alternatives have a ``<loc>`` too.

    Raises
    ------
    UnreadableInput
        It is neither a sitemap nor lines of addresses.
    """
    if not _XML.match(content):
        return _lines(text_of(content))
    root = xml_of(content, base or "The sitemap")
    kind = _local(root.tag)
    if kind not in ("urlset", "sitemapindex"):
        raise UnreadableInput(f"{base or 'This'} is no sitemap: its root is <{kind}>.", value=kind)
    places = []
    for entry in root:
        if isinstance(entry.tag, str) and _local(entry.tag) in ("url", "sitemap"):
            places += [part.text.strip() for part in entry if _is_loc(part.tag) and part.text and part.text.strip()]
    found = unique(absolute(place, base) for place in places)
    return Reading(more=found) if kind == "sitemapindex" else Reading(pages=found)


def _lines(text: str) -> Reading:
    reading = Reading()
    for line in unique(line.strip() for line in text.splitlines()):
        if web_address(line):
            reading.pages.append(line)
        elif not line.startswith("#"):
            reading.notes.append(f"{line[:80]!r} is no web address.")
    if not reading.pages:
        raise UnreadableInput("There is no web address in this list.", value=text[:40])
    return reading


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _is_loc(tag: object) -> bool:
    # An image's <image:loc> has a namespace of its own.
    return _local(tag) == "loc" and "image" not in str(tag) and "video" not in str(tag)
