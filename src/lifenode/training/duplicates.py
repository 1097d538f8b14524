"""The same event or material at several providers: clusters a curator may merge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from lifenode.training.models import StoredRecord
from lifenode.training.vocabulary import likeness

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|aff")
_ALIKE = 0.7


def canonical_url(url: str) -> str:
    """Return an address without what does not tell pages apart: scheme, www, fragment, tracking, last slash.

    >>> canonical_url("https://www.Example.org/course/?utm_source=mail#top")
    'example.org/course'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)]
    path = re.sub(r"/(?:index\.html?)?$", "", parts.path)
    return f"{host}{path}" + (f"?{urlencode(sorted(query))}" if query else "")


def clusters(records: Iterable[StoredRecord]) -> list[list[StoredRecord]]:
    """Return groups of records of the same kind from more than one provider that are probably the same thing.

    The same canonical address (and date of a series) makes a pair, and so do titles more than 0.7 alike: of events that
    start on the same day, of materials that have an author in common. Pairs that share a record make one group.
    """
    held = [record for record in records if record.withdrawn_at is None]
    groups = _Groups(held)
    for block in _blocks(held, by_address=True):
        for other in block[1:]:
            groups.join(block[0], other)
    for block in _blocks(held, by_address=False):
        for position, one in enumerate(block):
            for other in block[position + 1 :]:
                if likeness(one.title, other.title) > _ALIKE:
                    groups.join(one, other)
    return [group for group in groups.found() if len({record.provider_id for record in group}) > 1]


def _blocks(records: Sequence[StoredRecord], *, by_address: bool) -> Iterable[list[StoredRecord]]:
    """Return records that share what a duplicate must share, so that not all are compared with all."""
    blocks: dict[tuple[str, ...], list[StoredRecord]] = defaultdict(list)
    for record in records:
        if by_address:
            blocks[record.kind, canonical_url(record.url), record.occurrence].append(record)
        elif record.kind == "event" and record.start is not None:
            blocks["event", record.start.date().isoformat()].append(record)
        elif record.kind == "material":
            for author in record.content["authors"]:
                blocks["material", author["name"].casefold()].append(record)
    return blocks.values()


class _Groups:
    """Records that belong together, as far as is known."""

    def __init__(self, records: Sequence[StoredRecord]) -> None:
        self._records = records
        self._parent = {record.id: record.id for record in records}

    def join(self, one: StoredRecord, other: StoredRecord) -> None:
        first, second = sorted((self._root(one.id), self._root(other.id)))
        self._parent[second] = first

    def found(self) -> list[list[StoredRecord]]:
        by_root: dict[int, list[StoredRecord]] = defaultdict(list)
        for record in self._records:
            by_root[self._root(record.id)].append(record)
        return [group for group in by_root.values() if len(group) > 1]

    def _root(self, identifier: int) -> int:
        while self._parent[identifier] != identifier:
            self._parent[identifier] = self._parent[self._parent[identifier]]
            identifier = self._parent[identifier]
        return identifier
