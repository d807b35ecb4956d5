"""WebSocket on the HTTP port: uvicorn's upgrade requests become picows sockets.

uvicorn is out of the path from the upgrade on. Speaks no HTTP beyond turning a request away.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, cast

from vestibule.edge.arrival import Arrival
from vestibule.edge.upgrade import TurnedAway, Upgrade, join_headers, read_upgrade
from vestibule.sockets.server import CLOSE_TIMEOUT_S, ServerSocket
from vestibule.sockets.wheel import PingWheel
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.server import ServerState

    from vestibule.edge.connections import Connections
    from vestibule.hub.ports import Gate
    from vestibule.settings import Settings

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Edge:
    """What all sockets of the edge share."""

    gate: Gate
    settings: Settings
    connections: Connections
    wheel: PingWheel


def native_ws_class(gate: Gate, settings: Settings, connections: Connections) -> type[asyncio.Protocol]:
    """What uvicorn takes for `ws=`: it calls it with its config and state for each upgrade request."""
    edge = _Edge(gate, settings, connections, PingWheel(settings.ping_interval_s))

    def upgrade(config: Any, server_state: ServerState, app_state: dict[str, Any]) -> asyncio.Protocol:
        return _Upgrading(edge, server_state)

    return cast("type[asyncio.Protocol]", upgrade)


class _Upgrading(asyncio.Protocol):
    """The moment between uvicorn's parser and picows'."""

    def __init__(self, edge: _Edge, server_state: ServerState) -> None:
        self._edge = edge
        self._server_state = server_state
        self._socket: ServerSocket | None = None
        self._left_over: Callable[[], bytes] = bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._left_over = _reader_of_left_over(self._transport.get_protocol())

    def data_received(self, data: bytes) -> None:
        if self._socket is not None:
            self._socket.feed(data)  # came before the socket took over
            return
        method, path, query, headers = _parse_head(data)
        peername = self._transport.get_extra_info("peername")
        peer = peername[0] if isinstance(peername, tuple) else ""
        settings = self._edge.settings
        wanted = read_upgrade(method=method, path=path, query=query, headers=headers, peer=peer, settings=settings)
        if isinstance(wanted, TurnedAway):
            log.info("client.turned_away", status=wanted.status, remote=peer, origin=headers.get("origin", "")[:200])
            metrics.refused.labels(reason=f"http_{wanted.status}").inc()
            self._transport.write(_http_answer(wanted))
            self._transport.close()
        else:
            self._open(wanted)

    def _open(self, wanted: Upgrade) -> None:
        edge, connections = self._edge, self._edge.connections
        arrival = Arrival(edge.gate, max_message_bytes=edge.settings.max_message_bytes)
        full = connections.full
        uvicorns = cast("set[Any]", self._server_state.connections)

        def gone() -> None:
            connections.discard(socket)
            uvicorns.discard(socket)

        socket = ServerSocket(
            self._transport,
            arrival,
            max_message_bytes=edge.settings.max_message_bytes,
            wheel=edge.wheel,
            close_timeout_s=min(CLOSE_TIMEOUT_S, edge.settings.handshake_timeout_s),
            on_gone=gone,
        )
        connections.add(socket)
        uvicorns.add(socket)  # it forgot this connection at the upgrade, and would stop without waiting for it
        self._socket = socket
        socket.start(key=wanted.key, subprotocol=wanted.subprotocol)
        arrival.knock(wanted, socket, connections, timeout_s=edge.settings.handshake_timeout_s, full=full)
        if left_over := self._left_over():
            socket.feed(left_over)
        # uvicorn makes this object the transport's protocol as soon as we return
        asyncio.get_running_loop().call_soon(socket.take_over)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._socket is not None:
            self._socket.lost()


def _reader_of_left_over(http_protocol: Any) -> Callable[[], bytes]:
    """What the client sent together with its upgrade request, which uvicorn forgets: h11 still has it."""
    parser = getattr(http_protocol, "conn", None)
    return lambda: bytes(parser.trailing_data[0]) if parser is not None else b""


def _parse_head(data: bytes) -> tuple[str, str, str, dict[str, str]]:
    """Method, path, query and headers of a request that uvicorn has parsed and written out again."""
    first, *lines = data.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    raw = (line.partition(": ")[::2] for line in lines)
    return method, path, query, join_headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in raw)


def _http_answer(away: TurnedAway) -> bytes:
    body = away.body()
    headers = (
        ("Date", formatdate(usegmt=True)),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *away.headers,
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {away.status.value} {away.status.phrase}\r\n{lines}\r\n".encode("ascii") + body
