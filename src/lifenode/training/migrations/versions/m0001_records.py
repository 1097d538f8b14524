"""Providers, records, locked fields and harvests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lifenode.training.models import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "providers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_providers"),
        sa.UniqueConstraint("title", name="uq_providers_title"),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("slug", sa.String(300), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title", "url")),
        sa.Column("occurrence", sa.String(40), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("start", "end")),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("created_at", "updated_at", "last_seen_at")),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_records_provider_id"),
        sa.UniqueConstraint("kind", "slug", name="uq_records_kind_slug"),
    )
    op.create_index("ix_records_provider_kind_url", "records", ["provider_id", "kind", "url"])
    op.create_index("ix_records_provider_kind_title", "records", ["provider_id", "kind", "title"])
    op.create_index("ix_records_kind_start", "records", ["kind", "start"])
    op.create_table(
        "field_locks",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "field", name="pk_field_locks"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_field_locks_record_id", ondelete="CASCADE"),
    )
    op.create_table(
        "harvests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_harvests"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_harvests_provider_id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("harvests", "field_locks", "records", "providers"):
        op.drop_table(name)
