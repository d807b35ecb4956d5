"""Coming back to a real agent: a client that drops, a gateway connection that breaks, a run that waits for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from support.realroad import RealRoad, new_session, real_road, said
from vestibule.testing import FaultProxy, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from road.kit import Frame, Tab
    from support.openclaw import RealGateway

SLOW = Reply(" ".join(f"word{n}" for n in range(40)), delay_s=0.1)
"""Four seconds of an answer."""


async def all_said(tab: Tab, session: str) -> str:
    """What the agent said, as the gateway keeps it; `chat` events put a blank line between the parts."""
    return "\n\n".join(said(await tab.call("chat.history", {"sessionKey": session, "limit": 50})))


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_who_drops_mid_answer_misses_nothing(
    version: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """C6: the run goes on, and the client that comes back gets what it missed, once and in order."""
    gateway: RealGateway = request.getfixturevalue(version)
    gateway.model.answer("tell me slowly", SLOW)
    async with real_road(tmp_path, gateway) as road:
        tab = await road.tab("ada")
        await tab.chat("tell me slowly", sessionKey="agent:main:resumed")
        await tab.get("chunk", 2)
        tab.drop()
        await tab.closed()
        at = tab.position
        back = await road.tab("ada", resume=at)
        assert back.hello["recovered"] is True
        await back.get("done")

        offsets = [frame["offset"] for frame in tab.pushed + back.pushed]
        assert offsets == sorted(set(offsets))
        assert tab.text() + back.text() == SLOW.text == await all_said(back, "agent:main:resumed")


async def test_a_gateway_connection_cut_mid_answer(tmp_path: Path, openclaw: RealGateway) -> None:
    """P6, P8, C6: the socket to the gateway breaks; calls are answered at once, the answer goes on where it was."""
    openclaw.model.answer("through thick and thin", SLOW)
    async with (
        FaultProxy(openclaw.url) as proxy,
        real_road(tmp_path, openclaw, url=proxy.url) as road,
    ):
        tab, session = await road.tab("ada"), new_session()
        await tab.chat("through thick and thin", sessionKey=session)
        await tab.get("chunk", 2)
        proxy.drop()
        await tab.get("done")
        assert tab.text() == SLOW.text == await all_said(tab, session)
        assert proxy.total_connections == 2


async def test_an_exec_approval_is_asked_and_given(road: RealRoad) -> None:
    """C2: the agent wants to run a command, the member allows it once, the turn goes on to its end."""
    tab, session = await road.tab("ada"), new_session()

    async def ask_before_exec(exec_settings: Frame | None) -> None:
        read = await tab.call("config.get")
        patch = msgspec.json.encode({"tools": {"exec": exec_settings}}).decode()
        await tab.call("config.patch", {"raw": patch, "baseHash": read["hash"]})

    await ask_before_exec({"security": "allowlist", "ask": "always", "host": "gateway"})
    try:
        await tab.until(lambda: tab.gateway == "ready")
        await tab.chat("please use a tool", sessionKey=session)
        asked = (await tab.event("exec.approval.requested"))["payload"]
        assert asked["request"]["sessionKey"] == session
        assert not tab.of("done")
        await tab.call("exec.approval.resolve", {"id": asked["id"], "decision": "allow-once"})
        done = await tab.get("done")
        assert done["turnEnded"] is True
        assert (await tab.event("exec.approval.resolved"))["payload"]["id"] == asked["id"]
        assert tab.of("tool_end")
        assert tab.text() == await all_said(tab, session)
    finally:
        await ask_before_exec(None)
        await tab.until(lambda: tab.gateway == "ready")
