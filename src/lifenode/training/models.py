"""The tables of the portal: providers, records, locked fields, harvests and people.

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


class User(Base):
    """Somebody with an account; ``email`` is folded to lower case, ``password`` a hash or empty."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(32))
    password: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ban: Mapped[Ban | None] = relationship(cascade="all, delete-orphan")
    tokens: Mapped[list[ApiToken]] = relationship(cascade="all, delete-orphan", back_populates="user")


class Ban(Base):
    """Somebody who may not sign in any more, or with ``shadow`` whose records only they themselves see."""

    __tablename__ = "bans"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    shadow: Mapped[bool]
    banned_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A key for programs: the SHA-256 of it, never itself, and its first characters to tell it by."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    beginning: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(back_populates="tokens")

    def holds(self, when: datetime) -> bool:
        """Tell whether it is neither revoked nor expired."""
        return self.revoked_at is None and when < self.expires_at


class SignInAttempt(Base):
    """A sign-in that failed, or that is just being checked; ``account`` is the SHA-256 of the e-mail given."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_account_tried_at", "account", "tried_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """A change: who made it, what it was, and of whom or what. Never changed or deleted."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(320))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
