"""The door protocol through ASGI: public interfaces only, twice the cost of the native edge.

Cannot do what ASGI does not offer: several messages in one system call, seeing pongs, cutting a connection. The
server counts what it has buffered itself; here `buffered` is what waits before it. What the server refuses itself
(not UTF-8, far above the limit) is closed in its words, without an `error` frame before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from vestibule.edge.arrival import Arrival
from vestibule.edge.upgrade import TurnedAway, join_headers, read_upgrade
from vestibule.protocol.batch import Batch
from vestibule.sockets.assembly import TEXT_ONLY, TOO_LARGE, Violation
from vestibule.sockets.framing import clip_reason
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from vestibule.edge.connections import Connections
    from vestibule.hub.ports import Gate
    from vestibule.settings import Settings

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

log = get_logger(__name__)

CLOSE_TIMEOUT_S = 5.0
"""How long what was written before a goodbye may take to go out."""
HIGH_WATER = 64 * 1024
LOW_WATER = 16 * 1024
VANISHED = 1006


def read_limit(max_message_bytes: int) -> int:
    """What the server may read of one message: a little above the limit, so that most who exceed it hear our words."""
    return max_message_bytes + max_message_bytes // 8


class AsgiEdge:
    """An ASGI application: WebSockets go to the gate, everything else to `app`."""

    def __init__(self, app: AsgiApp, gate: Gate, settings: Settings, connections: Connections) -> None:
        self._app = app
        self._gate = gate
        self._settings = settings
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection or request."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = join_headers(scope["headers"])
        peer = (scope.get("client") or ("", 0))[0]
        query = scope.get("query_string", b"").decode("latin-1")
        scope["query_string"] = b""  # S2: the server logs it when the socket is accepted
        wanted = read_upgrade(
            method="GET", path=scope["path"], query=query, headers=headers, peer=peer, settings=self._settings
        )
        await receive()  # websocket.connect
        if isinstance(wanted, TurnedAway):
            log.info("client.turned_away", status=wanted.status, remote=peer, origin=headers.get("origin", "")[:200])
            metrics.refused.labels(reason=f"http_{wanted.status}").inc()
            await _turn_away(wanted, send)
            return
        timeout_s, largest = self._settings.handshake_timeout_s, self._settings.max_message_bytes
        arrival = Arrival(self._gate, max_message_bytes=largest)
        socket = AsgiSocket(arrival, largest, close_timeout_s=min(CLOSE_TIMEOUT_S, timeout_s))
        full = self._connections.full
        self._connections.add(socket)
        try:
            await send({"type": "websocket.accept", "subprotocol": wanted.subprotocol})
            arrival.knock(wanted, socket, self._connections, timeout_s=timeout_s, full=full)
            await socket.run(receive, send)
        finally:
            self._connections.discard(socket)
            socket.gone()


async def _turn_away(away: TurnedAway, send: Send) -> None:
    body = away.body()
    headers = [(b"content-type", b"application/json")]
    headers += [(name.lower().encode(), value.encode()) for name, value in away.headers]
    await send({"type": "websocket.http.response.start", "status": int(away.status), "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


class AsgiSocket:
    """One accepted WebSocket. An `edge.arrival.EdgeTransport`."""

    def __init__(self, peer: Arrival, max_message_bytes: int, *, close_timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        self._peer = peer
        self._max = max_message_bytes
        self._close_timeout_s = close_timeout_s
        self._outgoing: deque[bytes] = deque()
        self._goodbye: tuple[int, str] | None = None
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._buffered = 0
        self._paused = False
        self._told = False
        self._code = VANISHED

    # -- hub.ports.ClientTransport

    def write(self, data: bytes | memoryview) -> None:
        """Send one text message. A view may die after the call."""
        self.write_many(Batch([bytes(data)]))

    def write_many(self, batch: Batch) -> None:
        """Send its messages in order, one by one."""
        if not self.is_open:
            return
        self._outgoing.extend(batch.messages)
        self._buffered += batch.size
        self._wake.set()
        if not self._paused and self._buffered > HIGH_WATER:
            self._paused = True
            self._peer.paused()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye after what was written."""
        if self.is_open:
            self._goodbye = (code, reason)
            self._code = code
            self._closing.set()
            self._wake.set()
            self._may_read.set()  # the end must be heard

    @property
    def buffered(self) -> int:
        """Bytes written and not yet taken by the server."""
        return self._buffered

    @property
    def is_open(self) -> bool:
        """Whether messages still pass."""
        return self._goodbye is None and not self._told

    def pause_reading(self) -> None:
        """Let the client wait."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    # -- the two directions

    async def run(self, receive: Receive, send: Send) -> None:
        """Carry messages until the client is gone, or has had its time to say goodbye."""
        async with asyncio.TaskGroup() as own:
            reader = own.create_task(self._read(receive), name="client:read")
            others = [
                own.create_task(self._write(send), name="client:write"),
                own.create_task(self._closing.wait(), name="client:closing"),
            ]
            await asyncio.wait({reader, *others}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({reader}, timeout=self._close_timeout_s)
            for task in (reader, *others):
                task.cancel()

    async def _read(self, receive: Receive) -> None:
        while True:
            await self._may_read.wait()
            event = await receive()
            if event["type"] == "websocket.disconnect":
                if self._goodbye is None:
                    self._code = event.get("code") or VANISHED
                self.gone()
                return
            text = event.get("text")
            if not self.is_open:
                continue
            if text is None:
                self._fail(TEXT_ONLY)
                continue
            data = text.encode()
            if len(data) > self._max:
                self._fail(TOO_LARGE)
                continue
            try:
                self._peer.message(data)
            except Exception:  # where a frame enters: a defect ends this client only
                log.exception("client.receive_failed")
                self.close(1011, "")

    def _fail(self, violation: Violation) -> None:
        """The peer broke a rule: say so, and end it."""
        if (words := self._peer.violated(violation)) is not None:
            self.write(words)
        self.close(violation.code, violation.reason)

    async def _write(self, send: Send) -> None:
        with contextlib.suppress(OSError):  # how ASGI says that the client is gone: the reader hears it too
            while self._goodbye is None or self._outgoing:
                await self._wake.wait()
                self._wake.clear()
                while self._outgoing:
                    message = self._outgoing.popleft()
                    await send({"type": "websocket.send", "text": message.decode()})
                    self._sent(len(message))
            code, reason = self._goodbye
            await send({"type": "websocket.close", "code": code, "reason": clip_reason(reason).decode()})

    def _sent(self, size: int) -> None:
        self._buffered -= size
        if self._paused and self._buffered <= LOW_WATER:
            self._paused = False
            if not self._told:
                self._peer.writable()

    def gone(self) -> None:
        """The client is gone."""
        if not self._told:
            self._told = True
            self._peer.closed(self._code)
