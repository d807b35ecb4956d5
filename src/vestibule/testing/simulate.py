"""Many simulated gateways on one port, told apart by the path `/g/<n>`: what `vestibule simulate` runs.

Prints one JSON line per gateway, ready for `vestibule gateway import`.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING, TextIO

from vestibule.testing.demo import demo_script
from vestibule.testing.faults import Fault
from vestibule.testing.listener import Listener
from vestibule.testing.simulated import SimulatedGateway
from vestibule.testing.socket import GatewaySocket
from vestibule.testing.wire import JSON, encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from websockets.http11 import Request

MAX_PAYLOAD_BYTES = 25 * 1024 * 1024
_PORT_FAULTS = frozenset({Fault.REFUSE_TCP, Fault.HANG_IN_TCP})


class Simulation:
    """N gateways behind one port. A gateway's parts are made when it is first connected to."""

    def __init__(
        self,
        count: int = 1,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        protocol: int = 4,
        token: str = "sim-token",
        faults: Iterable[Fault | str] = (),
        faulty: int | None = None,
        tick_interval_ms: int = 30_000,
        prefix: str = "sim",
    ) -> None:
        if count < 1:
            raise ValueError("at least one gateway")
        self._host = host
        self._faults = [Fault(each) for each in faults]
        self._faulty = count if faulty is None else faulty
        self._prefix = prefix
        self._listener = Listener(self._socket, host=host, port=port)
        self._sockets: set[GatewaySocket] = set()
        self.gateways = [
            SimulatedGateway(
                host=host,
                token=token if count == 1 else f"{token}-{number}",
                protocol=protocol,
                tick_interval_ms=tick_interval_ms,
                answers=demo_script,
                path=f"/g/{number}",
                faults=[each for each in self._faults if each not in _PORT_FAULTS] if number <= self._faulty else (),
            )
            for number in range(1, count + 1)
        ]
        self._started: set[int] = set()

    async def __aenter__(self) -> Simulation:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the port."""
        await self._listener.start()
        for gateway in self.gateways:
            gateway.shared_port = self._listener.port
        if Fault.REFUSE_TCP in self._faults:
            self._listener.refuse()
        elif Fault.HANG_IN_TCP in self._faults:
            self._listener.hang()

    async def stop(self) -> None:
        """Close the port and everything behind it."""
        self._listener.stop()
        for socket in tuple(self._sockets):
            socket.abort()
        for number in self._started:
            await self.gateways[number - 1].stop()

    @property
    def port(self) -> int:
        """The one port."""
        return self._listener.port

    def lines(self) -> list[JSON]:
        """One row per gateway, as `vestibule gateway import` reads them."""
        return [
            {"owner": f"{self._prefix}-{number}", "url": gateway.url, "token": gateway.token}
            for number, gateway in enumerate(self.gateways, start=1)
        ]

    # for the sockets (SocketHost), until the path is known

    def accepted(self, socket: GatewaySocket) -> None:
        """TCP is up; whose it is, the request will say."""
        self._sockets.add(socket)

    def requested(self, socket: GatewaySocket, request: Request) -> None:
        """Hand the socket to the gateway in the path; `/` is the first one."""
        self._sockets.discard(socket)
        path = request.path.split("?", 1)[0].rstrip("/")
        number = 1 if path in ("", "/healthz", "/readyz") else _number(path)
        if number is None or number > len(self.gateways):
            socket.respond(404, "Not Found", b"no such gateway\n", "text/plain")
            return
        gateway = self.gateways[number - 1]
        if number not in self._started:
            self._started.add(number)
            gateway.begin()
        socket.host = gateway
        gateway.accepted(socket)
        gateway.requested(socket, request)

    def lost(self, socket: GatewaySocket) -> None:
        """TCP is gone before a request came."""
        self._sockets.discard(socket)

    def _socket(self) -> GatewaySocket:
        return GatewaySocket(self, max_message_bytes=MAX_PAYLOAD_BYTES)


def _number(path: str) -> int | None:
    parts = path.split("/")
    if len(parts) < 3 or parts[1] != "g" or not parts[2].isdecimal() or int(parts[2]) < 1:
        return None
    return int(parts[2])


async def simulate(
    count: int = 1,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    protocol: int = 4,
    token: str = "sim-token",
    faults: Iterable[Fault | str] = (),
    faulty: int | None = None,
    out: TextIO | None = None,
    until: asyncio.Event | None = None,
) -> None:
    """Run gateways until SIGINT or SIGTERM (or `until` is set); their JSON lines go to `out`.

    `faults` hit the first `faulty` gateways, all by default; the TCP faults hit the port, so all of them.
    """
    out = out or sys.stdout
    ended = until or asyncio.Event()
    loop = asyncio.get_running_loop()
    handled = []
    if until is None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows has no loop signal handlers
                loop.add_signal_handler(number, ended.set)
                handled.append(number)
    try:
        async with Simulation(
            count, host=host, port=port, protocol=protocol, token=token, faults=faults, faulty=faulty
        ) as running:
            for line in running.lines():
                print(encode(line).decode(), file=out)
            out.flush()
            await ended.wait()
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
