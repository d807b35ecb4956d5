"""A running replica: the only place that chooses adapters. Settings in, a listening door out.

    async with Replica(settings) as replica:
        await stop.wait()

Leaving the block drains: not ready, calls finished or answered, clients told 1012, upstreams and gateways closed.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from vestibule.auth.authenticator import Authenticator
from vestibule.auth.tickets import Tickets
from vestibule.auth.tokens import Tokens
from vestibule.bus.memory import MemoryBus
from vestibule.bus.port import MEMBER_REMOVED, OWNER_REMOVED, ROUTE_CHANGED, Message
from vestibule.deadline import Deadline
from vestibule.directory import Directory, open_directory
from vestibule.directory.health import NOBODY, StorageHealth
from vestibule.directory.keys import SecretKey
from vestibule.edge.http.application import create_application
from vestibule.edge.http.services import Services
from vestibule.edge.server import build_server
from vestibule.errors import BadConfiguration, GatewayStarting, NoGateway
from vestibule.gateway.check import CheckResult, check
from vestibule.gateway.pairing import Pairing, pair_owner
from vestibule.gateway.pool import GatewayConnectionPool
from vestibule.hub.hub import Hub
from vestibule.launchers.port import Launcher, LaunchFailed, LaunchState
from vestibule.policy.roles import scopes_of
from vestibule.protocol.codes import CloseCode
from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from vestibule.model import Route, Secret
    from vestibule.settings import Settings

log = get_logger(__name__)

_CALLS_UNTIL = 0.4
"""The share of the time for the end that calls in flight may use."""
_GOODBYE_S = 1.0
"""How long clients may take to answer that they are sent away, and at most this part of what is left."""
_GOODBYE_SHARE = 0.3
_SESSIONS_LOOKED_AT = 200
"""Running sessions are the most recently used ones."""


class Routes:
    """Where owners' gateways are (`gateway.ports.RouteSource`): the directory, unless a launcher is still at it."""

    def __init__(self, directory: Directory, launcher: Launcher | None, launch: Callable[[str], None]) -> None:
        self._directory = directory
        self._launcher = launcher
        self._launch = launch

    async def route(self, owner: str) -> Route:
        """The owner's route. Raises NoGateway or GatewayStarting."""
        if self._launcher is not None and self._launcher.status(owner).state in (
            LaunchState.STARTING,
            LaunchState.EXITED,
        ):
            raise GatewayStarting()
        found = await self._directory.route(owner) if owner else None
        if found is None:
            raise NoGateway()
        return found

    def wake(self, owner: str) -> None:
        """Launch a gateway that ended, without the pause before its next start or after it was given up."""
        if self._launcher is not None and self._launcher.status(owner).state in (
            LaunchState.EXITED,
            LaunchState.FAILED,
        ):
            self._launch(owner)

    def has_own_log(self, owner: str) -> bool:
        """Whether a launcher runs the owner's gateway: launchers give each a log file of its own."""
        return self._launcher is not None and self._launcher.status(owner).state is not LaunchState.STOPPED

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the door's device."""
        await self._directory.save_device_token(owner, token)


class Replica:
    """One running Vestibule process."""

    def __init__(
        self, settings: Settings, *, launcher: Launcher | None = None, deadline: Deadline | None = None
    ) -> None:
        self.settings = settings
        self.launcher = launcher
        self._deadline = deadline or Deadline(settings.shutdown_timeout_s)
        """For the end; it may have begun before `stop` is called."""
        self._state = "starting"
        self._ends = AsyncExitStack()
        self._tasks = Tasks(lambda task, error: log.error("replica.task_failed", task=task, exc_info=error))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where the door listens, as seen from this machine or by the setting `public_url`."""
        if self.settings.public_url:
            return self.settings.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(self._server.host, self._server.host)
        return f"http://{host}:{self._server.port}"

    @property
    def ws_url(self) -> str:
        """Where its WebSocket is."""
        return f"ws{self.url.removeprefix('http')}/ws"

    async def start(self) -> None:
        """Open the storage and the port. Raises BadConfiguration or StorageFault, with the remedy."""
        try:
            await self._start()
        except BaseException:  # also when it is cancelled: nothing that was begun stays behind
            self._deadline.begin()
            await self._ends.aclose()
            raise
        self._state = ""
        log.info("replica.listening", url=self.url, edge=self.settings.edge)

    async def _start(self) -> None:
        """Each part after those it needs; it ends before them."""
        settings, at_the_end = self.settings, self._at_the_end
        key = await asyncio.to_thread(SecretKey.load, settings.home, settings.secret_key.get_secret_value())
        self.bus = MemoryBus()
        at_the_end(self.bus.close)
        self.directory = open_directory(
            settings.database_url.get_secret_value(), home=settings.home, key=key, bus=self.bus
        )
        at_the_end(self.directory.close)
        await self.directory.start()
        self._storage = StorageHealth(lambda: self.directory.members_by_id(NOBODY))
        self.authenticator = Authenticator(
            self.directory,
            Tokens(key.derive("tokens")),
            Tickets(ttl_s=settings.ticket_ttl_s),
            scopes_of=scopes_of,
            token_ttl_s=settings.token_ttl_s,
        )
        self.hub = Hub(settings, self.authenticator)
        at_the_end(self.hub.stop)
        self._routes = Routes(self.directory, self.launcher, self._launch_again)
        self.pool = GatewayConnectionPool(self._routes, self.hub, settings)
        at_the_end(partial(self.pool.close_all, deadline=self._deadline))
        self.hub.start(self.pool)
        self.bus.subscribe(ROUTE_CHANGED, lambda message: self.pool.route_changed(message["owner"]))
        self.bus.subscribe(OWNER_REMOVED, self._owner_removed)
        self.bus.subscribe(MEMBER_REMOVED, lambda message: self.hub.member_removed(message["member"]))
        self._server = build_server(create_application(self._services()), self.hub, settings)
        self._serving = self._tasks.spawn(self._server.serve(), name="replica:serve")
        at_the_end(self._close_the_door)
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Drain and end everything, within the setting `shutdown_timeout_s`."""
        self._deadline.begin()
        self._state = "stopping"
        await self.hub.drain(timeout_s=self._deadline.until_s(_CALLS_UNTIL))
        await self._ends.aclose()
        log.info("replica.stopped", took_ms=int(self._deadline.spent_s * 1_000))

    def _at_the_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do this when the replica ends, before what was given earlier, and for no longer than the time left."""

        async def end() -> None:
            try:
                async with asyncio.timeout(self._deadline.left_s):
                    await work()
            except TimeoutError:
                log.warning("replica.end_cut_short", took_ms=int(self._deadline.spent_s * 1_000))

        self._ends.push_async_callback(end)

    async def _close_the_door(self) -> None:
        """Send clients away and give the port back; meanwhile the gateways we started end."""
        async with asyncio.TaskGroup() as own:
            if self.launcher is not None:
                own.create_task(self.launcher.close(self._deadline), name="replica:launcher")
            connections = self._server.connections
            connections.drain(CloseCode.RESTARTING, self.hub.come_back_hint)
            await connections.wait_empty(min(_GOODBYE_S, self._deadline.part_s(_GOODBYE_SHARE)))
            self._server.end(self._deadline)
            await self._serving

    async def launch(self, owner: str) -> Route:
        """Start the owner's gateway with the launcher, and route to it; again whenever it comes back elsewhere.

        Raises LaunchFailed.
        """
        assert self.launcher is not None
        route = await self.launcher.start(owner)
        known = await self.directory.route(owner)
        if known is None or (known.url, known.token) != (route.url, route.token):
            known = await self.directory.put_route(route)
        self.pool.route_changed(owner)
        return known

    def _launch_again(self, owner: str) -> None:
        self._tasks.spawn(self._launched_again(owner), name=f"replica:launch:{owner}")

    async def _launched_again(self, owner: str) -> None:
        try:
            await self.launch(owner)
        except (LaunchFailed, BadConfiguration) as error:
            log.error("gateway.not_launched", owner=owner, reason=error.message, remedy=error.remedy)

    async def check(self, route: Route) -> CheckResult:
        """One trial connection to where a route points."""
        return await check(route, self.settings)

    async def pair(self, owner: str) -> Pairing:
        """Introduce the owner's device to its gateway, and connect anew as who it is then. Raises NoGateway."""
        pairing = await pair_owner(self._routes, owner, self.settings)
        self.pool.route_changed(owner)
        return pairing

    async def abort_runs(self, owner: str) -> None:
        """Stop whatever the owner's agents are doing: a gateway that is told to end would wait for them."""
        listed = await self.pool.call(owner, "sessions.list", {"limit": _SESSIONS_LOOKED_AT})
        for session in listed.get("sessions", ()):
            if session.get("hasActiveRun"):
                await self.pool.call(owner, "chat.abort", {"sessionKey": session["key"]})

    def _services(self) -> Services:
        return Services(
            settings=self.settings,
            hub=self.hub,
            directory=self.directory,
            authenticator=self.authenticator,
            check=self._check,
            pair=self._pair,
            not_ready=self._not_ready,
        )

    async def _not_ready(self) -> str:
        return self._state or ("" if await self._storage.well() else "storage")

    async def _check(self, route: Route) -> dict[str, Any]:
        found = await self.check(route)
        return {
            "ok": found.ok,
            "state": found.state,
            "version": found.version,
            "protocol": found.protocol,
            "tookMs": found.took_ms,
            "error": found.error,
            "remedy": found.remedy,
            "detail": found.detail,
        }

    async def _pair(self, owner: str) -> dict[str, Any]:
        found = await self.pair(owner)
        return {"paired": found.paired, "error": found.error, "remedy": found.remedy}

    def _owner_removed(self, message: Message) -> None:
        self.hub.owner_removed(message["owner"])
        self.pool.route_changed(message["owner"])
