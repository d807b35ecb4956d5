"""Between upgrade and attachment: sign-in, what is sent meanwhile, and every way to be refused."""

from __future__ import annotations

import asyncio
import json

import pytest

from support.edges import KIB, Opener, Running
from support.rawpeer import TEXT, Visit, frame
from support.waiting import eventually, settled
from vestibule.errors import (
    Forbidden,
    Overloaded,
    RateLimited,
    Restarting,
    StorageFault,
    Unauthenticated,
    VestibuleError,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_sent_during_sign_in_waits(door: Running, visit: Visit) -> None:
    """Nobody has to wait for the hello: messages sent at once are received in order, after the sign-in."""
    door.gate.open.clear()
    peer = await visit(door.port)
    peer.send(*(frame(TEXT, b"%d" % number) for number in range(5)))
    await eventually(lambda: door.gate.credentials)
    assert door.gate.clients == []
    door.gate.open.set()
    assert [await peer.data() for _ in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


async def test_much_that_is_sent_during_sign_in_waits_in_the_network(open_door: Opener, visit: Visit) -> None:
    """Beyond 64 KiB a client is not read until it is admitted; nothing is lost."""
    async with open_door(handshake_timeout_s=10.0) as door:
        door.gate.open.clear()
        peer = await visit(door.port)
        messages = [bytes((65 + number % 26,)) * 48 * KIB for number in range(200)]
        peer.send(*(frame(TEXT, message) for message in messages))
        assert await settled(peer.writer.transport.get_write_buffer_size) > 0
        door.gate.open.set()
        assert [await peer.data() for _ in messages] == messages
        await peer.hang_up()


async def test_refusals(door: Running, visit: Visit) -> None:
    """An `error` frame that says why, then the close code of the kind."""
    refusals: list[tuple[VestibuleError, int]] = [
        (Unauthenticated(), 4001),
        (Forbidden(), 4003),
        (RateLimited(retry_after_ms=1500), 4029),
        (Overloaded(), 1013),
        (Restarting(), 1012),
        (StorageFault(), 1013),
    ]
    for error, close in refusals:
        door.gate.refusal = error
        peer = await visit(door.port)
        said = json.loads(await peer.data())
        assert (said["type"], said["code"], said["message"]) == ("error", error.code, error.message)
        assert said.get("retryAfterMs") == error.retry_after_ms
        assert (await peer.closing()).code == close
        await peer.hang_up()
    await eventually(lambda: door.connections.count == 0)
    assert door.gate.clients == []


async def test_a_refusal_at_the_last_moment(door: Running, visit: Visit) -> None:
    door.gate.refusal_at_attach = Forbidden()
    peer = await visit(door.port)
    assert json.loads(await peer.data())["code"] == "FORBIDDEN"
    assert (await peer.closing()).code == 4003


@pytest.mark.logs_defect("client.admission_failed")
async def test_a_defect_shows_nothing_of_itself(door: Running, visit: Visit) -> None:
    """S6: the client gets the public sentence, no exception text."""
    door.gate.refusal = RuntimeError("postgres://admin:hunter2@10.0.0.9/door")
    peer = await visit(door.port)
    said = await peer.data()
    error = json.loads(said)
    assert error["code"] == "INTERNAL"
    assert error["details"]["call"]  # under which the log has the rest
    goodbye = await peer.closing()
    assert goodbye.code == 1013
    assert b"hunter2" not in said + goodbye.payload


async def test_a_sign_in_that_hangs(open_door: Opener, visit: Visit) -> None:
    """handshake_timeout_s: refused with a code that says come back."""
    async with open_door(handshake_timeout_s=0.2) as door:
        door.gate.open.clear()
        peer = await visit(door.port)
        assert json.loads(await peer.data())["code"] == "OVERLOADED"
        assert (await peer.closing()).code == 1013
        await peer.hang_up()


async def test_who_leaves_during_sign_in(open_door: Opener, visit: Visit) -> None:
    """The sign-in ends with the socket; the hub never hears of it."""
    async with open_door(handshake_timeout_s=10.0) as door:
        door.gate.open.clear()
        peer = await visit(door.port)
        await eventually(lambda: door.gate.credentials)
        peer.writer.transport.abort()
        await eventually(lambda: door.gate.cancelled == 1)
        await eventually(lambda: door.connections.count == 0)
        assert door.gate.clients == []


async def test_sign_ins_do_not_wait_for_each_other(open_door: Opener, visit: Visit) -> None:
    """One that hangs delays nobody."""
    async with open_door(handshake_timeout_s=10.0) as door:
        door.gate.open.clear()
        stuck = await visit(door.port)
        await eventually(lambda: door.gate.credentials)
        door.gate.open = asyncio.Event()
        door.gate.open.set()
        peer = await visit(door.port)
        peer.send(frame(TEXT, b"quick"))
        assert await peer.data() == b"quick"
        await stuck.hang_up()
        await peer.hang_up()
        await eventually(lambda: door.gate.cancelled == 1)
