"""Many gateways on one port, and the lines `vestibule gateway import` reads."""

from __future__ import annotations

import asyncio
import io
import json

import pytest
import uvloop
from kitclient import greeted, opened
from websockets.exceptions import InvalidStatus

from support.waiting import eventually
from vestibule.testing import ChatScript, FaultProxy, Simulation, simulate


async def test_each_path_is_a_gateway_of_its_own():
    async with Simulation(3, token="t") as running:
        lines = running.lines()
        assert [line["owner"] for line in lines] == ["sim-1", "sim-2", "sim-3"]
        async with (
            greeted(lines[0]["url"], token="t-1") as one,
            greeted(lines[2]["url"], token="t-3") as three,
        ):
            await one.call("sessions.create", {"key": "agent:main:mine"})
            keys = [row["key"] for row in (await three.call("sessions.list"))["sessions"]]
            assert keys == ["agent:main:main"]
            assert [gateway.open_connections for gateway in running.gateways] == [1, 0, 1]
        with pytest.raises(InvalidStatus):
            async with opened(f"ws://127.0.0.1:{running.port}/g/4"):
                pass


async def test_faults_may_hit_some_of_them():
    async with Simulation(2, faults=["hang_in_handshake"], faulty=1) as running:
        async with opened(running.gateways[0].url) as client:
            await client.until(lambda: client.challenge)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.greet(token="sim-token-1"), 0.2)
        async with greeted(running.gateways[1].url, token="sim-token-2"):
            pass


async def test_thousands_cost_nothing_until_they_are_used():
    async with Simulation(5_000) as running:
        assert len(running.lines()) == 5_000
        async with greeted(running.gateways[4_999].url, token="sim-token-5000") as client:
            assert await client.call("health")


async def test_simulate_prints_its_lines_and_runs_until_told():
    out, until = io.StringIO(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(simulate(2, out=out, until=until))
        await eventually(lambda: out.getvalue().count("\n") == 2)
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        async with greeted(lines[1]["url"], token=lines[1]["token"]) as client:
            until.set()
            assert await client.until_closed() == 1006


def test_the_kit_runs_on_uvloop():
    """The loop the door itself uses."""

    async def turn() -> str:
        async with (
            Simulation(1) as running,
            FaultProxy(running.gateways[0].url) as proxy,
            greeted(proxy.url) as client,
        ):
            running.gateways[0].next_chat(ChatScript(text=["on", " uvloop"]))
            await client.call("chat.send", {"sessionKey": "main", "message": "x", "idempotencyKey": "r1"})
            final = await client.until_event("chat", state="final")
            proxy.reset()
            assert await client.until_closed() == 1006
            return final["message"]["content"][0]["text"]

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(turn()) == "on uvloop"
