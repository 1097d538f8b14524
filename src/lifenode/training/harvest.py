"""A harvest: a source read through to the end, its records made fit, and a report its provider can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lifenode.errors import LifenodeError
from lifenode.training.filters import Filter, let_through
from lifenode.training.ingest.github import read_github, repository_address
from lifenode.training.ingest.indico import calendar_address
from lifenode.training.ingest.kinds import kind_of, reader
from lifenode.training.ingest.oai_pmh import list_address
from lifenode.training.ingest.reading import Grade, Reading, Rejected
from lifenode.training.ingest.sitemap import read_sitemap
from lifenode.training.ingest.tables import sheet_address
from lifenode.training.ingest.tess import api_address
from lifenode.training.records import Event, Material, to_dict
from lifenode.training.tidy import same_once, tidy
from lifenode.training.validation import Rules, validate
from lifenode.training.vocabulary import Vocabulary

Fetch = Callable[[str], bytes]
_SITEMAP_NAME = re.compile(r"(?i)sitemap[^/]*\.(?:xml|txt)(?:\.gz)?$")
_SITEMAPS_DEEP = 5


@dataclass(slots=True)
class PageReport:
    """What one page gave: how many records, the grades of its mark-up, and what went wrong or was left out."""

    url: str
    found: int = 0
    grades: list[Grade] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class Harvest:
    """The records that may be kept, those that may not with their reasons, what was withdrawn, and page by page how."""

    source: str
    kind: str
    read: int = 0
    records: list[Event | Material] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    filtered: list[Rejected] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    pages: list[PageReport] = field(default_factory=list)
    complete: bool = True

    @property
    def events(self) -> list[Event]:
        """The events that may be kept."""
        return [record for record in self.records if isinstance(record, Event)]

    @property
    def materials(self) -> list[Material]:
        """The materials that may be kept."""
        return [record for record in self.records if isinstance(record, Material)]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON takes it."""
        return {
            "source": self.source,
            "kind": self.kind,
            "counts": {
                "pages": len(self.pages),
                "pages_failed": sum(bool(page.error) for page in self.pages),
                "pages_without_records": sum(not page.found and not page.error for page in self.pages),
                "read": self.read,
                "events": len(self.events),
                "materials": len(self.materials),
                "rejected": len(self.rejected),
                "filtered": len(self.filtered),
                "withdrawn": len(self.withdrawn),
            },
            "complete": self.complete,
            "events": [to_dict(event) for event in self.events],
            "materials": [to_dict(material) for material in self.materials],
            "rejected": [asdict(rejected) for rejected in self.rejected],
            "filtered": [asdict(filtered) for filtered in self.filtered],
            "withdrawn": list(self.withdrawn),
            "pages": [asdict(page) for page in self.pages],
        }


def harvest(
    source: str,
    fetch: Fetch,
    *,
    kind: str = "",
    content: bytes | None = None,
    vocabulary: Vocabulary | None = None,
    blocked_domains: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    most_pages: int = 2_000,
    one_page: bool = False,
) -> Harvest:
    """Read a source to its end.

    Parameters
    ----------
    source
        Its address; also what relative addresses are resolved against.
    fetch
        Returns what is at an address, or raises a `LifenodeError`.
    kind
        A name of `lifenode.training.ingest.kinds.READERS`; told from the content where none is given. With a sitemap,
        the kind of its pages (Bioschemas by default).
    content
        What is at `source`, where it is at hand already.
    vocabulary, blocked_domains
        What the portal allows.
    filters
        What the source lets through.
    most_pages
        Where to stop; the harvest is then not complete.
    one_page
        Whether only `source` itself is read.

    Raises
    ------
    InvalidOption
        There is no such kind.
    LifenodeError
        The source itself cannot be fetched or read; what goes wrong later is in the report.
    """
    if kind:
        reader(kind)
    words = vocabulary or Vocabulary()
    made = Harvest(source, kind)
    run = _Run(made, fetch, kind, most_pages, one_page)
    run.source(source, content)
    _make_fit(made, run.found, words, Rules(words, tuple(blocked_domains)), filters)
    return made


def address_for(kind: str, url: str) -> str:
    """Return the address that holds the data behind the page that people know."""
    if kind == "ical":
        parts = urlsplit(url)
        if not url.startswith("http") or parts.path.endswith(".ics") or "ical=" in parts.query:
            return url
        return urlunsplit(parts._replace(query=f"{parts.query}&ical=true".lstrip("&")))
    change: dict[str, Callable[[str], str]] = {
        "indico": calendar_address,
        "event_csv": sheet_address,
        "material_csv": sheet_address,
        "tess": api_address,
        "oai_pmh": list_address,
        "github": lambda place: repository_address(place) or place,
    }
    return change.get(kind, str)(url)


class _Run:
    """The way through a source: pages that follow pages, and pages of sitemaps."""

    def __init__(self, made: Harvest, fetch: Fetch, kind: str, most_pages: int, one_page: bool) -> None:
        self.made = made
        self.found = Reading()
        self._fetch, self._kind, self._most, self._one_page = fetch, kind, most_pages, one_page
        self._seen: set[str] = set()

    def source(self, source: str, content: bytes | None) -> None:
        is_sitemap = bool(_SITEMAP_NAME.search(urlsplit(source).path)) or self._kind == "sitemap"
        place = source if is_sitemap or content is not None else address_for(self._kind, source)
        held = self._fetch(place) if content is None else content
        told = kind_of(held)
        if is_sitemap or told == "sitemap":
            of_pages = self._kind if self._kind not in ("", "sitemap") else "bioschemas"
            self.made.kind = of_pages
            self._sitemap(held, place, of_pages, 0)
            return
        self.made.kind = self._kind or told
        self._seen.add(place)
        reading = self._read(self.made.kind, held, place)
        self._take(place, reading)
        self._follow(self.made.kind, reading)

    def _read(self, kind: str, content: bytes, place: str) -> Reading:
        if kind == "github":
            fetch = None if self._one_page else self._fetch
            return read_github(content, place, fetch)
        return reader(kind)(content, place)

    def _sitemap(self, content: bytes, place: str, kind: str, depth: int) -> None:
        listed = read_sitemap(content, place)
        if listed.notes:
            self.made.pages.append(PageReport(place, notes=listed.notes))
        for page in [] if self._one_page else listed.pages:
            reading = self._page(kind, address_for(kind, page))
            if reading is not None:
                self._follow(kind, reading)
        for further in [] if self._one_page or depth == _SITEMAPS_DEEP else listed.more:
            held = self._get(further)
            if held is not None:
                try:
                    self._sitemap(held, further, kind, depth + 1)
                except LifenodeError as error:
                    self.made.pages.append(PageReport(further, error=str(error)))

    def _follow(self, kind: str, reading: Reading) -> None:
        waiting = [] if self._one_page else list(reading.more)
        while waiting:
            following = self._page(kind, waiting.pop(0))
            if following is not None:
                waiting += following.more

    def _page(self, kind: str, place: str) -> Reading | None:
        held = self._get(place)
        if held is None:
            return None
        try:
            reading = self._read(kind, held, place)
        except LifenodeError as error:
            self._failed(place, error)
            return None
        self._take(place, reading)
        return reading

    def _get(self, place: str) -> bytes | None:
        if place in self._seen:
            return None
        if len(self._seen) >= self._most:
            self.made.complete = False
            return None
        self._seen.add(place)
        try:
            return self._fetch(place)
        except LifenodeError as error:
            self._failed(place, error)
            return None

    def _failed(self, place: str, error: LifenodeError) -> None:
        # What could not be read may still hold records: nothing may be withdrawn for its absence.
        self.made.complete = False
        self.made.pages.append(PageReport(place, error=str(error)))

    def _take(self, place: str, reading: Reading) -> None:
        self.found.extend(reading)
        count = len(reading.records) + len(reading.rejected)
        notes = reading.notes or ([] if count or reading.more else ["Nothing was found that describes training."])
        self.made.pages.append(PageReport(place, count, reading.grades, notes))


def _make_fit(made: Harvest, found: Reading, words: Vocabulary, rules: Rules, filters: Sequence[Filter]) -> None:
    for record in found.records:
        tidy(record, words)
    once = same_once(found.records)
    made.read = len(once) + len(found.rejected)
    made.rejected, made.withdrawn = list(found.rejected), list(found.withdrawn)
    for record in once:
        problems = validate(record, rules)
        stopped = "" if problems else let_through(record, filters)
        if problems:
            made.rejected.append(Rejected(record.title, record.url, tuple(str(problem) for problem in problems)))
        elif stopped:
            made.filtered.append(Rejected(record.title, record.url, (stopped,)))
        else:
            made.records.append(record)
