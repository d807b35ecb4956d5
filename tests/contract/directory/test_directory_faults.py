"""What goes wrong with storage: said with a remedy, and over when the cause is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from vestibule.directory import SecretKey, open_directory
from vestibule.directory.database import Database
from vestibule.directory.sql import SqlDirectory
from vestibule.errors import BadConfiguration, StorageFault
from vestibule.model import Member, Route, Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator
    from pathlib import Path

    from support.postgres import Postgres
    from vestibule.bus.memory import MemoryBus

SECRETS = ("gateway-token-of-alice", "device-token-of-alice")
ALICE = Route("alice", "ws://10.0.0.5:18789", token=Secret(SECRETS[0]), device_token=Secret(SECRETS[1]))


async def refused(work: Awaitable[Any], remedy: str) -> StorageFault:
    with pytest.raises(StorageFault) as raised:
        await work
    assert remedy in str(raised.value.remedy)
    assert raised.value.retryable
    assert (
        raised.value.message == "Storage is not available at the moment."
    )  # S6: where it is goes to the operator only
    return raised.value


async def test_no_secret_lies_readable_in_the_database(tmp_path: Path, key: SecretKey, bus: MemoryBus) -> None:
    """S1: neither token nor device key is in any file of the state folder, and the files are nobody else's."""
    directory = open_directory("", home=tmp_path / "home", key=key, bus=bus)
    await directory.start()
    stored = await directory.put_route(ALICE)
    at_work = [file.read_bytes() for file in (tmp_path / "home").iterdir()]
    await directory.close()
    at_rest = [file.read_bytes() for file in (tmp_path / "home").iterdir()]

    for content in at_work + at_rest:
        for secret in (*SECRETS, stored.device_seed.reveal()):
            assert secret.encode() not in content
    assert any(b"ws://10.0.0.5" in content for content in at_work)
    assert (tmp_path / "home" / "vestibule.db").stat().st_mode & 0o077 == 0


async def test_a_secret_moved_to_another_row_does_not_open(tmp_path: Path, key: SecretKey) -> None:
    """S1: who can write the database cannot have one owner's token sent to another owner's gateway."""
    file = tmp_path / "door.db"
    directory = SqlDirectory(Database(f"sqlite:///{file}"), key)
    await directory.start()
    await directory.put_routes([ALICE, Route("mallory", "ws://mallory:1", token=Secret("hers"))])
    with sqlite3.connect(file) as raw:
        raw.execute(
            "UPDATE routes SET token = (SELECT token FROM routes WHERE owner = 'alice') WHERE owner = 'mallory'"
        )
    raw.close()

    with pytest.raises(BadConfiguration, match="cannot be opened"):
        await directory.route("mallory")
    await directory.close()


@pytest.fixture
def pages() -> Iterator[list[int]]:
    """`[n]`: how many pages any SQLite database may have from now on."""
    limit = [1_000_000]

    def keep(connection: Any, *_: Any) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {limit[0]}")

    event.listen(Pool, "checkout", keep)
    yield limit
    event.remove(Pool, "checkout", keep)


async def test_a_full_disk_is_said_and_over_when_it_is(
    tmp_path: Path, key: SecretKey, bus: MemoryBus, pages: list[int]
) -> None:
    """Reading goes on; nothing is half written; after space was freed the same process writes."""
    directory = open_directory("", home=tmp_path, key=key, bus=bus)
    await directory.start()
    await directory.put_route(ALICE)
    many = [Member(f"m{n}", "alice") for n in range(2_000)]

    pages[0] = 1
    await refused(directory.put_members(many), "free some space")
    assert await directory.members() == []
    assert await directory.route("alice") is not None

    pages[0] = 1_000_000
    assert len(await directory.put_members(many)) == 2_000
    await directory.close()


async def test_a_locked_database_is_said_and_over_when_it_is(tmp_path: Path, key: SecretKey) -> None:
    """Another program holds it: we wait a moment, not for ever."""
    file = tmp_path / "door.db"
    directory = SqlDirectory(Database(f"sqlite:///{file}", busy_timeout_ms=20), key)
    await directory.start()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    await refused(directory.put_route(ALICE), "another program")
    assert await directory.route("alice") is None

    other.execute("ROLLBACK")
    other.close()
    assert (await directory.put_route(ALICE)).revision == 1
    await directory.close()


async def test_a_folder_that_cannot_be_is_named(tmp_path: Path, key: SecretKey, bus: MemoryBus) -> None:
    """The place it needs is taken by a file."""
    (tmp_path / "file").write_text("")
    directory = open_directory("", home=tmp_path / "file" / "home", key=key, bus=bus)
    await refused(directory.start(), str(tmp_path / "file"))

    (tmp_path / "file").unlink()
    await directory.start()
    await directory.close()


async def test_a_read_only_database_is_named(tmp_path: Path, key: SecretKey) -> None:
    """It can still be read."""
    file = tmp_path / "door.db"
    first = SqlDirectory(Database(f"sqlite:///{file}"), key)
    await first.start()
    await first.put_route(ALICE)
    await first.close()

    directory = SqlDirectory(Database(f"sqlite:///file:{file}?mode=ro&uri=true"), key)
    await refused(directory.put_route(ALICE), "read-only")
    assert await directory.route("alice") is not None
    await directory.close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path, key: SecretKey) -> None:
    """And left as it is."""
    file = tmp_path / "door.db"
    file.write_bytes(b"something else entirely, and quite long: " * 100)
    directory = SqlDirectory(Database(f"sqlite:///{file}"), key)
    await refused(directory.start(), "not a database")
    assert file.read_bytes().startswith(b"something else")
    await directory.close()


@pytest.mark.postgres
async def test_a_server_that_went_away_and_came_back(
    postgres: Postgres, key: SecretKey, bus: MemoryBus, tmp_path: Path
) -> None:
    """The running process recovers when the database does."""
    directory = open_directory(postgres.new_database(), home=tmp_path, key=key, bus=bus)
    await directory.start()
    await directory.put_route(ALICE)
    postgres.stop()
    try:
        await refused(directory.routes(), "cannot be reached")
        await refused(directory.put_route(ALICE), "cannot be reached")
        await refused(directory.member("alice"), "cannot be reached")
    finally:
        postgres.start()

    assert len(await directory.routes()) == 1
    assert (await directory.put_route(ALICE)).revision == 2
    await directory.close()


@pytest.mark.postgres
async def test_a_server_that_refuses_us(postgres: Postgres, key: SecretKey, bus: MemoryBus, tmp_path: Path) -> None:
    """The remedy names what is missing and never the password."""
    url = postgres.new_database()
    missing = url.replace("door@", "door:hunter2@") + "missing"
    for wrong in (missing, url.replace("door@", "somebody:hunter2@")):
        directory = open_directory(wrong, home=tmp_path, key=key, bus=bus)
        fault = await refused(directory.start(), "create it")
        assert "hunter2" not in str(fault.remedy)
        await directory.close()


@pytest.mark.postgres
async def test_a_read_only_server(postgres: Postgres, key: SecretKey, bus: MemoryBus, tmp_path: Path) -> None:
    """A standby is no place to write."""
    url = postgres.new_database()
    postgres.sql(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
    directory = open_directory(url + "?sslmode=disable", home=tmp_path, key=key, bus=bus)
    await refused(directory.start(), "connect to the primary")
    await directory.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "postgresql://host:port/name"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path, key: SecretKey, bus: MemoryBus) -> None:
    """Before anything is opened, with an example of a right one."""
    with pytest.raises(BadConfiguration) as refusal:
        open_directory(url, home=tmp_path, key=key, bus=bus)
    assert "postgresql://" in str(refusal.value.remedy)
