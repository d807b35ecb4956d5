"""`exec.approval.list` of a gateway that has none: the door keeps what it saw, and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.waiting import eventually
from vestibule.model import Role
from vestibule.testing import Approval, ChatScript

if TYPE_CHECKING:
    from road.kit import Road, Tab
    from vestibule.testing import SimulatedGateway

LIST = "exec.approval.list"


async def team(road: Road, protocol: int) -> tuple[SimulatedGateway, Tab]:
    gateway = await road.owner(
        "team", ("ada", Role.ADMIN), ("olga", Role.OPERATOR), ("vera", Role.VIEWER), protocol=protocol
    )
    return gateway, await road.tab("ada")


async def asked(gateway: SimulatedGateway, tab: Tab, command: str, n: int, *, expires_in_ms: int = 1_800_000) -> str:
    """The id of an approval that a run asks for."""
    gateway.next_chat(ChatScript(approval=Approval(command, expires_in_ms=expires_in_ms)))
    await tab.chat("go", sessionKey=f"agent:main:{n}")
    return str((await tab.event("exec.approval.requested", n))["payload"]["id"])


@pytest.mark.parametrize("protocol", [3, 4])
async def test_who_comes_later_is_told_what_is_open(road: Road, protocol: int) -> None:
    """On either wire alike; what was decided or has expired is gone, and a viewer is not told (R2)."""
    gateway, ada = await team(road, protocol)
    decided = await asked(gateway, ada, "ls", 1)
    await asked(gateway, ada, "brief", 2, expires_in_ms=1)
    open_ = await asked(gateway, ada, "uname -a", 3)
    await ada.call("exec.approval.resolve", {"id": decided, "decision": "deny"})
    await ada.event("exec.approval.resolved")

    olga, vera = await road.tab("olga"), await road.tab("vera")

    assert LIST in (await olga.call("door.gateway"))["methods"]
    [row] = await olga.call(LIST)
    assert (row["id"], row["request"]["command"]) == (open_, "uname -a")
    assert row["request"]["cwd"] == "(hidden)"
    assert await ada.call(LIST) == [ada.events("exec.approval.requested")[-1]["payload"]]
    assert (await vera.ask(LIST))["error"]["details"]["missingScope"] == "operator.approvals"
    assert bool(gateway.requests_of(LIST)) is (protocol == 4)


@pytest.mark.parametrize("ending", ["restart", "crash"])
async def test_a_lost_connection_keeps_the_list_and_a_new_process_empties_it(road: Road, ending: str) -> None:
    """A gateway that has started anew does not wait for what it had asked before."""
    gateway, ada = await team(road, protocol=3)
    id = await asked(gateway, ada, "ls", 1)
    await gateway.drop()
    await eventually(lambda: len(gateway.connects) == 2)
    assert [row["id"] for row in await ada.call(LIST)] == [id]

    if ending == "restart":
        await gateway.restart()
    else:
        gateway.world.started_ms = gateway.now_ms()
        await gateway.drop()

    await eventually(lambda: len(gateway.connects) == 3)
    assert await ada.call(LIST) == []


async def test_another_gateway_has_a_list_of_its_own(road: Road) -> None:
    """P11: a route that leads elsewhere."""
    gateway, ada = await team(road, protocol=3)
    other = await road.owner("other", protocol=3)
    await asked(gateway, ada, "ls", 1)

    await road.route("team", other)
    await eventually(lambda: len(other.connects) == 1)

    assert await ada.call(LIST) == []
