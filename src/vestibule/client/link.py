"""One socket to the door, from the upgrade to its close: hello first, pings, a watchdog.

Does not reconnect and does not know what the frames mean; `websockets` is imported here only.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as _ws_connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.protocol import State
from websockets.typing import Subprotocol

from vestibule.client.errors import CallError, ClientCode, DoorClosed
from vestibule.client.frames import Frame, Hello, hello, text, whole
from vestibule.protocol.codes import CloseCode, is_final
from vestibule.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Above the gateway's 25 MiB, so that it is the door that judges sizes."""

_PING = b'{"type":"ping"}'
_decode = msgspec.json.Decoder().decode
_HTTP_AS_CLOSE = {401: CloseCode.UNAUTHENTICATED, 403: CloseCode.FORBIDDEN}
_PASSING = frozenset({408, 425, 429})
"""HTTP refusals below 500 that may be over in a moment; the others say that no door is at this address."""
_MIB = 1024 * 1024

Credential = Literal["header", "subprotocol"]


class _Connect(_ws_connect):
    """A door does not redirect, and its token must not follow anybody who does."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class LinkLost(Exception):
    """The socket could not be opened, or is gone; coming back makes sense."""

    def __init__(
        self, reason: str, *, code: int = 1006, retry_in_s: float | None = None, no_door: bool = False
    ) -> None:
        self.reason = reason
        self.code = code
        self.no_door = no_door
        """Somebody else answers at this address."""
        self.retry_in_s = retry_in_s
        """When the door wants this client back: it spreads its clients over a while."""
        super().__init__(reason)


def socket_url(url: str) -> str:
    """The door's WebSocket address, from that or from its HTTP address."""
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    if scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError(f"not a door's address: {url!r} (expected ws://, wss://, http:// or https://)")
    return urlunsplit((scheme, parts.netloc, parts.path if parts.path.strip("/") else "/ws", parts.query, ""))


class Link:
    """An open socket whose `hello` has arrived."""

    def __init__(self, socket: ClientConnection, greeting: Hello) -> None:
        self._socket = socket
        self.hello = greeting
        self._refusal: Frame = {}
        self._heard_at = 0.0

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        token: str | None,
        credential: Credential,
        resume: tuple[str, int] | None,
        timeout_s: float,
    ) -> Link:
        """Connect, present the credential, wait for `hello`. Raises LinkLost or DoorClosed."""
        if resume is not None:
            url = f"{url}{'&' if urlsplit(url).query else '?'}epoch={quote(resume[0])}&offset={resume[1]}"
        headers, subprotocols = None, None
        if token and credential == "header":
            headers = {"Authorization": f"Bearer {token}"}
        elif token:
            subprotocols = [Subprotocol("vestibule.v1"), Subprotocol(f"vestibule.token.{token}")]
        try:
            async with asyncio.timeout(timeout_s):
                socket = await _Connect(
                    url,
                    additional_headers=headers,
                    subprotocols=subprotocols,
                    compression=None,
                    user_agent_header=f"vestibule/{__version__}",
                    open_timeout=None,
                    close_timeout=2,
                    ping_interval=None,  # the watchdog below knows the door's interval
                    max_size=MAX_MESSAGE_BYTES,
                    proxy=None if _is_loopback(url) else True,
                )
                return cls(socket, await _greeting(socket))
        except TimeoutError:
            raise LinkLost(f"no answer within {timeout_s:g} s") from None
        except InvalidStatus as error:
            status = error.response.status_code
            if (code := _HTTP_AS_CLOSE.get(status)) is not None:
                raise DoorClosed(code, f"the door answered HTTP {status}") from None
            raise LinkLost(
                f"the server answered HTTP {status} instead of a WebSocket (a door's address ends in /ws)",
                no_door=status < 500 and status not in _PASSING,
            ) from None
        except InvalidURI as error:
            raise DoorClosed(0, str(error)) from None
        except (OSError, InvalidHandshake, WebSocketException) as error:
            raise LinkLost(_why(error)) from None

    @property
    def is_open(self) -> bool:
        """Whether frames can be sent."""
        return self._socket.state is State.OPEN

    async def send(self, data: bytes) -> None:
        """Send an encoded frame. Raises LinkLost if the socket is gone, CallError if the door would not take it."""
        if len(data) > (limit := self.hello.policy.max_payload):
            message = (
                f"{len(data) / _MIB:.1f} MiB is more than this door takes ({limit / _MIB:g} MiB): send less at once."
            )
            raise CallError(ClientCode.TOO_LARGE, message)
        try:
            await self._socket.send(data, text=True)
        except ConnectionClosed as error:
            raise LinkLost(_why(error)) from None

    async def run(self, receive: Callable[[Frame], None]) -> None:
        """Hand over frames until the socket ends. Raises LinkLost or DoorClosed, always."""
        self._heard_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as own:
                watchdog = own.create_task(self._watch(), name="door:watchdog")
                try:
                    while True:
                        data = await self._socket.recv()
                        self._heard_at = asyncio.get_running_loop().time()
                        frame = _read(data)
                        if frame is None:
                            continue
                        if frame.get("type") == "error":
                            self._refusal = frame
                        receive(frame)
                finally:
                    watchdog.cancel()
        except* ConnectionClosed:
            pass
        raise self._ending()

    async def close(self) -> None:
        """Say good-bye."""
        await self._socket.close(1000)

    def abort(self) -> None:
        """Drop the socket without a word."""
        self._socket.transport.abort()

    async def _watch(self) -> None:
        """W4: ping after one silent interval, give the socket up after two."""
        loop = asyncio.get_running_loop()
        interval = self.hello.policy.ping_interval_ms / 1000
        while True:
            await asyncio.sleep(max(0.0, self._heard_at + interval - loop.time()))
            if loop.time() < self._heard_at + interval:
                continue
            silent_since = self._heard_at
            gives_up_at = silent_since + 2 * interval
            try:
                async with asyncio.timeout_at(gives_up_at):  # a frozen door may not even take the ping
                    await self.send(_PING)
            except TimeoutError:
                pass
            except LinkLost:
                return
            await asyncio.sleep(max(0.0, gives_up_at - loop.time()))
            if self._heard_at == silent_since:
                self.abort()
                return

    def _ending(self) -> LinkLost | DoorClosed:
        return _ending(self._socket, self._refusal)


async def _greeting(socket: ClientConnection) -> Hello:
    refusal: Frame = {}
    try:
        while True:
            frame = _read(await socket.recv())
            if frame is None:
                continue
            if frame.get("type") == "hello":
                return hello(frame)
            if frame.get("type") == "error":
                refusal = frame
    except ConnectionClosed:
        raise _ending(socket, refusal) from None
    except asyncio.CancelledError:
        socket.transport.abort()
        raise


def _ending(socket: ClientConnection, refusal: Frame) -> LinkLost | DoorClosed:
    code = socket.close_code or 1006
    said = socket.close_reason or ""
    if is_final(code):
        return DoorClosed(code, text(refusal, "message") or said or "The door closed the connection.")
    hint = _read(said)  # 1012: {"retryInMs": 1234}
    retry_in_ms = whole(hint, "retryInMs")
    if hint is not None:
        said = "the door is restarting" if code == CloseCode.RESTARTING else ""
    refused = text(refusal, "message") if code not in (CloseCode.NORMAL, CloseCode.GOING_AWAY, 1006) else ""
    return LinkLost(
        refused or said or f"the connection was lost (code {code})",
        code=code,
        retry_in_s=None if retry_in_ms is None else retry_in_ms / 1000,
    )


def _read(data: str | bytes) -> Frame | None:
    """A frame, or None for what is not one: unknown things are ignored by both sides."""
    try:
        frame: Any = _decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return str(error) or type(error).__name__
