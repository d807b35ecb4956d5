"""Choose the directory a database URL means.

Opens nothing yet: that is `start()`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from vestibule.directory.cached import CachedDirectory
from vestibule.directory.database import Database
from vestibule.directory.file import FileDirectory
from vestibule.directory.sql import SqlDirectory

if TYPE_CHECKING:
    from vestibule.bus.port import Bus
    from vestibule.directory.keys import SecretKey
    from vestibule.directory.port import Directory


def open_directory(url: str, *, home: Path, key: SecretKey, bus: Bus) -> Directory:
    """The directory at `url`: `sqlite:///...`, `postgresql://...` or `file:///fleet.toml`; empty: SQLite in `home`."""
    if url.startswith("file:"):
        return FileDirectory(Path(unquote(urlsplit(url).path)), key, bus)
    database = Database(url or f"sqlite:///{home / 'vestibule.db'}")
    return CachedDirectory(SqlDirectory(database, key), bus)
