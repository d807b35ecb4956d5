"""A TCP port that can be opened, refused and clogged at run time, always under the same number.

Knows nothing of WebSocket or OpenClaw: every connection gets a protocol from the factory.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

_CLOGGING_CONNECTIONS = 4


class Listener:
    """One port. Refusing and hanging are what the kernel does, not a simulation of it."""

    def __init__(
        self,
        factory: Callable[[], asyncio.BaseProtocol],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        backlog: int = 1024,
    ) -> None:
        self._factory = factory
        self._host = host
        self._port = port
        self._tls = tls
        self._backlog = backlog
        self._reserved: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._clog: list[socket.socket] = []

    @property
    def port(self) -> int:
        """The port, the same through every change."""
        return self._port

    @property
    def is_open(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None

    async def start(self) -> None:
        """Bind the port and accept. The number stays ours, also while it refuses."""
        self._reserved = self._bound(self._port)
        self._port = self._reserved.getsockname()[1]
        await self.accept()

    async def accept(self) -> None:
        """Accept connections."""
        self._unclog()
        if self._server is None and self._reserved is not None:
            self._server = await asyncio.get_running_loop().create_server(
                self._factory, sock=self._bound(self._port), ssl=self._tls, backlog=self._backlog
            )

    def refuse(self) -> None:
        """Refuse connections; those that are open stay open."""
        self._unclog()
        if self._server is not None:
            self._server.close()
            self._server = None

    def hang(self) -> None:
        """Let new connections hang in connect(): the accept queue is full and nobody accepts."""
        self.refuse()
        full = self._bound(self._port)
        full.listen(0)
        self._clog.append(full)
        for _ in range(_CLOGGING_CONNECTIONS):
            filler = socket.socket(full.family, socket.SOCK_STREAM)
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect((self._host, self._port))
            self._clog.append(filler)

    def stop(self) -> None:
        """Give the port back."""
        self.refuse()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def _unclog(self) -> None:
        for each in self._clog:
            each.close()
        self._clog.clear()

    def _bound(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if hasattr(socket, "SO_REUSEPORT"):  # macOS and BSD want it for the second bind of one address
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            bound.setblocking(False)
            bound.bind((self._host, port))
        except BaseException:
            bound.close()
            raise
        return bound
