"""`call`, `chat`, `events`: through the door with the SDK, found by server.json or named by options."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest

from vestibule.testing.door import FakeDoor, FakeTurn, Refuse

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run


async def test_call_prints_the_answer(fake: FakeDoor, run: Run) -> None:
    fake.answer("sessions.list", lambda params: {"asked": params})

    ran = await run("call", "sessions.list", '{"limit": 5}')
    assert (ran.code, ran.json) == (0, {"asked": {"limit": 5}})
    assert (await run("call", "sessions.list", "-", stdin='{"limit": 6}')).json == {"asked": {"limit": 6}}
    assert (await run("call", "sessions.list")).json == {"asked": None}


@pytest.mark.parametrize(
    ("code", "exit"),
    [
        ("NOT_FOUND", 5),
        ("UNAVAILABLE", 5),
        ("FORBIDDEN", 4),
        ("NO_GATEWAY", 6),
        ("GATEWAY_DOWN", 6),
        ("GATEWAY_TIMEOUT", 6),
        ("RESTARTING", 3),
    ],
)
async def test_a_refused_call_is_one_line_and_a_code(fake: FakeDoor, run: Run, code: str, exit: int) -> None:
    def refuse(_params: Any) -> None:
        raise Refuse(code, "It is so.", retryable=True)

    fake.answer("health", refuse)
    ran = await run("call", "health")

    assert ran.code == exit
    assert ran.out == ""
    assert ran.err == f"error: {code}: It is so. Try again in a moment.\n"


@pytest.mark.parametrize("wrong", ["{", "[1]", "5"])
async def test_wrong_parameters_are_said(fake: FakeDoor, run: Run, wrong: str) -> None:
    ran = await run("call", "health", wrong)

    assert ran.code == 2
    assert "JSON" in ran.err
    assert fake.received == []


async def test_nothing_runs(run: Run, home: Path) -> None:
    for command in (("call", "health"), ("chat", "hi"), ("events",), ("status",)):
        ran = await run(*command)
        assert ran.code == 3
        assert ran.err.startswith("error: No server is running")
        assert "vestibule up" in ran.err


async def test_a_server_named_by_options(fake: FakeDoor, run: Run, home: Path) -> None:
    """S2: the token may come from stdin, and stays out of the process list."""
    (home / "server.json").unlink()

    assert (await run("call", "health", "--url", fake.url, "--token", fake.token)).json == {"ok": True}
    http = fake.url.replace("ws:", "http:").removesuffix("/ws")
    assert (await run("call", "health", "--url", http, "--token-stdin", stdin=f"{fake.token}\n")).json == {"ok": True}
    assert (await run("call", "health", "--url", http)).code == 4
    assert (await run("call", "health", "--url", http, "--token-stdin")).code == 2
    assert (await run("call", "health", "--url", "ftp://x", "--token", "t")).code == 2


async def test_a_wrong_token_is_refused(fake: FakeDoor, run: Run) -> None:
    """S3: every command that uses a gateway says the same, and how to get another one."""
    for command in (("call", "health"), ("chat", "hi"), ("events",)):
        ran = await run(*command, "--token", "wrong")
        assert ran.code == 4
        assert ran.err.startswith("error: The server refuses the token: ")
        assert "vestibule user token" in ran.err


async def test_a_server_that_is_gone(run: Run, home: Path) -> None:
    async with FakeDoor() as fake:
        url, token = fake.url, fake.token
    ran = await run("call", "health", "--url", url, "--token", token)

    assert ran.code == 3
    assert "connection refused" in ran.err


async def test_chat_streams_to_the_terminal(fake: FakeDoor, run: Run) -> None:
    """The answer on stdout, byte for byte; thinking and tools beside it; nothing steers the terminal."""

    async def script(turn: FakeTurn) -> None:
        turn.push("thinking", content="Hmm.")
        turn.push("tool_start", tool="exec", toolCallId="1", args={"command": "ls"})
        turn.push("tool_end", tool="exec", toolCallId="1", result="a\nb")
        turn.push("tool_error", tool="read", toolCallId="2", result="no such file")
        turn.chunk("Two files:\n")
        turn.chunk("a\x1b[2J, b")
        turn.done()

    fake.script = script
    ran = await run("chat", "what is here?")

    assert ran.code == 0
    assert ran.out == "Two files:\na[2J, b\n"
    assert ran.err.splitlines() == ["Hmm.", '→ exec {"command": "ls"}', "✓ exec", "✗ read no such file"]


async def test_chat_as_json_lines(fake: FakeDoor, run: Run) -> None:
    """The frames of the door protocol, as they came."""
    ran = await run("chat", "-", "--json", "--agent", "other", "--session", "agent:other:x", stdin="hi")
    events = [json.loads(line) for line in ran.lines]

    assert [event["type"] for event in events] == ["chunk", "chunk", "chunk", "done"]
    assert {event["sessionKey"] for event in events} == {"agent:other:x"}
    assert set(events[0]) == {"type", "id", "runId", "agent", "sessionKey", "content", "offset", "seq"}
    assert events[-1]["turnEnded"] is True


async def test_a_failed_chat(fake: FakeDoor, run: Run) -> None:
    async def script(turn: FakeTurn) -> None:
        turn.chunk("I was going to")
        turn.error("The model is away.")

    fake.script = script
    ran = await run("chat", "hi")

    assert (ran.code, ran.out, ran.err) == (5, "I was going to\n", "error: The model is away.\n")
    assert (await run("chat", "  ")).code == 2


async def test_events_are_json_lines(fake: FakeDoor, run: Run) -> None:
    listening = asyncio.create_task(run("events", "--filter", "cron*", "--count", "2"))  # noqa: TID251
    await fake.wait_until(lambda: fake.connections == 1)
    while not listening.done():  # whenever it begins to listen
        fake.emit("chat", {"n": 1})
        fake.emit("cron.x", {"n": 2})
        await asyncio.sleep(0.01)
    ran = await listening

    assert ran.code == 0
    assert [json.loads(line)["event"] for line in ran.lines] == ["cron.x", "cron.x"]


@pytest.mark.process
async def test_ctrl_c_stops_the_agent(fake: FakeDoor, home: Path) -> None:
    """C10: the run ends at the gateway, and the command with 130."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("I could go on")
        await turn.aborted.wait()
        turn.done(aborted=True)

    fake.script = script
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from vestibule.cli import main; sys.exit(main())",
        "chat",
        "talk",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "VESTIBULE_HOME": str(home)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # background jobs ignore it
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert await process.stdout.readexactly(len("I could go on")) == b"I could go on"
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()

    assert process.returncode == 130
    assert err == b"Stopping\xe2\x80\xa6\n"
    assert len(fake.frames("chat_abort")) == 1


@pytest.mark.process
async def test_ctrl_c_ends_events(fake: FakeDoor, home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from vestibule.cli import main; sys.exit(main())",
        "events",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "VESTIBULE_HOME": str(home)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # background jobs ignore it
    )
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(30):
        assert (await process.stderr.readline()).startswith(b"Listening")
        fake.emit("cron", 1)
        assert json.loads(await process.stdout.readline())["payload"] == 1
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()

    assert process.returncode == 130
    assert err == b""


@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        (("chat", "caf\udce9"), ""),
        (("chat", "hi", "--agent", "\udcff"), ""),
        (("call", "health", '{"a": "\udcff"}'), ""),
        (("call", "health", r'{"a": "\ud800"}'), ""),
    ],
)
async def test_bytes_that_are_no_text_are_a_wrong_argument(
    fake: FakeDoor, run: Run, command: tuple[str, ...], stdin: str
) -> None:
    ran = await run(*command, stdin=stdin)

    assert ran.code == 2
    assert "UTF-8" in ran.err
    assert fake.received == []


async def test_a_role_that_may_not_is_told_who_can_change_it(fake: FakeDoor, run: Run) -> None:
    fake.role = "viewer"

    async def script(turn: FakeTurn) -> None:
        turn.error("missing scope: operator.write", "FORBIDDEN")

    fake.script = script
    ran = await run("chat", "hi")

    assert ran.code == 4
    assert "Your role is viewer; whoever runs the door can change it: vestibule user add ada --role operator" in ran.err


async def test_who_has_no_gateway_is_told_what_to_do(fake: FakeDoor, run: Run) -> None:
    """Waiting for events that cannot come is no service."""
    fake.gateway = {"state": "unprovisioned", "reason": "No container provisioned."}

    async def script(turn: FakeTurn) -> None:
        turn.error("No container provisioned.", "NO_GATEWAY")

    fake.script = script
    for command in (("chat", "hi"), ("events",)):
        ran = await run(*command)
        assert ran.code == 6
        assert "vestibule gateway add ada --url ws://..." in ran.err


async def test_the_same_advice_is_given_once(fake: FakeDoor, run: Run) -> None:
    def refuse(_params: Any) -> None:
        raise Refuse("GATEWAY_DOWN", "It cannot be reached. Try again in a moment.", retryable=True)

    fake.answer("health", refuse)
    assert (await run("call", "health")).err == "error: GATEWAY_DOWN: It cannot be reached. Try again in a moment.\n"


async def test_a_filter_that_can_match_nothing_is_refused(fake: FakeDoor, run: Run) -> None:
    ran = await run("events", "--filter", "[")

    assert ran.code == 2
    assert "no pattern" in ran.err
