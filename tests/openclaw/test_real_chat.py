"""Chat through the whole road with a real agent: what it says arrives once, whole and in order."""

from __future__ import annotations

import uuid
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


async def last_said(tab: Tab, session: str) -> str:
    """The agent's newest message as the gateway keeps it."""
    return said(await tab.call("chat.history", {"sessionKey": session, "limit": 50}))[-1]


async def test_a_turn_with_a_tool(road: RealRoad) -> None:
    """C3, C4, C9: the tool's start and end, then the answer; increments add up to what the history keeps."""
    tab, session = await road.tab("ada"), new_session()
    done = await tab.answer("please use a tool", sessionKey=session)

    start, end = tab.of("tool_start")[0], tab.of("tool_end")[0]
    assert start["tool"] == end["tool"] == "exec"
    assert start["toolCallId"] == end["toolCallId"]
    assert "command" in start["args"]
    assert end["result"] is not None
    assert done["turnEnded"] is True
    assert {frame["runId"] for frame in (start, end, done)} == {done["runId"]}
    assert tab.text() == await last_said(tab, session)


async def test_thinking_is_told_apart_from_the_answer(road: RealRoad, openclaw: RealGateway) -> None:
    """C9: thinking arrives as increments of its own and is no part of the text."""
    openclaw.model.answer("ponder this", Reply("Forty-two.", thinking="Six by nine, or so."))
    tab, session = await road.tab("ada"), new_session()
    await tab.answer("ponder this", sessionKey=session)
    assert "".join(frame["content"] for frame in tab.of("thinking")) == "Six by nine, or so."
    assert tab.text() == "Forty-two." == await last_said(tab, session)


async def test_a_turn_on_wire_3(tmp_path: Path, old_openclaw: RealGateway) -> None:
    """C3, C4: no increments on this wire, only cumulative text: the door makes them."""
    old_openclaw.model.answer("count slowly", SLOW)
    async with real_road(tmp_path, old_openclaw) as road:
        tab = await road.tab("ada")
        await tab.answer("count slowly", sessionKey="agent:main:wire3")
        assert tab.text() == " ".join(SLOW.pieces()).replace("  ", " ")
        assert len(tab.of("chunk")) > 1
        assert not any(frame.get("replace") for frame in tab.of("chunk"))


async def test_the_second_message_knows_the_first(road: RealRoad, openclaw: RealGateway) -> None:
    """C1: an agent's session stays the same; the model is shown what was said before."""
    openclaw.model.answer("my name is Ottilie", Reply("Noted."))
    openclaw.model.answer("what is my name", Reply("Ottilie."))
    tab = await road.tab("ada")
    first = await tab.answer("my name is Ottilie")
    second = await tab.answer("what is my name")
    assert first["sessionKey"] == second["sessionKey"] == "agent:main:main"
    assert first["runId"] != second["runId"]
    assert b"Ottilie" in msgspec.json.encode(openclaw.model.requests[-1]["messages"])


async def test_the_same_message_twice_is_one_run(road: RealRoad, openclaw: RealGateway) -> None:
    """C7: the client's id is the idempotency key; sent again it starts nothing."""
    openclaw.model.answer("only once please", Reply("Once."))
    tab, session, id = await road.tab("ada"), new_session(), str(uuid.uuid4())
    before = len(openclaw.model.requests)
    await tab.chat("only once please", sessionKey=session, id=id)
    await tab.chat("only once please", sessionKey=session, id=id)
    done = await tab.get("done")
    assert (done["runId"], done["id"]) == (id, id)
    assert len(openclaw.model.requests) == before + 1
    assert tab.text() == "Once."


async def test_stop_stops_the_run_at_the_gateway(road: RealRoad, openclaw: RealGateway) -> None:
    """C10: the abort ends the run itself, and what was said so far stays."""
    openclaw.model.answer("talk for long", SLOW)
    tab, session = await road.tab("ada"), new_session()
    await tab.chat("talk for long", sessionKey=session)
    chunk = await tab.get("chunk")
    await tab.send({"type": "chat_abort", "runId": chunk["runId"]})
    done = await tab.get("done")
    assert done["aborted"] is True
    assert tab.text() != SLOW.text
    again = await tab.call("chat.abort", {"sessionKey": session})
    assert again["runIds"] == []


async def test_a_failing_model_is_one_addressed_error(road: RealRoad, openclaw: RealGateway) -> None:
    """C8: the gateway sends two terminal events; the client gets one error, with its run and its message's id."""
    openclaw.model.answer("please break", Reply("invalid key", status=401))
    tab = await road.tab("ada")
    created = await tab.call("sessions.create", {"model": "failing/demo"})
    await tab.chat("please break", sessionKey=created["key"], id="broken-turn-0123456789")
    error = await tab.get("error")
    assert (error["code"], error["id"], error["turnEnded"]) == ("RUN_FAILED", "broken-turn-0123456789", True)
    assert error["runId"]
    await tab.ping()
    assert len(tab.of("error")) == 1
    assert not tab.of("done")
    await tab.call("sessions.delete", {"key": created["key"]})


async def test_chat_frames_are_for_the_tab_that_asked(road: RealRoad) -> None:
    """R1: another tab of the same member hears the run as events, never as frames of a turn of its own."""
    one, other, session = await road.tab("ada"), await road.tab("ada"), new_session()
    done = await one.answer("hello", sessionKey=session)
    await other.until(lambda: [e for e in other.events("chat") if e["payload"].get("state") == "final"])
    assert {event["payload"]["runId"] for event in other.events("chat")} == {done["runId"]}
    assert not other.of("chunk")
    assert not other.of("done")
    assert not one.events("chat"), "what the chat frames say is not said twice"


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
        back = await road.tab("ada", f"epoch={at['epoch']}&offset={at['offset']}")
        assert back.hello["recovered"] is True
        await back.get("done")

        offsets = [frame["offset"] for frame in tab.pushed + back.pushed]
        assert offsets == sorted(set(offsets))
        assert tab.text() + back.text() == SLOW.text == await last_said(back, "agent:main:resumed")


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
        assert tab.text() == SLOW.text == await last_said(tab, session)
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
        assert tab.text() == await last_said(tab, session)
    finally:
        await ask_before_exec(None)
        await tab.until(lambda: tab.gateway == "ready")
