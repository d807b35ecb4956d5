"""One suite over every directory that can be written: SQLite, PostgreSQL and memory; and what databases promise."""

from __future__ import annotations

import asyncio
import base64
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from vestibule.bus.memory import MemoryBus
from vestibule.bus.port import MEMBER_CHANGED, MEMBER_REMOVED, OWNER_REMOVED, ROUTE_CHANGED
from vestibule.directory import IN_MEMORY, Directory, SecretKey, open_directory
from vestibule.directory.database import Database
from vestibule.errors import BadConfiguration, ClientFault
from vestibule.model import Member, Role, Route, RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ALICE = Route("alice", "ws://10.0.0.5:18789", token=Secret("alice-gateway-token"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres), "memory"])
async def directory(
    request: pytest.FixtureRequest, tmp_path: Path, bus: MemoryBus, key: SecretKey
) -> AsyncIterator[Directory]:
    """The directory as the product opens it."""
    urls = {"sqlite": lambda: "", "postgres": lambda: request.getfixturevalue("postgres").new_database()}
    url = urls.get(request.param, lambda: IN_MEMORY)()
    directory = open_directory(url, home=tmp_path, key=key, bus=bus)
    await directory.start()
    yield directory
    await directory.close()


async def reopened(url: str, tmp_path: Path, key: SecretKey) -> Directory:
    directory = open_directory(url, home=tmp_path, key=key, bus=MemoryBus())
    await directory.start()
    return directory


async def test_a_route_comes_back_as_it_was_put(directory: Directory) -> None:
    """Every field survives; the device is made for it; the first revision is 1."""
    route = Route(
        "acme",
        "wss://acme.example.com:8443/path?x=1",
        mode=RouteMode.TRUSTED_PROXY,
        token=Secret('töken "quoted" 😀'),
        device_token=Secret("device-token"),
        identity="door@acme",
        identity_header="x-relay-user",
        tls_pin="ab" * 32,
    )

    stored = await directory.put_route(route)

    assert replace(stored, device_seed=Secret(), created_at=None, updated_at=None) == route
    assert stored.revision == 1
    assert len(base64.urlsafe_b64decode(stored.device_seed.reveal() + "=")) == 32
    assert await directory.route("acme") == stored
    assert await directory.routes() == [stored]


async def test_the_device_stays_and_the_revision_grows(directory: Directory) -> None:
    """P11: a connection sees that its route is old; the gateway goes on seeing the device it paired."""
    first = await directory.put_route(ALICE)
    await directory.save_device_token("alice", Secret("paired"))
    paired = await directory.route("alice")
    second = await directory.put_route(replace(ALICE, url="ws://10.0.0.6:18789"))

    assert paired == replace(first, device_token=Secret("paired"))
    assert second == replace(first, url="ws://10.0.0.6:18789", revision=2, updated_at=second.updated_at)
    assert second.device_token == Secret()


async def test_when_a_route_came_and_when_it_changed(directory: Directory) -> None:
    """`container/status` tells both; a device token is no change, and another gateway's times are of no interest."""
    before = datetime.now(UTC)
    first = await directory.put_route(replace(ALICE, created_at=datetime(1999, 12, 31, tzinfo=UTC)))
    await directory.save_device_token("alice", Secret("paired"))
    same = await directory.route("alice")
    second = await directory.put_route(replace(ALICE, url="ws://10.0.0.6:18789"))

    assert first.created_at is not None
    assert before <= first.created_at == first.updated_at <= datetime.now(UTC)
    assert same is not None
    assert same.updated_at == first.updated_at
    assert second.created_at == first.created_at
    assert second.updated_at is not None
    assert second.updated_at > first.created_at
    assert await directory.route("alice") == second


async def test_routes_of_the_first_version_are_kept(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Their times are unknown until they change."""
    first = await reopened(url, tmp_path, key)
    await first.put_route(ALICE)
    await first.close()
    database = Database(url)
    async with database.writing() as connection:
        for column in ("created_at", "updated_at"):
            await connection.execute(text(f"ALTER TABLE routes DROP COLUMN {column}"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    await database.close()

    directory = await reopened(url, tmp_path, key)
    kept = await directory.route("alice")
    moved = await directory.put_route(ALICE)
    await directory.close()

    assert kept is not None
    assert (kept.token, kept.created_at, kept.updated_at) == (ALICE.token, None, None)
    assert (moved.revision, moved.created_at) == (2, None)
    assert moved.updated_at is not None


async def test_a_given_device_is_kept(directory: Directory) -> None:
    """A device that was paired elsewhere can be brought along."""
    seed = Secret(base64.urlsafe_b64encode(bytes(32)).decode().rstrip("="))
    stored = await directory.put_route(replace(ALICE, device_seed=seed))
    assert stored.device_seed == seed


async def test_thousands_of_routes_and_members_in_about_a_second(directory: Directory) -> None:
    """Bulk import is one transaction, and the loop is free meanwhile."""
    routes = [Route(f"owner-{n}", f"ws://h{n}:18789", token=Secret(f"token-{n}")) for n in range(5_000)]
    members = [Member(f"member-{n}", f"owner-{n}") for n in range(5_000)]
    begun = time.monotonic()

    stored = await directory.put_routes(routes)
    await directory.put_members(members)

    assert time.monotonic() - begun < 15  # some 0.6 s on an idle machine
    assert {route.revision for route in stored} == {1}
    assert len({route.device_seed.reveal() for route in stored}) == 5_000
    assert len(await directory.routes()) == len(await directory.members()) == 5_000
    assert (await directory.route("owner-4711")) == stored[4711]
    assert len(await directory.members_by_id([f"member-{n}" for n in range(0, 6_000)])) == 5_000


async def test_a_bulk_with_one_mistake_changes_nothing(directory: Directory) -> None:
    """All or none."""
    with pytest.raises(ClientFault, match="url"):
        await directory.put_routes([ALICE, replace(ALICE, owner="bob", url="ftp://nowhere")])
    assert await directory.routes() == []


async def test_of_several_for_one_owner_the_last_counts(directory: Directory) -> None:
    """One put, one revision."""
    stored = await directory.put_routes([ALICE, replace(ALICE, url="ws://other:1")])
    assert [(route.url, route.revision) for route in stored] == [("ws://other:1", 1)]
    members = await directory.put_members([Member("m", "o", Role.VIEWER), Member("m", "o", Role.ADMIN)])
    assert [member.role for member in members] == [Role.ADMIN]


async def test_nothing_to_put_is_nothing_to_do(directory: Directory) -> None:
    """An empty file of lines is no error."""
    assert await directory.put_routes([]) == []
    assert await directory.put_members([]) == []


async def test_a_member_keeps_its_generation_until_it_leaves(directory: Directory) -> None:
    """S3: a token made for an earlier membership can be told from one for the present."""
    added = await directory.put_member(Member("bob", "acme", Role.VIEWER))
    promoted = await directory.put_member(Member("bob", "acme", Role.OPERATOR))
    moved = await directory.put_member(Member("bob", "globex", Role.OPERATOR))
    assert await directory.remove_member("bob")
    again = await directory.put_member(Member("bob", "globex", Role.OPERATOR))

    assert promoted.role is Role.OPERATOR
    assert promoted.generation == added.generation != ""
    assert len({added.generation, moved.generation, again.generation}) == 3
    assert await directory.member("bob") == again


async def test_what_was_removed_is_gone(directory: Directory) -> None:
    """Removing an owner takes its members along, and nobody else's."""
    await directory.put_route(ALICE)
    await directory.put_members([Member("alice", "alice"), Member("bob", "acme")])

    assert await directory.remove_owner("alice")
    assert not await directory.remove_owner("alice")
    assert await directory.route("alice") is None
    assert await directory.member("alice") is None
    assert [member.id for member in await directory.members()] == ["bob"]
    assert not await directory.remove_member("alice")
    await directory.save_device_token("alice", Secret("late"))
    assert await directory.route("alice") is None


async def test_every_change_is_announced(directory: Directory, bus: MemoryBus) -> None:
    """Connections hear of it at once; what changed nothing is not announced."""
    heard: list[tuple[str, dict[str, str]]] = []
    for topic in (ROUTE_CHANGED, OWNER_REMOVED, MEMBER_CHANGED, MEMBER_REMOVED):
        bus.subscribe(topic, lambda message, topic=topic: heard.append((topic, message)))  # type: ignore[misc]

    await directory.put_route(ALICE)
    await directory.save_device_token("alice", Secret("paired"))
    await directory.put_member(Member("bob", "acme"))
    await directory.remove_member("bob")
    await directory.remove_member("bob")
    await directory.remove_owner("alice")
    await directory.remove_owner("alice")

    assert heard == [
        (ROUTE_CHANGED, {"owner": "alice"}),
        (MEMBER_CHANGED, {"member": "bob", "owner": "acme"}),
        (MEMBER_REMOVED, {"member": "bob"}),
        (OWNER_REMOVED, {"owner": "alice"}),
    ]


async def test_it_is_all_there_after_a_restart(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Routes, devices and members survive the process."""
    first = await reopened(url, tmp_path, key)
    route = await first.put_route(ALICE)
    member = await first.put_member(Member("alice", "alice"))
    await first.close()

    second = await reopened(url, tmp_path, key)

    assert await second.route("alice") == route
    assert await second.member("alice") == member
    assert not second.read_only
    await second.close()


async def test_replicas_that_start_at_once_migrate_once(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Two processes may come up on an empty database in the same moment."""
    replicas = [open_directory(url, home=tmp_path, key=key, bus=MemoryBus()) for _ in range(4)]

    await asyncio.gather(*(replica.start() for replica in replicas))
    await asyncio.gather(*(replica.put_route(ALICE) for replica in replicas))

    route = await replicas[0].route("alice")
    assert route is not None
    assert route.revision == len(replicas)
    await asyncio.gather(*(replica.close() for replica in replicas))


async def test_another_secret_key_is_refused_at_the_start(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Not at the first connect of some owner, and with what to do."""
    await (await reopened(url, tmp_path, key)).close()
    other = open_directory(url, home=tmp_path, key=SecretKey(bytes(32)), bus=MemoryBus())
    with pytest.raises(BadConfiguration) as refused:
        await other.start()
    assert "secret.key" in str(refused.value.remedy)
    await other.close()


async def test_a_database_of_a_newer_version_is_refused(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Neither touched nor misread."""
    await (await reopened(url, tmp_path, key)).close()
    database = Database(url)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()

    directory = open_directory(url, home=tmp_path, key=key, bus=MemoryBus())
    with pytest.raises(BadConfiguration, match="another version"):
        await directory.start()
    await directory.close()


async def test_a_role_of_a_newer_version_is_refused(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Nobody gets rights by a word we do not know."""
    directory = await reopened(url, tmp_path, key)
    await directory.put_member(Member("bob", "acme"))
    database = Database(url)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE members SET role = 'emperor'"))
    await database.close()

    with pytest.raises(BadConfiguration, match="emperor"):
        await directory.members()
    await directory.close()


async def test_the_migrations_make_the_tables_of_the_models(url: str, tmp_path: Path, key: SecretKey) -> None:
    """Whoever changes a table writes the migration too."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from vestibule.directory.tables import Base

    await (await reopened(url, tmp_path, key)).close()
    database = Database(url)
    async with database.reading() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    await database.close()

    assert differences == []


async def test_a_defect_of_ours_is_not_called_the_storages(url: str, tmp_path: Path, key: SecretKey) -> None:
    """A wrong statement stays the exception it is."""
    await (await reopened(url, tmp_path, key)).close()
    database = Database(url)
    with pytest.raises(IntegrityError):
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO facts (name) VALUES ('no value')"))
    await database.close()
