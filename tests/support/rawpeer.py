"""A WebSocket client that can break every rule: frames are bytes here."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl

KEY = base64.b64encode(b"sixteen bytes ok").decode()
MASK = b"\x01\x02\x03\x04"
TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
PATIENCE_S = 10.0


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bool = True) -> bytes:
    """One client frame; `rsv` is the three bits as a number."""
    first = (0x80 if fin else 0) | (rsv << 4) | opcode
    size = len(payload)
    flag = 0x80 if mask else 0
    if size < 126:
        head = bytes((first, flag | size))
    elif size < 65_536:
        head = bytes((first, flag | 126)) + struct.pack("!H", size)
    else:
        head = bytes((first, flag | 127)) + struct.pack("!Q", size)
    if not mask:
        return head + payload
    if size > 65_536:
        return head + bytes(4) + payload  # a mask of zeros is one, too, and quick
    key = int.from_bytes((MASK * (size // 4 + 1))[:size], "big")
    return head + MASK + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


def close_frame(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason.encode())


def upgrade_request(path: str = "/ws", *, host: str = "door", without: tuple[str, ...] = (), **headers: str) -> bytes:
    """An upgrade request; `headers` replace or add (underscores become dashes)."""
    fields = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if name not in without)
    return f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()


@dataclass
class Frame:
    opcode: int
    payload: bytes
    fin: bool = True

    @property
    def code(self) -> int:
        assert self.opcode == CLOSE
        return int.from_bytes(self.payload[:2], "big")

    @property
    def reason(self) -> str:
        return self.payload[2:].decode()


class RawPeer:
    """A TCP connection to the door."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def dial(cls, port: int, tls: ssl.SSLContext | None = None) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls, limit=2**20))

    def send(self, *data: bytes) -> None:
        self.writer.write(b"".join(data))

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an HTTP answer."""
        async with asyncio.timeout(PATIENCE_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, body

    async def frame(self) -> Frame:
        """The next frame of the server."""
        async with asyncio.timeout(PATIENCE_S):
            first, second = await self.reader.readexactly(2)
            assert not second & 0x80, "a server must not mask"
            size = second
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return Frame(first & 0x0F, await self.reader.readexactly(size), bool(first & 0x80))

    async def data(self) -> bytes:
        """The next text message of the server."""
        got = await self.frame()
        while got.opcode in (PING, PONG):
            got = await self.frame()
        assert got.opcode == TEXT, got
        return got.payload

    async def closing(self) -> Frame:
        """The server's close frame, whatever comes before it."""
        while (got := await self.frame()).opcode != CLOSE:
            pass
        return got

    async def ended(self) -> None:
        """Return when the server has closed the connection."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65_536):
                    pass

    async def hang_up(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


class Visit:
    """Raw peers of one test; whoever makes it hangs them all up."""

    def __init__(self) -> None:
        self._peers: list[RawPeer] = []

    async def dial(self, port: int, tls: ssl.SSLContext | None = None) -> RawPeer:
        """A connection that has said nothing yet."""
        peer = await RawPeer.dial(port, tls)
        self._peers.append(peer)
        return peer

    async def __call__(
        self, port: int, path: str = "/ws", *, tls: ssl.SSLContext | None = None, **headers: str
    ) -> RawPeer:
        """A connection that has been upgraded."""
        peer = await self.dial(port, tls)
        peer.send(upgrade_request(path, **headers))
        status, _, _ = await peer.answer()
        assert status == 101
        return peer

    async def end(self) -> None:
        for peer in self._peers:
            await peer.hang_up()
