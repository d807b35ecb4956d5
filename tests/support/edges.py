"""A door for the edges' tests: a small gate that echoes, behind a real server on a free port."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from support.waiting import eventually
from vestibule.edge.server import Server, bind, build_server
from vestibule.model import Principal, Role
from vestibule.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from vestibule.auth.credentials import Credential
    from vestibule.hub.ports import ClientTransport
    from vestibule.protocol.frames import Resume

KIB = 1024
SOMEBODY = Principal(member="ana", owner="ana", role=Role.ADMIN, scopes=frozenset({"operator.admin"}))


Opener = Callable[..., contextlib.AbstractAsyncContextManager["Running"]]
"""A door with settings of the test's own."""


class Echo:
    """An attached client that gets back what it sends."""

    def __init__(self, transport: ClientTransport, resume: Resume | None) -> None:
        self.transport = transport
        self.resume = resume
        self.received: list[bytes] = []
        self.events: list[str] = []
        self.code: int | None = None
        self.answer: Callable[[bytes], None] = transport.write

    def receive(self, data: bytes) -> None:
        self.received.append(data)
        self.answer(data)

    def paused(self) -> None:
        self.events.append("paused")

    def writable(self) -> None:
        self.events.append("writable")

    def detached(self, code: int) -> None:
        assert self.code is None, "detached twice"
        self.code = code


class EchoGate:
    """Lets everybody in, unless it is told otherwise."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: tests share a door."""
        self.clients: list[Echo] = []
        self.credentials: list[Credential | None] = []
        self.remotes: list[str] = []
        self.refusal: Exception | None = None
        self.refusal_at_attach: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.cancelled = 0

    async def admit(self, credential: Credential | None, *, remote: str) -> Principal:
        self.credentials.append(credential)
        self.remotes.append(remote)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.refusal is not None:
            raise self.refusal
        return SOMEBODY

    def attach(self, principal: Principal, transport: ClientTransport, *, resume: Resume | None, agent: str) -> Echo:
        assert principal is SOMEBODY
        if self.refusal_at_attach is not None:
            raise self.refusal_at_attach
        client = Echo(transport, resume)
        self.clients.append(client)
        return client

    async def client(self, index: int = -1) -> Echo:
        await eventually(lambda: self.clients)
        return self.clients[index]


class Running:
    """A running door."""

    def __init__(self, gate: EchoGate, server: Server) -> None:
        self.gate = gate
        self.server = server
        self.port = server.port
        self.url = f"ws://127.0.0.1:{server.port}/ws"
        self.connections = server.connections


async def http_app(scope: Any, receive: Any, send: Any) -> None:
    """What answers plain HTTP."""
    if scope["type"] != "http":
        return
    body = json.dumps({"path": scope["path"]}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def running(
    edge: str, home: Path, *, gate: EchoGate | None = None, certificate: tuple[Path, Path] | None = None, **wanted: Any
) -> AsyncIterator[Running]:
    """A door on a free port."""
    settings = Settings(**{"home": home, "edge": edge, "port": 0, "handshake_timeout_s": 1.0, **wanted})
    gate = gate or EchoGate()
    server = build_server(http_app, gate, settings, sock=small_buffers(bind("127.0.0.1", 0)))
    server.config.lifespan = "off"
    if certificate is not None:
        server.config.ssl_certfile, server.config.ssl_keyfile = certificate
    async with asyncio.TaskGroup() as own:
        own.create_task(server.serve(), name="server")
        await eventually(lambda: server.started)
        try:
            yield Running(gate, server)
        finally:
            server.connections.close_all(1001, "the test is over")
            await server.connections.wait_empty(5.0)
            server.should_exit = True


def small_buffers(listening: socket.socket) -> socket.socket:
    """Accepted sockets inherit them: a side that reads nothing is felt soon."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * KIB)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * KIB)
    return listening
