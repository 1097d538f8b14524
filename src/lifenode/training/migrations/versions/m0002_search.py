"""Indexes by which a search sees what has changed, and repositories what is new."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_records_updated_at", "records", ["updated_at"])
    op.create_index("ix_records_withdrawn_at", "records", ["withdrawn_at"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_records_withdrawn_at", "records")
    op.drop_index("ix_records_updated_at", "records")
