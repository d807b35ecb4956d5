"""The HTTP server with its WebSocket edge, on one port.

Installs no signal handlers, writes no access log (S2) and decides no settings: the app does.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket as sockets
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from vestibule.edge.asgi import AsgiEdge, read_limit
from vestibule.edge.connections import Connections
from vestibule.edge.native import native_ws_class
from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vestibule.deadline import Deadline
    from vestibule.edge.asgi.endpoint import AsgiApp
    from vestibule.hub.ports import Gate
    from vestibule.settings import Settings

_BACKLOG = 2048
_REQUESTS_SHARE = 0.4
"""Part of what is left for HTTP requests under way; their calls to gateways have been answered by then."""


class Server(uvicorn.Server):
    """A uvicorn server that knows its client sockets. `await serve()` ends some time after `end`."""

    def __init__(self, config: uvicorn.Config, sock: sockets.socket, connections: Connections) -> None:
        super().__init__(config)
        self.connections = connections
        self.listening = asyncio.Event()
        """Set when clients can come."""
        self._sock = sock
        self.host, self.port = sock.getsockname()[:2]

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the app's."""
        yield

    async def startup(self, sockets: list[sockets.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listening.set()

    async def serve(self, sockets: list[sockets.socket] | None = None) -> None:
        """Serve until told to exit, then end what is left."""
        try:
            await super().serve(sockets=sockets or [self._sock])
        finally:
            await self.connections.tasks.cancel_all()

    def end(self, deadline: Deadline) -> None:
        """Take no more requests; `serve()` ends when those under way have, or their share of the time is over."""
        self.config.timeout_graceful_shutdown = deadline.part_s(_REQUESTS_SHARE)  # type: ignore[assignment]
        self.should_exit = True

    def release(self) -> None:
        """Give the port back without ever having served."""
        self._sock.close()


def build_server(app: AsgiApp, gate: Gate, settings: Settings, *, sock: sockets.socket | None = None) -> Server:
    """Bind the port and put HTTP (`app`) and WebSocket (`gate`) on it. Call it on the loop that will serve."""
    connections = Connections(settings.max_connections)
    ws: Any = "websockets-sansio"
    if settings.edge == "native":
        ws = native_ws_class(gate, settings, connections)
    else:
        app = AsgiEdge(app, gate, settings, connections)
    config = uvicorn.Config(
        app,
        http=_http_class(settings.handshake_timeout_s),
        ws=ws,
        ws_max_size=read_limit(settings.max_message_bytes),
        ws_per_message_deflate=False,
        ws_ping_interval=settings.ping_interval_s,
        ws_ping_timeout=settings.ping_interval_s,
        interface="asgi3",
        log_config=None,
        log_level="warning",  # at lower levels uvicorn and its WebSocket library log request lines (S2)
        access_log=False,
        server_header=False,
    )
    return Server(config, sock or bind(settings.host, settings.port), connections)


def bind(host: str, port: int) -> sockets.socket:
    """A listening socket, or BadConfiguration with what to do about it."""
    try:
        family = sockets.getaddrinfo(host, port, type=sockets.SOCK_STREAM, flags=sockets.AI_PASSIVE)[0][0]
        return sockets.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            remedy = f"Stop what listens on port {port}, or choose another one with --port."
        elif error.errno == errno.EACCES:
            remedy = "Choose a port from 1024 on with --port, or grant CAP_NET_BIND_SERVICE."
        else:
            remedy = "Choose an address of this machine with --host."
        # of a failed bind the standard library's own text names the address a second time
        said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise BadConfiguration(f"Cannot listen on {host}:{port}: {said}.", remedy=remedy) from error


def _http_class(patience_s: float) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol, which alone would wait for ever for the first request of a connection."""

    class Http(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._patience = self.loop.call_later(patience_s, self._lose_patience)

        def connection_lost(self, exc: Exception | None) -> None:
            self._patience.cancel()
            super().connection_lost(exc)

        def handle_websocket_upgrade(self, event: Any) -> None:
            self._patience.cancel()
            super().handle_websocket_upgrade(event)

        def _lose_patience(self) -> None:
            if self.scope is None:  # no request yet
                self.transport.close()

    return Http
