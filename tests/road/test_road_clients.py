"""`door.clients`: who is attached for the same owner, and that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.waiting import eventually
from vestibule.model import Role

if TYPE_CHECKING:
    from road.kit import Road, Tab

CHANGED = "door.clients.changed"


async def members(tab: Tab) -> list[str]:
    """Who is attached, as this client is told."""
    return [client["member"] for client in (await tab.call("door.clients"))["clients"]]


async def test_who_is_attached(road: Road) -> None:
    """Every client of the owner, as it names itself; the door answers by itself."""
    await road.owner("acme", ("boss", Role.ADMIN), ("vic", Role.VIEWER))
    await road.owner("eve")
    boss = await road.tab("boss")
    vic = await road.tab("vic", user_agent_header="robot/1.0")
    await road.tab("eve")

    first, second = (await vic.call("door.clients"))["clients"]

    assert (first["id"], first["member"], first["role"], first["self"]) == (
        boss.hello["connectionId"], "boss", "admin", False,
    )  # fmt: skip
    assert first["agent"].startswith("Python")
    assert first["sinceMs"] <= second["sinceMs"]
    assert (second["id"], second["agent"], second["self"]) == (vic.hello["connectionId"], "robot/1.0", True)


async def test_a_change_is_told_once_to_who_asked(road: Road) -> None:
    """A client that looks hears of it and asks again; one that never asked hears nothing."""
    await road.owner("acme", ("boss", Role.ADMIN), ("vic", Role.VIEWER))
    boss, vic = await road.tab("boss"), await road.tab("vic")
    assert await members(boss) == ["boss", "vic"]

    another = await road.tab("vic")
    await boss.event(CHANGED)
    await another.leave()
    await eventually(lambda: road.replica.hub.client_count == 2)
    await boss.ping()
    assert len(boss.events(CHANGED)) == 1

    assert await members(boss) == ["boss", "vic"]
    await vic.leave()
    await boss.event(CHANGED, 2)
    assert await members(boss) == ["boss"]
    assert not vic.events(CHANGED)


async def test_another_role_is_a_change(road: Road) -> None:
    """S3: what is shown of a member follows what it may do."""
    await road.owner("acme", ("boss", Role.ADMIN), ("vic", Role.VIEWER))
    boss, _ = await road.tab("boss"), await road.tab("vic")
    await members(boss)

    await road.members("acme", ("boss", Role.ADMIN), ("vic", Role.OPERATOR))
    await boss.event(CHANGED)

    assert [client["role"] for client in (await boss.call("door.clients"))["clients"]] == ["admin", "operator"]


async def test_what_changed_while_one_was_away_is_told(road: Road) -> None:
    """C6: its own coming and going are such changes; hello stays the first frame."""
    await road.owner("ada")
    tab = await road.tab("ada")
    await members(tab)

    await tab.leave()
    await eventually(lambda: road.replica.hub.client_count == 0)
    back = await road.tab("ada", resume=tab.position)
    await back.event(CHANGED)

    assert back.frames[0]["type"] == "hello"
    (only,) = (await back.call("door.clients"))["clients"]
    assert only["id"] == back.hello["connectionId"] != tab.hello["connectionId"]
