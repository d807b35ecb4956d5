"""Alembic's entry: run the migrations on the connection `upgrade` was given.

Opens no connection and knows no URL.
"""

from __future__ import annotations

from alembic import context

from vestibule.directory.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
