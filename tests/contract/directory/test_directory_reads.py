"""One suite over every directory: SQLite, PostgreSQL, memory and the static file give the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vestibule.directory import IN_MEMORY, Directory, SecretKey, open_directory
from vestibule.model import Member, Role, Route, RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from vestibule.bus.memory import MemoryBus

FLEET = """
[[gateway]]
owner = "alice"
url = "ws://10.0.0.5:18789"
token = "alice-gateway-token"

[[gateway]]
owner = "acme"
url = "wss://acme.example.com"
mode = "trusted-proxy"
identity = "door@acme"
identity_header = "X-Relay-User"
tls_pin = "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89"

[[member]]
id = "bob"
owner = "acme"
role = "viewer"
"""
PIN = "abcdef0123456789" * 4
ROUTES = [
    Route(
        "acme",
        "wss://acme.example.com",
        RouteMode.TRUSTED_PROXY,
        identity="door@acme",
        identity_header="X-Relay-User",
        tls_pin=PIN.upper(),
    ),
    Route("alice", "ws://10.0.0.5:18789", token=Secret("alice-gateway-token")),
]
MEMBERS = [Member("alice", "alice", Role.ADMIN), Member("bob", "acme", Role.VIEWER)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres), "memory", "file"])
async def directory(
    request: pytest.FixtureRequest, tmp_path: Path, bus: MemoryBus, key: SecretKey
) -> AsyncIterator[Directory]:
    """The same fleet in each."""
    if request.param == "file":
        fleet = tmp_path / "fleet.toml"
        fleet.write_text(FLEET)
        url = f"file://{fleet}"
    elif request.param == "sqlite":
        url = ""
    elif request.param == "memory":
        url = IN_MEMORY
    else:
        url = request.getfixturevalue("postgres").new_database()
    directory = open_directory(url, home=tmp_path, key=key, bus=bus)
    await directory.start()
    if not directory.read_only:
        await directory.put_routes(ROUTES)
        await directory.put_members(MEMBERS)
    yield directory
    await directory.close()


async def test_routes_are_found_by_owner(directory: Directory) -> None:
    """With everything a connection needs, spelled one way."""
    alice, acme = await directory.route("alice"), await directory.route("acme")
    assert alice is not None
    assert acme is not None
    assert (alice.url, alice.token.reveal(), alice.mode, alice.revision) == (
        "ws://10.0.0.5:18789",
        "alice-gateway-token",
        RouteMode.TOKEN,
        1,
    )
    assert alice.device_seed
    assert alice.device_seed != acme.device_seed
    assert (acme.mode, acme.identity, acme.identity_header, acme.tls_pin) == (
        RouteMode.TRUSTED_PROXY,
        "door@acme",
        "x-relay-user",
        PIN,
    )
    assert await directory.routes() == [acme, alice]
    assert await directory.route("nobody") is None
    assert await directory.routes_by_owner(["alice", "nobody"]) == {"alice": alice}


async def test_members_are_found_by_id(directory: Directory) -> None:
    """One by one, many at once, all."""
    bob = await directory.member("bob")
    assert bob is not None
    assert (bob.owner, bob.role) == ("acme", Role.VIEWER)
    assert await directory.member("nobody") is None
    assert await directory.members_by_id(["bob", "nobody"]) == {"bob": bob}
    assert [member.id for member in await directory.members()] == ["alice", "bob"]


async def test_a_device_token_is_kept_with_the_route(directory: Directory) -> None:
    """It changes no revision: the connection that brought it stays right."""
    await directory.save_device_token("alice", Secret("paired"))
    route = await directory.route("alice")
    assert route is not None
    assert (route.device_token.reveal(), route.revision) == ("paired", 1)
    await directory.save_device_token("nobody", Secret("paired"))
    assert await directory.route("nobody") is None
