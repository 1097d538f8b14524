"""A portal at work: its database, and the index that is kept up to date with it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, select
from sqlalchemy.orm import Session

from lifenode.errors import UnknownName
from lifenode.settings import Settings
from lifenode.training.database import address_in_force, open_database
from lifenode.training.models import Provider, StoredHarvest, StoredRecord
from lifenode.training.records import Event, Material, from_dict
from lifenode.training.search import Found, search_index
from lifenode.training.search_index import Index, Shelf
from lifenode.training.search_question import Question

_AT_ONCE = 500
_MANY = 10_000
_SLUG = re.compile(r"[a-z0-9-]{1,300}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with what the portal knows of it; ``id`` and ``provider_id`` are 0 where it was never kept."""

    record: Event | Material
    slug: str
    provider: str
    provider_id: int
    provider_url: str
    created_at: datetime
    updated_at: datetime
    last_seen_at: datetime
    withdrawn_at: datetime | None = None
    id: int = 0

    @property
    def kind(self) -> str:
        """``event`` or ``material``."""
        return "event" if isinstance(self.record, Event) else "material"

    @property
    def path(self) -> str:
        """Where the record's page is."""
        return f"/training/{self.kind}s/{self.slug}"


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A provider, and how much of it there is."""

    id: int
    title: str
    url: str
    created_at: datetime
    events: int
    materials: int


class Portal:
    """Searches, and hands out records.

    Parameters
    ----------
    engine
        The database, with its tables in the present form.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._shelf = Shelf()
        self._index = Index((), self._shelf)
        self._state: tuple[Any, ...] = ()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @property
    def index(self) -> Index:
        """The index, up to date with the database.

        Of many records the one before a change is given while the next one is made in the background.
        """
        with Session(self.engine) as session:
            state = _state(session)
        if state == self._state:
            return self._index
        if len(self._index) > _MANY:
            if self._lock.acquire(blocking=False):
                threading.Thread(target=self._renew, daemon=True).start()
            return self._index
        with self._lock:
            self._refresh()
        return self._index

    def _renew(self) -> None:
        try:
            self._refresh()
        finally:
            self._lock.release()

    def _refresh(self) -> None:
        with Session(self.engine) as session:
            state = _state(session)
            if state != self._state:
                self._index = self._refreshed(session)
                self._state = state

    def search(self, question: Question, *, now: datetime | None = None, most_values: int | None = None) -> Found:
        """Return what a question finds; see `lifenode.training.search.search_index`."""
        return search_index(self.index, question, now=now, most_values=most_values)

    def records(self, ids: Sequence[int]) -> list[Listed]:
        """Return the records with these ids, in their order."""
        return list(self.each(ids))

    def each(self, ids: Sequence[int]) -> Iterator[Listed]:
        """Yield the records with these ids, in their order, a few hundred in memory at a time."""
        with Session(self.engine) as session:
            for first in range(0, len(ids), _AT_ONCE):
                wanted = [int(one) for one in ids[first : first + _AT_ONCE]]
                rows = session.execute(_listing().where(StoredRecord.id.in_(wanted)))
                found = {row.id: _listed(row) for row in rows}
                yield from (found[one] for one in wanted if one in found)

    def record(self, kind: str, slug: str) -> Listed:
        """Return one record, also one that was withdrawn.

        Raises
        ------
        UnknownName
            There is none of this name.
        """
        with Session(self.engine) as session:
            wanted = _listing().where(StoredRecord.kind == kind, StoredRecord.slug == slug)
            row = session.execute(wanted).one_or_none() if _SLUG.fullmatch(slug) else None
        if row is None:
            raise UnknownName(
                f"There is no {kind} {slug[:80]!r}.", value=slug, next_step=f"Search for it under /training/{kind}s."
            )
        return _listed(row)

    def numbered(self, kind: str, number: int) -> Listed:
        """Return the record with an id.

        Raises
        ------
        UnknownName
            There is none of this kind with it.
        """
        with Session(self.engine) as session:
            wanted = _listing().where(StoredRecord.kind == kind, StoredRecord.id == number)
            row = session.execute(wanted).one_or_none()
        if row is None:
            raise UnknownName(
                f"There is no {kind} {number}.", value=number, next_step=f"Search for it under /training/{kind}s."
            )
        return _listed(row)

    def providers(self) -> list[ProviderFacts]:
        """Return all providers by title, with the numbers of their events and materials."""
        counted = (
            select(StoredRecord.provider_id, StoredRecord.kind, func.count())
            .where(StoredRecord.withdrawn_at.is_(None))
            .group_by(StoredRecord.provider_id, StoredRecord.kind)
        )
        with Session(self.engine) as session:
            counts = {(owner, kind): number for owner, kind, number in session.execute(counted)}
            return [
                ProviderFacts(
                    known.id, known.title, known.url, known.created_at,
                    counts.get((known.id, "event"), 0), counts.get((known.id, "material"), 0),
                )
                for known in session.scalars(select(Provider).order_by(func.lower(Provider.title), Provider.id))
            ]  # fmt: skip

    def last_harvests(self, provider_id: int, most: int = 5) -> list[StoredHarvest]:
        """Return the last harvests of a provider, the newest first."""
        wanted = select(StoredHarvest).where(StoredHarvest.provider_id == provider_id)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(wanted.order_by(StoredHarvest.id.desc()).limit(most)))

    def _refreshed(self, session: Session) -> Index:
        """Return the index with what was added or changed, without what is gone."""
        live = select(StoredRecord.id, StoredRecord.updated_at, StoredRecord.last_seen_at).where(
            StoredRecord.withdrawn_at.is_(None)
        )
        stamps = {row.id: (row.updated_at, row.last_seen_at) for row in session.execute(live)}
        kept = {entry.id: entry for entry in self._index.entries if stamps.get(entry.id) == entry.stamp}
        changed = sorted(stamps.keys() - kept.keys())
        for first in range(0, len(changed), _AT_ONCE):
            rows = session.execute(_listing().where(StoredRecord.id.in_(changed[first : first + _AT_ONCE])))
            for row in rows:
                kept[row.id] = self._shelf.entry({**row._mapping, "provider": row.provider_title})
        return Index(kept.values(), self._shelf)


def open_portal(known: Settings | None = None) -> Portal:
    """Return the portal of some settings; of those in force by default. Who opens it closes it."""
    return Portal(open_database(address_in_force(known)))


def _state(session: Session) -> tuple[Any, ...]:
    """Return what differs whenever a record does: every change is one of a harvest, a time or a number."""
    asked = select(
        select(func.max(StoredHarvest.id)).scalar_subquery(),
        select(func.max(StoredRecord.updated_at)).scalar_subquery(),
        select(func.max(StoredRecord.withdrawn_at)).scalar_subquery(),
        select(func.count(StoredRecord.id)).scalar_subquery(),
    )
    return tuple(session.execute(asked).one())


def _listing() -> Select[Any]:
    held = StoredRecord
    return select(
        held.id, held.slug, held.content, held.created_at, held.updated_at, held.last_seen_at, held.withdrawn_at,
        Provider.id.label("provider_id"), Provider.title.label("provider_title"), Provider.url.label("provider_url"),
    ).join(Provider, Provider.id == held.provider_id)  # fmt: skip


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        from_dict(row.content), row.slug, row.provider_title, row.provider_id, row.provider_url,
        row.created_at, row.updated_at, row.last_seen_at, row.withdrawn_at, row.id,
    )  # fmt: skip
