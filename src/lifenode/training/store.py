"""Harvests kept: records added, updated, left alone or withdrawn, and the report of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lifenode.errors import InvalidOption
from lifenode.training.database import open_database
from lifenode.training.harvest import Harvest
from lifenode.training.merge import find, may_change, merged, slug_of
from lifenode.training.models import FieldLock, Provider, StoredHarvest, StoredRecord
from lifenode.training.records import Event, Material, from_dict, to_dict


@dataclass(slots=True)
class Kept:
    """What a harvest did to the records kept."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_alone: int = 0
    withdrawn: int = 0
    rejected: int = 0

    def summary(self) -> str:
        """Return it as one line."""
        return (
            f"{self.added} added · {self.updated} updated · {self.unchanged} unchanged · "
            f"{self.left_alone} left to another source · {self.withdrawn} withdrawn · {self.rejected} rejected"
        )


@contextmanager
def opened(engine: Engine | None = None) -> Iterator[Session]:
    """Open a session whose work is kept whole, or not at all after an error."""
    held = engine or open_database()
    try:
        with Session(held) as session, session.begin():
            yield session
    finally:
        if engine is None:
            held.dispose()


def keep_harvest(
    made: Harvest, provider: str = "", *, engine: Engine | None = None, now: datetime | None = None
) -> Kept:
    """Keep the records of a harvest.

    A second harvest of the same adds nothing and changes nothing. A record its source no longer has is withdrawn, not
    deleted: only after a complete harvest that found something, and never an event that is over, since calendars drop
    those.

    Parameters
    ----------
    made
        The harvest.
    provider
        Whose records these are; the host of the source by default.
    engine
        The database; that of the settings by default.
    now
        The time of the harvest.
    """
    when = now or datetime.now(UTC)
    kept = Kept(rejected=len(made.rejected))
    with opened(engine) as session:
        owner = _provider(session, provider or urlsplit(made.source).hostname or "local", made.source, when)
        present = frozenset(record.url for record in made.records)
        keeping = _Keeping(session, owner, made.source, when, present, kept)
        seen = {keeping.keep(record) for record in made.records}
        kept.withdrawn = _withdraw(session, made, owner, seen, when)
        report = made.to_dict()
        session.add(
            StoredHarvest(
                provider_id=owner.id,
                source=made.source,
                kind=made.kind,
                finished_at=when,
                counts=asdict(kept),
                report={"counts": report["counts"], "pages": report["pages"], "rejected": report["rejected"]},
            )
        )
    return kept


def stored(session: Session, kind: str = "", *, withdrawn: bool = False) -> list[Event | Material]:
    """Return the records kept, in the order they came; of one kind, and also the withdrawn ones, if asked."""
    wanted = select(StoredRecord).order_by(StoredRecord.id)
    if kind:
        wanted = wanted.where(StoredRecord.kind == kind)
    if not withdrawn:
        wanted = wanted.where(StoredRecord.withdrawn_at.is_(None))
    return [from_dict(found.content) for found in session.scalars(wanted)]


def lock(session: Session, record: StoredRecord, field: str) -> None:
    """Keep harvests from changing a field of a record.

    Raises
    ------
    InvalidOption
        There is no such field.
    """
    if field not in record.content or field in ("type", "notes"):
        raise InvalidOption(f"A {record.kind} has no field {field!r} to lock.", value=field)
    if all(held.field != field for held in record.locks):
        record.locks.append(FieldLock(field=field))
        session.flush()


def _provider(session: Session, title: str, source: str, when: datetime) -> Provider:
    known = session.scalars(select(Provider).where(Provider.title == title)).first()
    if known is None:
        parts = urlsplit(source)
        home = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        known = Provider(title=title, url=home, created_at=when)
        session.add(known)
        session.flush()
    return known


@dataclass(frozen=True, slots=True)
class _Keeping:
    """What holds for all records of a harvest while they are kept."""

    session: Session
    owner: Provider
    source: str
    when: datetime
    present: frozenset[str]
    kept: Kept

    def keep(self, record: Event | Material) -> int:
        """Add or update a record and return its id."""
        known = find(self.session, record, self.owner.id, self.present)
        if known is None:
            return self._add(record)
        known.last_seen_at = self.when
        if not may_change(known, record, self.source):
            self.kept.left_alone += 1
            return known.id
        content = merged(known, record)
        if content == known.content and known.withdrawn_at is None:
            self.kept.unchanged += 1
            return known.id
        known.updated_at, known.source, known.withdrawn_at = self.when, self.source, None
        write_content(known, from_dict(content))
        self.kept.updated += 1
        self.session.flush()
        return known.id

    def _add(self, record: Event | Material) -> int:
        known = StoredRecord(
            kind="event" if isinstance(record, Event) else "material",
            provider_id=self.owner.id,
            created_at=self.when,
            updated_at=self.when,
            last_seen_at=self.when,
            source=self.source,
            locks=[],
        )
        known.slug = slug_of(self.session, known.kind, record.title, record.url)
        write_content(known, record)
        self.session.add(known)
        self.session.flush()
        self.kept.added += 1
        return known.id


def write_content(known: StoredRecord, record: Event | Material) -> None:
    """Put what a record says, and the columns that are searched by, into what is stored."""
    known.content = to_dict(record)
    known.title, known.url, known.external_id = record.title, record.url, record.external_id
    known.occurrence = record.occurrence if isinstance(record, Event) else ""
    if isinstance(record, Event):
        known.start = record.start.assumed() if record.start else None
        known.end = record.end.assumed(ends=True) if record.end else None


def _withdraw(session: Session, made: Harvest, owner: Provider, seen: set[int], when: datetime) -> int:
    own = select(StoredRecord).where(
        StoredRecord.provider_id == owner.id, StoredRecord.source == made.source, StoredRecord.withdrawn_at.is_(None)
    )
    gone = 0
    # A source that suddenly has nothing is broken more often than empty.
    absent_is_gone = made.complete and bool(made.records)
    filtered = {it.url for it in made.rejected}
    for known in session.scalars(own):
        over = known.end is not None and known.end < when
        absent = absent_is_gone and known.id not in seen and known.url not in filtered and not over
        if absent or (known.external_id and known.external_id in made.withdrawn):
            known.withdrawn_at = when
            gone += 1
    return gone
