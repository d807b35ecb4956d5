"""One accepted TCP connection speaking WebSocket, able to misbehave on each layer.

The framing is the sans-I/O core of `websockets`; this class adds what a well-behaved server never does: freezing,
dripping, half closing, ignoring a close frame. It knows nothing of OpenClaw.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

from websockets.datastructures import Headers
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

DRIP_INTERVAL_S = 0.02


class SocketUser(Protocol):
    """Who gets what arrives on an upgraded socket."""

    def message(self, data: bytes) -> None:
        """A whole text or binary message."""

    def closed(self, code: int) -> None:
        """TCP is gone; the close code received or sent, 1006 without one."""


class SocketHost(Protocol):
    """Who decides what happens to an HTTP request."""

    def accepted(self, socket: GatewaySocket) -> None:
        """TCP is up."""

    def requested(self, socket: GatewaySocket, request: Request) -> None:
        """An HTTP request is complete: call `upgrade`, `respond`, or neither."""

    def lost(self, socket: GatewaySocket) -> None:
        """TCP is gone."""


class GatewaySocket(asyncio.Protocol):
    """A server side WebSocket whose every byte is under control."""

    def __init__(self, host: SocketHost, *, max_message_bytes: int, close_timeout_s: float = 10.0) -> None:
        self.host = host
        self._ws = ServerProtocol(max_size=max_message_bytes)
        self._close_timeout_s = close_timeout_s
        self._user: SocketUser | None = None
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._parts: list[bytes] = []
        self._frozen = False
        self._bytes_per_s: int | None = None
        self._drip_timer: asyncio.TimerHandle | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self._reading = False
        self.ignores_close = False
        self.writable = asyncio.Event()
        self.writable.set()
        self.peer = ""
        self.bytes_in = 0
        self.bytes_out = 0

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP is up."""
        self._transport = cast("asyncio.Transport", transport)
        peername = transport.get_extra_info("peername")
        self.peer = str(peername[0]) if peername else ""
        self.host.accepted(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came: everything they complete is handled now, and answered in one write."""
        self.bytes_in += len(data)
        self._ws.receive_data(data)
        self._reading = True
        try:
            for event in self._ws.events_received():
                if isinstance(event, Request):
                    self.host.requested(self, event)
                elif isinstance(event, WebSocketFrame):
                    self._frame(event)
        finally:
            self._reading = False
        self._flush()

    def eof_received(self) -> bool:
        """The other side has finished sending."""
        if not self.ignores_close and not self._frozen:
            self._ws.receive_eof()
            self._flush()
        return True

    def pause_writing(self) -> None:
        """The kernel takes no more."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """The kernel takes more."""
        self.writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone."""
        for timer in (self._drip_timer, self._close_timer):
            if timer is not None:
                timer.cancel()
        self.writable.set()
        if self._ws.state is not State.CLOSED and self._ws.state is not State.CONNECTING:
            self._ws.receive_eof()
        code = 1006
        if self._ws.state is not State.CONNECTING and self._ws.close_rcvd is not None:
            code = self._ws.close_rcvd.code
        self._transport = None
        if self._user is not None:
            self._user.closed(code)
        self.host.lost(self)

    # for the gateway

    @property
    def is_open(self) -> bool:
        """Whether frames can still be sent."""
        return self._transport is not None and self._ws.state is State.OPEN

    def upgrade(self, request: Request, user: SocketUser) -> bool:
        """Answer the upgrade; False when it was not a WebSocket request."""
        response = self._ws.accept(request)
        self._ws.send_response(response)
        if response.status_code == 101:
            self._user = user
        self._flush()
        return response.status_code == 101

    def respond(self, status: int, reason: str, body: bytes, content_type: str = "application/json") -> None:
        """Answer a plain HTTP request and close."""
        headers = Headers({"Content-Type": content_type, "Content-Length": str(len(body)), "Connection": "close"})
        self._ws.send_response(Response(status, reason, headers, body))
        self._flush()

    def send(self, data: bytes, *, binary: bool = False) -> None:
        """One message. Quietly nothing on a socket that is closing."""
        if self._ws.state is not State.OPEN:
            return
        if binary:
            self._ws.send_binary(data)
        else:
            self._ws.send_text(data)
        if not self._reading:
            self._flush()

    def ping(self) -> None:
        """A WebSocket ping without payload."""
        if self._ws.state is State.OPEN:
            self._ws.send_ping(b"")
            self._flush()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake."""
        if self._ws.state is State.OPEN:
            self._ws.send_close(code, reason)
            self._flush()
            loop = asyncio.get_running_loop()
            self._close_timer = loop.call_later(self._close_timeout_s, self.abort)
        elif self._ws.state is State.CONNECTING:
            self.abort()

    def abort(self) -> None:
        """Drop TCP without a word: the other side sees 1006."""
        if self._transport is not None:
            self._transport.abort()

    def half_close(self) -> None:
        """FIN from our side; reading goes on."""
        self._flush()
        if self._transport is not None and self._transport.can_write_eof():
            self._transport.write_eof()

    def freeze(self) -> None:
        """Read and write nothing more, keep TCP up."""
        self._frozen = True
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def thaw(self) -> None:
        """Undo `freeze`: what was held back is sent now."""
        self._frozen = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
        self._write_held()

    def drip(self, bytes_per_s: int | None) -> None:
        """Send at most this much per second; None: as fast as it goes."""
        self._bytes_per_s = bytes_per_s
        if bytes_per_s is None:
            self._write_held()

    # inside

    def _frame(self, frame: WebSocketFrame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        self._parts.append(bytes(frame.data))
        if frame.fin:
            data = b"".join(self._parts)
            self._parts.clear()
            if self._user is not None and self._ws.state is State.OPEN:
                self._user.message(data)

    def _flush(self) -> None:
        chunks = self._ws.data_to_send()
        if self._ws.close_rcvd is not None and self.ignores_close and self._ws.close_sent is not None:
            return
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        eof = bool(chunks) and chunks[-1] == b""
        data = b"".join(chunks)
        self.bytes_out += len(data)
        if self._frozen or self._bytes_per_s is not None:
            self._held += data
            if not self._frozen:
                self._drip_more()
        elif data:
            transport.write(data)
        if eof and not self._frozen and not self._held:
            transport.close()

    def _write_held(self) -> None:
        if self._held and self._transport is not None and not self._transport.is_closing():
            self._transport.write(bytes(self._held))
        self._held.clear()

    def _drip_more(self) -> None:
        if self._drip_timer is None and self._held and self._transport is not None:
            self._drip()

    def _drip(self) -> None:
        self._drip_timer = None
        transport = self._transport
        if transport is None or transport.is_closing() or self._frozen or self._bytes_per_s is None or not self._held:
            return
        size = max(1, int(self._bytes_per_s * DRIP_INTERVAL_S))
        transport.write(bytes(self._held[:size]))
        del self._held[:size]
        if self._held:
            self._drip_timer = asyncio.get_running_loop().call_later(DRIP_INTERVAL_S, self._drip)
        elif self._ws.state is State.CLOSED:
            transport.close()
