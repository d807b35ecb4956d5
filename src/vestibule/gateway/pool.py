"""The gateway connections of this process, one per owner, made when wanted and closed when idle.

No lock: an owner's connection lives by itself, so that a hanging gateway is its own owner's trouble only (P2).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from vestibule.errors import BadConfiguration, ConnectionClosed
from vestibule.gateway.connection import GatewayConnection, State
from vestibule.gateway.futures import GatewayError
from vestibule.gateway.link import fail
from vestibule.gateway.ports import GatewayEvents, Question, RouteSource
from vestibule.model import GatewayHello, GatewayState, GatewayStatus
from vestibule.settings import Settings
from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

__all__ = ["GatewayConnectionPool", "GatewayError", "get_gateway_pool", "use_gateway_pool"]

log = get_logger(__name__)

_SWEEP_INTERVAL_S = 0.25
_ASLEEP = GatewayStatus(GatewayState.STOPPED, "Nobody is connected.")


@dataclass(slots=True)
class _Tenancy:
    """An owner's connection and what keeps it open."""

    connection: GatewayConnection
    holds: set[str] = field(default_factory=set)
    idle: asyncio.TimerHandle | None = None
    """The one grace timer (P17); None while somebody needs the connection."""

    @property
    def needed(self) -> bool:
        return self.connection.has_frontend_connections or bool(self.holds)


class GatewayConnectionPool:
    """Every owner's gateway connection."""

    def __init__(
        self,
        routes: RouteSource,
        events: GatewayEvents,
        settings: Settings,
        *,
        clock: Callable[[], float] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._routes = routes
        self._events = events
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._clock = clock or self._loop.time
        self._rng = rng or random.Random()
        self._owners: dict[str, _Tenancy] = {}
        self._closed = False
        self._tasks = Tasks(lambda task, error: log.error("pool.task_failed", task=task, exc_info=error))
        self._sweeper = self._loop.call_later(_SWEEP_INTERVAL_S, self._sweep)

    # -- who needs a connection

    def attach(self, owner: str, client_id: str) -> None:
        """A client of the owner is here: dial, and stay."""
        tenancy = self._tenancy(owner)
        tenancy.connection.add_frontend_connection(client_id)
        self._keep(owner, tenancy)

    def detach(self, owner: str, client_id: str) -> None:
        """The client's socket is gone; its subscriptions stay until `release`."""
        if tenancy := self._owners.get(owner):
            tenancy.connection.remove_frontend_connection(client_id)
            self._keep(owner, tenancy)

    def release(self, owner: str, client_id: str) -> None:
        """The client will not come back."""
        if tenancy := self._owners.get(owner):
            tenancy.connection.release(client_id)

    def hold(self, owner: str, reason: str) -> None:
        """Something is under way that needs the connection although nobody may be attached."""
        tenancy = self._tenancy(owner)
        tenancy.holds.add(reason)
        self._keep(owner, tenancy)

    def unhold(self, owner: str, reason: str) -> None:
        """It is over."""
        if tenancy := self._owners.get(owner):
            tenancy.holds.discard(reason)
            self._keep(owner, tenancy)

    # -- asking

    def ask(self, owner: str, question: Question) -> None:
        """Send a question to the owner's gateway. Always answered through its asker, once."""
        if self._closed:
            fail(question, ConnectionClosed(may_have_run=False))
            return
        tenancy = self._tenancy(owner)
        tenancy.connection.ask(question)
        self._keep(owner, tenancy)

    async def call(
        self, owner: str, method: str, params: dict[str, Any] | bytes | None = None, *, timeout_s: float | None = None
    ) -> Any:
        """Ask and await the decoded payload. Raises GatewayError (the gateway's own) or GatewayFault."""
        raw = params if isinstance(params, bytes) else msgspec.json.encode(params or {})
        if self._closed:
            raise ConnectionClosed(may_have_run=False)
        tenancy = self._tenancy(owner)
        self._keep(owner, tenancy)
        return await tenancy.connection.call(method, raw, timeout_s=timeout_s or self._settings.rpc_timeout_s)

    # -- looking

    def status(self, owner: str) -> GatewayStatus:
        """How it is with the owner's gateway."""
        tenancy = self._owners.get(owner)
        return tenancy.connection.status if tenancy else _ASLEEP

    def hello(self, owner: str) -> GatewayHello | None:
        """What the owner's gateway said of itself; None unless it is ready."""
        tenancy = self._owners.get(owner)
        return tenancy.connection.hello if tenancy else None

    def secrets(self, owner: str) -> tuple[str, ...]:
        """What no client of the owner may see."""
        tenancy = self._owners.get(owner)
        return tenancy.connection.secrets if tenancy else ()

    def subscribed(self, owner: str, client_id: str, kind: str, key: str | None = None) -> bool:
        """Whether the client holds a subscription: `kind` is the method that begins it."""
        tenancy = self._owners.get(owner)
        return tenancy is not None and tenancy.connection.subscriptions.holds(client_id, kind, key)

    # -- changing and ending

    def route_changed(self, owner: str) -> None:
        """The owner's route is new, another, or gone."""
        if tenancy := self._owners.get(owner):
            tenancy.connection.route_changed()

    async def close_user(self, owner: str) -> None:
        """End the owner's connection now."""
        if tenancy := self._owners.pop(owner, None):
            if tenancy.idle is not None:
                tenancy.idle.cancel()
            await tenancy.connection.close()

    async def close_all(self) -> None:
        """End every connection; the pool takes no further questions."""
        self._closed = True
        self._sweeper.cancel()
        await asyncio.gather(*(self.close_user(owner) for owner in list(self._owners)))
        await self._tasks.cancel_all()

    # -- the origin's names

    async def send_rpc(
        self,
        user_id: str,
        req_id: str,
        method: str,
        params: dict[str, Any] | None = None,
        ip: str | None = None,
        token: str | None = None,
    ) -> Any:
        """`call` as the origin plan names it. `req_id`, `ip` and `token` are not needed: ids are ours, the route knows."""
        return await self.call(user_id, method, params)

    def add_frontend_connection(self, user_id: str, connection_id: str) -> None:
        """`attach` as the origin plan names it."""
        self.attach(user_id, connection_id)

    def remove_frontend_connection(self, user_id: str, connection_id: str) -> None:
        """`detach` and `release` as the origin plan names them."""
        self.detach(user_id, connection_id)
        self.release(user_id, connection_id)

    # -- inside

    def _tenancy(self, owner: str) -> _Tenancy:
        tenancy = self._owners.get(owner)
        if tenancy is None:
            connection = GatewayConnection(
                owner, self._routes, self._events, self._settings, clock=self._clock, rng=self._rng
            )
            tenancy = self._owners[owner] = _Tenancy(connection)
            connection.want()
        return tenancy

    def _keep(self, owner: str, tenancy: _Tenancy) -> None:
        """Start the grace time anew if nobody needs the connection, end it if somebody does."""
        if tenancy.idle is not None:
            tenancy.idle.cancel()
            tenancy.idle = None
        if not tenancy.needed:
            tenancy.idle = self._loop.call_later(self._settings.grace_s, self._idle, owner, tenancy)

    def _idle(self, owner: str, tenancy: _Tenancy) -> None:
        if self._owners.get(owner) is not tenancy or tenancy.needed:
            return
        if tenancy.connection.pending:
            self._keep(owner, tenancy)
            return
        log.info("gateway.idle", owner=owner)
        del self._owners[owner]
        self._tasks.spawn(tenancy.connection.close(), name=f"pool:{owner}:close")

    def _sweep(self) -> None:
        self._sweeper = self._loop.call_later(_SWEEP_INTERVAL_S, self._sweep)
        now = self._clock()
        for tenancy in list(self._owners.values()):
            if tenancy.connection.state is not State.CLOSED:
                tenancy.connection.sweep(now)


_pool: GatewayConnectionPool | None = None


def use_gateway_pool(pool: GatewayConnectionPool | None) -> None:
    """Make `pool` the one that `get_gateway_pool()` returns."""
    global _pool
    _pool = pool


def get_gateway_pool() -> GatewayConnectionPool:
    """The pool of this process. Raises BadConfiguration when no replica runs in it."""
    if _pool is None:
        raise BadConfiguration("No replica runs in this process.", remedy="start vestibule.app.Replica first")
    return _pool
