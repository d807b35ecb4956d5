"""Sockets to gateways against the oracle (`websockets`) and against servers that misbehave in bytes."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import websockets
from websockets.asyncio.server import ServerConnection, serve

from support.waiting import eventually
from vestibule.sockets.native import ConnectFailed, Socket, connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from websockets.datastructures import Headers

    from support.certificates import Certificate

KIB = 1024


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, bool]] = []
        self.oversize: list[tuple[int, bytes]] = []
        self.closed: list[tuple[int, str]] = []

    @property
    def messages(self) -> list[bytes]:
        return [data for data, _ in self.heard]

    def on_message(self, data: bytes, last_in_read: bool) -> None:
        self.heard.append((data, last_in_read))

    def on_oversize(self, size: int, head: bytes) -> None:
        self.oversize.append((size, head))

    def on_closed(self, code: int, reason: str) -> None:
        self.closed.append((code, reason))


@contextlib.asynccontextmanager
async def gateway(handler: Callable[[ServerConnection], Awaitable[None]], **options: Any) -> AsyncIterator[str]:
    """The oracle's server; the handler may end with the connection."""

    async def forgiving(connection: ServerConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            await handler(connection)

    async with serve(forgiving, "127.0.0.1", 0, max_size=None, **options) as server:
        scheme = "wss" if options.get("ssl") else "ws"
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/path?and=query"


@contextlib.asynccontextmanager
async def tcp(handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A server that speaks in bytes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await handler(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        server.close()


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def finish(socket: Socket, ear: Ear) -> None:
    socket.close()
    await eventually(lambda: ear.closed)


async def test_messages_of_all_sizes() -> None:
    """What is sent arrives masked and whole, what comes back is heard as bytes."""
    ear = Ear()
    async with gateway(echo) as url:
        socket = await connect(url, ear)
        sent = [b"x" * size for size in (0, 1, 125, 126, 4095, 4096, 65_536, 300_000)]
        for data in sent:
            socket.send(data)
        await eventually(lambda: len(ear.heard) == len(sent))
        assert ear.messages == sent
        await finish(socket, ear)
        assert ear.closed == [(1000, "")]
        assert not socket.is_open
        socket.send(b"too late")
        socket.close()


async def test_the_request() -> None:
    """No Origin, no forwarded headers; extra headers as given; path and query kept."""
    seen: list[tuple[str, Headers]] = []

    async def note(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.append((connection.request.path, connection.request.headers))
        await connection.wait_closed()

    ear = Ear()
    async with gateway(note) as url:
        socket = await connect(url, ear, headers={"x-forwarded-user": "ana@example.com"})
        await finish(socket, ear)
    path, headers = seen[0]
    assert path == "/path?and=query"
    assert headers["x-forwarded-user"] == "ana@example.com"
    names = {name.lower() for name in headers}
    assert names == {
        "host",
        "upgrade",
        "connection",
        "sec-websocket-version",
        "sec-websocket-key",
        "x-forwarded-user",
    }


async def test_nothing_is_lost_before_connect_returns() -> None:
    """P14: a gateway speaks first, often in the same packet as its answer to the upgrade."""

    async def speak_first(connection: ServerConnection) -> None:
        await connection.send("challenge")
        await connection.send("another")
        await connection.wait_closed()

    ear = Ear()
    async with gateway(speak_first) as url:
        socket = await connect(url, ear)
        assert ear.heard == []
        await eventually(lambda: ear.messages == [b"challenge", b"another"])
        await finish(socket, ear)


async def test_the_last_message_of_a_read_is_known() -> None:
    """A batch ends with its read, whatever control frames or fragments follow the last message in it."""

    async def batches(connection: ServerConnection) -> None:
        await connection.recv()
        transport = connection.transport
        text = b"\x81\x01"
        transport.write(text + b"1" + text + b"2" + text + b"3")
        await connection.recv()
        transport.write(text + b"4" + text + b"5" + b"\x89\x00")
        await connection.recv()
        transport.write(text + b"6" + b"\x01\x01" + b"7")
        await connection.recv()
        transport.write(b"\x89\x00" + b"\x80\x01" + b"8" + b"\x8a\x00")
        await connection.wait_closed()

    ear = Ear()
    async with gateway(batches) as url:
        socket = await connect(url, ear)
        for expected in (
            [(b"1", False), (b"2", False), (b"3", True)],
            [(b"4", False), (b"5", True)],
            [(b"6", True)],
            [(b"78", True)],
        ):
            ear.heard.clear()
            socket.send(b"next")
            await eventually(lambda: len(ear.heard) == len(expected))  # noqa: B023  # awaited in the same round
            assert ear.heard == expected
        await finish(socket, ear)


async def test_pings_are_answered_and_pongs_counted() -> None:
    answered: list[float] = []

    async def pinger(connection: ServerConnection) -> None:
        answered.append(await (await connection.ping()))
        await connection.wait_closed()

    ear = Ear()
    async with gateway(pinger) as url:
        socket = await connect(url, ear)
        await eventually(lambda: answered)
        socket.ping()
        await eventually(lambda: socket.pongs == 1)
        await finish(socket, ear)


async def test_an_oversize_message_is_skipped() -> None:
    """P10: it is reported with how it began, and the socket goes on."""

    async def large(connection: ServerConnection) -> None:
        await connection.send('{"type":"res","id":"17","payload":"' + "x" * 200 * KIB + '"}')
        await connection.send(["f" * 100 * KIB, "g" * 100 * KIB])
        await connection.send("small")
        await connection.wait_closed()

    ear = Ear()
    async with gateway(large) as url:
        socket = await connect(url, ear, max_message_bytes=64 * KIB)
        await eventually(lambda: ear.messages == [b"small"])
        assert [size for size, _ in ear.oversize] == [200 * KIB + 37, 200 * KIB]
        assert ear.oversize[0][1].startswith(b'{"type":"res","id":"17"')
        assert socket.is_open
        socket.max_message_bytes = 512 * KIB
        await finish(socket, ear)


async def test_the_gateways_goodbye() -> None:
    """P6: heard at once with code and reason, and answered."""
    codes: list[int | None] = []

    async def leave(connection: ServerConnection) -> None:
        await connection.send("last words")
        await connection.close(1012, "restarting")
        codes.append(connection.close_code)

    ear = Ear()
    async with gateway(leave) as url:
        socket = await connect(url, ear)
        await eventually(lambda: ear.closed == [(1012, "restarting")])
        assert ear.messages == [b"last words"]
        assert not socket.is_open
        await eventually(lambda: codes == [1012])


async def test_a_gateway_that_vanishes() -> None:
    async def vanish(connection: ServerConnection) -> None:
        connection.transport.abort()

    ear = Ear()
    async with gateway(vanish) as url:
        await connect(url, ear)
        await eventually(lambda: ear.closed == [(1006, "")])


async def test_a_gateway_that_does_not_answer_a_goodbye() -> None:
    """The timer ends it with our own code."""

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await connection.wait_closed()

    ear = Ear()
    async with gateway(deaf, close_timeout=0.1) as url:
        socket = await connect(url, ear, close_timeout_s=0.1)
        socket.close(1000, "done")
        await eventually(lambda: ear.closed == [(1000, "done")])


async def test_a_gateway_that_does_not_read() -> None:
    """What waits is visible; abort ends it at once."""

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await connection.wait_closed()

    ear = Ear()
    async with gateway(deaf, close_timeout=0.1) as url:
        socket = await connect(url, ear)
        for _ in range(200):
            socket.send(b"x" * 64 * KIB)
        assert socket.buffered > 0
        socket.abort()
        await eventually(lambda: ear.closed == [(1006, "")])


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x80\x01x", 1002),  # continuation of nothing
        (b"\x01\x01a\x81\x01b", 1002),  # a message inside another
        (b"\x81\x81\x00\x00\x00\x00x", 1002),  # masked
        (b"\x83\x01x", 1002),  # unknown opcode
    ],
)
async def test_a_gateway_that_breaks_a_rule(sent: bytes, code: int) -> None:
    async def breaker(connection: ServerConnection) -> None:
        connection.transport.write(b"\x81\x04good" + sent)
        await connection.wait_closed()

    ear = Ear()
    async with gateway(breaker) as url:
        await connect(url, ear, close_timeout_s=0.2)
        await eventually(lambda: ear.closed)
        assert ear.closed[0][0] == code


@pytest.mark.logs_defect("gateway_socket.listener_failed")
async def test_a_listener_that_fails_hears_the_next_message() -> None:
    """P5: a reader survives whatever a frame does to it."""

    class Clumsy(Ear):
        def on_message(self, data: bytes, last_in_read: bool) -> None:
            super().on_message(data, last_in_read)
            if data == b"first":
                raise RuntimeError("a defect of ours")

    ear = Clumsy()
    async with gateway(echo) as url:
        socket = await connect(url, ear)
        socket.send(b"first")
        socket.send(b"second")
        await eventually(lambda: ear.messages == [b"first", b"second"])
        await finish(socket, ear)


async def refused(url: str, **options: Any) -> ConnectFailed:
    ear = Ear()
    with pytest.raises(ConnectFailed) as failed:
        await connect(url, ear, **options)
    assert ear.closed == []
    return failed.value


async def test_addresses_that_cannot_be_dialled() -> None:
    for url in (
        "http://x/",
        "ws://",
        "gateway:18789",
        "ws://x:99999/",
        "ws://x/a b",
        "ws://x/\r\nEvil: yes",
        "ws://x/é",
    ):
        assert (await refused(url)).kind == "url", url
    assert (await refused("ws://127.0.0.1:1/")).kind == "refused"
    assert (await refused("ws://nowhere.invalid/")).kind == "dns"


async def test_headers_cannot_break_out_of_their_line() -> None:
    assert (await refused("ws://127.0.0.1:1/", headers={"x-user": "ana\r\nx-admin: yes"})).kind == "url"
    assert (await refused("ws://127.0.0.1:1/", headers={"x user": "ana"})).kind == "url"


async def test_an_http_answer() -> None:
    """The status is there: 401 and 503 mean different things to whoever dials again."""

    async def unavailable(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with tcp(unavailable) as url:
        failed = await refused(url)
        assert (failed.kind, failed.status) == ("http", 503)


async def test_a_redirect_is_not_followed() -> None:
    """Credentials go to the address of the route and nowhere else."""

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with tcp(elsewhere) as url:
        failed = await refused(url)
        assert (failed.kind, failed.status) == ("http", 302)


async def test_no_http_at_all() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()

    async with tcp(babble) as url:
        assert (await refused(url)).kind == "upgrade"


async def test_closed_during_the_upgrade() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with tcp(leave) as url:
        assert (await refused(url)).kind == "lost"


async def test_a_gateway_that_hangs() -> None:
    """P2, P7: in TCP or in the upgrade; the socket is closed, none is left over."""
    asked, ended = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        ended.set()

    async with tcp(hang) as url:
        assert (await refused(url, timeout_s=0.1)).kind == "timeout"
        async with asyncio.timeout(5):
            await ended.wait()
        asked.clear()
        ended.clear()
        dialling = asyncio.create_task(connect(url, Ear()))  # noqa: TID251  # the test owns it
        await asked.wait()
        dialling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dialling
        async with asyncio.timeout(5):
            await ended.wait()


def tls_server(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    return context


async def test_tls_with_a_pin(certificate: Certificate) -> None:
    """The pinned certificate is enough, in any spelling of its fingerprint; large messages pass."""
    async with gateway(echo, ssl=tls_server(certificate)) as url:
        colons = ":".join(certificate.pin[at : at + 2] for at in range(0, 64, 2)).upper()
        for pin in (certificate.pin, colons):
            ear = Ear()
            socket = await connect(url, ear, tls_pin=pin)
            socket.send(b"y" * 500_000)
            await eventually(lambda: ear.messages == [b"y" * 500_000])  # noqa: B023  # awaited in the same round
            await finish(socket, ear)


async def test_tls_with_another_certificate(certificate: Certificate) -> None:
    """Not the pinned one, or not from an authority of the system: nothing is sent."""
    asked: list[Headers] = []

    async def note(connection: ServerConnection) -> None:
        assert connection.request is not None
        asked.append(connection.request.headers)

    async with gateway(note, ssl=tls_server(certificate)) as url:
        assert (await refused(url, tls_pin="0" * 64, headers={"x-forwarded-user": "ana"})).kind == "pin"
        assert (await refused(url, headers={"x-forwarded-user": "ana"})).kind == "tls"
    assert asked == []


async def test_tls_where_there_is_none() -> None:
    async with gateway(echo) as url:
        assert (await refused(url.replace("ws://", "wss://"), timeout_s=5)).kind in ("tls", "lost")
