"""What only the native edge can do, and how it sits on uvicorn."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from support.edges import KIB, running
from support.rawpeer import PING, TEXT, Visit, close_frame, frame
from support.waiting import eventually
from vestibule.protocol.batch import Batch
from vestibule.sockets.loop import patched

if TYPE_CHECKING:
    from pathlib import Path

    from support.edges import Running

_DATA_SEGMENTS_IN = 152  # offset of tcpi_data_segs_in in Linux' struct tcp_info


def segments_received(peer: asyncio.StreamWriter) -> int:
    """How many segments with data the kernel has received on this connection."""
    info = peer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    (count,) = struct.unpack_from("I", info, _DATA_SEGMENTS_IN)
    return int(count)


async def test_a_burst_is_one_write(tmp_path: Path, visit: Visit) -> None:
    """Hot path, point 4: fifty frames in one system call, seen as one TCP segment."""
    async with running("native", tmp_path) as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        before = segments_received(peer.writer)
        burst = [b'{"event":%d,"text":"%b"}' % (number, b"x" * 200) for number in range(50)]
        client.transport.write_many(Batch(burst))
        assert [await peer.data() for _ in burst] == burst
        assert segments_received(peer.writer) - before == 1
        await peer.hang_up()


async def test_a_small_message_is_one_write(tmp_path: Path, visit: Visit) -> None:
    async with running("native", tmp_path) as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        before = segments_received(peer.writer)
        client.transport.write(b"x" * 4 * KIB)
        assert await peer.data() == b"x" * 4 * KIB
        assert segments_received(peer.writer) - before == 1
        await peer.hang_up()


async def test_a_talking_peer_need_not_pong(tmp_path: Path, visit: Visit) -> None:
    """Any frame counts as an answer to a ping."""
    async with running("native", tmp_path, ping_interval_s=0.1) as door:
        peer = await visit(door.port)
        loop = asyncio.get_running_loop()
        until = loop.time() + 0.5  # longer than the three intervals after which a silent peer is cut
        while loop.time() < until:
            peer.send(frame(TEXT, b"still here"))
            assert await peer.data() == b"still here"
        await peer.hang_up()


async def test_pings_do_not_pile_up_for_who_reads_nothing(tmp_path: Path, visit: Visit) -> None:
    """R4: neither our pings nor pongs to a flood of pings grow the buffer of a peer that is full."""
    async with running("native", tmp_path) as door:
        peer = await visit(door.port)
        client = await door.gate.client()
        peer.writer.transport.pause_reading()
        while "paused" not in client.events:
            client.transport.write(b"x" * 64 * KIB)
            await asyncio.sleep(0)
        client.answer = lambda _data: None
        full = client.transport.buffered
        for _ in range(1000):
            peer.send(frame(PING, b"x" * 125))
        peer.send(frame(TEXT, b"done"))
        await eventually(lambda: client.received == [b"done"])
        assert client.transport.buffered <= full
        await peer.hang_up()


async def test_what_uvicorn_knows(tmp_path: Path, visit: Visit) -> None:
    """It forgets upgraded connections: ours are registered with it until they are gone, however they end."""
    async with running("native", tmp_path) as door:
        peers = [await visit(door.port) for _ in range(4)]
        await eventually(lambda: len(door.gate.clients) == 4)
        known = door.server.server_state.connections
        assert len(known) == door.connections.count == 4
        peers[0].send(close_frame(1000))
        peers[1].writer.transport.abort()
        peers[2].send(frame(TEXT, b"\xff"))
        await peers[2].closing()
        for peer in peers:
            await peer.hang_up()
        await eventually(lambda: door.connections.count == 0)
        assert len(known) == 0


async def echoes(door: Running, visit: Visit) -> None:
    peer = await visit(door.port)
    client = await door.gate.client()

    def answer(data: bytes) -> None:
        scratch = bytearray(data)
        client.transport.write(memoryview(scratch))
        scratch[:] = b"\x00" * len(scratch)

    client.answer = answer
    for number in range(8):
        message = bytes((65 + number,)) * 128 * KIB
        peer.send(frame(TEXT, message))
        assert await peer.data() == message
    peer.send(frame(TEXT, b"\xff"))
    assert (await peer.closing()).code == 1007
    await peer.hang_up()


def test_on_any_loop(tmp_path: Path) -> None:
    """Plain transports of asyncio and uvloop work, too: views are copied for them."""
    import uvloop

    async def scenario() -> None:
        visit = Visit()
        async with running("native", tmp_path) as door:
            await echoes(door, visit)
        await visit.end()

    for factory in (asyncio.new_event_loop, uvloop.new_event_loop, patched(asyncio.new_event_loop)):
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(scenario())
