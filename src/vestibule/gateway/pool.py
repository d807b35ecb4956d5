"""Every owner's gateway connection, one each, and one timer for all of them.

No lock and no queue that owners share: a gateway that hangs delays nobody but its owner (P2).
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

from vestibule.deadline import Deadline
from vestibule.errors import Restarting, VestibuleError
from vestibule.gateway.answering import refuse
from vestibule.gateway.connection import GatewayConnection, encoded
from vestibule.gateway.correlation import Asked
from vestibule.gateway.futures import FutureAsker, GatewayError, decode_answer
from vestibule.gateway.link import OpenLinks
from vestibule.gateway.ports import GatewayEvents, Question, RouteSource
from vestibule.model import GatewayHello, GatewayState, GatewayStatus
from vestibule.tasks import Tasks
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.settings import Settings

__all__ = ["GatewayConnectionPool", "GatewayError", "get_gateway_pool"]

log = get_logger(__name__)

SWEEP_INTERVAL_S = 0.25
_CLOSE_SHARE = 0.3
"""Part of the time that sockets may use to say goodbye."""

_NOT_CONNECTED = GatewayStatus(GatewayState.STOPPED, "Not connected: nobody is using it.")
_pools: list[GatewayConnectionPool] = []


def get_gateway_pool() -> GatewayConnectionPool:
    """This process's pool."""
    if not _pools:
        raise RuntimeError("no gateway pool: the replica has not been started")
    return _pools[-1]


class GatewayConnectionPool:
    """The gateway connections of this process, by owner."""

    def __init__(
        self,
        source: RouteSource,
        events: GatewayEvents,
        settings: Settings,
        *,
        sweep_interval_s: float = SWEEP_INTERVAL_S,
        clock: Callable[[], float] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._source = source
        self._events = events
        self._settings = settings
        self._sweep_interval_s = sweep_interval_s
        self._loop = asyncio.get_running_loop()
        self._clock = clock or self._loop.time
        self._rng = rng or random.Random()
        self._connections: dict[str, GatewayConnection] = {}
        self._links = OpenLinks()
        self._tasks = Tasks(self._task_failed)
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        _pools.append(self)

    # -- facts

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def open_sockets(self) -> int:
        """Greeted sockets to gateways that are not gone yet."""
        return len(self._links)

    def status(self, owner: str) -> GatewayStatus:
        """The state of an owner's gateway, as clients see it."""
        connection = self._connections.get(owner)
        return connection.status if connection is not None else _NOT_CONNECTED

    def hello(self, owner: str) -> GatewayHello | None:
        """What the owner's gateway said of itself, while it is connected."""
        connection = self._connections.get(owner)
        return connection.hello if connection is not None else None

    def device_id(self, owner: str) -> str | None:
        """The device by which the owner's gateway knows this door. None where it has none, or never was connected."""
        connection = self._connections.get(owner)
        return connection.device_id if connection is not None else None

    def secrets(self, owner: str) -> tuple[str, ...]:
        """What of the owner's route no client may ever see. Empty until the route has been looked up."""
        connection = self._connections.get(owner)
        return connection.secrets() if connection is not None else ()

    def has_own_log(self, owner: str) -> bool:
        """Whether the log of the owner's gateway is known to hold nothing of another's."""
        return self._source.has_own_log(owner)

    def subscribed(self, owner: str, client: str, kind: str, key: str | None = None) -> bool:
        """Whether a client subscribed: `kind` is the method, `key` the session for `sessions.messages.subscribe`."""
        connection = self._connections.get(owner)
        return connection is not None and connection.subscribed(client, kind, key)

    def connection(self, owner: str) -> GatewayConnection:
        """The owner's connection, begun if there is none."""
        return self._connection(owner)

    # -- who uses it

    def attach(self, owner: str, client: str) -> None:
        """A client of the owner is there; connects if need be."""
        if not self._closed:
            self._connection(owner).attach(client)

    def detach(self, owner: str, client: str) -> None:
        """A client's socket is gone. When it was the last one the connection is closed after the grace period."""
        if connection := self._connections.get(owner):
            connection.detach(client)

    def release(self, owner: str, client: str) -> None:
        """A client will not come back: its subscriptions end."""
        if connection := self._connections.get(owner):
            connection.release(client)

    def hold(self, owner: str, key: str) -> None:
        """Keep the owner's connection from idling out while this is under way."""
        if not self._closed:
            self._connection(owner).hold(key)

    def unhold(self, owner: str, key: str) -> None:
        """It is over."""
        if connection := self._connections.get(owner):
            connection.unhold(key)

    def start_gateway(self, owner: str) -> None:
        """Somebody asks for the owner's gateway: start and dial it now, not when it would be due."""
        if not self._closed:
            self._connection(owner).start()

    # -- calls

    def ask(self, owner: str, question: Question) -> None:
        """Ask the owner's gateway. Always answered through the asker, exactly once finally."""
        if self._closed:
            refuse(Asked(question, 0.0), Restarting(may_have_run=False))
            return
        self._connection(owner).ask(question)

    async def call(
        self, owner: str, method: str, params: dict[str, Any] | bytes | None = None, timeout_s: float | None = None
    ) -> Any:
        """The decoded payload. Raises GatewayError (the gateway's own error object) or GatewayFault."""
        asker = FutureAsker("door:call")
        timeout = self._settings.rpc_timeout_s if timeout_s is None else timeout_s
        self.ask(owner, Question(asker, b"0", method, encoded(params), timeout_s=timeout))
        return decode_answer(await asker.body)

    # -- routes and the end

    def route_changed(self, owner: str) -> None:
        """The owner's route was added, replaced or removed."""
        if connection := self._connections.get(owner):
            connection.route_changed()

    async def close_user(self, owner: str) -> None:
        """Close an owner's connection; what is pending is answered. A later call dials anew."""
        connection = self._connections.pop(owner, None)
        if connection is not None:
            await connection.close()

    async def close_all(self, error: VestibuleError | None = None, *, deadline: Deadline | None = None) -> None:
        """Close everything for good; sockets may say goodbye for a share of what is left until the deadline."""
        deadline = deadline or Deadline(self._settings.shutdown_timeout_s)
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self in _pools:
            _pools.remove(self)
        for connection in list(self._connections.values()):
            connection.shut(error)
        self._connections.clear()
        await self._tasks.cancel_all()
        await self._links.closed(timeout_s=deadline.part_s(_CLOSE_SHARE))

    async def start(self) -> None:
        """Nothing to do: connections come when they are wanted."""

    async def stop(self) -> None:
        """The same as `close_all`."""
        await self.close_all()

    # -- the names of the origin contract

    async def send_rpc(
        self,
        user_id: str,
        req_id: str,
        method: str,
        params: dict[str, Any] | bytes | None = None,
        ip: str | None = None,
        token: str | None = None,
    ) -> Any:
        """The payload that answers a call of a user; connects if need be.

        `req_id`, `ip` and `token` are there for callers of the origin plan: ids on the wire are the pool's own, and
        where the gateway is comes from the user's route.
        """
        return await self.call(user_id, method, params)

    def add_frontend_connection(self, user_id: str, connection_id: str) -> None:
        """A front end of a user is there."""
        self.attach(user_id, connection_id)

    def remove_frontend_connection(self, user_id: str, connection_id: str) -> None:
        """A front end of a user is gone for good."""
        self.detach(user_id, connection_id)
        self.release(user_id, connection_id)

    # -- inside

    def _connection(self, owner: str) -> GatewayConnection:
        connection = self._connections.get(owner)
        if connection is None:
            connection = self._connections[owner] = GatewayConnection(
                owner,
                self._source,
                self._events,
                self._settings,
                tasks=self._tasks,
                links=self._links,
                clock=self._clock,
                rng=self._rng,
            )
            if self._timer is None:
                self._timer = self._loop.call_later(self._sweep_interval_s, self._sweep)
        return connection

    def _sweep(self) -> None:
        self._timer = self._loop.call_later(self._sweep_interval_s, self._sweep)
        now = self._clock()
        pending = 0
        for owner, connection in list(self._connections.items()):
            try:
                connection.sweep(now)
            except Exception:  # a defect in one owner's connection must not stop the clock of all others
                log.exception("gateway.sweep_failed", owner=owner)
            pending += connection.pending
            if connection.disposable:
                connection.shut()
                del self._connections[owner]
        metrics.pending_calls.set(pending)
        if not self._connections:
            self._timer.cancel()
            self._timer = None

    @staticmethod
    def _task_failed(name: str, error: BaseException) -> None:
        log.error("gateway.task_failed", task=name, exc_info=error)
