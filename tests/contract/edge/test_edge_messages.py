"""Messages and the rules of RFC 6455: what a peer may send, and how one that may not is told.

Rows of the trap table: fragments, RSV bits, UTF-8, max size, ping, close.

Different on the ASGI edge, where uvicorn's WebSocket library speaks first: a message far above the limit (by more
than an eighth) is closed with 1009 instead of 4009, and neither that nor invalid UTF-8 is told in an `error` frame;
pings and pongs are answered there and seen by nobody; a vanished peer is 1005 instead of 1006.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket

import pytest
import websockets

from support.edges import KIB, Opener, Running
from support.rawpeer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawPeer, Visit, close_frame, frame
from support.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAR_TOO_LARGE = {"native": 4009, "asgi": 1009}


async def test_a_message_is_echoed(door: Running) -> None:
    """The oracle's messages of all header sizes arrive and come back byte for byte."""
    async with websockets.connect(door.url, max_size=None) as peer:
        for size in (0, 1, 125, 126, 65_535, 65_536, 300_000):
            text = ("zwölf " * size)[:size]
            await peer.send(text)
            assert await peer.recv() == text


async def test_fragments_are_put_together(door: Running) -> None:
    """Trap "fragments": any splitting of a message is one message, also in the middle of a character."""
    rng = random.Random(7)
    async with websockets.connect(door.url) as peer:
        for _ in range(30):
            text = "".join(rng.choice("aé漢😀") for _ in range(rng.randrange(1, 200)))
            cuts = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(1, 5)))
            parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            await peer.send(parts)
            assert await peer.recv() == text


async def test_a_character_may_be_split(door: Running, visit: Visit) -> None:
    """UTF-8 is judged by message, not by fragment."""
    peer = await visit(door.port)
    snow = "☃".encode()
    peer.send(
        frame(TEXT, snow[:1], fin=False), frame(CONTINUATION, snow[1:2], fin=False), frame(CONTINUATION, snow[2:])
    )
    assert await peer.data() == snow


async def test_control_frames_between_fragments(door: Running, visit: Visit) -> None:
    """A ping inside a fragmented message is answered and does not disturb it."""
    peer = await visit(door.port)
    peer.send(frame(TEXT, b"one ", fin=False), frame(PING, b"there?"), frame(CONTINUATION, b"message"))
    pong = await peer.frame()
    assert (pong.opcode, pong.payload) == (PONG, b"there?")
    assert await peer.data() == b"one message"


async def test_byte_by_byte(door: Running, visit: Visit) -> None:
    """However TCP cuts the stream, the messages are the same."""
    peer = await visit(door.port)
    peer.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in frame(TEXT, b"x" * 200) + frame(TEXT, b"second"):
        peer.send(bytes((byte,)))
        await asyncio.sleep(0)
    assert await peer.data() == b"x" * 200
    assert await peer.data() == b"second"


BROKEN = {
    "stray continuation": (frame(CONTINUATION, b"of what?"), 1002),
    "stray last continuation": (frame(TEXT, b"whole") + frame(CONTINUATION, b"more"), 1002),
    "a message inside another": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "reserved bit 1": (frame(TEXT, b"{}", rsv=4), 1002),
    "reserved bit 2": (frame(TEXT, b"{}", rsv=2), 1002),
    "reserved bit 3": (frame(TEXT, b"{}", rsv=1), 1002),
    "reserved bit in a fragment": (frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b", rsv=4), 1002),
    "reserved bit in a ping": (frame(PING, b"", rsv=4), 1002),
    "not UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "not UTF-8 over fragments": (frame(TEXT, b"\xe2", fin=False) + frame(CONTINUATION, b"\x28\xa1"), 1007),
    "a cut character": (frame(TEXT, "☃".encode()[:2]), 1007),
    "binary": (frame(BINARY, b"\x00"), 1003),
    "unmasked": (frame(TEXT, b"{}", mask=False), 1002),
    "unknown opcode": (frame(3, b"{}"), 1002),
    "unknown control opcode": (frame(11, b""), 1002),
    "a long ping": (frame(PING, b"x" * 126), 1002),
    "a fragmented ping": (frame(PING, b"x", fin=False), 1002),
    "a close code of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close code that is never sent": (close_frame(1006), 1002),
    "a close code nobody knows": (close_frame(2999), 1002),
    "a close reason that is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
}


async def test_who_breaks_a_rule_is_told(door: Running, visit: Visit) -> None:
    """Traps "fragments", "RSV bits", "UTF-8", "close": the code says which rule; the hub never sees the bytes."""
    for number, (rule, (sent, code)) in enumerate(BROKEN.items(), 1):
        peer = await visit(door.port)
        await eventually(lambda: len(door.gate.clients) == number)  # noqa: B023  # awaited in the same round
        client = door.gate.clients[-1]
        peer.send(sent)
        assert (await peer.closing()).code == code, rule
        peer.send(close_frame(code))
        await peer.ended()
        await peer.hang_up()
        await eventually(lambda: client.code is not None)  # noqa: B023
        assert client.code == code, rule
        assert client.received in ([], [b"whole"]), rule
    await eventually(lambda: door.connections.count == 0)


async def test_an_invalid_message_does_not_hurt_the_next_client(door: Running, visit: Visit) -> None:
    """Trap "UTF-8 towards the gateway": only who sent it is closed."""
    good, bad = await visit(door.port), await visit(door.port)
    bad.send(frame(TEXT, b"\xff"))
    assert (await bad.closing()).code == 1007
    good.send(frame(TEXT, b"still here"))
    assert await good.data() == b"still here"


async def test_the_largest_message_passes(open_door: Opener, visit: Visit) -> None:
    """Trap "max size": the limit itself is allowed, whole or in fragments."""
    async with open_door(max_message_bytes=64 * KIB) as door:
        peer = await visit(door.port)
        peer.send(frame(TEXT, b"a" * 64 * KIB))
        assert await peer.data() == b"a" * 64 * KIB
        peer.send(frame(TEXT, b"b" * 32 * KIB, fin=False), frame(CONTINUATION, b"c" * 32 * KIB))
        assert await peer.data() == b"b" * 32 * KIB + b"c" * 32 * KIB
        await peer.hang_up()


async def told(peer: RawPeer) -> dict[str, str] | None:
    """The `error` frame before the goodbye, if there is one."""
    got = await peer.frame()
    return json.loads(got.payload) if got.opcode == TEXT else None


async def test_one_byte_more_is_too_large(open_door: Opener, visit: Visit) -> None:
    """Issue "Bad input": code, message and what to do, then 4009; a sibling notices nothing."""
    async with open_door(max_message_bytes=64 * KIB) as door:
        sibling, peer = await visit(door.port), await visit(door.port)
        peer.send(frame(TEXT, b"a" * (64 * KIB + 1)))
        assert await told(peer) == {
            "type": "error",
            "message": "A message may have at most 65536 bytes: send large content in pieces.",
            "code": "TOO_LARGE",
        }
        goodbye = await peer.closing()
        assert (goodbye.code, goodbye.reason) == (4009, "message too large")
        await peer.hang_up()
        sibling.send(frame(TEXT, b"still here"))
        assert await sibling.data() == b"still here"
        assert [client.received for client in door.gate.clients] == [[b"still here"], []]
        await sibling.hang_up()


async def test_binary_is_answered_with_what_to_send(door: Running, visit: Visit) -> None:
    """Issue "Bad input": an `error` frame, then 1003."""
    peer = await visit(door.port)
    peer.send(frame(BINARY, b"{}"))
    assert await told(peer) == {
        "type": "error",
        "message": "Only text messages are understood: send each frame as JSON text.",
        "code": "INVALID_REQUEST",
    }
    goodbye = await peer.closing()
    assert (goodbye.code, goodbye.reason) == (1003, "text frames only")


async def test_what_is_not_utf8_is_answered(door: Running, edge: str, visit: Visit) -> None:
    """Issue "Bad input": an `error` frame, then 1007 (ASGI: the close code alone)."""
    for sent in (frame(TEXT, b"\xff"), frame(CLOSE, b"\x03\xe8\xff")):
        peer = await visit(door.port)
        peer.send(sent)
        if edge == "native":
            assert await told(peer) == {
                "type": "error",
                "message": "A message must be UTF-8: encode the JSON text as UTF-8.",
                "code": "INVALID_REQUEST",
            }
        goodbye = await peer.closing()
        assert goodbye.code == 1007
        if edge == "native":
            assert goodbye.reason == "not UTF-8"


async def test_a_rule_is_told_before_the_sign_in_is_through(door: Running, visit: Visit) -> None:
    """Issue "Bad input": also who is not admitted yet hears why; the sign-in ends with the socket."""
    door.gate.open.clear()
    peer = await visit(door.port)
    await eventually(lambda: door.gate.credentials)
    peer.send(frame(BINARY, b"{}"))
    error = await told(peer)
    assert error is not None
    assert error["code"] == "INVALID_REQUEST"
    peer.send(close_frame((await peer.closing()).code))
    await eventually(lambda: door.gate.cancelled == 1)
    assert door.gate.clients == []


async def test_too_large_is_said_before_it_is_read(open_door: Opener, edge: str, visit: Visit) -> None:
    """Trap "max size": the header of a frame is enough; nothing is buffered."""
    async with open_door(max_message_bytes=64 * KIB) as door:
        peer = await visit(door.port)
        peer.send(frame(TEXT, b"a" * 1024 * KIB)[:1000])
        assert (await peer.closing()).code == FAR_TOO_LARGE[edge]
        await peer.hang_up()


async def test_fragments_add_up(open_door: Opener, edge: str, visit: Visit) -> None:
    """Trap "max size": the limit is for the message, not for its frames, and does not wait for the last of them."""
    async with open_door(max_message_bytes=64 * KIB) as door:
        peer = await visit(door.port)
        peer.send(frame(TEXT, b"a" * 40 * KIB, fin=False), frame(CONTINUATION, b"b" * 40 * KIB, fin=False))
        assert (await peer.closing()).code == FAR_TOO_LARGE[edge]
        await peer.hang_up()


async def test_who_sends_too_much_hears_why(open_door: Opener, edge: str) -> None:
    """A peer in the middle of sending sees the answer and the code, not a reset connection."""
    async with open_door(max_message_bytes=64 * KIB) as door, websockets.connect(door.url) as peer:
        with contextlib.suppress(websockets.ConnectionClosed):
            await peer.send("a" * 4096 * KIB)
        if edge == "native":
            assert json.loads(await peer.recv())["code"] == "TOO_LARGE"
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await peer.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == FAR_TOO_LARGE[edge]


async def test_the_peers_goodbye_is_answered_with_its_code(door: Running, visit: Visit) -> None:
    """Trap "close": same code back, then the connection ends."""
    for code in (1000, 1001, 3000, 4999):
        peer = await visit(door.port)
        client = await door.gate.client()
        peer.send(close_frame(code, "bye"))
        assert (await peer.closing()).code == code
        await peer.ended()
        await eventually(lambda: client.code == code)  # noqa: B023  # awaited in the same round


async def test_a_goodbye_without_code(door: Running, visit: Visit) -> None:
    peer = await visit(door.port)
    client = await door.gate.client()
    peer.send(frame(CLOSE))
    await peer.closing()
    await peer.ended()
    await eventually(lambda: client.code == 1005)


async def test_what_follows_a_goodbye_is_not_heard(door: Running, visit: Visit) -> None:
    peer = await visit(door.port)
    client = await door.gate.client()
    peer.send(close_frame(1000), frame(TEXT, b"one more thing"))
    await peer.ended()
    await eventually(lambda: client.code == 1000)
    assert client.received == []


async def test_we_say_goodbye(door: Running) -> None:
    """Close after what was written; the peer's answer ends it, and the hub hears its own code."""
    async with websockets.connect(door.url) as peer:
        client = await door.gate.client()
        client.transport.write(b"last words")
        client.transport.close(4003, "forbidden")
        client.transport.write(b"too late")
        assert await peer.recv() == "last words"
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await peer.recv()
        assert ended.value.rcvd is not None
        assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (4003, "forbidden")
        await eventually(lambda: client.code == 4003)
        await eventually(lambda: door.connections.count == 0)


async def test_a_long_reason_is_cut(door: Running) -> None:
    async with websockets.connect(door.url) as peer:
        (await door.gate.client()).transport.close(4003, "é" * 200)
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await peer.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.reason == "é" * 61


async def test_a_peer_that_does_not_answer_a_goodbye(door: Running, visit: Visit) -> None:
    """Trap "close": a timer ends it for the hub, whatever the peer does."""
    peer = await visit(door.port)
    client = await door.gate.client()
    client.transport.close(1012, "restarting")
    assert (await peer.closing()).code == 1012
    await eventually(lambda: client.code == 1012)
    await eventually(lambda: door.connections.count == 0)


async def test_a_peer_that_vanishes(door: Running, edge: str, visit: Visit) -> None:
    peer = await visit(door.port)
    client = await door.gate.client()
    peer.writer.transport.abort()
    await eventually(lambda: client.code is not None)
    assert client.code == {"native": 1006, "asgi": 1005}[edge]
    await eventually(lambda: door.connections.count == 0)
    client.transport.write(b"into the void")
    client.transport.close(1000, "")


async def test_a_dead_peer_is_dropped(open_door: Opener, visit: Visit) -> None:
    """Trap "ping": one that answers no ping is cut; one that does stays."""
    async with open_door(ping_interval_s=0.2) as door:
        await visit(door.port)
        living = await door.gate.client()
        async with websockets.connect(door.url) as peer:
            await eventually(lambda: len(door.gate.clients) == 2)
            await eventually(lambda: living.code is not None)
            await peer.send("and I am here")
            assert await peer.recv() == "and I am here"


@pytest.mark.logs_defect("client.receive_failed")
async def test_a_defect_ends_one_client_only(door: Running, visit: Visit) -> None:
    """P5: whatever a frame does to its reader, other clients notice nothing."""
    bad, good = await visit(door.port), await visit(door.port)
    await eventually(lambda: len(door.gate.clients) == 2)

    def defect(_data: bytes) -> None:
        raise RuntimeError("a defect of ours")

    door.gate.clients[0].answer = defect
    bad.send(frame(TEXT, b"{}"))
    goodbye = await bad.closing()
    assert (goodbye.code, goodbye.reason) == (1011, "")
    good.send(frame(TEXT, b"fine"))
    assert await good.data() == b"fine"
