"""A whole `vestibule` process: how it starts, what it promises to scripts, how it ends."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import stat
from typing import TYPE_CHECKING

import httpx
import pytest

from process.harness import Vestibule, ask, until_closed
from vestibule.launchers.install import SHIPPED_VERSION
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path


async def test_up_simulated_is_a_whole_door(door: Vestibule) -> None:
    """`up --simulated`: server.json for its owner only, a token that works on socket and HTTP, gone at the end."""
    await door.start("up", "--simulated")
    file = door.home / "server.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(door.server) == {"pid", "url", "ws_url", "token"}
    assert door.server["pid"] == door.pid
    assert door.server["ws_url"] == door.server["url"].replace("http", "ws", 1) + "/ws"

    async with door.client() as tab:
        assert json.loads(await tab.recv())["type"] == "hello"
        assert (await ask(tab, "health"))["ok"] is True
        [device] = (await ask(tab, "device.pair.list", {}))["payload"]["paired"]
        assert (device["displayName"], device["connected"]) == ("Vestibule", True)
    async with httpx.AsyncClient(base_url=door.server["url"]) as http:
        assert (await http.get("/readyz")).status_code == 200
        headers = {"Authorization": f"Bearer {door.server['token']}"}
        assert (await http.get("/api/v1/admin/gateways", headers=headers)).json()["gateways"][0]["owner"] == "local"

    assert (await door.run("status"))[0] == 0
    code, out = await door.run("call", "health")
    assert (code, json.loads(out)["ok"]) == (0, True)
    code, out = await door.run("chat", "hello")
    assert code == 0
    assert "demo agent" in out

    door.signal()
    assert await door.ended() == 0
    assert not file.exists()
    assert "#token=" in door.output
    assert (await door.run("status"))[0] == 3


def imported(output: str) -> set[str]:
    """The modules Python says it loaded (`PYTHONPROFILEIMPORTTIME`)."""
    return {line.rpartition("|")[2].strip() for line in output.splitlines() if line.startswith("import time:")}


async def test_a_simulated_start_loads_what_it_needs(door: Vestibule) -> None:
    """Ready in two seconds: no database, no HTTP client, no displays; and nothing is left behind."""
    await door.start("up", "--simulated", PYTHONPROFILEIMPORTTIME="1")
    door.signal()
    assert await door.ended() == 0
    loaded = imported(door.output)
    assert {"vestibule.app", "fastapi", "picows"} <= loaded
    assert not loaded & {"sqlalchemy", "alembic", "aiosqlite", "asyncpg", "httpx", "rich.progress"}
    assert [file.name for file in door.home.iterdir()] == ["secret.key"]


async def test_who_was_signed_in_at_a_simulated_start_still_is(door: Vestibule) -> None:
    """A browser keeps its token over a restart, although nothing but the key is stored."""
    await door.start("up", "--simulated")
    token = door.server["token"]
    door.signal()
    assert await door.ended() == 0
    await door.start("up", "--simulated")
    async with door.client(token) as tab:
        assert json.loads(await tab.recv())["principal"]["member"] == "local"


async def test_a_database_that_is_up_to_date_is_not_migrated(door: Vestibule) -> None:
    """The tables are made by the first start; later ones do not even load what migrates."""
    for first in (True, False):
        await door.start("serve", PYTHONPROFILEIMPORTTIME="1")
        door.signal()
        assert await door.ended() == 0
        assert ("alembic.command" in imported(door.output)) is first
        assert "asyncpg" not in imported(door.output)


async def test_a_second_server_in_the_same_folder_is_refused(door: Vestibule) -> None:
    """One line with the remedy; the first one goes on."""
    await door.start("up", "--simulated")
    code, out = await door.run("up", "--simulated")
    assert code == 1
    assert "already runs here" in out
    assert "Traceback" not in out
    assert (await door.run("call", "health"))[0] == 0


async def test_sigterm_ends_in_order(door: Vestibule) -> None:
    """A call in flight is answered, the client is told 1012 with its own moment to come back, exit code 0."""
    async with SimulatedGateway() as gateway:
        release = asyncio.get_running_loop().create_future()
        gateway.custom_methods["test.hold"] = lambda call: asyncio.shield(release)
        await door.start("up", "--gateway", gateway.url, "--gateway-token", gateway.token)
        url = door.server["url"]  # the file goes with the first signal
        async with door.client() as tab:
            await tab.recv()
            await tab.send(json.dumps({"type": "req", "id": "held", "method": "test.hold"}))
            await gateway.wait_request("test.hold")
            door.signal()
            async with httpx.AsyncClient(base_url=url) as http:
                await eventually_unready(http)
            release.set_result({"held": True})
            frames = await until_closed(tab)
        answers = [frame for frame in frames if frame["type"] == "res"]
        assert [answer["payload"] for answer in answers] == [{"held": True}]
        assert tab.close_code == 1012
        assert 0 <= json.loads(tab.close_reason or "")["retryInMs"] < 5_000
        assert await door.ended(10.0) == 0
        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def eventually_unready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        while (await http.get("/readyz")).status_code != 503:
            pass


async def test_a_call_that_never_ends_does_not_hold_up_the_end(door: Vestibule) -> None:
    """What the gateway does not answer in time is answered by the door: it may have run. All within 10 s."""
    async with SimulatedGateway() as gateway:
        await door.start("up", "--gateway", gateway.url, "--gateway-token", gateway.token)
        async with door.client() as tab:
            await tab.recv()
            gateway.add_fault("never_answer", method="status")
            await tab.send(json.dumps({"type": "req", "id": "1", "method": "status"}))
            await gateway.wait_request("status")
            door.signal()
            frames = await until_closed(tab)
        error = next(frame["error"] for frame in frames if frame["type"] == "res")
        assert (error["code"], error["mayHaveRun"]) == ("RESTARTING", True)
        assert await door.ended(10.0) == 0


async def test_a_second_signal_is_immediate(door: Vestibule) -> None:
    """Whoever asks twice does not wait for calls in flight."""
    async with SimulatedGateway() as gateway:
        await door.start(
            "up", "--gateway", gateway.url, "--gateway-token", gateway.token, VESTIBULE_SHUTDOWN_TIMEOUT_S="600"
        )
        async with door.client() as tab:
            await tab.recv()
            gateway.add_fault("never_answer", method="status")
            await tab.send(json.dumps({"type": "req", "id": "1", "method": "status"}))
            await gateway.wait_request("status")
            door.signal()
            async with httpx.AsyncClient(base_url=door.server["url"]) as http:
                await eventually_unready(http)
            door.signal(signal.SIGINT)
            assert await door.ended() == 130


async def test_ctrl_c_during_the_start_leaves_nothing(door: Vestibule) -> None:
    """A gateway that hangs in the handshake delays the start; Ctrl-C ends it all the same."""
    async with SimulatedGateway(faults=["hang_in_handshake"]) as gateway:
        await door.begin("up", "--gateway", gateway.url)
        await gateway.wait_for(lambda: gateway.total_connections > 0, timeout_s=60)
        door.signal(signal.SIGINT)
        assert await door.ended() == 0
        assert "Traceback" not in door.output
        assert not (door.home / "server.json").exists()
        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_a_gateway_that_is_not_there_yet_does_not_prevent_the_start(door: Vestibule) -> None:
    """The door runs, says what is wrong, and finds the gateway when it comes."""
    async with SimulatedGateway() as gateway:
        await gateway.shutdown()
        await door.start("up", "--gateway", gateway.url, "--gateway-token", gateway.token)
        await gateway.start_again()
        async with door.client() as tab:
            await tab.recv()
            assert (await ask(tab, "health"))["ok"] is True
        door.signal()
        assert await door.ended() == 0
        assert "not usable yet" in door.output


async def test_serve_for_many(door: Vestibule) -> None:
    """`serve`, `gateway add`, `user add`, `user token`: bo comes in with his token; moving his gateway is live."""
    async with SimulatedGateway() as first, SimulatedGateway() as second:
        await door.start("serve")
        added = await door.run("gateway", "add", "bo", "--url", first.url, "--token-stdin", stdin=f"{first.token}\n")
        assert added[0] == 0, added
        assert (await door.run("user", "add", "bo"))[0] == 0
        code, token = await door.run("user", "token", "bo")
        assert code == 0
        async with door.client(token.strip()) as tab:
            assert json.loads(await tab.recv())["principal"]["member"] == "bo"
            assert (await ask(tab, "health"))["ok"] is True
            moved = await door.run("gateway", "add", "bo", "--url", second.url, "--token", second.token)
            assert moved[0] == 0, moved
            await second.wait_connected()
            await first.wait_for(lambda: first.open_connections == 0)
            assert (await ask(tab, "health", id="2"))["ok"] is True

            assert (await door.run("user", "remove", "bo"))[0] == 0
            await until_closed(tab)
            assert tab.close_code == 4001
        # S1: what is kept is sealed
        for file in door.home.iterdir():
            assert second.token.encode() not in file.read_bytes()
        door.signal()
        assert await door.ended() == 0
        assert first.token not in door.output
        assert second.token not in door.output


async def test_a_port_in_use_is_one_line(door: Vestibule) -> None:
    """What is wrong and what helps; no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out = await door.run("up", "--simulated", "--port", str(port))
    assert code == 2
    assert f"127.0.0.1:{port}" in out
    assert "--port" in out
    assert "Traceback" not in out


async def test_a_state_folder_that_cannot_be(door: Vestibule, tmp_path: Path) -> None:
    """The folder's parent is a file: one line with the remedy."""
    (tmp_path / "file").write_text("")
    code, out = await door.run("up", "--simulated", VESTIBULE_HOME=str(tmp_path / "file" / "home"))
    assert code == 1
    assert "VESTIBULE_HOME" in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("content", "said"),
    [("grace_s = ", "TOML"), ("grase_s = 1", "grase_s"), ('grace_s = "x"', "grace_s"), ("grace_s = -1", "grace_s")],
)
async def test_a_settings_file_with_a_mistake(door: Vestibule, tmp_path: Path, content: str, said: str) -> None:
    """Bad TOML, an unknown setting, a bad value: named, in one line, exit code 2."""
    (tmp_path / "door.toml").write_text(content)
    code, out = await door.run("serve", "--config", str(tmp_path / "door.toml"))
    assert code == 2
    assert said in out
    assert "Traceback" not in out


async def test_a_gateway_whose_process_does_not_come_up(door: Vestibule, tmp_path: Path) -> None:
    """The OpenClaw that is installed ends at once: its last words, and exit code 6."""
    installed = tmp_path / "cache" / "openclaw" / SHIPPED_VERSION
    node = installed / "node" / "node_modules" / ".bin" / "node"
    for file in (node, installed / "node_modules" / "openclaw" / "openclaw.mjs"):
        file.parent.mkdir(parents=True)
        file.write_text("#!/bin/sh\necho cannot find module\nexit 1\n")
        file.chmod(0o755)
    code, out = await door.run("up", VESTIBULE_CACHE_DIR=str(tmp_path / "cache"))
    assert code == 6
    assert "cannot find module" in out
    assert "Traceback" not in out


async def test_a_full_disk_is_said_and_survived(door: Vestibule) -> None:
    """No file can grow any more: the change is refused with a remedy, and those who are in go on."""
    async with SimulatedGateway() as gateway:
        door.largest_file = 256 * 1024
        await door.start("up", "--gateway", gateway.url, "--gateway-token", gateway.token)
        many = "\n".join(json.dumps({"member": f"member-{n:0200}"}) for n in range(5_000))
        async with door.client() as tab:
            await tab.recv()
            code, out = await door.run("user", "import", "-", stdin=many)
            assert code == 1
            assert "Storage is not available" in out
            assert "the disk" in out
            assert "Traceback" not in out
            assert (await ask(tab, "health"))["ok"] is True
