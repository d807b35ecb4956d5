"""The one place that opens a socket to a gateway and runs the handshake over it (P15).

Never retries, but for a device token that has had its day; a dial that fails leaves no socket behind (P7).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from vestibule.errors import BadConfiguration, BadFrame, GatewayDown, GatewayFault, GatewayRefused, GatewayStarting
from vestibule.model import GatewayHello, Route, RouteMode, Secret
from vestibule.protocol import methods
from vestibule.protocol.handshake import Event, Handshake, Send, Welcome
from vestibule.protocol.refusals import Refused
from vestibule.sockets.native import ConnectFailed, Socket, SocketListener, connect
from vestibule.telemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_GREETING = 1 << 20
"""A `hello-ok` has 17 KiB; whatever limit the caller sets is for what comes after it."""
_SERVES_MANY = "192.0.2.1"
"""A gateway in trusted-proxy mode wants the address of the client. There are many, so it gets one that is nobody's
(TEST-NET-1), and that is not loopback: loopback would change what it grants."""
_NORMAL = 1000

_ADVICE = {
    "url": "Correct the address of the route: `ws://` or `wss://`, a host and a port.",
    "dns": "The name in the route's address does not resolve: correct it, or the name service.",
    "refused": "Nothing listens at the route's address: start the gateway, or correct the address.",
    "unreachable": "The route's address cannot be reached from here: check network and firewall.",
    "tls": "The gateway's certificate is not trusted: pin it in the route, or correct it.",
    "pin": "The gateway shows another certificate than the pinned one: if it was renewed, pin the new one.",
    "upgrade": "What answers at the route's address is no OpenClaw gateway.",
    "lost": "The gateway closed the connection while it was being opened: read its log.",
    "timeout": "The gateway did not answer in time: see whether it hangs, or is overloaded.",
}
_MISCONFIGURED = frozenset({"url", "tls", "pin", "upgrade"})
"""Will not mend by themselves, but may be mended at the gateway: tried again slowly."""
_SLOW_RETRY_MS = 30_000


class DialFailed(Exception):
    """No gateway connection, and what to make of it."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        detail: str = "",
        remedy: str = "",
        retry_after_ms: int | None = None,
        fatal: bool = False,
        starting: bool = False,
        refused: bool = False,
    ) -> None:
        self.kind = kind
        """For metrics: one of few."""
        self.message = message
        """Safe to show to anybody (S6)."""
        self.detail = detail
        """For the log: may name addresses."""
        self.remedy = remedy
        """For whoever runs the door."""
        self.retry_after_ms = retry_after_ms
        self.fatal = fatal
        """Trying again cannot help before the route changes."""
        self.starting = starting
        """It is only not up yet."""
        self.refused = refused
        """The gateway is there and says no."""
        super().__init__(f"{kind}: {message} {detail}".strip())

    @property
    def asks_to_wait(self) -> bool:
        """Whether it is the gateway that said when to come again."""
        return self.kind == "refused" and not self.refused and self.retry_after_ms is not None

    def error(self, retry_after_ms: int | None = None) -> GatewayFault:
        """What a call that never went up is told."""
        if self.starting:
            return GatewayStarting(retry_after_ms=retry_after_ms, may_have_run=False)
        if self.refused:
            return GatewayRefused(self.message, remedy=self.remedy, retry_after_ms=retry_after_ms, may_have_run=False)
        return GatewayDown(remedy=self.remedy, retry_after_ms=retry_after_ms, may_have_run=False)


@dataclass(slots=True)
class Dialed:
    """An open, greeted socket. Whoever dialled must `adopt` or close it."""

    socket: Socket
    hello: GatewayHello
    device_token: Secret
    """New for this device: keep it. Empty: none was given."""
    device_token_rejected: bool
    """The route's own is no longer good."""
    _entrance: _Entrance = field(repr=False)

    def adopt(self, listener: SocketListener) -> None:
        """From now on `listener` hears the socket, beginning with what came meanwhile, in order."""
        self._entrance.hand_over(listener)


async def dial(route: Route, *, timeout_s: float, max_message_bytes: int, pairing: bool = False) -> Dialed:
    """Connect to the route's gateway and be let in, all within `timeout_s`, or raise DialFailed."""
    try:
        async with asyncio.timeout(timeout_s):
            try:
                return await _dial_once(route, timeout_s, max_message_bytes, pairing)
            except _DeviceTokenRejected as rejected:
                if not route.token:
                    raise rejected.failure from None
                dialed = await _dial_once(replace(route, device_token=Secret()), timeout_s, max_message_bytes, pairing)
                dialed.device_token_rejected = True
                return dialed
    except TimeoutError:
        failure = DialFailed("timeout", "The gateway does not answer.", remedy=_ADVICE["timeout"])
        raise _outcome("timeout", failure) from None


async def _dial_once(route: Route, timeout_s: float, max_message_bytes: int, pairing: bool) -> Dialed:
    try:
        entrance = _Entrance(Handshake.for_route(route, pairing=pairing))
    except BadConfiguration as error:
        raise _outcome(
            "device", DialFailed("device", error.message, remedy=error.remedy or "", fatal=True, refused=True)
        ) from error
    try:
        socket = await connect(
            route.url,
            cast("SocketListener", entrance),
            headers=_headers(route),
            timeout_s=timeout_s,
            max_message_bytes=max(max_message_bytes, LARGEST_GREETING),
            tls_pin=route.tls_pin,
        )
    except ConnectFailed as failed:
        raise _outcome(failed.kind, _not_connected(failed)) from failed
    try:
        entrance.socket = socket
        welcome = await entrance.outcome
    except BaseException:  # cancelled or timed out: nobody will close it otherwise
        socket.abort()
        raise
    if isinstance(welcome, Refused):
        socket.close(_NORMAL)
        failure = _outcome("refused", _not_let_in(welcome))
        if welcome.device_token_rejected:
            raise _DeviceTokenRejected(failure)
        raise failure
    if isinstance(welcome, DialFailed):
        socket.abort()
        raise _outcome("lost", welcome)
    metrics.dials.labels(outcome="ready").inc()
    socket.max_message_bytes = max_message_bytes
    hello = welcome.hello
    return Dialed(
        socket,
        replace(hello, methods=methods.offered(hello.methods, hello.protocol)),
        Secret(welcome.device_token or ""),
        device_token_rejected=False,
        _entrance=entrance,
    )


def _headers(route: Route) -> dict[str, str]:
    if route.mode is not RouteMode.TRUSTED_PROXY:
        return {}  # forwarded headers from a peer that is no trusted proxy are answered 403
    return {route.identity_header: route.identity, "X-Forwarded-For": _SERVES_MANY}


class _DeviceTokenRejected(Exception):
    def __init__(self, failure: DialFailed) -> None:
        self.failure = failure
        super().__init__()


class _Entrance:
    """Hears a socket while the handshake goes on, then stands aside.

    Its three callbacks are attributes: after `hand_over` the socket calls the listener's own, with nothing between.
    """

    def __init__(self, handshake: Handshake) -> None:
        self.on_message: Callable[[bytes, bool], None] = self._greet
        self.on_oversize: Callable[[int, bytes], None] = self._skip
        self.on_closed: Callable[[int, str], None] = self._gone
        self.outcome: asyncio.Future[Welcome | Refused | DialFailed] = asyncio.get_running_loop().create_future()
        self.socket: Socket
        self._handshake = handshake
        self._backlog: list[tuple[bytes, bool]] = []
        self._closed: tuple[int, str] | None = None

    def hand_over(self, listener: SocketListener) -> None:
        self.on_message, self.on_oversize, self.on_closed = (
            listener.on_message,
            listener.on_oversize,
            listener.on_closed,
        )
        for data, last_in_read in self._backlog:
            listener.on_message(data, last_in_read)
        self._backlog.clear()
        if self._closed is not None:
            listener.on_closed(*self._closed)

    def _greet(self, data: bytes, last_in_read: bool) -> None:
        if self.outcome.done():
            self._backlog.append((data, last_in_read))
            return
        try:
            actions = self._handshake.receive(data)
        except BadFrame:
            metrics.bad_frames.labels(side="gateway", kind="handshake").inc()
            return
        for action in actions:
            match action:
                case Send(frame):
                    self.socket.send(frame)
                case Event():
                    self._backlog.append((data, last_in_read))  # P14: handed over when we are in
                case Welcome() | Refused():
                    self.outcome.set_result(action)

    def _skip(self, _size: int, _head: bytes) -> None:
        metrics.bad_frames.labels(side="gateway", kind="oversize").inc()

    def _gone(self, code: int, reason: str) -> None:
        self._closed = (code, reason)
        if not self.outcome.done():
            message = "The gateway closed the connection."
            detail = f"closed {code} {reason}".strip()
            failure = DialFailed("lost", message, detail=detail, remedy=_ADVICE["lost"])
            self.outcome.set_result(failure)


def _not_let_in(refused: Refused) -> DialFailed:
    return DialFailed(
        "refused",
        refused.message,
        detail=refused.code,
        remedy=refused.remedy,
        retry_after_ms=refused.retry_after_ms,
        fatal=refused.fatal,
        starting=refused.starting,
        refused=not refused.retryable,
    )


def _not_connected(failed: ConnectFailed) -> DialFailed:
    if failed.kind == "http":
        return _answered_http(failed)
    slow = failed.kind in _MISCONFIGURED
    return DialFailed(
        failed.kind,
        GatewayDown.default,
        detail=failed.detail,
        remedy=_ADVICE[failed.kind],
        retry_after_ms=_SLOW_RETRY_MS if slow else None,
    )


def _answered_http(failed: ConnectFailed) -> DialFailed:
    detail = f"HTTP {failed.status}: {failed.detail}"
    if failed.status == 503:  # between the end of one gateway and the start of the next
        return DialFailed("http", "The gateway is starting up.", detail=detail, starting=True)
    remedy = _ADVICE["upgrade"]
    if failed.status == 403:
        remedy = "List the door's address in `gateway.trustedProxies`, or use a route with a token."
    return DialFailed("http", GatewayDown.default, detail=detail, remedy=remedy, retry_after_ms=_SLOW_RETRY_MS)


def _outcome(outcome: str, failure: DialFailed) -> DialFailed:
    metrics.dials.labels(outcome=outcome).inc()
    return failure
