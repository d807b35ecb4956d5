"""SIGTERM to exit, everything included, in the time that was promised: whatever hangs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from process.harness import until_closed
from support.openclaw import processes_of_group
from support.standin import NEVER_ANSWERED, put_on_path
from support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from process.harness import Vestibule


async def test_a_frozen_gateway_does_not_hold_up_the_end(door: Vestibule, tmp_path: Path) -> None:
    """P5, shutdown: a call in flight, clients, a gateway that ends neither its turns nor itself: 10 s in all."""
    path = put_on_path(tmp_path / "bin")
    await door.start("up", PATH=path, VESTIBULE_CACHE_DIR=str(tmp_path / "cache"))
    group = door.gateway_group
    async with door.client() as tab:
        await tab.recv()
        await tab.send(json.dumps({"type": "req", "id": "1", "method": NEVER_ANSWERED}))
        os.killpg(group, signal.SIGSTOP)

        began = time.monotonic()
        door.signal()
        frames = await until_closed(tab)
        code = await door.ended(10.0)
        took_s = time.monotonic() - began

    (answer,) = [frame for frame in frames if frame["type"] == "res"]
    assert (answer["error"]["code"], answer["error"]["mayHaveRun"]) == ("RESTARTING", True)
    assert tab.close_code == 1012
    assert code == 0
    assert took_s < 10.0
    await eventually(lambda: processes_of_group(group) == [])


HANGS = {
    "the stack": "stack.push_async_callback(asyncio.Event().wait)",
    "a thread": "asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)",
    "the loop": "stack.callback(threading.Event().wait)",
}
PROGRAM = """
import asyncio, threading
from vestibule.cli.running import run_until_signal
from vestibule.deadline import Deadline

async def start(stack):
    {hang}
    print("ready", flush=True)

run_until_signal(start, Deadline(1.0))
"""


@pytest.mark.parametrize("what", HANGS)
async def test_whatever_hangs_is_left_behind(what: str) -> None:
    """Shutdown: when the time is over the process ends, and its exit code says that not everything did."""
    program = PROGRAM.format(hang=HANGS[what])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        process.terminate()
        async with asyncio.timeout(5.0):
            _, said = await process.communicate()
        assert process.returncode == 1
        assert b"Not everything ended in time" in said
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
