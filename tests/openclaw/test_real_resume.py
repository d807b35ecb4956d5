"""Sockets lost in the middle of an answer, on either side of the door: nothing lost, nothing twice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from support.realroad import new_session, real_road, said
from support.waiting import eventually
from vestibule.client import Chunk, Done, ToolEnd, ToolStart
from vestibule.testing import FaultProxy, Gate, Reply, ToolCall

if TYPE_CHECKING:
    from pathlib import Path

    from support.openclaw import RealGateway
    from support.realroad import RealRoad

TEXT = " ".join(f"word{number}" for number in range(40))


def before(number: int) -> str:
    """What the agent has said when the model stands before this word. The gateway holds back the space at the end."""
    return " ".join(TEXT.split(" ")[:number])


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_a_client_that_drops_and_comes_back(version: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """C6, C3: away for the middle of the answer, there again for its end.

    The middle takes a second: wire 3 tells of new text every 150 ms, and of none that comes sooner before the next.
    """
    gateway: RealGateway = request.getfixturevalue(version)
    away, later = Gate(), Gate()
    gateway.model.answer("count for me", Reply(TEXT, gates={"chunk:5": away, "chunk:30": later}, delay_s=0.04))
    async with real_road(tmp_path, gateway) as road:
        first, key = await road.tab("ada"), new_session()
        await first.chat("count for me", sessionKey=key)
        await gateway.reached(away)
        await first.until(first.text)
        position = first.position
        first.drop()
        await eventually(lambda: road.replica.hub.client_count == 0)
        await gateway.open(away)
        await gateway.reached(later)

        second = await road.tab("ada", resume=position)
        await second.until(second.text)
        await gateway.open(later)
        await second.get("done")

        assert second.hello["recovered"] is True
        assert len(first.text()) <= len(before(5))
        assert first.text() + second.text() == TEXT
        assert len(second.of("done")) == 1
        offsets = [frame["offset"] for frame in second.pushed]
        assert offsets == sorted(set(offsets))
        assert offsets[0] > position["offset"]
        assert said(await second.call("chat.history", {"sessionKey": key, "limit": 5})) == [TEXT]


async def test_the_sdk_comes_back_by_itself(road: RealRoad, openclaw: RealGateway) -> None:
    """C6, C7: cut three times in one answer with a tool call; nobody who iterates notices."""
    gates = {f"chunk:{number}": Gate() for number in (3, 17, 33)}
    command = ToolCall("exec", {"command": "echo counted"})
    openclaw.model.answer("count by sdk", Reply("First a look.", tool=command), Reply(TEXT, gates=gates, delay_s=0.005))
    async with await road.door() as door:
        turn = door.chat("main", "count by sdk", session_key=new_session())
        sockets: list[str] = []
        for gate in gates.values():
            await openclaw.reached(gate)
            sockets.append(door.hello.connection_id)
            road.tap.reset()
            await eventually(lambda: door.hello.connection_id not in sockets)
            await openclaw.open(gate)
        events = [event async for event in turn]

    assert "".join(str(event) for event in events if isinstance(event, Chunk)) == f"First a look.\n\n{TEXT}"
    ends = [type(event) for event in events if isinstance(event, (ToolStart, ToolEnd, Done))]
    assert ends == [ToolStart, ToolEnd, Done]
    assert door.hello.recovered is True


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_the_gateway_connection_is_cut_in_an_answer(
    version: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """P6, C6: calls in flight are answered, the door connects again, and the answer is completed, byte for byte."""
    gateway: RealGateway = request.getfixturevalue(version)
    gate = Gate()
    gateway.model.answer("keep counting", Reply(TEXT, gates={"chunk:5": gate}, delay_s=0.005))
    async with FaultProxy(gateway.url) as proxy, real_road(tmp_path, gateway, url=proxy.url) as road:
        tab, turn = await road.tab("ada"), str(uuid.uuid4())
        await tab.chat("keep counting", sessionKey=new_session(), id=turn)
        await gateway.reached(gate)
        await tab.until(tab.text)
        await tab.send({"type": "req", "id": "wait", "method": "agent.wait", "params": {"runId": turn}})
        await tab.ping()

        proxy.reset()
        lost = await tab.get("res", id="wait")
        await tab.until(lambda: len(tab.of("status")) >= 2 and tab.gateway == "ready")
        await gateway.open(gate)
        done = await tab.get("done", id=turn)

        assert (lost["error"]["code"], lost["error"]["mayHaveRun"]) == ("GATEWAY_LOST", True)
        assert "".join(chunk["content"] for chunk in tab.of("chunk")) == TEXT
        assert not [chunk for chunk in tab.of("chunk") if "replace" in chunk]
        assert done["turnEnded"] is True
        assert tab.of("error") == []


async def test_a_run_that_ends_while_the_gateway_cannot_be_reached(tmp_path: Path, openclaw: RealGateway) -> None:
    """C6: its end and its text are taken from the history; the text is the one the events would have told."""
    gate, command = Gate(), ToolCall("exec", {"command": "echo unseen"})
    openclaw.model.answer(
        "end unseen", Reply("I begin with this.", tool=command, gates={"end": gate}), Reply("And so it ends.")
    )
    async with FaultProxy(openclaw.url) as proxy, real_road(tmp_path, openclaw, url=proxy.url) as road:
        tab, turn = await road.tab("ada"), str(uuid.uuid4())
        await tab.chat("end unseen", sessionKey=new_session(), id=turn)
        await openclaw.reached(gate)
        await tab.until(tab.text)

        proxy.blackhole()
        proxy.reset()
        await openclaw.open(gate)
        ended = await openclaw.call("agent.wait", {"runId": turn, "timeoutMs": 60_000})
        assert ended["status"] == "ok"
        proxy.pass_through()
        done = await tab.get("done")

        assert "".join(chunk["content"] for chunk in tab.of("chunk")) == "I begin with this.\n\nAnd so it ends."
        assert done["turnEnded"] is True
        assert (await tab.ask("health"))["ok"]


async def test_what_happened_meanwhile_is_made_up_for_while_the_run_goes_on(
    tmp_path: Path, openclaw: RealGateway
) -> None:
    """C6, C9: a tool call nobody heard of is told with its arguments and result; then the text goes on live."""
    first, second, command = Gate(), Gate(), ToolCall("exec", {"command": "echo meanwhile"})
    openclaw.model.answer(
        "use it unseen",
        Reply("I wait for this.", tool=command, gates={"end": first}),
        Reply("It said so, and more.", gates={"chunk:2": second}),
    )
    async with FaultProxy(openclaw.url) as proxy, real_road(tmp_path, openclaw, url=proxy.url) as road:
        tab = await road.tab("ada")
        await tab.chat("use it unseen", sessionKey=new_session())
        await openclaw.reached(first)
        await tab.until(tab.text)
        proxy.blackhole()
        proxy.reset()
        await openclaw.open(first)
        await openclaw.reached(second)

        proxy.pass_through()
        await tab.until(lambda: tab.text().startswith("I wait for this.\n\nIt said"))
        await openclaw.open(second)
        await tab.get("done")

        (start,), (end,) = tab.of("tool_start"), tab.of("tool_end")
        assert start["args"] == {"command": "echo meanwhile"}
        assert "meanwhile" in str(end["result"])
        assert "".join(chunk["content"] for chunk in tab.of("chunk")) == "I wait for this.\n\nIt said so, and more."
