"""The one file that touches picows' private class, `picows.picows.WSProtocol`.

Refuses any picows but the version it was written against: that class has no promise of staying as it is.
After an upgrade read the class again, change `WRITTEN_FOR`, and run `tests/sockets` and `tests/contract/edge` first.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from hashlib import sha1
from typing import TYPE_CHECKING, Any, Protocol, cast

import picows
import picows.version
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # importable, not re-exported

from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping, MutableMapping

WRITTEN_FOR = "2.3.1"
KEEP_UP_TO = 16 * 1024
"""Read buffers that had to hold larger frames are given back,"""
REST_S = 5.0
"""when there has been none for this long."""
_ACCEPTS = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455, section 1.3."""


def check_version(installed: str = picows.version.__version__) -> None:
    """Say clearly what to do when another picows is installed."""
    if installed != WRITTEN_FOR:
        raise BadConfiguration(
            f"picows {installed} is installed, this Vestibule needs exactly {WRITTEN_FOR}.",
            remedy=f'Run `pip install "picows=={WRITTEN_FOR}"`, or set `edge = "asgi"` and report it.',
        )


check_version()


class FrameProtocol(Protocol):
    """What we use of picows' protocol object: an `asyncio.BufferedProtocol` that parses frames."""

    transport: picows.WSTransport

    def connection_made(self, transport: Any) -> None:
        """Start the handshake."""

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""

    def buffer_updated(self, nbytes: int) -> None:
        """That many came."""

    async def wait_until_handshake_complete(self) -> None:
        """Return when it is done or the connection is gone; raise when the peer refuses."""


class _Log(logging.LoggerAdapter[logging.Logger]):
    """One logger for all sockets: picows makes a logger per connection otherwise, and logs each upgrade request.

    What picows calls an error is a peer that broke the protocol: that is no error of ours, and a hostile peer
    must not fill the log. Its defects (`exception`) stay errors.
    """

    def isEnabledFor(self, level: int) -> bool:
        return level >= logging.ERROR and super().isEnabledFor(level)

    def error(self, msg: object, *args: object, **_kwargs: Any) -> None:
        self.logger.debug(msg, *args)

    def exception(self, msg: object, *args: object, exc_info: Any = True, **_kwargs: Any) -> None:
        self.logger.error(msg, *args, exc_info=exc_info)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs


_log = _Log(logging.getLogger("picows"), {})


def client_protocol(
    listener: picows.WSListener,
    *,
    host: str,
    resource: str,
    headers: Mapping[str, str],
    max_frame_bytes: int,
    read_buffer_bytes: int,
) -> FrameProtocol:
    """Client side: sends the upgrade request when connected. Its handshake has no timer; the caller has one."""
    return _protocol(
        lambda _request, _response: listener,
        client=(host, resource, dict(headers)),
        max_frame_bytes=max_frame_bytes,
        read_buffer_bytes=read_buffer_bytes,
    )


def server_protocol(
    accept: Callable[[picows.WSUpgradeRequest], Any], *, max_frame_bytes: int, read_buffer_bytes: int
) -> FrameProtocol:
    """Server side: wants to be fed an upgrade request. `accept` answers it and must not raise."""
    return _protocol(accept, client=None, max_frame_bytes=max_frame_bytes, read_buffer_bytes=read_buffer_bytes)


def _protocol(
    factory: Callable[..., Any],
    *,
    client: tuple[str, str, dict[str, str]] | None,
    max_frame_bytes: int,
    read_buffer_bytes: int,
) -> FrameProtocol:
    host, resource, headers = client or (None, None, None)
    made = WSProtocol(
        host,
        resource,
        client is not None,
        factory,
        _log,
        True,  # disconnect_on_exception: only reached by a defect, ours never raise
        None,  # websocket_handshake_timeout
        False,  # enable_auto_ping: a task per connection; PingWheel has one timer for all
        10,
        10,
        picows.WSAutoPingStrategy.PING_WHEN_IDLE,
        False,  # enable_auto_pong: we must see pings to know which frame was the last of a read
        max_frame_bytes,
        headers,
        read_buffer_bytes,
    )
    return cast("FrameProtocol", made)


def next_client_protocol(
    listener: picows.WSListener, transport: asyncio.Transport, *, max_frame_bytes: int, read_buffer_bytes: int
) -> FrameProtocol:
    """One that goes on where another client protocol of `transport` stopped between two frames.

    A protocol's buffer grows with the largest frame and stays: a new one gives the memory back.
    """
    outlet = Upgraded(transport)
    protocol = client_protocol(
        listener,
        host="",
        resource="/",
        headers={},
        max_frame_bytes=max_frame_bytes,
        read_buffer_bytes=read_buffer_bytes,
    )
    protocol.connection_made(outlet)
    key = outlet.handshake.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    accept = b64encode(sha1(key + _ACCEPTS, usedforsecurity=False).digest())
    feed(
        protocol,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept,
    )
    return protocol


class Upgraded:
    """Stands for a transport whose upgrade is done: keeps a protocol's handshake to itself and passes on the rest.

    Saying that the connection is secure keeps picows from writing to the file descriptor past this.
    """

    __slots__ = ("_transport", "handshake")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.handshake = b""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What picows asks about the socket."""
        if name == "ssl_object":
            return self
        found = self._transport.get_extra_info(name, default)
        return _NoOptions(found.fileno()) if name == "socket" else found

    def get_write_buffer_size(self) -> int:
        """Bytes the kernel has not taken."""
        return self._transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Anything but the first write, which is the handshake."""
        if self.handshake:
            self._transport.write(data)
        else:
            self.handshake = bytes(data)

    def close(self) -> None:
        """Close the connection once everything is written."""
        self._transport.close()

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()


class _NoOptions:
    """Stands for the socket when picows asks: it sets options that are set already, and reads others to log them."""

    __slots__ = ("_fileno",)

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno

    def fileno(self) -> int:
        return self._fileno

    def setsockopt(self, *_: Any) -> None: ...

    def getsockopt(self, *_: Any) -> int:
        return 0


def at_rest(frame: picows.WSFrame) -> bool:
    """Whether nothing has been read beyond this frame."""
    return bool(frame.last_in_buffer) and not frame.tail_size


def close_code(info: Any) -> int:
    """The code as a number: picows gives an enum member for those it knows and a number for the others."""
    code: Any = info.code
    return int(code.value if isinstance(code, picows.WSCloseCode) else code)


def feed(protocol: FrameProtocol, data: bytes) -> None:
    """Hand bytes to `protocol` as if they had just been read."""
    view = memoryview(data)
    while view:
        room = protocol.get_buffer(-1)
        taken = min(len(room), len(view))
        room[:taken] = view[:taken]
        protocol.buffer_updated(taken)
        view = view[taken:]


def hand_over(transport: asyncio.Transport, protocol: FrameProtocol) -> None:
    """Let an open transport read for a client's `protocol`, which starts its handshake."""
    transport.set_protocol(cast("asyncio.BaseProtocol", protocol))
    protocol.connection_made(transport)
