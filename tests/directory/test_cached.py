from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from support.waiting import eventually
from vestibule.bus.memory import MemoryBus
from vestibule.directory import SecretKey
from vestibule.directory.cached import CachedDirectory
from vestibule.directory.database import Database
from vestibule.directory.gathered import Gathered
from vestibule.directory.sql import SqlDirectory
from vestibule.errors import BadConfiguration, StorageFault
from vestibule.model import Member, Role, Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ALICE = Route("alice", "ws://h:1")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Replicas:
    """Two processes on one database; what they have in common is the bus, or not."""

    def __init__(self, file: Path, *, together: bool) -> None:
        bus = MemoryBus()
        self.clock = Clock()
        key = SecretKey(bytes(32))
        self.here, self.there = (
            CachedDirectory(
                SqlDirectory(Database(f"sqlite:///{file}"), key),
                bus if together else MemoryBus(),
                ttl_s=5,
                clock=self.clock,
            )
            for _ in range(2)
        )


@pytest.fixture(params=[True, False], ids=["one bus", "no bus"])
async def replicas(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Replicas]:
    replicas = Replicas(tmp_path / "door.db", together=request.param)
    await replicas.here.start()
    await replicas.there.start()
    yield replicas
    await replicas.here.close()
    await replicas.there.close()


async def test_who_was_just_added_is_there_at_once(replicas: Replicas) -> None:
    """That somebody is missing is never remembered."""
    assert await replicas.here.member("bob") is None
    assert await replicas.here.route("alice") is None
    bob, alice = await replicas.there.put_member(Member("bob", "acme")), await replicas.there.put_route(ALICE)
    assert await replicas.here.member("bob") == bob
    assert await replicas.here.route("alice") == alice


async def test_own_changes_count_at_once(replicas: Replicas) -> None:
    """Whoever writes sees it."""
    await replicas.here.put_route(ALICE)
    await replicas.here.put_member(Member("bob", "alice"))
    await replicas.here.route("alice")
    await replicas.here.member("bob")

    changed = await replicas.here.put_route(replace(ALICE, url="ws://h:2"))
    demoted = await replicas.here.put_member(Member("bob", "alice", Role.VIEWER))
    assert await replicas.here.route("alice") == changed
    assert await replicas.here.member("bob") == demoted

    await replicas.here.remove_owner("alice")
    assert await replicas.here.route("alice") is None
    assert await replicas.here.member("bob") is None


async def test_changes_elsewhere_count_within_the_time(replicas: Replicas) -> None:
    """S3: at once where there is a bus, within 5 s where there is none."""
    bob = await replicas.here.put_member(Member("bob", "alice"))
    await replicas.here.put_route(ALICE)
    assert await replicas.here.member("bob") == bob
    assert await replicas.here.route("alice") is not None

    await replicas.there.remove_owner("alice")
    replicas.clock.now += 5

    assert await replicas.here.member("bob") is None
    assert await replicas.here.route("alice") is None


async def test_what_is_remembered_is_not_asked_for(tmp_path: Path) -> None:
    """A connect costs no query while the answer is fresh; all of `members_by_id` is asked each time."""
    replicas = Replicas(tmp_path / "door.db", together=False)
    await replicas.here.start()
    bob = await replicas.here.put_member(Member("bob", "alice"))
    await replicas.here.member("bob")
    await replicas.there.start()
    await replicas.there.remove_member("bob")

    assert await replicas.here.member("bob") == bob
    assert await replicas.here.members_by_id(["bob"]) == {}
    await replicas.here.close()
    await replicas.there.close()


async def test_a_route_that_cannot_be_opened_is_one_owners_trouble(tmp_path: Path) -> None:
    """P2, R1: many routes are read together when many connect; a broken one fails for who asked for it."""
    replicas = Replicas(tmp_path / "door.db", together=True)
    await replicas.here.start()
    alice, _ = await replicas.here.put_routes([ALICE, replace(ALICE, owner="mallory")])
    with contextlib.closing(sqlite3.connect(tmp_path / "door.db")) as file, file:
        file.execute("UPDATE routes SET token = 'v1.AAAA' WHERE owner = 'mallory'")

    found, broken, none = await asyncio.gather(
        *(replicas.here.route(owner) for owner in ("alice", "mallory", "nobody")), return_exceptions=True
    )

    assert (found, none) == (alice, None)
    assert isinstance(broken, BadConfiguration)
    await replicas.here.close()


async def test_what_was_read_before_a_write_is_not_remembered_after_it(replicas: Replicas) -> None:
    """S3: a removal in the middle of a read does not come back for five seconds."""
    await replicas.here.put_member(Member("bob", "alice"))
    for _ in range(20):
        reading = asyncio.gather(*(replicas.here.member("bob") for _ in range(5)))
        await replicas.here.remove_member("bob")
        await reading
        assert await replicas.here.member("bob") is None
        await replicas.here.put_member(Member("bob", "alice"))


class Answers:
    """Something that is asked, answers when it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.go = asyncio.Event()
        self.broken = False

    async def __call__(self, names: object) -> dict[str, int]:
        self.asked.append(sorted(names))  # type: ignore[call-overload]
        await self.go.wait()
        if self.broken:
            raise StorageFault
        return {name: len(name) for name in self.asked[-1] if name != "missing"}


async def test_many_questions_are_one() -> None:
    """Thousands that come back at once cost a handful of queries, and each gets its own answer."""
    answers = Answers()
    gathered = Gathered(answers)
    async with asyncio.TaskGroup() as clients:
        first = clients.create_task(gathered.get("first"))
        await eventually(lambda: answers.asked)
        others = [clients.create_task(gathered.get(name)) for name in ("a", "bb", "bb", "missing")]
        await asyncio.sleep(0)
        answers.go.set()

    assert answers.asked == [["first"], ["a", "bb", "missing"]]
    assert first.result() == 5
    assert [each.result() for each in others] == [1, 2, 2, None]
    await gathered.close()


async def test_a_failure_goes_to_those_who_asked_and_no_further() -> None:
    """The next question is a new one."""
    answers = Answers()
    answers.go.set()
    answers.broken = True
    gathered = Gathered(answers)
    failed = await asyncio.gather(*(gathered.get("a") for _ in range(3)), return_exceptions=True)
    answers.broken = False

    assert all(isinstance(each, StorageFault) for each in failed)
    assert await gathered.get("a") == 1
    await gathered.close()


async def test_one_who_leaves_does_not_stop_the_others() -> None:
    """A client that hangs up while it signs in takes nobody along; closing ends who still waits."""
    answers = Answers()
    gathered = Gathered(answers)
    async with asyncio.TaskGroup() as clients:
        leaving = clients.create_task(gathered.get("a"))
        staying = clients.create_task(gathered.get("a"))
        await eventually(lambda: answers.asked)
        leaving.cancel()
        answers.go.set()
    assert staying.result() == 1

    answers.go.clear()
    async with asyncio.TaskGroup() as clients:
        waiting = clients.create_task(gathered.get("b"))
        await eventually(lambda: len(answers.asked) == 2)
        await gathered.close()
    assert waiting.cancelled()
