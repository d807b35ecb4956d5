"""S1 for a door as people run it: its whole log at level `debug`, and all its clients hear, without a secret."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from support.realroad import PATIENCE_S, Tap
from support.waiting import eventually
from vestibule.bus.memory import MemoryBus
from vestibule.client import CallError, connect
from vestibule.directory import open_directory
from vestibule.directory.keys import SecretKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from support.openclaw import RealGateway

TELLING = (
    *("config.get", "config.schema", "logs.tail", "status", "health", "system.info", "system-presence"),
    *("device.pair.list", "exec.approvals.get", "agents.list", "skills.status", "models.list", "diagnostics.stability"),
)
"""Methods that tell of the gateway itself."""


@contextlib.asynccontextmanager
async def up(home: Path, log: Path, gateway: RealGateway) -> AsyncIterator[asyncio.subprocess.Process]:
    """`vestibule up --gateway`, with all it prints in a file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")}
    ours = {"VESTIBULE_HOME": str(home), "VESTIBULE_PORT": "0", "VESTIBULE_LOG_LEVEL": "debug", "NO_COLOR": "1"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vestibule", "up", "--gateway", gateway.url, "--gateway-token-stdin"),
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=kept | ours,
        )
    try:
        assert process.stdin is not None
        process.stdin.write(f"{gateway.token}\n".encode())
        process.stdin.close()
        await eventually((home / "server.json").exists, timeout_s=PATIENCE_S)
        yield process
        process.terminate()
        async with asyncio.timeout(20):
            await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def secrets_of(home: Path) -> list[str]:
    """What the door keeps of its gateway."""
    directory = open_directory("", home=home, key=SecretKey.load(home), bus=MemoryBus())
    await directory.start()
    (route,) = await directory.routes()
    await directory.close()
    return [secret.reveal() for secret in (route.token, route.device_seed, route.device_token) if secret]


async def test_no_secret_leaves_the_door(tmp_path: Path, openclaw: RealGateway) -> None:
    """S1, S2, S6: not in an answer, not in an event, not over HTTP, not in the log, not in the list of processes."""
    home, log = tmp_path / "home", tmp_path / "log"
    async with up(home, log, openclaw) as process:
        server = json.loads((home / "server.json").read_text())
        async with Tap(server["ws_url"]) as tap, connect(tap.url, server["token"]) as door:
            for method in TELLING:
                await door.call(method)
            with pytest.raises(CallError):
                await door.call("config.patch", {"raw": "no JSON"})
            assert await door.chat("main", "hello").text()
            bearer = {"Authorization": f"Bearer {server['token']}"}
            async with httpx.AsyncClient(base_url=f"http://{tap.address}", headers=bearer, trust_env=False) as http:
                for path in ("/", "/readyz", "/metrics", "/openapi.json", "/api/v1/admin/gateways"):
                    assert (await http.get(path)).status_code == 200
                asked = await http.post("/api/v1/container/rpc", json={"method": "config.get", "params": {}})
                assert asked.status_code == 200
            secrets = await secrets_of(home)
            arguments = " ".join(psutil.Process(process.pid).cmdline())

    written = log.read_text()
    assert openclaw.token in secrets
    assert len(secrets) >= 2
    assert "gateway.ready" in written
    assert len(tap.heard) > 2_000_000, "config.schema alone has that"
    for secret in secrets:
        assert secret.encode() not in tap.heard
        assert secret not in written
        assert secret not in arguments
    links = [line for line in written.splitlines() if "#token=" in line]
    assert server["token"] not in written.replace("\n".join(links), ""), "only in the link to sign in"
