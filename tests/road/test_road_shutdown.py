"""The door goes down: everybody gets an answer and knows when to come back."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import WebSocketException

from support.waiting import eventually
from vestibule.testing import ChatScript, Fault, Gate

if TYPE_CHECKING:
    from road.conftest import OpenRoad


async def test_clients_are_told_when_to_come_back(open_road: OpenRoad) -> None:
    """Shutdown, R7: 1012 with a hint of its own for each, so that they do not come all at once."""
    async with open_road() as road:
        gateway = await road.owner("ada")
        tabs = [await road.tab("ada") for _ in range(8)]

        await road.stop()

        hints = [json.loads(tab.reason)["retryInMs"] for tab in tabs if await tab.closed() == 1012]
        assert len(hints) == 8
        assert all(0 <= hint < 5_000 for hint in hints)
        assert len(set(hints)) > 1
        assert gateway.open_connections == 0


async def test_calls_in_flight_are_finished_or_answered(open_road: OpenRoad) -> None:
    """P6: what the gateway answers in time is passed on; the rest hears RESTARTING, may have run."""
    async with open_road(shutdown_timeout_s=2.0) as road:
        gateway = await road.owner("ada")
        release = asyncio.get_running_loop().create_future()
        gateway.custom_methods["test.hold"] = lambda call: release
        gateway.add_fault(Fault.NEVER_ANSWER, method="cron.list")
        tab = await road.tab("ada")
        await tab.send({"type": "req", "id": "finished", "method": "test.hold"})
        await tab.send({"type": "req", "id": "answered", "method": "cron.list"})
        await gateway.wait_request("cron.list")

        started = time.monotonic()
        async with asyncio.TaskGroup() as own:
            stopping = own.create_task(road.stop())
            await eventually(lambda: road.replica.hub.draining)
            await tab.send({"type": "req", "id": "new", "method": "health"})
            new = (await tab.get("res", id="new"))["error"]
            await tab.chat("new", id="new-chat")
            new_chat = await tab.get("error", id="new-chat")
            release.set_result({"in": "time"})
            finished = await tab.get("res", id="finished")
            await stopping
        took_s = time.monotonic() - started

        answered = (await tab.get("res", id="answered"))["error"]
        assert (new["code"], new["mayHaveRun"]) == ("RESTARTING", False)
        assert {"type": "error", "id": "new-chat", **new, "turnEnded": True} == new_chat
        assert finished["payload"] == {"in": "time"}
        assert (answered["code"], answered["mayHaveRun"], answered["retryable"]) == ("RESTARTING", True, True)
        assert await tab.closed() == 1012
        assert took_s < 4.0


async def test_a_chat_goes_on_at_the_gateway(open_road: OpenRoad) -> None:
    """C6: the end of the door is not the end of a run; new messages are refused in words."""
    async with open_road() as road:
        gateway = await road.owner("ada")
        gate = Gate()
        gateway.next_chat(ChatScript(text=["one ", "two"], gates={"chunk:1": gate}))
        tab = await road.tab("ada")
        await tab.chat("go", id="the-turn")
        await gate.reached()
        run_id = (await tab.get("chunk"))["runId"]

        await road.stop()

        assert await tab.closed() == 1012
        assert gateway.runs.all[run_id].status == "running"
        gate.open()


async def test_a_stopped_door_lets_nobody_in(open_road: OpenRoad) -> None:
    """Shutdown: the port is closed, nothing hangs."""
    async with open_road() as road:
        await road.owner("ada")
        token = await road.token("ada")
        await road.stop()

        with pytest.raises((OSError, WebSocketException)):
            await road.knock(token=token)


async def test_an_empty_door_stops_at_once(open_road: OpenRoad) -> None:
    """Shutdown: nobody to wait for."""
    async with open_road() as road:
        started = time.monotonic()
        await road.stop()
        assert time.monotonic() - started < 2.0


async def test_a_client_that_reads_nothing_does_not_hold_the_door(open_road: OpenRoad) -> None:
    """R3, shutdown: within the time, whoever does not answer the close."""
    async with open_road(shutdown_timeout_s=2.0, handshake_timeout_s=1.0) as road:
        gateway = await road.owner("ada")
        deaf = await road.tab("ada", read=False, max_queue=1)
        await gateway.wait_connected()
        for _ in range(40):
            await gateway.emit("cron", {"fill": "x" * 200_000})
        deaf.socket.transport.pause_reading()

        started = time.monotonic()
        await road.stop()

        assert time.monotonic() - started < 5.0
