"""Calls: one answer each, never repeated, never waited for in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from client.conftest import gone_offline, quick
from vestibule.client import CallError, CannotConnect, ClientCode
from vestibule.client.door import Door
from vestibule.testing.door import FakeDoor, Refuse, Silence


async def test_a_call_returns_the_payload(fake: FakeDoor, door: Door) -> None:
    fake.answer("sessions.list", lambda params: {"count": params["limit"]})

    assert await door.call("sessions.list", {"limit": 3}) == {"count": 3}


async def test_calls_at_the_same_time_get_their_own_answers(fake: FakeDoor, door: Door) -> None:
    """P4: answers belong to ids, in whatever order they come."""
    turns = [asyncio.Event() for _ in range(3)]

    async def wait(params: dict[str, int]) -> int:
        await turns[params["n"]].wait()
        return params["n"]

    fake.answer("wait", wait)
    async with asyncio.TaskGroup() as own:
        calls = [own.create_task(door.call("wait", {"n": n})) for n in range(3)]
        for turn in reversed(turns):
            turn.set()

    assert [call.result() for call in calls] == [0, 1, 2]


async def test_the_gateways_error_arrives_as_it_was_sent(fake: FakeDoor, door: Door) -> None:
    """W10: the gateway's own words, code and hints reach whoever called."""

    def refuse(_params: Any) -> None:
        raise Refuse(
            "CONFLICT", "config changed", details={"hash": "x"}, retryable=True, retryAfterMs=7, mayHaveRun=True
        )

    fake.answer("config.set", refuse)

    with pytest.raises(CallError) as caught:
        await door.call("config.set", {})
    error = caught.value
    assert (error.code, error.message, error.details) == ("CONFLICT", "config changed", {"hash": "x"})
    assert (error.retryable, error.retry_after_ms, error.may_have_run) == (True, 7, True)


async def test_agent_answers_twice(fake: FakeDoor, door: Door) -> None:
    """P4: the first of the two answers of `agent` goes to the callback, the final one is returned."""
    fake.answer("agent", {"status": "ok", "summary": "completed"})
    accepted: list[Any] = []

    final = await door.call("agent", {"message": "hi"}, on_accepted=accepted.append)

    assert accepted == [{"runId": "run-1", "status": "accepted"}]
    assert final == {"status": "ok", "summary": "completed"}


async def test_the_client_waits_a_little_longer_than_it_lets_the_door(fake: FakeDoor, door: Door) -> None:
    """W5: the deadline travels with the call, so that the door's own answer wins."""
    await door.call("health", timeout_s=7)

    assert 6_000 < fake.frames("req")[0]["timeoutMs"] <= 7_000


async def test_a_silent_door_is_given_up(fake: FakeDoor, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vestibule.client.door.ANSWER_MARGIN_S", 0.05)
    fake.answer("health", Silence())

    with pytest.raises(CallError) as caught:
        await door.call("health", timeout_s=0.05)
    assert (caught.value.code, caught.value.may_have_run) == (ClientCode.TIMEOUT, True)


async def test_a_call_in_flight_when_the_socket_dies_is_answered_and_not_repeated(fake: FakeDoor, door: Door) -> None:
    """P6: it may have run; only the caller can know whether it may run twice."""
    fake.answer("cron.run", Silence())
    call = asyncio.create_task(door.call("cron.run", {"id": "1"}))  # noqa: TID251
    await fake.wait_until(lambda: bool(fake.frames("req")))

    fake.drop()

    with pytest.raises(CallError) as caught:
        await call
    assert (caught.value.code, caught.value.may_have_run) == (ClientCode.CONNECTION_LOST, True)
    await fake.wait_until(lambda: len(fake.resumes) == 2)
    assert await door.call("health") == {"ok": True}
    assert [frame["method"] for frame in fake.frames("req")] == ["cron.run", "health"]


async def test_a_call_made_offline_waits_for_the_connection(fake: FakeDoor, door: Door) -> None:
    await fake.stop()
    call = asyncio.create_task(door.call("health"))  # noqa: TID251
    await asyncio.sleep(0)

    await fake.start()

    assert await call == {"ok": True}


async def test_a_call_made_offline_gives_up_at_its_deadline(fake: FakeDoor, door: Door) -> None:
    """Nothing was sent, and the error says so."""
    await gone_offline(fake, door)

    with pytest.raises(CallError) as caught:
        await door.call("health", timeout_s=0.05)
    error = caught.value
    assert (error.code, error.may_have_run, error.retryable) == (ClientCode.OFFLINE, False, True)


async def test_a_closed_door_answers_at_once(fake: FakeDoor) -> None:
    async with quick(fake) as door:
        fake.answer("health", Silence())
        call = asyncio.create_task(door.call("health"))  # noqa: TID251
        await fake.wait_until(lambda: bool(fake.frames("req")))

    for later in (call, door.call("health")):
        with pytest.raises(CallError) as caught:
            await later
        assert caught.value.code == ClientCode.CLOSED


async def test_too_many_calls_are_refused_here(fake: FakeDoor, door: Door) -> None:
    """P13: the table of calls is bounded, and says so."""
    fake.answer("health", Silence())
    async with asyncio.TaskGroup() as own:
        calls = [own.create_task(door.call("health")) for _ in range(1_024)]
        await fake.wait_until(lambda: len(fake.frames("req")) == 1_024)
        with pytest.raises(CallError) as caught:
            await door.call("health")
        for call in calls:
            call.cancel()

    assert (caught.value.code, caught.value.may_have_run) == (ClientCode.QUEUE_FULL, False)


async def test_what_the_gateway_is(door: Door) -> None:
    gateway = await door.gateway()

    assert (gateway.state, gateway.version, gateway.protocol) == ("ready", "2026.9.6", 4)
    assert "health" in gateway.methods
    assert door.hello.principal.member == "ada"
    assert door.status.is_ready


async def test_frames_nobody_knows_are_ignored(fake: FakeDoor, door: Door) -> None:
    """P5: unknown types, answers nobody waits for, lists and non-JSON do not end anything."""
    for frame in (
        {"type": "from-the-future", "offset": "no number"},
        {"type": "res", "id": "999", "ok": True},
        {"type": "res", "id": ["1"]},
        {"type": "event"},
        {"type": "chunk", "runId": ["x"]},
    ):
        fake.tell(frame)
    for data in ("[1]", "nonsense", b"\xff"):
        await fake.send_raw(data)

    assert await door.call("health") == {"ok": True}


async def test_nobody_at_home() -> None:
    """Entering fails with the reason once its time is over."""
    async with FakeDoor() as gone:
        url = gone.url

    with pytest.raises(CannotConnect, match="connection refused"):
        async with Door(url, "x", retry_open=False):
            pass
    with pytest.raises(CannotConnect, match="connection refused"):
        async with Door(url, "x", open_timeout_s=0.05):
            pass


BROKEN = "caf\udce9"
"""What Python makes of a byte that is not UTF-8."""


@pytest.mark.parametrize("wrong", [{"a": BROKEN}, {"a": object()}, {BROKEN: 1}])
async def test_what_cannot_be_said_harms_nobody_else(fake: FakeDoor, door: Door, wrong: dict[str, Any]) -> None:
    """P5: the caller gets a ValueError at once; nothing is sent, and the others' calls go on."""
    release = asyncio.Event()
    fake.answer("slow", lambda _: release.wait())
    async with asyncio.TaskGroup() as own:
        other = own.create_task(door.call("slow"))
        await fake.wait_until(lambda: bool(fake.frames("req")))

        with pytest.raises(ValueError, match=r"cannot be written|not Unicode"):
            await door.call("health", wrong)
        with pytest.raises(ValueError, match=r"cannot be written|not Unicode"):
            door.chat("main", "hi", attachments=[wrong])
        with pytest.raises(ValueError, match="not Unicode"):
            door.chat("main", BROKEN)
        with pytest.raises(ValueError, match="not Unicode"):
            await door.abort(BROKEN)
        release.set()

    assert other.result() is True
    assert [frame["method"] for frame in fake.received] == ["slow"]
    assert len(fake.handshakes) == 1


async def test_what_the_door_would_not_take_is_not_sent() -> None:
    """P13: larger than `hello.policy.maxPayload` is refused here, and certainly has not run."""
    async with FakeDoor(max_payload_bytes=1_000) as fake, quick(fake) as door:
        with pytest.raises(CallError) as caught:
            await door.call("health", {"a": "x" * 1_000})
        with pytest.raises(CallError) as said:
            await door.chat("main", "x" * 1_000).text()

        assert (caught.value.code, caught.value.may_have_run) == (ClientCode.TOO_LARGE, False)
        assert (said.value.code, said.value.may_have_run) == (ClientCode.TOO_LARGE, False)
        assert "send less at once" in said.value.message
        assert await door.chat("main", "hi").text() == "You said: hi"
        assert await door.call("health") == {"ok": True}
        assert len(fake.handshakes) == 1


@pytest.mark.parametrize("wrong", [0, -1, float("nan")])
async def test_a_time_that_is_none_is_refused(door: Door, wrong: float) -> None:
    for nothing in ({"timeout_s": wrong}, {"run_timeout_s": wrong}):
        with pytest.raises(ValueError, match="must be more than 0"):
            await door.call("health", **nothing)
    with pytest.raises(ValueError, match="must be more than 0"):
        door.chat("main", "hi", silence_timeout_s=wrong)
    with pytest.raises(ValueError, match="must be more than 0"):
        Door("ws://127.0.0.1:1/ws", open_timeout_s=wrong)
