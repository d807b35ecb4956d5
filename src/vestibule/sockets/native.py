"""Sockets to gateways: dial, upgrade, send and hear whole messages; on picows.

Speaks no gateway protocol, never reconnects and never pauses reading: that would punish every client behind it.

Client masks come from picows' unseeded `rand()`: harmless on a private hop. Reach a remote gateway by `wss`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

import picows
from picows import WSMsgType

from vestibule.sockets import picows_private
from vestibule.sockets.assembly import MessageAssembler, Violation
from vestibule.sockets.dial import ConnectFailed, kind_of, open_transport, parse_target, refuse_bad_headers
from vestibule.sockets.freed import trim_soon
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ConnectFailed", "Socket", "SocketListener", "connect"]

log = get_logger(__name__)

MIB = 1024 * 1024
LARGEST_MESSAGE = 64 * MIB
"""A message above this ends the socket; between the caller's limit and this only the message is lost (P10)."""
READ_BUFFER_BYTES = 2048
"""First size; picows doubles it when a frame is larger and never shrinks it."""
CLOSE_TIMEOUT_S = 5.0
"""How long a closing socket waits for the peer before it is cut."""
_HEADROOM = 16
"""Room for the frame header (14 at most) in front of a payload that is masked in place."""
_IN_PLACE_FROM = 4096
"""Larger payloads are masked in a buffer of their own: picows' write buffer would stay that large for ever."""
_HEAD_BYTES = 512
"""How much of an oversize message is shown: enough for its type and id."""
_REASON_BYTES = 123
"""A control frame holds 125 bytes, two of them the code."""

NO_CODE = 1005
VANISHED = 1006


class SocketListener(Protocol):
    """Who hears a socket. Called on the loop; must not block, should not raise."""

    def on_message(self, data: bytes, last_in_read: bool) -> None:
        """A whole text message. `last_in_read`: no further message came with this read of the socket."""

    def on_oversize(self, size: int, head: bytes) -> None:
        """A message above the limit was skipped, the socket goes on. `head` is how it began: enough for its id.

        Counts as the last of its read.
        """

    def on_closed(self, code: int, reason: str) -> None:
        """The end, exactly once. 1005: the peer gave no code. 1006: the peer vanished."""


def clip_reason(reason: str) -> bytes:
    """`reason` as UTF-8, cut to what a close frame can carry."""
    return reason.encode()[:_REASON_BYTES].decode(errors="ignore").encode()


class Socket(picows.WSListener):
    """One open WebSocket to a gateway. The methods `on_ws_*` and `*_writing` are picows' way in."""

    def __init__(self, listener: SocketListener, max_message_bytes: int, close_timeout_s: float) -> None:
        self._listener = listener
        self._close_timeout_s = close_timeout_s
        self._assembler = MessageAssembler(max(LARGEST_MESSAGE, max_message_bytes), check_text=False)
        self._wire: picows.WSTransport | None = None
        self._loop = asyncio.get_running_loop()
        self._early: list[Callable[[], None]] | None = []  # what came before connect() returned
        self._held: bytes | None = None  # a message that does not know yet whether another came with its read
        self._large_at: float | None = None
        self._closing = False  # no message goes out any more
        self._reported = False
        self._goodbye: tuple[int, str] | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self.max_message_bytes = max_message_bytes
        """May be changed at any time, e.g. to what the gateway's hello says."""
        self.pongs = 0
        """Pongs heard so far: whoever pings sees the answer by it."""

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._wire is not None and not self._closing

    @property
    def buffered(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._wire.underlying_transport.get_write_buffer_size() if self._wire is not None else 0

    def send(self, data: bytes) -> None:
        """Send a text message; dropped when the socket is closed."""
        if self._wire is None or self._closing:
            return
        if len(data) < _IN_PLACE_FROM:
            self._wire.send(WSMsgType.TEXT, data)
        else:
            room = bytearray(_HEADROOM)
            room += data
            self._wire.send_reuse_external_bytearray(WSMsgType.TEXT, room, _HEADROOM)

    def ping(self) -> None:
        """Send a WebSocket ping; the answer counts in `pongs`."""
        if self._wire is not None and not self._closing:
            self._wire.send_ping()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye. `on_closed` follows when the peer has answered, or has taken too long over it."""
        if self._wire is None or self._closing:
            return
        self._goodbye = (code, reason)
        self._say_close(self._wire, code, reason)

    @property
    def was_opened(self) -> bool:
        """Whether the upgrade succeeded, even if the socket has closed since."""
        return self._wire is not None

    def abort(self) -> None:
        """Cut the connection now; `on_closed` follows."""
        if self._wire is not None:
            self._wire.disconnect(graceful=False)

    # -- picows' way in

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        """The upgrade is done."""
        self._wire = self._wire or transport
        transport.request.headers.clear()
        transport.response.headers.clear()

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """A frame; its memory is only valid during the call."""
        if self._reported:
            return
        kind = frame.msg_type
        message = None
        if frame.payload_size > picows_private.KEEP_UP_TO:
            self._note_large()
        if kind is WSMsgType.TEXT and frame.fin and not self._assembler.open:
            if frame.payload_size <= self.max_message_bytes:
                message = frame.get_payload_as_bytes()
            else:
                self._report_oversize(frame.payload_size, frame.get_payload_as_memoryview())
        elif kind is WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif kind is WSMsgType.PONG:
            self.pongs += 1
        elif kind is WSMsgType.CLOSE:
            self._hear_close(transport, frame)
            return
        else:
            message = self._fragment(transport, frame)
        if self._large_at is not None:
            self._give_back(frame)
        if message is not None:
            if frame.last_in_buffer and self._held is None:
                self._deliver(message, True)
                return
            self._release_held(last_in_read=False)
            self._held = message
        if frame.last_in_buffer:
            self._release_held(last_in_read=True)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        """The connection is gone."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        handshake = transport.close_handshake
        if self._goodbye is None and handshake is not None and handshake.sent is not None:
            # a rule was broken, and picows ended it
            self._goodbye = (picows_private.close_code(handshake.sent), handshake.sent.reason)
        self._report(*(self._goodbye or (VANISHED, "")))

    def pause_writing(self) -> None:
        """Nothing: what waits is in `buffered`, and reading goes on."""

    def resume_writing(self) -> None:
        """Nothing, see `pause_writing`."""

    # -- inside

    def _note_large(self) -> None:
        if self._large_at is None:
            self._loop.call_later(picows_private.REST_S, self._rest)
        self._large_at = self._loop.time()

    def _rest(self) -> None:
        """After a while without large messages: only a frame tells that nothing is half read, so ask for one."""
        if self._large_at is None:
            return
        quiet_s = self._loop.time() - self._large_at
        if quiet_s < picows_private.REST_S:
            self._loop.call_later(picows_private.REST_S - quiet_s, self._rest)
        else:
            self.ping()

    def _give_back(self, frame: picows.WSFrame) -> None:
        """Let go of the memory that large messages needed, with any frame that comes after a while without them."""
        since, wire = self._large_at, self._wire
        if wire is None or since is None or self._loop.time() - since < picows_private.REST_S:
            return
        if not picows_private.at_rest(frame):
            return
        self._large_at = None
        trim_soon()
        protocol = picows_private.next_client_protocol(
            self,
            wire.underlying_transport,
            max_frame_bytes=self._assembler.max_bytes,
            read_buffer_bytes=READ_BUFFER_BYTES,
        )
        wire.underlying_transport.set_protocol(cast("asyncio.BaseProtocol", protocol))

    def _fragment(self, transport: picows.WSTransport, frame: picows.WSFrame) -> bytes | None:
        reserved = frame.rsv1 or frame.rsv2 or frame.rsv3
        made = self._assembler.frame(
            frame.msg_type.value, fin=bool(frame.fin), reserved=reserved, payload=frame.get_payload_as_memoryview()
        )
        if isinstance(made, Violation):
            self._release_held(last_in_read=True)
            self._say_close(transport, made.code, made.reason)
            self._report(made.code, made.reason)
            return None
        if made is not None and len(made) > self.max_message_bytes:
            self._report_oversize(len(made), made)
            return None
        return made

    def _report_oversize(self, size: int, message: bytes | memoryview) -> None:
        head = bytes(message[:_HEAD_BYTES])
        self._release_held(last_in_read=True)
        self._tell(lambda: self._listener.on_oversize(size, head))

    def _release_held(self, *, last_in_read: bool) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._deliver(held, last_in_read)

    def _deliver(self, message: bytes, last_in_read: bool) -> None:
        if self._early is not None:
            self._early.append(lambda: self._listener.on_message(message, last_in_read))
            return
        try:
            self._listener.on_message(message, last_in_read)
        except Exception:  # P5: whatever a frame does to its reader, the reader goes on
            log.exception("gateway_socket.listener_failed", size=len(message))

    def _tell(self, call: Callable[[], None]) -> None:
        if self._early is not None:
            self._early.append(call)
            return
        try:
            call()
        except Exception:  # as in _deliver
            log.exception("gateway_socket.listener_failed")

    def release_early(self) -> None:
        """Deliver what came before `connect()` returned, in order; from now on at once."""
        early, self._early = self._early, None
        for call in early or ():
            self._tell(call)

    def _hear_close(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        self._release_held(last_in_read=True)
        code = int.from_bytes(frame.get_payload_as_bytes()[:2], "big") or NO_CODE
        reason = frame.get_close_reason() or ""
        if not self._closing:
            self._say_close(transport, 1000 if code == NO_CODE else code, "")
        self._report(*(self._goodbye or (code, reason)))
        transport.disconnect()

    def _say_close(self, transport: picows.WSTransport, code: int, reason: str) -> None:
        self._closing = True
        transport.send_close(code, clip_reason(reason))  # type: ignore[arg-type]  # any int is fine
        self._close_timer = self._loop.call_later(self._close_timeout_s, self.abort)

    def _report(self, code: int, reason: str) -> None:
        if self._reported:
            return
        self._closing = self._reported = True
        self._tell(lambda: self._listener.on_closed(code, reason))


async def connect(
    url: str,
    listener: SocketListener,
    *,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = 10.0,
    max_message_bytes: int = 25 * MIB,
    tls_pin: str = "",
    close_timeout_s: float = CLOSE_TIMEOUT_S,
) -> Socket:
    """Open a WebSocket to `url`, or raise ConnectFailed; DNS, TLS and upgrade included in `timeout_s`.

    No `Origin` is sent. With `tls_pin` (hex SHA-256 of the certificate, DER) the peer must show exactly that
    certificate and no authority is asked; otherwise the system's trust store decides. Nothing is told to
    `listener` before a caller that awaits this directly has the socket.
    """
    target = parse_target(url)
    extra = dict(headers or {})
    refuse_bad_headers(extra)
    socket = Socket(listener, max_message_bytes, close_timeout_s)
    transport: asyncio.Transport | None = None
    opened = False
    try:
        async with asyncio.timeout(timeout_s):
            transport = await open_transport(target, tls_pin)
            protocol = picows_private.client_protocol(
                socket,
                host=target.netloc,
                resource=target.resource,
                headers=extra,
                max_frame_bytes=max(LARGEST_MESSAGE, max_message_bytes),
                read_buffer_bytes=READ_BUFFER_BYTES,
            )
            picows_private.hand_over(transport, protocol)
            await protocol.wait_until_handshake_complete()
        opened = socket.was_opened
    except TimeoutError as error:
        raise ConnectFailed("timeout", f"no WebSocket after {timeout_s:g} s") from error
    except picows.WSHandshakeError as error:
        status = int(error.response.status) if error.response is not None else 101
        raise ConnectFailed("upgrade" if status == 101 else "http", str(error), status=status) from error
    except OSError as error:
        raise ConnectFailed(kind_of(error), str(error)) from error
    finally:
        if not opened and transport is not None:
            transport.abort()
    if not opened:
        raise ConnectFailed("lost", "the peer closed the connection during the upgrade")
    asyncio.get_running_loop().call_soon(socket.release_early)
    return socket
