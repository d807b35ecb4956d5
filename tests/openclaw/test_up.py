"""`vestibule up` as anybody runs it, with a real OpenClaw that it starts and ends itself."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from process.harness import Vestibule, ask, until_closed, vestibule
from support.openclaw import NEW, processes_of_group
from support.waiting import eventually
from vestibule.launchers.install import cache_folder, install

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

READY_S = 180.0
KEY = "agent:main:up"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Vestibule]:
    await install(cache_folder(), NEW)
    async with vestibule(tmp_path / "home") as made:
        yield made


async def ready(door: Vestibule) -> None:
    """`vestibule up`, until the gateway is there."""
    await door.begin("up")
    await eventually(lambda: (door.home / "server.json").exists(), READY_S)


async def heard(tab: ClientConnection, type: str) -> dict[str, Any]:
    """Read on until a frame of this type."""
    async with asyncio.timeout(60):
        while True:
            frame: dict[str, Any] = json.loads(await tab.recv())
            assert frame["type"] != "error", frame
            if frame["type"] == type:
                return frame


async def test_up_aborts_the_turn_ends_the_gateway_and_starts_it_again(door: Vestibule) -> None:
    """P5, shutdown: a turn under way is aborted first, the gateway and all it started end, within 10 s; the
    next start installs nothing and remembers what was said."""
    await ready(door)
    group = door.gateway_group
    async with door.client() as tab:
        turn = {"id": "turn", "agent_name": "main", "message": "count to 500", "sessionKey": KEY}
        await tab.send(json.dumps({"type": "agent_chat", **turn}))
        await heard(tab, "chunk")

        began = time.monotonic()
        door.signal()
        await until_closed(tab)
        assert await door.ended(15.0) == 0
        took_s = time.monotonic() - began

    assert tab.close_code == 1012
    assert took_s < 10.0
    await eventually(lambda: processes_of_group(group) == [])

    await ready(door)
    async with door.client() as tab:
        history = (await ask(tab, "chat.history", {"sessionKey": KEY, "limit": 10}))["payload"]
    door.signal()
    assert await door.ended(15.0) == 0
    assert not [phase for phase in ("Asking npm", "Installing") if phase in door.output]
    answer = history["messages"][-1]
    assert answer["role"] == "assistant"
    assert answer["openclawAbort"]["origin"] == "rpc"  # by a call, not by the end of the process
