"""Routes, members, facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "routes",
        sa.Column("owner", sa.String(255), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("device_seed", sa.Text, nullable=False),
        sa.Column("device_token", sa.Text, nullable=False),
        sa.Column("identity", sa.String(255), nullable=False),
        sa.Column("identity_header", sa.String(128), nullable=False),
        sa.Column("tls_pin", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("generation", sa.String(64), nullable=False),
    )
    op.create_index("ix_members_owner", "members", ["owner"])
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
