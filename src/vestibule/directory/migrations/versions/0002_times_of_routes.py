"""When a route came and when it last changed. Unknown for those that are there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("routes", sa.Column("created_at", sa.DateTime(timezone=True)))
    op.add_column("routes", sa.Column("updated_at", sa.DateTime(timezone=True)))
