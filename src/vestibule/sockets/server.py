"""The server's end of one WebSocket, on picows: assembles what comes in, writes corked, ends cleanly.

Knows nothing of clients, frames of the door or who may connect; it tells a `Peer` what happens. Once it has begun
to close, nothing that comes in is told any more.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

import picows
from picows import WSMsgType

from vestibule.sockets import picows_private
from vestibule.sockets.assembly import (
    BAD_CLOSE_CODE,
    NOT_UTF8,
    RESERVED_BITS,
    TOO_LARGE,
    MessageAssembler,
    Violation,
    utf8_fault,
)
from vestibule.sockets.framing import close_frame, ping_frame, pong_frame, text_header
from vestibule.sockets.freed import trim_soon
from vestibule.sockets.views import lasting

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.protocol.batch import Batch
    from vestibule.sockets.wheel import PingWheel

READ_BUFFER_BYTES = 2048
"""picows doubles it for larger frames and never shrinks it."""
_ANY_KEY = "AAAAAAAAAAAAAAAAAAAAAA=="
CLOSE_TIMEOUT_S = 5.0
"""How long a peer may take over its goodbye before it is cut."""
JOIN_UP_TO = 16 * 1024
"""Larger messages are not copied behind their header but written beside it."""
CORK_UP_TO = 64 * 1024
"""Batches up to this size are joined into one piece; larger ones go out as a list of pieces."""
UNANSWERED_PINGS = 2

NO_CODE = 1005
VANISHED = 1006
_NEVER_SENT = frozenset({0, 1004, 1005, 1006, 1015})
_IN_OUR_WORDS = {1007: NOT_UTF8, 1009: TOO_LARGE}
"""What picows sees before we do, by its close code; its own words are kept where they say which byte was wrong."""


class Peer(Protocol):
    """Who is told what a socket does. Must not raise."""

    def message(self, data: bytes) -> None:
        """A whole text message."""

    def paused(self) -> None:
        """What is written now waits in memory."""

    def writable(self) -> None:
        """Most of what waited is gone."""

    def violated(self, violation: Violation) -> bytes | None:
        """The peer broke a rule and will be closed: the text message that tells it so first, if there is one."""

    def closed(self, code: int) -> None:
        """The end, exactly once."""


class _Outlet(picows_private.Upgraded):
    """What picows writes to, once the upgrade is answered: its goodbye to a peer that broke a rule becomes ours."""

    __slots__ = ("_socket",)

    def __init__(self, socket: ServerSocket, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._socket = socket

    def write(self, data: bytes) -> None:
        if data[:1] == b"\x88":
            code = int.from_bytes(data[2:4], "big")
            self._socket.fail(_IN_OUR_WORDS.get(code) or Violation(code, data[4:].decode(errors="replace")))
        else:
            super().write(data)

    def close(self) -> None:
        """Picows disconnects a moment after its goodbye; `fail` has its own way and time."""


class _Drain(asyncio.BufferedProtocol):
    """Reads and forgets, until the peer has gone: closing with bytes unread would reset the connection, and the
    peer would never see why."""

    _bin = bytearray(64 * 1024)  # one for all: nobody looks inside

    def __init__(self, socket: ServerSocket) -> None:
        self._socket = socket

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._bin

    def buffer_updated(self, nbytes: int) -> None: ...

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._socket.lost()


def _pieces(batch: Batch) -> list[bytes]:
    """Each message behind its header."""
    return [piece for message in batch.messages for piece in (text_header(len(message)), message)]


def _nothing() -> None:
    """What remains to be done when all is done."""


class ServerSocket(picows.WSListener):
    """One accepted WebSocket. The methods `on_ws_*` and `*_writing` are picows' way in."""

    __slots__ = (
        "_assembler",
        "_close_timeout_s",
        "_close_timer",
        "_closing",
        "_code",
        "_failed",
        "_frames",
        "_large_at",
        "_loop",
        "_on_gone",
        "_paused",
        "_peer",
        "_send",
        "_told",
        "_transport",
        "_unanswered",
        "_wheel",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        peer: Peer,
        *,
        max_message_bytes: int,
        wheel: PingWheel,
        close_timeout_s: float = CLOSE_TIMEOUT_S,
        on_gone: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._send: Callable[[bytes | memoryview], None] = getattr(transport, "write_nocheck", transport.write)
        self._peer = peer
        self._assembler = MessageAssembler(max_message_bytes)
        self._wheel = wheel
        self._close_timeout_s = close_timeout_s
        self._on_gone = on_gone
        self._loop = asyncio.get_running_loop()
        self._closing = False
        self._failed = False
        self._frames: picows_private.FrameProtocol | None = None  # only until take_over
        self._paused = False
        self._told = False
        self._code: int | None = None
        self._unanswered = 0
        self._large_at: float | None = None
        self._close_timer: asyncio.TimerHandle | None = None

    def start(self, *, key: str, subprotocol: str | None) -> None:
        """Answer the upgrade with 101. `take_over` must follow."""
        outlet = _Outlet(self, self._transport)
        self._frames = self._protocol(outlet, key=key, subprotocol=subprotocol)
        self._transport.write(outlet.handshake)
        self._wheel.add(self)

    def _protocol(
        self, outlet: _Outlet, *, key: str = _ANY_KEY, subprotocol: str | None = None
    ) -> picows_private.FrameProtocol:
        """Frames from now on; the answer to the upgrade is left at the outlet."""
        extra = {"Sec-WebSocket-Protocol": subprotocol} if subprotocol else None
        response = picows.WSUpgradeResponse.create_101_response(extra)
        protocol = picows_private.server_protocol(
            lambda _request: picows.WSUpgradeResponseWithListener(response, self),
            max_frame_bytes=self._assembler.max_bytes,
            read_buffer_bytes=READ_BUFFER_BYTES,
        )
        protocol.connection_made(outlet)
        # picows sees a request of our own making: no token in its debug log or memory, and none of the spellings
        # it refuses (Firefox sends `Connection: keep-alive, Upgrade`)
        picows_private.feed(
            protocol,
            b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: %b\r\n\r\n" % key.encode(),
        )
        return protocol

    def feed(self, data: bytes) -> None:
        """Take bytes that were read before `take_over`."""
        if self._frames is not None and not self._failed:
            picows_private.feed(self._frames, data)

    def take_over(self) -> None:
        """Read from the transport from now on."""
        if self._frames is not None:
            reader = _Drain(self) if self._failed else cast("asyncio.BaseProtocol", self._frames)
            self._transport.set_protocol(reader)
            self._frames = None

    # -- hub.ports.ClientTransport

    def write(self, data: bytes | memoryview) -> None:
        """Send one text message. A view may die after the call."""
        if self._closing:
            return
        size = len(data)
        if size <= JOIN_UP_TO:
            self._send(text_header(size) + data)
        else:
            self._transport.writelines([text_header(size), lasting(data, self._transport)])

    def write_many(self, batch: Batch) -> None:
        """Send its messages in order: one write, one system call while the kernel takes it all."""
        if self._closing or not batch.messages:
            return
        if batch.size > CORK_UP_TO:
            self._transport.writelines(_pieces(batch))
            return
        if batch.encoded is None:
            batch.encoded = b"".join(_pieces(batch))
        self._send(batch.encoded)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye after what was written, and wait for the peer's; cut it if that takes too long."""
        if self._closing:
            return
        self._closing = True
        self._code = code
        self._transport.write(close_frame(code, reason))
        self.resume_reading()  # its goodbye must be heard
        self._close_timer = self._loop.call_later(self._close_timeout_s, self._transport.abort)

    @property
    def buffered(self) -> int:
        """Bytes written and not yet taken by the kernel."""
        return self._transport.get_write_buffer_size()

    @property
    def is_open(self) -> bool:
        """Whether messages still pass, both ways."""
        return not self._closing

    def pause_reading(self) -> None:
        """Let the peer wait: what it sends stays in the kernel."""
        if not self._closing:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """The opposite of `pause_reading`."""
        if not self._transport.is_closing() and not self._transport.is_reading():
            self._transport.resume_reading()

    def shutdown(self) -> None:
        """What uvicorn asks of its connections when it stops; the hub has drained them by then."""
        self.close(1012, "restarting")

    # -- picows.WSListener

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        """The upgrade has been answered."""
        transport.request.headers.clear()
        transport.response.headers.clear()

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """A frame; its memory is only valid during the call."""
        kind = frame.msg_type
        self._unanswered = 0
        if self._closing:
            if kind is WSMsgType.CLOSE:
                self._finish()
            return
        reserved = frame.rsv1 or frame.rsv2 or frame.rsv3
        if kind is WSMsgType.TEXT and frame.fin and not reserved and not self._assembler.open:
            data = frame.get_payload_as_bytes()
            if len(data) > picows_private.KEEP_UP_TO:
                self._large_at = self._loop.time()
            if data.isascii() or utf8_fault(data) is None:
                self._peer.message(data)
                return
        self._rare_frame(kind, frame, reserved)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        """The connection is gone."""
        self.lost()

    def pause_writing(self) -> None:
        """The transport's buffer is above its high-water mark."""
        self._paused = True
        if not self._told:
            self._peer.paused()

    def resume_writing(self) -> None:
        """The transport's buffer has drained below its low-water mark."""
        self._paused = False
        if not self._told:
            self._peer.writable()

    # -- wheel.Pinged

    def ping_turn(self) -> None:
        """Ping, or give up on a peer that left two pings unanswered."""
        if self._unanswered >= UNANSWERED_PINGS:
            self._transport.abort()
            return
        self._unanswered += 1
        if not self._closing and not self._paused:
            self._transport.write(ping_frame())

    # -- ends

    def fail(self, violation: Violation) -> None:
        """The peer broke a rule: say so, and read nothing but its end any more."""
        if self._failed:
            return
        self._failed = True
        if not self._closing:
            if (words := self._peer.violated(violation)) is not None:
                self.write(words)
            self._closing = True
            self._code = violation.code
            self._transport.write(close_frame(violation.code, violation.reason))
        self._transport.set_protocol(_Drain(self))
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self.resume_reading()
        if self._close_timer is None:
            self._close_timer = self._loop.call_later(self._close_timeout_s, self._transport.abort)
        self._tell_closed()

    def lost(self) -> None:
        """The connection is gone."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._closing = True
        self._wheel.discard(self)
        on_gone, self._on_gone = self._on_gone, _nothing  # it knows us: without this, only the garbage collector helps
        on_gone()
        self._tell_closed()

    def _rare_frame(self, kind: WSMsgType, frame: picows.WSFrame, reserved: int) -> None:
        """Everything but a good text message in one frame."""
        if kind is WSMsgType.CLOSE:
            self._peer_closes(frame)
        elif kind in (WSMsgType.PING, WSMsgType.PONG):
            if reserved:
                self.fail(RESERVED_BITS)
                return
            if kind is WSMsgType.PING and not self._paused:  # a peer that reads nothing gets no pile of pongs
                self._transport.write(pong_frame(frame.get_payload_as_bytes()))
            self._give_back(frame)
        else:
            if frame.payload_size > picows_private.KEEP_UP_TO:
                self._large_at = self._loop.time()
            made = self._assembler.frame(
                kind.value, fin=bool(frame.fin), reserved=reserved, payload=frame.get_payload_as_memoryview()
            )
            if isinstance(made, Violation):
                self.fail(made)
            elif made is not None:
                self._peer.message(made)

    def _give_back(self, frame: picows.WSFrame) -> None:
        """Let go of the memory that large messages needed, at a ping or pong after a while without them."""
        since = self._large_at
        if since is None or self._loop.time() - since < picows_private.REST_S or not picows_private.at_rest(frame):
            return
        self._large_at = None
        trim_soon()
        self._transport.set_protocol(cast("asyncio.BaseProtocol", self._protocol(_Outlet(self, self._transport))))

    def _peer_closes(self, frame: picows.WSFrame) -> None:
        code = int.from_bytes(frame.get_payload_as_memoryview()[:2], "big")
        if frame.payload_size and (code in _NEVER_SENT or code >= 5000):  # picows refuses most others
            self.fail(BAD_CLOSE_CODE)
            return
        self._closing = True
        self._code = code or NO_CODE
        self._transport.write(close_frame(code or 1000))
        self._close_timer = self._loop.call_later(self._close_timeout_s, self._transport.abort)
        self._finish()

    def _finish(self) -> None:
        """Both have said goodbye: close once the kernel has taken what was written."""
        self._transport.close()
        self._tell_closed()

    def _tell_closed(self) -> None:
        if not self._told:
            self._told = True
            self._peer.closed(self._code if self._code is not None else VANISHED)
