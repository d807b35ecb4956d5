"""FaultProxy: a TCP proxy that delays, drips, swallows, cuts and resets, between any client and any server.

Forwards bytes and never looks into them.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from enum import StrEnum
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit, urlunsplit

from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

log = get_logger(__name__)

READ_BYTES = 64 * 1024
DRIP_INTERVAL_S = 0.02
_QUEUED_READS = 64


class Direction(StrEnum):
    """Which way bytes go."""

    UP = "up"
    """From the client to the server."""
    DOWN = "down"
    """From the server to the client."""


class FaultProxy:
    """A proxy in front of one address. Every property can be changed while bytes flow.

    `url` is the target's URL with the proxy's host and port, so it can stand wherever the target's stood.
    """

    def __init__(self, target: str, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._target = urlsplit(target if "://" in target else f"tcp://{target}")
        if not self._target.hostname or not self._target.port:
            raise ValueError(f"target needs host and port: {target}")
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._tasks = Tasks(self._failed)
        self._changed = asyncio.Event()
        self.latency_ms: float = 0.0
        """Added to every byte, each way."""
        self.bytes_per_s: int | None = None
        """Speed each way; None: as fast as it goes."""
        self.total_connections = 0
        self.bytes: dict[Direction, int] = {Direction.UP: 0, Direction.DOWN: 0}
        """Bytes forwarded."""
        self._swallowing = False
        self._cut: dict[Direction, int] = {}
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def __aenter__(self) -> FaultProxy:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _protocol(self._accept), self._host, self._port, backlog=1024)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and drop every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()
        await self._tasks.cancel_all()

    # facts

    @property
    def port(self) -> int:
        """The proxy's port."""
        return self._port

    @property
    def address(self) -> str:
        """`host:port` of the proxy."""
        return f"{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """The target's URL through the proxy."""
        return urlunsplit((self._target.scheme, self.address, self._target.path, self._target.query, ""))

    @property
    def open_connections(self) -> int:
        """Client connections open now."""
        return len(self._links)

    async def wait_for(self, predicate: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        """Until something is true; looked at after every connection and every forwarded read."""
        async with asyncio.timeout(timeout_s):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()

    # faults

    def pass_through(self) -> None:
        """No fault any more; what a black hole held back is forwarded."""
        self.latency_ms, self.bytes_per_s = 0.0, None
        self._swallowing = False
        self._cut.clear()
        self._flowing.set()

    def latency(self, milliseconds: float) -> None:
        """Delay every byte, each way."""
        self.latency_ms = milliseconds

    def drip(self, bytes_per_s: int | None) -> None:
        """Limit the speed each way; None: no limit."""
        self.bytes_per_s = bytes_per_s

    def blackhole(self) -> None:
        """Accept and keep connections, forward nothing, in both directions."""
        self._swallowing = True
        self._flowing.clear()

    def cut_at(self, byte: int, direction: Direction | str = Direction.DOWN) -> None:
        """Drop a connection as soon as it has forwarded this many bytes in this direction."""
        self._cut[Direction(direction)] = byte

    def drop(self) -> None:
        """Close every connection (FIN to both sides)."""
        for link in tuple(self._links):
            link.close()

    def reset(self) -> None:
        """Reset every connection (RST to both sides)."""
        for link in tuple(self._links):
            link.reset()

    def half_close(self, direction: Direction | str = Direction.DOWN) -> None:
        """FIN to one side only: `down` tells the client that the server has finished sending."""
        for link in tuple(self._links):
            link.half_close(Direction(direction))

    # inside

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.total_connections += 1
        self._tasks.spawn(self._serve(reader, writer), name="proxy:connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(writer)
        self._links.add(link)
        self._changed.set()
        try:
            await self._flowing.wait()
            try:
                up_reader, up_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
            except OSError:
                return
            link.server = up_writer
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(link, Direction.UP, reader, up_writer), name="proxy:up")
                both.create_task(self._pump(link, Direction.DOWN, up_reader, writer), name="proxy:down")
        finally:
            link.close()
            self._links.discard(link)
            self._changed.set()

    async def _pump(
        self, link: _Link, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_QUEUED_READS)
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._deliver(link, direction, waiting, writer), name=f"proxy:{direction}:deliver")
            try:
                while data := await reader.read(READ_BYTES):
                    await waiting.put((loop.time() + self.latency_ms / 1000, data))
            except OSError:
                link.reset()
            await waiting.put((loop.time() + self.latency_ms / 1000, b""))

    async def _deliver(
        self,
        link: _Link,
        direction: Direction,
        waiting: asyncio.Queue[tuple[float, bytes]],
        writer: asyncio.StreamWriter,
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:  # also after the end of the link, so that the reading side is never stuck
            due, data = await waiting.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            await self._flowing.wait()
            if not data:
                link.half_close(direction)
                return
            try:
                await self._forward(link, direction, data, writer)
            except OSError:
                link.close()

    async def _forward(self, link: _Link, direction: Direction, data: bytes, writer: asyncio.StreamWriter) -> None:
        while data and not writer.is_closing() and direction not in link.finished:
            await self._flowing.wait()
            piece = data
            if self.bytes_per_s is not None:
                piece = data[: max(1, int(self.bytes_per_s * DRIP_INTERVAL_S))]
            cut = self._cut.get(direction)
            if cut is not None:
                piece = piece[: max(0, cut - link.forwarded[direction])]
            if piece:
                writer.write(piece)
                await writer.drain()
                link.forwarded[direction] += len(piece)
                self.bytes[direction] += len(piece)
                self._changed.set()
            if cut is not None and link.forwarded[direction] >= cut:
                link.close()
                return
            data = data[len(piece) :]
            if self.bytes_per_s is not None:
                await asyncio.sleep(DRIP_INTERVAL_S)

    def _failed(self, name: str, error: BaseException) -> None:
        log.error("proxy.failed", task=name, error=repr(error), exc_info=error)


class _Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        self.forwarded = {Direction.UP: 0, Direction.DOWN: 0}
        self.finished: set[Direction] = set()

    def _sides(self) -> list[asyncio.StreamWriter]:
        return [self.client] if self.server is None else [self.client, self.server]

    def close(self) -> None:
        for side in self._sides():
            side.close()

    def reset(self) -> None:
        for side in self._sides():
            raw = side.get_extra_info("socket")
            if raw is not None and not side.is_closing():
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            cast("asyncio.Transport", side.transport).abort()

    def half_close(self, direction: Direction) -> None:
        side = self.client if direction is Direction.DOWN else self.server
        self.finished.add(direction)
        if side is not None and not side.is_closing() and side.can_write_eof():
            with contextlib.suppress(OSError):
                side.write_eof()


def _protocol(accept: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]) -> asyncio.StreamReaderProtocol:
    reader = asyncio.StreamReader(limit=READ_BYTES)
    return asyncio.StreamReaderProtocol(reader, accept)
