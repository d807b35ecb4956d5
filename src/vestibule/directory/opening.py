"""Choose the directory a database URL means.

Opens nothing yet: that is `start()`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from vestibule.directory.cached import CachedDirectory
from vestibule.directory.file import FileDirectory
from vestibule.directory.memory import MemoryDirectory

if TYPE_CHECKING:
    from vestibule.bus.port import Bus
    from vestibule.directory.keys import SecretKey
    from vestibule.directory.port import Directory


IN_MEMORY = "memory:"
"""The URL of a directory that nothing is left of."""


def open_directory(url: str, *, home: Path, key: SecretKey, bus: Bus) -> Directory:
    """The directory at `url`: `sqlite:///...`, `postgresql://...`, `file:///fleet.toml` or `memory:`.

    Empty: SQLite in `home`.
    """
    if url.startswith("file:"):
        return FileDirectory(Path(unquote(urlsplit(url).path)), key, bus)
    if url == IN_MEMORY:
        return CachedDirectory(MemoryDirectory(), bus)
    # SQLAlchemy is a quarter of all that is imported at a start: only for those who keep a database
    from vestibule.directory.database import Database
    from vestibule.directory.sql import SqlDirectory

    database = Database(url or f"sqlite:///{home / 'vestibule.db'}")
    return CachedDirectory(SqlDirectory(database, key), bus)
