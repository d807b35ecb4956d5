"""launchers/local.py with the real OpenClaw: what its processes are like is not ours to invent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.openclaw import NEW, OLD_VERSION, RealGateway, processes_of_group
from support.waiting import eventually
from vestibule.launchers.install import cache_folder, installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import psutil

TESTS = Path(__file__).parents[1]


async def test_it_is_ready_and_what_it_says_it_is(openclaw: RealGateway):
    async with openclaw.connected():
        pass
    assert (await openclaw.call("health"))["ok"]
    assert openclaw.memory > 100_000_000
    assert openclaw.log_path.stat().st_size > 0


async def test_the_old_one_too(old_openclaw: RealGateway):
    """Wire protocol 3: a connection without a device gets no scopes, but it gets hello-ok."""
    async with old_openclaw.connected():
        pass
    assert old_openclaw.version == OLD_VERSION
    assert old_openclaw.protocol == 3


async def test_its_token_is_not_for_everybody(openclaw: RealGateway):
    """S1: no other user of the machine can read it, neither in a file nor in the list of processes."""
    config = openclaw.state_dir / "openclaw.json"

    assert openclaw.token in config.read_text()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(openclaw.state_dir.stat().st_mode) == 0o700
    assert all(openclaw.token not in " ".join(process.cmdline()) for process in openclaw.processes())


async def test_a_chat_reaches_the_demo_model(openclaw: RealGateway):
    before = len(openclaw.model.requests)
    await openclaw.call(
        "chat.send", {"sessionKey": "agent:main:main", "message": "hello", "idempotencyKey": "launcher"}
    )

    await eventually(lambda: len(openclaw.model.requests) > before, timeout_s=60)


async def test_after_a_stop_the_same_gateway_comes_back(old_openclaw: RealGateway):
    """Nothing of it is left meanwhile; port, token and state are the old ones."""
    url, token, group = old_openclaw.url, old_openclaw.token, old_openclaw.pid
    await old_openclaw.stop()
    await eventually(lambda: processes_of_group(group) == [])
    await old_openclaw.start_again()

    assert (old_openclaw.url, old_openclaw.token) == (url, token)
    assert old_openclaw.pid != group


class Vestibule:
    """A process with a launcher, as `vestibule up` is one, and what it says of its gateway."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def says(self, state: str) -> int:
        """Wait for a state; the gateway's process group then."""
        assert self.process.stdout is not None
        async with asyncio.timeout(120):
            while status := json.loads(await self.process.stdout.readline()):
                if status["state"] == state and (status["pid"] or state == "exited"):
                    return int(status["pid"] or 0)
        raise AssertionError(f"never {state}")


@pytest.fixture
async def vestibule(openclaw: RealGateway, tmp_path: Path) -> AsyncIterator[Vestibule]:
    found = installed(cache_folder(), NEW)  # by the other fixture
    assert found is not None
    folders = (str(found.bin_folder), str(found.compile_cache))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "support.launching", str(tmp_path), *folders, *found.command),
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent / "src")))},
        stdout=asyncio.subprocess.PIPE,
    )
    yield Vestibule(process)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.communicate()


async def test_a_crash_is_mended_and_a_killed_vestibule_leaves_nothing(vestibule: Vestibule):
    """The `openclaw` command is only the parent of the gateway: its child's death is the gateway's."""
    group = await vestibule.says("ready")
    gateway = largest(processes_of_group(group))
    assert gateway.pid != group
    helpers = gateway.children(recursive=True)  # one of them has a process group of its own
    gateway.send_signal(signal.SIGKILL)
    await vestibule.says("exited")
    await eventually(lambda: processes_of_group(group) == [])
    await eventually(lambda: not any(helper.is_running() for helper in helpers))

    group = await vestibule.says("starting")  # that it gets ready is known by now, and costs 15 s of CPU
    await eventually(lambda: largest(processes_of_group(group)).pid != group, timeout_s=60)
    vestibule.process.kill()

    await eventually(lambda: processes_of_group(group) == [], timeout_s=30)


def largest(processes: list[psutil.Process]) -> psutil.Process:
    return max(processes, key=lambda process: process.memory_info().rss)
