"""The SQL engine of the directory: SQLite in a file, or PostgreSQL.

Knows how to connect, lock and begin; knows no table.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from vestibule.directory.faults import storage_faults
from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.engine import URL

_SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_WRITES = "vestibule_writes"
_WRITERS_LOCK = 0x7665_7374  # "vest": the advisory lock under which replicas on PostgreSQL write, one at a time
_CONNECT_TIMEOUT_S = 5.0
_BUSY_TIMEOUT_MS = 5_000


class Database:
    """One database and its pool of connections; opened by the first use."""

    def __init__(self, url: str, *, busy_timeout_ms: int = _BUSY_TIMEOUT_MS) -> None:
        self._url = _checked(url)
        self.place = self._url.render_as_string(hide_password=True)
        """Where it is, for people: without the password."""
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(self._url, busy_timeout_ms) if self._sqlite else _postgres_engine(self._url)

    async def prepare(self) -> None:
        """Make the folder and the file of a SQLite database, for the eyes of this user only."""
        if self._sqlite and (file := _file(self._url)) is not None:
            with storage_faults(self.place):
                await asyncio.to_thread(_make_private, file)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read on."""
        with storage_faults(self.place):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, and the only one that writes: committed at the end, undone if anything is raised."""
        with storage_faults(self.place):
            async with self._engine.connect() as connection:
                await connection.execution_options(**{_WRITES: True})
                async with connection.begin():
                    if not self._sqlite:
                        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
                    yield connection

    async def close(self) -> None:
        """Close the pool. A later use opens it again."""
        await self._engine.dispose()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _bad_url("it cannot be read") from None
    driver = _SCHEMES.get(parsed.drivername)
    if driver is None:
        raise _bad_url(f"{parsed.drivername!r} is not supported")
    if driver.startswith("postgresql"):
        query: dict[str, Any] = dict(parsed.query)
        if "sslmode" in query:  # libpq's name for what asyncpg calls ssl
            query["ssl"] = query.pop("sslmode")
        parsed = parsed.set(query=query)
    return parsed.set(drivername=driver)


def _bad_url(reason: str) -> BadConfiguration:
    return BadConfiguration(
        f"The database URL cannot be used: {reason}.",
        remedy="VESTIBULE_DATABASE_URL must be sqlite:////path/to/file.db, postgresql://user:password@host/name, "
        "file:///fleet.toml or memory:",
    )


def _file(url: URL) -> Path | None:
    """The file of a SQLite database; None if it is in memory or named by a URI."""
    name = url.database or ":memory:"
    return None if name == ":memory:" or name.startswith("file:") else Path(name)


def _make_private(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_timeout=_CONNECT_TIMEOUT_S,
        pool_pre_ping=True,  # the server may have restarted since
        connect_args={"timeout": _CONNECT_TIMEOUT_S, "command_timeout": 30.0},
    )


def _sqlite_engine(url: URL, busy_timeout_ms: int) -> AsyncEngine:
    if _file(url) is None:  # in memory: it lives in its one connection
        engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0)
    else:
        engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: `begin` below does
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # one that reads first and writes later would be refused at once (SQLITE_BUSY) if another wrote in between
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
