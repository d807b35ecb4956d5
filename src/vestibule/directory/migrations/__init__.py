"""Bring a database up to the tables of this version, by Alembic, inside the process.

Goes forward only: a database of a newer version is refused, not touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FOLDER = Path(__file__).parent


def newest() -> str:
    """The revision of this version: each migration's file begins with its own."""
    return max(file.name.partition("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(connection: Connection) -> None:
    """Migrate within the transaction `connection` is in; its caller keeps other processes away."""
    if _revision(connection) == newest():
        return
    from alembic import command  # as long to import as all else at a start together, and needed once a version
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise BadConfiguration(
            "The database was written by another version of Vestibule.",
            remedy=f"install the newest version used with it, or give this one a database of its own ({error})",
        ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
