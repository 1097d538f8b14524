"""The kinds of sources by name, and how to tell what something is."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping

from lifenode.errors import InvalidOption
from lifenode.training.ingest import (
    carpentries,
    eventbrite,
    feeds,
    github,
    ical,
    indico,
    libcal,
    oai_pmh,
    sitemap,
    tables,
    tess,
    zenodo,
)
from lifenode.training.ingest.bioschemas import read_bioschemas
from lifenode.training.ingest.reading import Reading, text_of
from lifenode.training.spreadsheet import SIGNATURE

Reader = Callable[[bytes, str], Reading]

READERS: Mapping[str, Reader] = {
    "bioschemas": read_bioschemas,
    "carpentries": carpentries.read_carpentries,
    "event_csv": tables.read_event_csv,
    "event_feed": feeds.read_event_feed,
    "eventbrite": eventbrite.read_eventbrite,
    "github": github.read_github,
    "ical": ical.read_ical,
    "indico": indico.read_indico,
    "libcal": libcal.read_libcal,
    "material_csv": tables.read_material_csv,
    "material_feed": feeds.read_material_feed,
    "oai_pmh": oai_pmh.read_oai_pmh,
    "sitemap": sitemap.read_sitemap,
    "tess": tess.read_tess,
    "zenodo": zenodo.read_zenodo,
}
_ADDRESSES = re.compile(r"\s*https?://\S+\s*(?:\n\s*https?://\S+\s*)*")


def reader(kind: str) -> Reader:
    """Return the reader of a kind.

    Raises
    ------
    InvalidOption
        There is no such kind.
    """
    if kind not in READERS:
        raise InvalidOption(
            f"There is no kind of source {kind!r}.", value=kind, next_step=f"Choose one of {', '.join(READERS)}."
        )
    return READERS[kind]


def kind_of(content: bytes) -> str:
    """Return the kind of source that content is, by what it says itself; ``bioschemas`` for pages and all else."""
    if content.startswith(SIGNATURE):
        return _table_kind(content)
    text = text_of(content[:65536]).lstrip()
    if text[:15].upper() == "BEGIN:VCALENDAR":
        return "indico" if "indico" in text[:2000].lower() else "ical"
    if text[:1] in ("{", "["):
        return _json_kind(content)
    if text[:1] == "<":
        return _xml_kind(text)
    if _ADDRESSES.match(text):
        return "sitemap"
    return _table_kind(content[:65536])


def _table_kind(content: bytes) -> str:
    try:
        headings = set(tables.headings_of(content))
    except (ValueError, csv.Error):
        return "bioschemas"
    if {"title", "url"} <= headings:
        return "event_csv" if "start" in headings else "material_csv"
    return "bioschemas"


def _xml_kind(text: str) -> str:
    head = re.sub(r"<[?!][^>]*>", "", text[:4096]).lstrip()
    root = re.match(r"<(?:\w+:)?([\w-]+)", head)
    name = root[1].lower() if root else ""
    if name in ("urlset", "sitemapindex"):
        return "sitemap"
    if name == "oai-pmh":
        return "oai_pmh"
    if name in ("rss", "feed", "rdf"):
        return "event_feed" if re.search(r"startdate>|<(?:\w+:)?(?:dtstart|start)>", text) else "material_feed"
    return "bioschemas"


def _json_kind(content: bytes) -> str:
    try:
        answer = json.loads(text_of(content), strict=False)
    except (ValueError, RecursionError):
        return "bioschemas"
    if isinstance(answer, list):
        first = next((item for item in answer if isinstance(item, dict)), {})
        is_workshop = "slug" in first and "@type" not in first
        return "carpentries" if is_workshop else "bioschemas"
    if "@context" in answer or "@graph" in answer:
        return "bioschemas"
    marks = {"full_name": "github", "hits": "zenodo", "total_results": "libcal", "workshops": "carpentries"}
    for mark, kind in marks.items():
        if mark in answer:
            return kind
    if isinstance(answer.get("data"), list | dict):
        return "tess"
    if isinstance(answer.get("events"), list):
        return "eventbrite" if "pagination" in answer else "libcal"
    return "zenodo" if isinstance(answer.get("metadata"), dict) else "bioschemas"
