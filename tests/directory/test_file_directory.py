from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.waiting import eventually
from vestibule.bus.memory import MemoryBus
from vestibule.bus.port import MEMBER_CHANGED, MEMBER_REMOVED, OWNER_REMOVED, ROUTE_CHANGED
from vestibule.directory import SecretKey, open_directory
from vestibule.directory.file import FileDirectory
from vestibule.errors import BadConfiguration, Conflict
from vestibule.model import Member, Route, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ALICE = '[[gateway]]\nowner = "alice"\nurl = "ws://h:1"\ntoken_file = "token"\n'
BOB = '[[gateway]]\nowner = "bob"\nurl = "ws://h:2"\n'
KEY = SecretKey(bytes(range(32)))


class Fleet:
    """A fleet file, its directory and what the directory announced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "fleet.toml"
        self.heard: list[tuple[str, str]] = []
        bus = MemoryBus()
        for topic, name in (
            (ROUTE_CHANGED, "owner"),
            (OWNER_REMOVED, "owner"),
            (MEMBER_CHANGED, "member"),
            (MEMBER_REMOVED, "member"),
        ):
            bus.subscribe(topic, lambda message, topic=topic, name=name: self.heard.append((topic, message[name])))  # type: ignore[misc]
        (folder / "token").write_text("first")
        self.write(ALICE + BOB)
        self.directory = FileDirectory(self.file, KEY, bus, interval_s=0.01)

    def write(self, text: str) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(text)
        new.rename(self.file)


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Fleet]:
    fleet = Fleet(tmp_path)
    await fleet.directory.start()
    yield fleet
    await fleet.directory.close()


async def test_a_change_is_taken_and_announced(fleet: Fleet) -> None:
    """P11: only who changed hears of it, with a higher revision and the same device."""
    before = {route.owner: route for route in await fleet.directory.routes()}
    fleet.write(ALICE.replace("h:1", "h:9") + BOB)
    await eventually(lambda: fleet.heard)

    alice, bob = await fleet.directory.routes()
    assert (alice.url, alice.revision) == ("ws://h:9", 2)
    assert alice.device_seed == before["alice"].device_seed
    assert bob is before["bob"]
    assert fleet.heard == [(ROUTE_CHANGED, "alice")]


async def test_a_changed_token_file_is_a_change(fleet: Fleet) -> None:
    """Secrets are rotated where they lie."""
    (fleet.folder / "token").write_text("second")
    await eventually(lambda: fleet.heard)
    route = await fleet.directory.route("alice")
    assert route is not None
    assert route.token.reveal() == "second"


async def test_who_is_gone_is_announced(fleet: Fleet) -> None:
    """S3: owners and members that are no longer in the file lose their connections."""
    fleet.write(ALICE + '[[member]]\nid = "eve"\nowner = "alice"\n')
    await eventually(lambda: len(fleet.heard) == 4)
    assert sorted(fleet.heard) == [
        (MEMBER_CHANGED, "eve"),
        (MEMBER_REMOVED, "alice"),
        (MEMBER_REMOVED, "bob"),
        (OWNER_REMOVED, "bob"),
    ]
    assert await fleet.directory.member("bob") is None


async def test_a_mistake_changes_nothing(fleet: Fleet) -> None:
    """Whoever saves half a line takes nobody's gateway away; the next good version counts."""
    fleet.write("[[gateway]]\nowner = ")
    fleet.file.unlink()
    fleet.write("[[gateway]]\n")
    fleet.write(BOB.replace("h:2", "h:3"))
    await eventually(lambda: (ROUTE_CHANGED, "bob") in fleet.heard)
    assert [route.owner for route in await fleet.directory.routes()] == ["bob"]


async def test_a_wrong_file_is_waited_out(fleet: Fleet) -> None:
    """While it is wrong or missing, the fleet stays as it was."""
    fleet.file.unlink()
    await eventually(lambda: fleet.directory._seen is not None and None in fleet.directory._seen)  # type: ignore[operator]
    assert len(await fleet.directory.routes()) == 2
    fleet.write(ALICE)
    await eventually(lambda: (OWNER_REMOVED, "bob") in fleet.heard)


async def test_a_device_token_outlives_what_does_not_concern_it(fleet: Fleet) -> None:
    """It goes with the route it was given for."""
    await fleet.directory.save_device_token("alice", Secret("paired"))
    fleet.write(ALICE + BOB.replace("h:2", "h:3"))
    await eventually(lambda: (ROUTE_CHANGED, "bob") in fleet.heard)
    kept = await fleet.directory.route("alice")
    fleet.write(ALICE.replace("h:1", "h:9") + BOB)
    await eventually(lambda: (ROUTE_CHANGED, "alice") in fleet.heard)
    dropped = await fleet.directory.route("alice")

    assert kept is not None
    assert dropped is not None
    assert (kept.device_token.reveal(), dropped.device_token.reveal()) == ("paired", "")


async def test_a_device_token_in_the_file_is_no_change_each_time(tmp_path: Path) -> None:
    """Given devices and device tokens are compared like everything else."""
    fleet = Fleet(tmp_path)
    given = BOB + 'device_token = "paired"\n'
    fleet.write(ALICE + given)
    await fleet.directory.start()
    fleet.write(ALICE.replace("h:1", "h:9") + given)
    await eventually(lambda: fleet.heard)
    await fleet.directory.close()
    assert fleet.heard == [(ROUTE_CHANGED, "alice")]


async def test_the_device_is_the_same_after_a_restart(tmp_path: Path, fleet: Fleet) -> None:
    """Pairing holds although nothing is stored."""
    again = open_directory(f"file://{fleet.file}", home=tmp_path, key=KEY, bus=MemoryBus())
    await again.start()
    assert await again.routes() == await fleet.directory.routes()
    await again.close()


async def test_writes_are_refused_with_where_to_write(fleet: Fleet) -> None:
    """It is somebody's file."""
    directory, route, member = fleet.directory, Route("o", "ws://h"), Member("m", "o")
    for write in (
        directory.put_route(route),
        directory.put_routes([route]),
        directory.remove_owner("alice"),
        directory.put_member(member),
        directory.put_members([member]),
        directory.remove_member("alice"),
    ):
        with pytest.raises(Conflict, match="static file") as refused:
            await write
        assert str(fleet.file) in str(refused.value.remedy)
    assert directory.read_only


async def test_a_mistake_at_the_start_is_an_error(tmp_path: Path) -> None:
    """There is no fleet to go on with."""
    directory = open_directory(f"file://{tmp_path}/none.toml", home=tmp_path, key=KEY, bus=MemoryBus())
    with pytest.raises(BadConfiguration):
        await directory.start()
    await directory.close()
