"""What somebody is asked to allow: shown by event to who may decide, decided once, and kept in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.openclaw import rpc
from vestibule.model import Role

if TYPE_CHECKING:
    from road.kit import Frame
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

MAIL = {"title": "Send the mail", "description": "To everybody", "severity": "warning", "toolName": "mail"}
ECHO = {"command": "echo decided", "host": "gateway", "cwd": "/tmp"}


@pytest.mark.parametrize(("kind", "wanted", "decision"), [("plugin", MAIL, "allow-once"), ("exec", ECHO, "deny")])
async def test_it_is_decided_by_one_and_heard_by_the_others(
    road: RealRoad, openclaw: RealGateway, kind: str, wanted: Frame, decision: str
) -> None:
    """R2: an operator decides, and whoever asked hears it; a viewer hears nothing; who comes later has the list."""
    await road.members("ada", ("ola", Role.OPERATOR), ("vera", Role.VIEWER))
    ada, ola, vera = await road.tab("ada"), await road.tab("ola"), await road.tab("vera")
    async with openclaw.connected() as plugin:
        accepted = await rpc(plugin, f"{kind}.approval.request", {**wanted, "twoPhase": True, "timeoutMs": 60_000})
        mine = {"id": accepted["id"]}
        shown = (await ola.event(f"{kind}.approval.requested"))["payload"]
        later = await road.tab("ola")
        listed = await later.call(f"{kind}.approval.list")
        forbidden = await vera.ask(f"{kind}.approval.resolve", {**mine, "decision": decision})
        await ola.call(f"{kind}.approval.resolve", {**mine, "decision": decision})
        resolved = [(await tab.event(f"{kind}.approval.resolved"))["payload"] for tab in (ada, later)]
        decided = await rpc(plugin, f"{kind}.approval.waitDecision", mine)
    again = await ada.ask(f"{kind}.approval.resolve", {**mine, "decision": "allow-always"})
    history = await ada.call("approval.history")
    await vera.ping()

    assert shown["request"].items() >= wanted.items()
    assert [each["id"] for each in listed] == [shown["id"]] == [accepted["id"]]
    assert forbidden["error"]["details"]["missingScope"] == "operator.approvals"
    assert {(each["id"], each["decision"]) for each in resolved} == {(accepted["id"], decision)}
    assert decided["decision"] == decision
    assert again["error"]["details"]["reason"] == "APPROVAL_ALREADY_RESOLVED"
    assert (accepted["id"], decision) in [(item["id"], item.get("decision")) for item in history["items"]]
    assert await later.call(f"{kind}.approval.list") == []
    assert not [event for event in vera.events() if ".approval." in event["event"]]


async def test_nobody_decides_in_time(road: RealRoad, openclaw: RealGateway) -> None:
    """It leaves the list when its time is over, and it is too late to decide."""
    tab = await road.tab("ada")
    async with openclaw.connected() as plugin:
        wanted = {**MAIL, "twoPhase": True, "timeoutMs": 500}
        accepted = await rpc(plugin, "plugin.approval.request", wanted)
        await tab.event("plugin.approval.requested")
        decided = await rpc(plugin, "plugin.approval.waitDecision", {"id": accepted["id"]})
    late = await tab.ask("plugin.approval.resolve", {"id": accepted["id"], "decision": "deny"})

    assert decided["decision"] is None
    assert not late["ok"]
    assert await tab.call("plugin.approval.list") == []
