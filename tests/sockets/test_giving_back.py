"""Memory after large messages: read buffers grow with the largest frame, and are given back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import websockets

from support.edges import running
from support.rawpeer import PING, TEXT, Visit, frame
from support.waiting import eventually
from vestibule.sockets import freed, picows_private
from vestibule.sockets.native import READ_BUFFER_BYTES, Socket, connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

LARGE = b"x" * 300_000


class Heard:
    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.closed: tuple[int, str] | None = None

    def on_message(self, data: bytes, last_in_read: bool) -> None:
        self.sizes.append(len(data))

    def on_oversize(self, size: int, head: bytes) -> None: ...

    def on_closed(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No need to be quiet first."""
    monkeypatch.setattr(picows_private, "REST_S", 0.0)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    visit = Visit()
    yield visit
    await visit.end()


def room(transport: Any) -> int:
    """Bytes its read buffer would take now."""
    return len(transport.get_protocol().get_buffer(-1))


def buffer_of(socket: Socket) -> int:
    assert socket._wire is not None
    return room(socket._wire.underlying_transport)


async def test_a_gateways_socket_shrinks_and_goes_on(request: pytest.FixtureRequest) -> None:
    """Everything still works behind it: messages both ways, pings, and the goodbye with its code."""
    said: list[str | bytes] = []

    async def gateway(peer: websockets.ServerConnection) -> None:
        await peer.send(LARGE.decode())
        async for message in peer:
            said.append(message)
            await peer.send("small")
            await peer.ping()
            if message == "bye":
                await peer.close(4001, "so long")

    heard = Heard()
    async with websockets.serve(gateway, "127.0.0.1", 0, max_size=None) as server:
        socket = await connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heard)
        await eventually(lambda: heard.sizes == [len(LARGE)])
        assert buffer_of(socket) > len(LARGE)

        request.getfixturevalue("soon")
        socket.send(b"one")
        await eventually(lambda: heard.sizes == [len(LARGE), 5])
        await eventually(lambda: buffer_of(socket) < READ_BUFFER_BYTES)

        for message in (b"two", LARGE, b"bye"):
            socket.send(message)
        await eventually(lambda: heard.closed == (4001, "so long"))

    assert said == ["one", "two", LARGE.decode(), "bye"]
    assert heard.sizes == [len(LARGE), 5, 5, 5, 5]


async def test_a_gateway_that_says_nothing_more_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pong is the frame that tells that nothing is half read."""
    monkeypatch.setattr(picows_private, "REST_S", 0.1)

    async def gateway(peer: websockets.ServerConnection) -> None:
        await peer.send(LARGE.decode())
        await peer.wait_closed()

    heard = Heard()
    async with websockets.serve(gateway, "127.0.0.1", 0, max_size=None) as server:
        socket = await connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heard)
        await eventually(lambda: heard.sizes == [len(LARGE)])
        await eventually(lambda: buffer_of(socket) < READ_BUFFER_BYTES)
        socket.abort()


async def test_what_was_freed_goes_back_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little between it is still in use."""
    monkeypatch.setattr(freed, "DELAY_S", 0.0)
    mib, me = 1024 * 1024, psutil.Process()
    kept, let_go = [], []
    for _ in range(512):
        let_go.append(b"x" * 100_000)
        kept.append(b"y" * 20_000)
    full = me.memory_info().rss
    let_go.clear()
    assert full - me.memory_info().rss < 16 * mib, "the C library keeps it"

    freed.trim_soon()
    freed.trim_soon()
    await eventually(lambda: full - me.memory_info().rss > 32 * mib)
    assert len(kept) == 512


@pytest.mark.usefixtures("soon")
async def test_a_gateway_that_breaks_a_rule_behind_it_is_ended() -> None:
    shrunk = asyncio.Event()

    async def gateway(peer: websockets.ServerConnection) -> None:
        await peer.send(LARGE.decode())
        await shrunk.wait()
        peer.transport.write(b"\x83\x00")  # an opcode nobody knows
        await peer.wait_closed()

    heard = Heard()
    async with websockets.serve(gateway, "127.0.0.1", 0, max_size=None) as server:
        socket = await connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heard)
        await eventually(lambda: heard.sizes == [len(LARGE)])
        assert buffer_of(socket) < READ_BUFFER_BYTES
        shrunk.set()
        await eventually(lambda: heard.closed is not None)

    assert heard.closed is not None
    assert heard.closed[0] == 1002


@pytest.mark.usefixtures("soon")
async def test_a_clients_socket_shrinks_and_goes_on(tmp_path: Path, visit: Visit) -> None:
    async with running("native", tmp_path) as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        transport = client.transport._transport
        peer.send(frame(TEXT, LARGE))
        assert await peer.data() == LARGE
        assert room(transport) > len(LARGE)

        peer.send(frame(PING, b"still there?"))
        await eventually(lambda: room(transport) < READ_BUFFER_BYTES)

        for text in (b"one", LARGE, b"two"):
            peer.send(frame(TEXT, text))
            assert await peer.data() == text
        peer.send(b"\x83\x80\x00\x00\x00\x00")
        goodbye = await peer.closing()
        assert int.from_bytes(goodbye.payload[:2], "big") == 1002


async def test_not_in_the_middle_of_something(tmp_path: Path, visit: Visit) -> None:
    """While large messages come, the buffer is kept: growing it costs more than the memory."""
    async with running("native", tmp_path) as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        transport = client.transport._transport
        peer.send(frame(TEXT, LARGE), frame(PING, b""), frame(TEXT, b"small"))
        assert await peer.data() == LARGE
        assert await peer.data() == b"small"

        assert room(transport) > len(LARGE)
