"""Which record a harvested one is, whether it may change it, and what it changes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lifenode.training.models import StoredRecord
from lifenode.training.records import Event, Material, Record, from_dict, to_dict

# What counts when two sources have the same record: the one that fills more of these is believed.
_CONSIDERED = (
    "title", "description", "keywords", "target_audience", "contact", "learning_objectives", "prerequisites",
    "contributors", "scientific_topics", "operations", "external_resources", "language", "licence", "authors",
    "start", "end", "venue",
)  # fmt: skip
_MUCH_LONGER = 1.5


def find(
    session: Session, record: Event | Material, provider_id: int, present: frozenset[str] = frozenset()
) -> StoredRecord | None:
    """Return the record of the same provider that a harvested one is: by address, else by title (and start).

    The same address at another provider is another record; and so is the same title at another address, where the
    harvest has both (``present``: its addresses), since those are parallel sessions and not one that moved.
    """
    kind = "event" if isinstance(record, Event) else "material"
    own = select(StoredRecord).where(StoredRecord.provider_id == provider_id, StoredRecord.kind == kind)
    same = own.where(StoredRecord.url == record.url)
    if isinstance(record, Event):
        same = same.where(StoredRecord.occurrence == record.occurrence)
    found = session.scalars(same.order_by(StoredRecord.id)).first()
    if found is not None:
        return found
    titled = select(StoredRecord.id, StoredRecord.url).where(
        StoredRecord.provider_id == provider_id, StoredRecord.kind == kind, StoredRecord.title == record.title
    )
    if isinstance(record, Event):
        start = record.start.assumed() if record.start else None
        titled = titled.where(StoredRecord.start == start, StoredRecord.occurrence == record.occurrence)
    for identifier, url in session.execute(titled.order_by(StoredRecord.id)):
        if url not in present:
            return session.get(StoredRecord, identifier)
    return None


def may_change(known: StoredRecord, record: Event | Material, source: str) -> bool:
    """Tell whether a harvest of `source` may change a record: its own always, another's only if it says more."""
    if not known.source or known.source == source:
        return True
    old = from_dict(known.content)
    before, after = _considered(old), _considered(record)
    return after > before or (after == before and len(record.description) > _MUCH_LONGER * len(old.description))


def merged(known: StoredRecord, record: Event | Material) -> dict[str, Any]:
    """Return the content of a record after a harvest: what it says now, except for locked fields and what is blank."""
    locked = {lock.field for lock in known.locks}
    result = from_dict(known.content)
    # A change of the time is one change: a start without its end would make an event of years.
    timed = isinstance(record, Event) and record.start is not None
    for made in fields(record):
        new = getattr(record, made.name)
        always = made.name in ("notes", "status", "source_url") or (timed and made.name == "end")
        if made.name not in locked and (new or always):
            setattr(result, made.name, new)
    return to_dict(result)


def slug_of(session: Session, kind: str, title: str, address: str) -> str:
    """Return a free name for a record in addresses, made of its title; never a number alone."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:200].strip("-")
    if not slug or slug.isdigit():
        slug = f"{kind}-{slug or re.sub('[^a-z0-9]+', '-', address.lower())[-60:].strip('-')}"
    of_kind = select(func.count()).where(StoredRecord.kind == kind)
    if not session.scalar(of_kind.where(StoredRecord.slug == slug)):
        return slug
    number = (session.scalar(of_kind.where(StoredRecord.slug.like(f"{slug}-%"))) or 0) + 2
    while session.scalar(of_kind.where(StoredRecord.slug == f"{slug}-{number}")):
        number += 1
    return f"{slug}-{number}"


def _considered(record: Record) -> int:
    return sum(bool(getattr(record, name, None)) for name in _CONSIDERED)
