"""Bring a database up to the tables of this version, by Alembic, inside the process.

Goes forward only: a database of a newer version is refused, not touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Migrate within the transaction `connection` is in; its caller keeps other processes away."""
    from alembic import command  # a fifth of a second to import, needed once
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise BadConfiguration(
            "The database was written by another version of Vestibule.",
            remedy=f"install the newest version used with it, or give this one a database of its own ({error})",
        ) from error
