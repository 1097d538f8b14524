"""The tables of the portal: providers, records, locked fields and harvests.

A record is kept as the document its readers made (``content``, the shape of `lifenode.training.records.to_dict`), with
the columns beside it that are searched and sorted by; the two are written together and only by
`lifenode.training.store`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC, also in databases that keep no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is written."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was written, with its zone."""
        return None if value is None else (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


class Base(DeclarativeBase):
    """The tables."""

    metadata = MetaData(naming_convention=_NAMES)


class Provider(Base):
    """Whose records these are."""

    __tablename__ = "providers"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(500), unique=True)
    url: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredRecord(Base):
    """An event or a material as it is kept; ``withdrawn_at`` is set once its source no longer has it."""

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        Index("ix_records_provider_kind_url", "provider_id", "kind", "url"),
        Index("ix_records_provider_kind_title", "provider_id", "kind", "title"),
        Index("ix_records_kind_start", "kind", "start"),
        Index("ix_records_updated_at", "updated_at"),
        Index("ix_records_withdrawn_at", "withdrawn_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(300))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    occurrence: Mapped[str] = mapped_column(String(40), default="")
    external_id: Mapped[str] = mapped_column(Text, default="")
    start: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provider: Mapped[Provider] = relationship()
    locks: Mapped[list[FieldLock]] = relationship(cascade="all, delete-orphan", back_populates="record")


class FieldLock(Base):
    """A field that harvests leave as it is."""

    __tablename__ = "field_locks"

    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[StoredRecord] = relationship(back_populates="locks")


class StoredHarvest(Base):
    """What a harvest did, and its report."""

    __tablename__ = "harvests"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    source: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
