"""SimulatedGateway: an OpenClaw gateway in memory, on a real socket, strict like the real one and faulty on demand.

Runs no model, no tool and no channel: answers come from scripts, state from `World`.

    async with SimulatedGateway() as gateway:
        gateway.url, gateway.token
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger
from vestibule.testing.admission import Admission, TrustedProxy, Upgrade
from vestibule.testing.chatscript import ChatScript, echo
from vestibule.testing.connection import SimulatedConnection
from vestibule.testing.devices import Device, Devices
from vestibule.testing.faults import Fault, FaultPlan, Faults
from vestibule.testing.hello import hello_ok
from vestibule.testing.listener import Listener
from vestibule.testing.runs import Run, Runs, agent_of
from vestibule.testing.socket import GatewaySocket
from vestibule.testing.wire import JSON, encode
from vestibule.testing.world import World

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine, Iterable
    from types import TracebackType

    from websockets.http11 import Request

    from vestibule.testing import methods

log = get_logger(__name__)

VERSIONS = {3: "2026.3.13", 4: "2026.9.6"}
FLOOD_BATCH = 64
_TOKEN_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789_-"


class Recorded(NamedTuple):
    """A request the gateway got."""

    method: str
    params: Any
    id: str


class SimulatedGateway:
    """One simulated gateway. Everything can be changed while it runs."""

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        token: str = "sim-token",
        protocol: int = 4,
        version: str | None = None,
        faults: Iterable[Fault | str] = (),
        remote: bool = False,
        trusted_proxy: TrustedProxy | None = None,
        allowed_origins: tuple[str, ...] = (),
        leaky: bool = False,
        tick_interval_ms: int = 30_000,
        health_interval_ms: int = 60_000,
        ping_interval_s: float = 25.0,
        connect_timeout_s: float = 15.0,
        max_payload_bytes: int = 25 * 1024 * 1024,
        tls: ssl.SSLContext | None = None,
        answers: Callable[[str], ChatScript] = echo,
        path: str = "",
        agents: Iterable[str] = (),
        seed: int | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        if protocol not in VERSIONS:
            raise ValueError(f"protocol must be 3 or 4, not {protocol}")
        self.host = host
        self.token = token
        self.protocol = protocol
        self.version = version or VERSIONS[protocol]
        self.remote = remote
        self.leaky = leaky
        self.tick_interval_ms = tick_interval_ms
        self.health_interval_ms = health_interval_ms
        self.ping_interval_s = ping_interval_s
        self.connect_timeout_s = connect_timeout_s
        self.max_payload_bytes = max_payload_bytes
        self.path = path
        self._agents = tuple(agents)
        self.now_ms = now_ms
        self.default_script = answers
        self.custom_methods: dict[str, methods.Handler] = {}
        """Methods a test adds or replaces: `gateway.custom_methods["x"] = lambda call: {...}`."""
        self.requests: list[Recorded] = []
        """Every request after the handshake, in order."""
        self.connects: list[JSON] = []
        """The parameters of every `connect`."""
        self.upgrades: list[Upgrade] = []
        """The headers of every upgrade."""
        self.keep_requests = 10_000
        self.total_connections = 0
        self.peak_connections = 0
        self.global_seq = 0
        self._random = random.Random(seed if seed is not None else secrets.randbits(64))
        self.boot_id = self.new_id()
        self.devices = Devices(new_id=self.new_id, new_token=self._new_token, now_ms=now_ms)
        self.admission = Admission(
            protocol,
            token,
            self.devices,
            now_ms,
            remote=remote,
            allowed_origins=allowed_origins,
            trusted_proxy=trusted_proxy,
            on_pairing_request=self._pairing_requested,
        )
        self.runs = Runs(self)
        self.queue_mode = "steer"
        """What becomes of a message into a running turn (`messages.queue.mode` of its config): see `Runs.send`."""
        self.faults = Faults(self._fault_changed)
        self._tls = tls
        self._listener = Listener(self._accept, host=host, port=port, tls=tls)
        self._sockets: set[GatewaySocket] = set()
        self._connections: dict[GatewaySocket, SimulatedConnection] = {}
        self._hung: set[GatewaySocket] = set()
        self._tasks = Tasks(self._task_failed)
        self._changed = asyncio.Event()
        self._versions = {"presence": 1, "health": 1}
        self._running = False
        self.shared_port: int | None = None
        """The port somebody else listens on for us."""
        for fault in faults:
            self.faults.add(fault)

    # life

    async def __aenter__(self) -> SimulatedGateway:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the port."""
        await self._listener.start()
        self.begin()
        for fault in (Fault.REFUSE_TCP, Fault.HANG_IN_TCP):
            if (plan := self.faults.peek(fault)) is not None:
                self._fault_changed(fault, plan)

    def begin(self) -> None:
        """Live without a port: somebody else brings the sockets (several gateways on one port)."""
        self._running = True
        self.spawn(self._tick(), "tick")
        self.spawn(self._health(), "health")
        self.spawn(self._ping(), "ping")

    async def stop(self) -> None:
        """Drop every connection and close the port. No message is sent; for a polite stop see `shutdown`."""
        self._running = False
        self._listener.stop()
        await self._tasks.cancel_all()
        for socket in tuple(self._sockets):
            socket.abort()
        while self._sockets:
            await self._next_change()

    @property
    def port(self) -> int:
        """The port, the same through restarts."""
        return self._listener.port if self.shared_port is None else self.shared_port

    @property
    def url(self) -> str:
        """`ws://host:port` and the path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'wss' if self._tls else 'ws'}://{host}:{self.port}{self.path}"

    # facts

    @property
    def connections(self) -> list[SimulatedConnection]:
        """Clients that have completed the handshake and are open."""
        return [each for each in self._connections.values() if each.is_ready]

    @property
    def open_connections(self) -> int:
        """TCP connections open now, whatever their state."""
        return len(self._sockets)

    @cached_property
    def world(self) -> World:
        """Sessions, agents, config and all other state."""
        world = World(
            protocol=self.protocol,
            version=self.version,
            token=self.token,
            leaky=self.leaky,
            now_ms=self.now_ms,
            new_id=self.new_id,
        )
        for agent_id in self._agents:
            world.add_agent(agent_id)
        return world

    def requests_of(self, method: str) -> list[Recorded]:
        """The requests of one method."""
        return [each for each in self.requests if each.method == method]

    def has_reviewer(self) -> bool:
        """Whether some client can answer exec approvals."""
        return any(each.reviews for each in self.connections)

    # waiting

    async def wait_connected(self, n: int = 1, *, timeout_s: float = 10.0) -> list[SimulatedConnection]:
        """Until at least n clients are ready."""
        await self.wait_for(lambda: len(self.connections) >= n, timeout_s=timeout_s)
        return self.connections

    async def wait_request(self, method: str, n: int = 1, *, timeout_s: float = 10.0) -> Recorded:
        """Until the n-th request of a method has come."""
        await self.wait_for(lambda: len(self.requests_of(method)) >= n, timeout_s=timeout_s)
        return self.requests_of(method)[n - 1]

    async def wait_for(self, predicate: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        """Until something is true; looked at after every connection, request, answer and run."""
        async with asyncio.timeout(timeout_s):
            while not predicate():
                await self._next_change()

    # chat

    def next_chat(self, script: ChatScript) -> None:
        """The next run plays this; several calls queue up."""
        self.runs.queue(script)

    def script(self, agent: str | None, script: ChatScript) -> None:
        """Every run of an agent (made if need be; None: of all others) plays this when nothing is queued."""
        if agent is not None and agent not in self.world.agents:
            self.world.add_agent(agent)
        self.runs.assign(agent, script)

    def start_run(
        self, session_key: str, script: ChatScript, *, message: str = "(elsewhere)", run_id: str | None = None
    ) -> Run:
        """A run nobody here asked for: from cron, a channel, another tool."""
        key = self.world.normal_key(session_key)
        self.world.session(key)
        identifier = run_id or self.new_id()
        run, _ = self.runs.send(key, agent_of(key), message, identifier, None, queue_mode="wait", script=script)
        assert run is not None
        return run

    # events

    async def emit(
        self, event: str, payload: Any = None, *, to: Callable[[SimulatedConnection], bool] | None = None
    ) -> int:
        """Send an event to every ready client (or those `to` picks); how many got it."""
        count = self.broadcast(event, {} if payload is None else payload, to=to)
        await asyncio.sleep(0)
        return count

    async def emit_to_session(self, session_key: str, event: str, payload: JSON) -> int:
        """Send a session's event to those who hear that session; `sessionKey` is added."""
        key = self.world.normal_key(session_key)
        count = self.broadcast_session(key, event, {"sessionKey": key, **payload})
        await asyncio.sleep(0)
        return count

    def broadcast(self, event: str, payload: Any, *, to: Callable[[SimulatedConnection], bool] | None = None) -> int:
        """`emit` without giving up the loop; the payload is encoded once."""
        data = payload if isinstance(payload, bytes) else encode(payload)
        version: bytes | None = None
        if event in self._versions:
            self._versions[event] += 1
            version = encode(self._versions)
        self.global_seq += 1
        receivers = [each for each in self.connections if to is None or to(each)]
        for each in receivers:
            each.push(event, data, version)
        self._note_change()
        return len(receivers)

    def broadcast_session(self, session_key: str, event: str, payload: JSON) -> int:
        """A `chat` or `agent` event of a session."""
        return self.broadcast(event, payload, to=lambda each: each.hears_session(session_key))

    def broadcast_reviewers(self, event: str, payload: JSON) -> int:
        """An event only for those who may answer approvals."""
        return self.broadcast(event, payload, to=lambda each: each.reviews)

    def session_changed(self, session_key: str, **why: Any) -> None:
        """`sessions.changed` to those who subscribed."""
        if self.protocol == 3:
            return
        run = self.runs.active(session_key)
        row = self.world.row(session_key) if session_key in self.world.sessions else None
        payload: JSON = {
            "sessionKey": session_key,
            "agentId": agent_of(session_key),
            "ts": self.now_ms(),
            **why,
            "sessionId": row["sessionId"] if row else None,
            "hasActiveRun": run is not None,
            "activeRunIds": [run.id] if run else [],
            "status": "running" if run else "idle",
        }
        if row is not None:
            payload["session"] = row | {"hasActiveRun": run is not None}
        self.broadcast("sessions.changed", payload, to=lambda each: each.sessions_subscribed)

    # misbehaving

    def add_fault(self, fault: Fault | str, **numbers: Any) -> FaultPlan:
        """Start a fault; `numbers` as in `Faults.add` (times, method, delay_s, size_bytes, …)."""
        return self.faults.add(fault, **numbers)

    def remove_fault(self, fault: Fault | str) -> None:
        """End a fault."""
        self.faults.remove(fault)

    def clear_faults(self) -> None:
        """End all faults."""
        self.faults.clear()

    def freeze(self) -> None:
        """TCP stays up, nothing moves."""
        self.faults.add(Fault.FREEZE)

    def thaw(self) -> None:
        """Undo `freeze`; what was held back is sent."""
        self.faults.remove(Fault.FREEZE)

    async def drop(self, code: int = 1006, reason: str = "") -> None:
        """End every connection: 1006 without a word, other codes by a close frame. Returns when all are gone."""
        gone = tuple(self._sockets)
        for socket in gone:
            if code == 1006 or socket not in self._connections:
                socket.abort()
            else:
                socket.close(code, reason or ("service restart" if code == 1012 else ""))
        await self.wait_for(lambda: not self._sockets.intersection(gone), timeout_s=15.0)

    async def shutdown(self, *, restart_expected_ms: int | None = None) -> None:
        """What SIGTERM does: `shutdown` event, close 1012, port closed. `start_again` brings it back."""
        payload: JSON = {"reason": "gateway stopping"}
        if restart_expected_ms is not None:
            payload = {"reason": "gateway restarting", "restartExpectedMs": restart_expected_ms}
        self.runs.abort_all()
        self.broadcast("shutdown", payload)
        self._listener.refuse()
        await self.drop(1012)

    async def start_again(self) -> None:
        """Accept connections after `shutdown`, as a new process with the same state."""
        self.boot_id = self.new_id()
        self.world.started_ms = self.now_ms()
        await self._listener.accept()

    async def restart(self, *, expected_ms: int = 1_500, down_s: float = 0.0, starting: int = 0) -> None:
        """An in-process restart: `shutdown` with `restartExpectedMs`, 1012, down, startup answers, back."""
        await self.shutdown(restart_expected_ms=expected_ms)
        if down_s > 0:
            await asyncio.sleep(down_s)
        if starting:
            self.add_fault(Fault.STARTING, times=starting)
        await self.start_again()

    # for connections, runs and methods

    def new_id(self) -> str:
        """A UUID from the gateway's own generator (`seed` makes it repeatable)."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """A task that ends with the gateway at the latest."""
        task = self._tasks.spawn(work, name=f"simulated:{name}")
        task.add_done_callback(lambda _task: self._note_change())
        return task

    def record(self, connection: SimulatedConnection, method: str, params: Any, request_id: str) -> None:
        """Remember a request."""
        if len(self.requests) >= self.keep_requests:
            del self.requests[: self.keep_requests // 2]
        self.requests.append(Recorded(method, params, request_id))
        self._note_change()

    def connection_ready(self, connection: SimulatedConnection) -> None:
        """A client has its `hello-ok`."""
        self._note_change()
        socket = connection.socket
        if plan := self.faults.strike(Fault.SHUTDOWN_EVENT):
            self._shutdown_one(connection, plan)
        if Fault.HALF_CLOSE in self.faults:
            socket.half_close()
        if Fault.FLOOD in self.faults:
            self.spawn(self._flood(connection), "flood")

    def connection_closed(self, connection: SimulatedConnection) -> None:
        """A client is gone."""
        self._connections.pop(connection.socket, None)
        self._note_change()

    def hello(self, connection: SimulatedConnection) -> JSON:
        """The `hello-ok` of a client."""
        return hello_ok(self, connection, self._versions)

    # for the sockets (SocketHost)

    def new_socket(self) -> GatewaySocket:
        """The server side of a TCP connection to this gateway."""
        return GatewaySocket(self, max_message_bytes=self.max_payload_bytes)

    def accepted(self, socket: GatewaySocket) -> None:
        """TCP is up."""
        self._sockets.add(socket)
        self.total_connections += 1
        self.peak_connections = max(self.peak_connections, len(self._sockets))
        self._apply_to(socket)
        self._note_change()

    def requested(self, socket: GatewaySocket, request: Request) -> None:
        """An HTTP request: health probe or upgrade."""
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        path = request.path.split("?", 1)[0]
        if self.faults.strike(Fault.HANG_IN_UPGRADE):
            return
        if path in ("/healthz", "/health"):
            socket.respond(200, "OK", b'{"ok":true,"status":"live"}')
            return
        if path in ("/readyz", "/ready"):
            uptime = self.now_ms() - self.world.started_ms
            socket.respond(200, "OK", encode({"ready": True, "failing": [], "uptimeMs": uptime}))
            return
        upgrade = Upgrade(socket.peer, headers)
        self.upgrades.append(upgrade)
        if self.faults.strike(Fault.HTTP_503):
            socket.respond(503, "Service Unavailable", b"gateway unavailable\n", "text/plain")
            return
        if self.protocol == 4 and upgrade.forwarded and self.admission.trusted_proxy is None:
            socket.respond(403, "Forbidden", b"proxy attribution required\n", "text/plain")
            return
        connection = SimulatedConnection(self, socket, upgrade)
        self._connections[socket] = connection
        if socket.upgrade(request, connection):
            connection.start()
        else:
            del self._connections[socket]

    def lost(self, socket: GatewaySocket) -> None:
        """TCP is gone."""
        self._sockets.discard(socket)
        self._connections.pop(socket, None)
        self._note_change()

    # inside

    def _accept(self) -> GatewaySocket:
        return self.new_socket()

    def _new_token(self) -> str:
        return "".join(
            self._random.choice("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789_-") for _ in range(43)
        )

    def _pairing_requested(self, device: Device) -> None:
        self.broadcast("device.pair.requested", device.pending_row())

    def _apply_to(self, socket: GatewaySocket) -> None:
        if Fault.FREEZE in self.faults:
            socket.freeze()
        if Fault.HANG_IN_CLOSE in self.faults:
            socket.ignores_close = True
        if (plan := self.faults.peek(Fault.SLOW_DRIP)) is not None:
            socket.drip(plan.bytes_per_s)

    def _fault_changed(self, fault: Fault, plan: FaultPlan | None) -> None:
        if not self._running:
            return
        on = plan is not None
        if fault is Fault.REFUSE_TCP and on:
            self._listener.refuse()
        elif fault is Fault.HANG_IN_TCP and on:
            self._listener.hang()
        elif fault in (Fault.REFUSE_TCP, Fault.HANG_IN_TCP):
            self.spawn(self._listener.accept(), "accept")
        for socket in tuple(self._sockets):
            if fault is Fault.FREEZE:
                (socket.freeze if on else socket.thaw)()
            elif fault is Fault.SLOW_DRIP:
                socket.drip(plan.bytes_per_s if plan is not None else None)
            elif fault is Fault.HANG_IN_CLOSE:
                socket.ignores_close = on
        if plan is None:
            return
        for connection in self.connections:
            if fault is Fault.FLOOD:
                self.spawn(self._flood(connection), "flood")
            elif fault is Fault.HALF_CLOSE:
                connection.socket.half_close()
        if fault is Fault.SHUTDOWN_EVENT and self.connections and self.faults.strike(fault) is not None:
            for connection in self.connections:
                self._shutdown_one(connection, plan)

    def _shutdown_one(self, connection: SimulatedConnection, plan: FaultPlan) -> None:
        payload: JSON = {"reason": "gateway stopping"}
        if plan.restart_expected_ms is not None:
            payload = {"reason": "gateway restarting", "restartExpectedMs": plan.restart_expected_ms}
        connection.push("shutdown", encode(payload))
        connection.socket.close(1012, "service restart")

    async def _flood(self, connection: SimulatedConnection) -> None:
        number = 0
        while connection.is_ready and Fault.FLOOD in self.faults:
            await connection.socket.writable.wait()
            for _ in range(FLOOD_BATCH):
                number += 1
                connection.push("flood", b'{"n":%d}' % number)
            await asyncio.sleep(0)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.tick_interval_ms / 1000)
            if Fault.NO_TICK not in self.faults and self._connections:
                self.broadcast("tick", {"ts": self.now_ms()})

    async def _health(self) -> None:
        while True:
            await asyncio.sleep(self.health_interval_ms / 1000)
            if Fault.NO_TICK not in self.faults and self._connections:
                self.broadcast("health", self.world.health())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self.ping_interval_s)
            for connection in self.connections:
                connection.socket.ping()

    def _task_failed(self, name: str, error: BaseException) -> None:
        log.error("simulated.task_failed", task=name, error=repr(error), exc_info=error)

    def _note_change(self) -> None:
        self._changed.set()

    async def _next_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
