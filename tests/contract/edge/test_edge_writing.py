"""Writing to clients: order, views, slow readers, TLS (R3, R4), and the end of all of them together.

Rows of the trap table: backpressure, `writelines` of a view, threads. Not on the ASGI edge: one system call for a
burst (ASGI sends message by message), the kernel's view of `buffered`, cutting a peer that reads nothing.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import pytest
import websockets

from support.edges import KIB, Echo, Opener, Running
from support.rawpeer import CLOSE, TEXT, RawPeer, Visit, frame
from support.waiting import eventually
from vestibule.protocol.batch import Batch

if TYPE_CHECKING:
    from support.certificates import Certificate

pytestmark = pytest.mark.asyncio(loop_scope="module")

ECHOES = 96
LARGE = 128 * KIB


async def test_order_is_kept(door: Running) -> None:
    """Single messages and batches of any size arrive in the order in which they were written."""
    async with websockets.connect(door.url, max_size=None) as peer:
        transport = (await door.gate.client()).transport
        sizes = [10, 200, 70_000, 3, 20_000, 126, 65_536, 1]
        expected = [f"{number}:" + "x" * size for number, size in enumerate(sizes * 3)]
        transport.write(expected[0].encode())
        transport.write_many(Batch([text.encode() for text in expected[1:12]]))
        transport.write_many(Batch([]))
        transport.write(expected[12].encode())
        transport.write_many(Batch([text.encode() for text in expected[13:]]))
        assert [await peer.recv() for _ in expected] == expected


def answer_with_a_view_that_dies(client: Echo) -> None:
    """Answer as a relay would: with a view of memory that is reused right after."""

    def answer(data: bytes) -> None:
        scratch = bytearray(data)
        client.transport.write(memoryview(scratch))
        scratch[:] = b"\x00" * len(scratch)

    client.answer = answer


async def echo_slowly(peer: RawPeer, rounds: int) -> None:
    """Send large messages, read their echoes late."""
    for number in range(rounds):
        message = bytes((65 + number % 26,)) * LARGE
        peer.send(frame(TEXT, message))
        await peer.writer.drain()
        await asyncio.sleep(0)
        assert await peer.data() == message


async def test_ninety_six_large_echoes(door: Running, visit: Visit) -> None:
    """Trap "writelines of a view": what arrives is what was written, though the memory is reused at once."""
    peers = [await visit(door.port) for _ in range(8)]
    await eventually(lambda: len(door.gate.clients) == len(peers))
    for client in door.gate.clients:
        answer_with_a_view_that_dies(client)
    async with asyncio.timeout(30):
        await asyncio.gather(*(echo_slowly(peer, ECHOES // len(peers)) for peer in peers))


async def test_ninety_six_large_echoes_over_tls(open_door: Opener, visit: Visit, certificate: Certificate) -> None:
    """The same through TLS transports, which have buffers of their own."""
    async with open_door(certificate=(certificate.cert, certificate.key)) as door:
        trust = ssl.create_default_context(cafile=certificate.cert)
        trust.check_hostname = False
        peers = [await visit(door.port, tls=trust) for _ in range(4)]
        await eventually(lambda: len(door.gate.clients) == len(peers))
        for client in door.gate.clients:
            answer_with_a_view_that_dies(client)
        async with asyncio.timeout(30):
            await asyncio.gather(*(echo_slowly(peer, ECHOES // len(peers)) for peer in peers))
        for peer in peers:
            await peer.hang_up()


async def flood(door: Running, visit: Visit) -> tuple[RawPeer, Echo]:
    """A client that reads nothing, and so much written to it that its buffers are full."""
    peer = await visit(door.port)
    client = await door.gate.client()
    peer.writer.transport.pause_reading()
    while "paused" not in client.events:
        client.transport.write(b"x" * 64 * KIB)
        await asyncio.sleep(0)
    return peer, client


async def test_a_client_that_reads_nothing_is_told_of(door: Running, visit: Visit) -> None:
    """R4: paused once above the high-water mark, `buffered` says how much; writable once it has drained."""
    peer, client = await flood(door, visit)
    assert client.transport.buffered > 0
    assert client.events == ["paused"]
    waiting = client.transport.buffered
    client.transport.write(b"y" * 512 * KIB)
    assert client.transport.buffered >= waiting + 512 * KIB
    peer.writer.transport.resume_reading()
    while not (await peer.data()).startswith(b"y"):
        pass
    await eventually(lambda: client.events == ["paused", "writable"])
    await eventually(lambda: client.transport.buffered == 0)


async def test_a_client_that_reads_nothing_delays_nobody(door: Running, visit: Visit) -> None:
    """R3: its sibling is answered while it is full, and it still is heard itself."""
    deaf, client = await flood(door, visit)
    sibling = await visit(door.port)
    for number in range(20):
        sibling.send(frame(TEXT, b"%d" % number))
        assert await sibling.data() == b"%d" % number
    client.answer = lambda _data: None
    deaf.send(frame(TEXT, b"I talk but do not listen"))
    await eventually(lambda: client.received == [b"I talk but do not listen"])


async def test_a_client_that_reads_nothing_can_be_closed(door: Running, visit: Visit) -> None:
    """4008: the goodbye waits behind what was written; a timer does not wait for it."""
    _, client = await flood(door, visit)
    client.transport.close(4008, "too slow")
    await eventually(lambda: client.code == 4008)
    await eventually(lambda: door.connections.count == 0)


async def test_all_are_closed_together(door: Running) -> None:
    """Each client gets code and reason, its own if the hub spreads their return; the last one is waited for."""
    peers = [await websockets.connect(door.url) for _ in range(5)]
    await eventually(lambda: len(door.gate.clients) == 5)
    assert door.connections.count == 5
    hints = iter(range(100, 600, 100))
    door.connections.close_all(1012, lambda: f"restarting; retry in {next(hints)}")
    reasons = set()
    for peer in peers:
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await peer.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1012
        reasons.add(ended.value.rcvd.reason)
    assert reasons == {f"restarting; retry in {ms}" for ms in range(100, 600, 100)}
    assert await door.connections.wait_empty(5.0)
    assert [client.code for client in door.gate.clients] == [1012] * 5


async def test_who_comes_during_a_drain_is_sent_away(open_door: Opener, visit: Visit) -> None:
    async with open_door() as door:
        door.connections.drain(1012, "restarting; retry in 250")
        peer = await visit(door.port)
        goodbye = await peer.frame()
        assert (goodbye.opcode, goodbye.code, goodbye.reason) == (CLOSE, 1012, "restarting; retry in 250")
        await peer.hang_up()
        assert door.gate.credentials == []


async def test_the_drain_does_not_wait_for_ever(door: Running, visit: Visit) -> None:
    await visit(door.port)
    await door.gate.client()
    assert not await door.connections.wait_empty(0.01)


async def test_stopping_the_server_ends_what_is_left(open_door: Opener, visit: Visit) -> None:
    """uvicorn alone would forget upgraded connections: it closes ours too, and waits for them."""
    async with open_door() as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        door.server.should_exit = True
        assert (await peer.closing()).code == 1012
        await peer.hang_up()
        await eventually(lambda: client.code == 1012)
