"""The same commands against a real replica with simulated gateways: changes through the server, live."""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from vestibule.app import Replica
from vestibule.cli.serverfile import ServerFile
from vestibule.client import CallError, connect
from vestibule.model import Member, Route, Secret
from vestibule.settings import Settings
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cli.conftest import Run


@pytest.fixture
async def gateway() -> AsyncIterator[SimulatedGateway]:
    async with SimulatedGateway() as gateway:
        yield gateway


@pytest.fixture
async def replica(home: Path, gateway: SimulatedGateway) -> AsyncIterator[Replica]:
    """A running server of one local user, announced in server.json."""
    settings = Settings(home=home, port=0, shutdown_timeout_s=2.0)
    async with Replica(settings) as replica:
        await replica.directory.put_route(Route("local", gateway.url, token=Secret(gateway.token)))
        await replica.directory.put_member(Member("local", "local"))
        issued = await replica.authenticator.issue("local", runs_door=True)
        ServerFile(os.getpid(), replica.url, replica.ws_url, issued.token).write(home)
        yield replica


async def test_status_of_a_healthy_server(replica: Replica, run: Run) -> None:
    ran = await run("status", "--json")

    assert ran.code == 0
    found = ran.json
    assert (found["healthy"], found["ready"], found["url"], found["pid"]) == (True, True, replica.url, os.getpid())
    assert found["gateway"]["owner"] == "local"
    shown = await run("status")
    assert replica.url in shown.out
    assert found["token"] not in shown.out


async def test_a_bad_token_is_the_same_everywhere(replica: Replica, run: Run) -> None:
    """One sentence, one exit code, and what helps: also where only the server's health was asked for."""
    for command in (("status",), ("call", "health"), ("chat", "hi"), ("gateway", "list"), ("user", "list")):
        ran = await run(*command, "--token", "wrong")
        assert (ran.code, ran.err.count("\n")) == (4, 1)
        assert ran.err.startswith("error: The server refuses the token: ")
        assert "vestibule " in ran.err
        none = await run(*command, "--url", "http://door.example.com")
        assert (none.code, none.err.count("\n")) == (4, 1)
        assert none.err.startswith("error: No token for http://door.example.com. ")


async def test_a_server_that_is_not_there_is_the_same_everywhere(run: Run) -> None:
    for command in (("status",), ("call", "health"), ("chat", "hi"), ("gateway", "list"), ("user", "list")):
        ran = await run(*command, "--url", "http://127.0.0.1:9", "--token", "t")
        assert ran.code == 3
        assert ran.err.startswith("error: Cannot reach ")
        assert "connection refused. Is the address right" in ran.err


async def test_the_servers_own_token_has_no_gateway(home: Path, run: Run) -> None:
    """`vestibule serve`, and then `call`, `chat`, `events`: what is missing is said."""
    async with Replica(Settings(home=home, port=0, shutdown_timeout_s=2.0)) as replica:
        issued = await replica.authenticator.issue("door", runs_door=True)
        ServerFile(os.getpid(), replica.url, replica.ws_url, issued.token).write(home)
        ran = await run("call", "health")
        assert ran.code == 4
        assert "The server's own token has no gateway; use that of a user" in ran.err
        await run("user", "add", "bo")
        (token,) = (await run("user", "token", "bo")).lines
        ran = await run("call", "health", "--token", token)
        assert ran.code == 6
        assert "vestibule gateway add bo --url ws://..." in ran.err


async def test_call_and_chat_through_the_door(replica: Replica, run: Run) -> None:
    assert (await run("call", "health")).json["ok"] is True
    ran = await run("chat", "hello there")
    assert ran.code == 0
    assert "hello there" in ran.out
    wrong = await run("call", "no.such.method")
    assert wrong.code == 5


async def test_a_message_to_nobody_is_answered_at_once(replica: Replica, run: Run) -> None:
    """C8: a frame the door cannot read ends its turn, for the SDK and for the command line: nobody waits in vain."""
    for agent in ("", "m" * 300):
        ran = await run("chat", "--agent", agent, "hi")
        assert (ran.code, ran.out) == (5, "")
        assert "agent_name" in ran.err
    token = (await replica.authenticator.issue("local")).token
    async with connect(replica.ws_url, token) as door:
        with pytest.raises(CallError) as caught:
            await door.chat("main", "").text()
        assert (caught.value.code, caught.value.may_have_run) == ("INVALID_REQUEST", False)


async def test_changes_through_the_server_are_live(replica: Replica, run: Run, gateway: SimulatedGateway) -> None:
    """The route and the token of a user added a moment ago work at once."""
    added = await run("gateway", "add", "ada", "--url", gateway.url, "--token", gateway.token, "--json")
    assert added.json == {"owner": "ada", "created": True, "revision": 1}
    assert (await run("user", "add", "ada")).code == 0
    (token,) = (await run("user", "token", "ada", "--ttl", "10m")).lines

    as_ada = ("--url", replica.url, "--token", token)
    assert (await run("call", "health", *as_ada)).json["ok"] is True
    refused = await run("user", "list", *as_ada)
    assert refused.code == 4
    assert (await run("user", "remove", "ada")).code == 0
    assert (await run("call", "health", *as_ada)).code == 4
    assert (await run("gateway", "remove", "ada")).code == 0
    assert (await run("gateway", "remove", "ada")).code == 1


async def test_the_server_and_the_directory_answer_alike(replica: Replica, run: Run, home: Path) -> None:
    """The same commands give the same output with a server and without one."""
    script: list[tuple[tuple[str, ...], str]] = [
        (("user", "add", "grace", "--owner", "team", "--role", "viewer"), ""),
        (("user", "add", "grace", "--role", "operator"), ""),
        (("user", "import", "-"), '{"member": "x"}\nnonsense\n'),
        (("user", "list", "--json"), ""),
        (("user", "remove", "nobody"), ""),
        (("user", "token", "nobody"), ""),
        (("user", "add", "eve", "--role", "queen"), ""),
        (("gateway", "add", "team", "--url", "ws://10.0.0.7:1", "--token", "t"), ""),
        (("gateway", "import", "-", "--json"), '{"owner": "a"}\n{"owner": "team", "url": "ws://10.0.0.7:2"}'),
        (("gateway", "add", "b", "--url", "nonsense"), ""),
        (("gateway", "check", "nobody"), ""),
        (("gateway", "remove", "team"), ""),
        (("gateway", "remove", "team"), ""),
    ]
    with_server = [await run(*command, stdin=stdin) for command, stdin in script]
    await run("user", "remove", "grace")
    await run("user", "remove", "x")
    (home / "server.json").unlink()
    without = [await run(*command, stdin=stdin) for command, stdin in script]

    for (command, _), there, here in zip(script, with_server, without, strict=True):
        assert (command, there) == (command, here)


async def test_thousands_at_once(replica: Replica, run: Run) -> None:
    rows = "\n".join(json.dumps({"owner": f"o{n}", "url": f"ws://10.0.0.7:{n}"}) for n in range(1, 3_001))
    began = time.monotonic()
    ran = await run("gateway", "import", "-", stdin=rows)
    assert ran.out == "3000 added, 0 updated, 0 failed.\n"
    assert time.monotonic() - began < 10


async def test_each_gateway_is_checked(replica: Replica, run: Run) -> None:
    """One line a gateway, a remedy with each failure, and exit code 1."""
    assert (await run("gateway", "check")).code == 0
    await run("gateway", "add", "gone", "--url", "ws://127.0.0.1:9")

    ran = await run("gateway", "check")
    assert ran.code == 1
    assert [line[:4].strip() for line in ran.lines] == ["FAIL", "ok"]
    doctor = await run("doctor")
    assert doctor.code == 1
    assert "ok    server" in doctor.out
    assert "ok    gateway local" in doctor.out
    assert "FAIL  gateway gone" in doctor.out


async def test_a_device_is_paired_on_the_way(run: Run) -> None:
    """A gateway that is moved elsewhere later knows the door's key already."""
    async with SimulatedGateway() as gateway:
        ran = await run("gateway", "add", "ada", "--url", gateway.url, "--token", gateway.token, "--pair", "--json")
        assert (ran.code, ran.json["paired"]) == (0, True)
        wrong = await run("gateway", "add", "ada", "--url", gateway.url, "--token", "wrong", "--pair")
        assert wrong.code == 6
        assert wrong.err.startswith("error: ")


async def test_a_device_is_paired_through_the_server(replica: Replica, run: Run, gateway: SimulatedGateway) -> None:
    ran = await run("gateway", "add", "ada", "--url", gateway.url, "--token", gateway.token, "--pair", "--json")
    assert (ran.code, ran.json["paired"]) == (0, True)


async def test_a_second_server_in_the_same_folder_is_refused(replica: Replica, run: Run) -> None:
    for command in (("serve",), ("up", "--simulated")):
        ran = await run(*command)
        assert ran.code == 1
        assert replica.url in ran.err


@pytest.mark.process
async def test_a_simulation_feeds_an_import(run: Run) -> None:
    """`vestibule simulate | vestibule gateway import -`: what one prints the other reads."""
    import sys

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from vestibule.cli import main; sys.exit(main())",
        *("simulate", "--gateways", "3"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            lines = [(await process.stdout.readline()).decode() for _ in range(3)]
        assert (await run("gateway", "import", "-", stdin="".join(lines))).out == "3 added, 0 updated, 0 failed.\n"
        checked = await run("gateway", "check", "--json")
        assert [each["ok"] for each in checked.json] == [True, True, True]
    finally:
        process.terminate()
        await process.wait()
