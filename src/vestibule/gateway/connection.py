"""An owner's gateway connection: dials, comes back, and carries questions up and answers down.

One task lives its life; everything else is synchronous. Holds no lock and knows no other owner (P2).
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import msgspec

from vestibule.errors import (
    ConnectionClosed,
    GatewayDown,
    GatewayFault,
    GatewayLost,
    GatewayRefused,
    GatewayStarting,
    GatewayTimeout,
    NoGateway,
    Overloaded,
    VestibuleError,
)
from vestibule.gateway.backoff import Backoff
from vestibule.gateway.dialer import DialFailed, dial
from vestibule.gateway.futures import FutureAsker, decode_answer
from vestibule.gateway.link import Link, fail
from vestibule.gateway.ports import Body, GatewayEvents, Question, RouteSource
from vestibule.gateway.subscriptions import Subscriptions, Topic, topic_of
from vestibule.model import GatewayHello, GatewayState, GatewayStatus, Route, Secret
from vestibule.protocol import codec
from vestibule.protocol.frames import GatewayEvent
from vestibule.protocol.handshake import Welcome
from vestibule.protocol.methods import offered
from vestibule.protocol.refusals import SLOW_RETRY_MS, Refused
from vestibule.settings import Settings
from vestibule.tasks import Tasks
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

log = get_logger(__name__)

_HOPEFUL_ATTEMPTS = 3
"""Calls wait while this many attempts fail; after that they are answered at once."""
_STARTING_RETRY_S = 1.0
_UNPROVISIONED_RETRY_S = 10.0
"""Another process may write the directory; within one, a change is announced."""


class State(Enum):
    """Where the connection is in its life."""

    IDLE = "idle"
    DIALING = "dialing"
    READY = "ready"
    BACKOFF = "backoff"
    DOWN = "down"
    CLOSED = "closed"


class Moved(Enum):
    """What moves it."""

    WANTED = "wanted"
    GREETED = "greeted"
    FAILED = "failed"
    REFUSED = "refused"
    LOST = "lost"
    RETRY = "retry"
    REROUTED = "rerouted"
    CLOSED = "closed"


MOVES = {
    (State.IDLE, Moved.WANTED): State.DIALING,
    (State.DIALING, Moved.GREETED): State.READY,
    (State.DIALING, Moved.FAILED): State.BACKOFF,
    (State.DIALING, Moved.REFUSED): State.DOWN,
    (State.READY, Moved.LOST): State.BACKOFF,
    (State.READY, Moved.REROUTED): State.DIALING,
    (State.BACKOFF, Moved.RETRY): State.DIALING,
    (State.DOWN, Moved.RETRY): State.DIALING,
    **{(state, Moved.CLOSED): State.CLOSED for state in State},
}


@dataclass(frozen=True, slots=True)
class _Waiting:
    question: Question
    deadline: float


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why there is no connection, what to tell, and when to try again."""

    status: GatewayStatus
    error: Callable[[], VestibuleError]
    move: Moved
    delay_s: float | None
    """None: not before the route changes."""


class _Shutdown(msgspec.Struct, frozen=True):
    restartExpectedMs: int | None = None


class GatewayConnection:
    """The persistent connection to one owner's gateway."""

    def __init__(
        self,
        owner: str,
        routes: RouteSource,
        events: GatewayEvents,
        settings: Settings,
        *,
        clock: Callable[[], float] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self.owner = owner
        self.state = State.IDLE
        self.status = GatewayStatus(GatewayState.CONNECTING)
        self.hello: GatewayHello | None = None
        self.secrets: tuple[str, ...] = ()
        """What no client and no log may see: the route's tokens and key."""
        self.subscriptions = Subscriptions()
        self._routes = routes
        self._events = events
        self._settings = settings
        self._clock = clock or asyncio.get_running_loop().time
        self._backoff = Backoff(
            base_s=settings.reconnect_base_s, cap_s=settings.reconnect_cap_s, rng=rng or random.Random()
        )
        self._front_ends: set[str] = set()
        self._link: Link | None = None
        self._retiring: list[Link] = []
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._trouble: _Trouble | None = None
        self._revision = 0
        self._restart_expected_ms: int | None = None
        self._lost_code: int | None = None
        """Close code of the present link, once it is gone."""
        self._disturbed = asyncio.Event()
        """Something happened that the life task has to look at: the link is lost, or the route has changed."""
        self._tasks = Tasks(self._failed)
        self._awaited: dict[str, asyncio.Future[Body]] = {}

    # -- the contract's names

    @property
    def is_connected(self) -> bool:
        """Whether the gateway has greeted us and the socket is open."""
        return self.state is State.READY

    @property
    def has_frontend_connections(self) -> bool:
        """Whether a client is attached."""
        return bool(self._front_ends)

    def add_frontend_connection(self, connection_id: str) -> None:
        """A client is attached."""
        self._front_ends.add(connection_id)

    def remove_frontend_connection(self, connection_id: str) -> None:
        """A client is gone."""
        self._front_ends.discard(connection_id)

    async def connect(self) -> None:
        """Be connected: returns when the gateway has greeted us. Raises the GatewayFault that prevents it."""
        self.want()
        await self.call("health", b"{}", timeout_s=self._settings.handshake_timeout_s)

    def send_rpc(self, req_id: str, method: str, params: dict[str, Any] | None = None) -> None:
        """Ask; the answer is kept for `wait_for_response`."""
        asker = FutureAsker(f"rpc:{req_id}")
        self._awaited[req_id] = asker.body
        self.ask(self._question(asker, method, msgspec.json.encode(params or {}), self._settings.rpc_timeout_s))

    async def wait_for_response(self, req_id: str, timeout: float | None = None) -> Any:
        """The payload of the answer to `send_rpc(req_id, ...)`. Raises GatewayError, GatewayFault or GatewayTimeout."""
        try:
            async with asyncio.timeout(timeout):
                return decode_answer(await self._awaited[req_id])
        except TimeoutError:
            raise GatewayTimeout(may_have_run=True) from None
        finally:
            del self._awaited[req_id]

    # -- asking

    def want(self) -> None:
        """Begin to live: dial, and come back for as long as nobody closes it."""
        if self.state is State.IDLE:
            self._tasks.spawn(self._live(), name=f"gateway:{self.owner}")

    def ask(self, question: Question) -> None:
        """Send a question now, or as soon as the gateway is there. Always answered through its asker, once."""
        if self.pending >= self._settings.max_pending_calls:
            metrics.refused.labels(reason="pending").inc()
            fail(question, Overloaded(may_have_run=False))
            return
        topic = topic_of(question.method, question.params)
        if topic is not None and self._subscribe(question, *topic):
            return
        deadline = self._clock() + question.timeout_s
        if self._link is not None:
            self._link.ask(question, deadline=deadline)
        elif self.state is State.CLOSED:
            fail(question, ConnectionClosed(may_have_run=False))
        elif self._trouble is not None:
            fail(question, self._trouble.error())
        else:
            self._wait(question, deadline)

    async def call(self, method: str, params: bytes, *, timeout_s: float) -> Any:
        """Ask and await the decoded payload. Raises GatewayError (the gateway's own) or GatewayFault."""
        asker = FutureAsker("door:call")
        self.ask(self._question(asker, method, params, timeout_s))
        return decode_answer(await asker.body)

    def release(self, client_id: str) -> None:
        """The client will not come back: end the subscriptions that only it held."""
        for topic in self.subscriptions.release(client_id):
            self._tell_gateway(topic.end_method, topic)

    @property
    def pending(self) -> int:
        """Questions in flight or waiting."""
        in_flight = len(self._link) if self._link is not None else 0
        return in_flight + len(self._waiting)

    def _wait(self, question: Question, deadline: float) -> None:
        size = len(question.params)
        if self._waiting_bytes + size > self._settings.max_queued_bytes:
            metrics.refused.labels(reason="queue").inc()
            fail(question, Overloaded(may_have_run=False))
            return
        self._waiting.append(_Waiting(question, deadline))
        self._waiting_bytes += size

    def _subscribe(self, question: Question, topic: Topic, begins: bool) -> bool:
        """Count a subscription. Returns whether the question is answered here: others still hold the topic."""
        if begins:
            self.subscriptions.begin(question.asker.id, topic)
            return False
        if self.subscriptions.end(question.asker.id, topic):
            return False
        key = {"key": topic.key} if topic.key else {}
        question.asker.answer(question, codec.ok_body(msgspec.json.encode({"subscribed": False, **key})), True)
        return True

    def _tell_gateway(self, method: str, topic: Topic) -> None:
        if self._link is not None:
            asker = FutureAsker("door:subscriptions")
            self._link.ask(
                self._question(asker, method, topic.params, self._settings.rpc_timeout_s),
                deadline=self._clock() + self._settings.rpc_timeout_s,
            )

    def _question(self, asker: FutureAsker, method: str, params: bytes, timeout_s: float) -> Question:
        return Question(asker, b"0", method, params, timeout_s=timeout_s, started_at=self._clock())

    # -- time, from the pool's one sweep

    def sweep(self, now: float) -> None:
        """Answer what is overdue; cut a gateway that has been silent for two ticks (P12)."""
        while self._waiting and self._waiting[0].deadline <= now:
            self._give_up(self._waiting.popleft())
        late = [waiting for waiting in self._waiting if waiting.deadline <= now]
        for waiting in late:
            self._waiting.remove(waiting)
            self._give_up(waiting)
        for link in [*self._retiring, *([self._link] if self._link else [])]:
            link.expire(now)
        for link in [link for link in self._retiring if not len(link)]:
            self._retiring.remove(link)
            link.close()
        if self._link is not None and now - self._link.heard_at > self._link.frozen_after_s:
            log.warning("gateway.frozen", owner=self.owner, silent_s=round(now - self._link.heard_at, 1))
            self._link.abort()
        self._events.gateway_flush(self.owner)

    def _give_up(self, waiting: _Waiting) -> None:
        self._waiting_bytes -= len(waiting.question.params)
        fail(waiting.question, GatewayTimeout(may_have_run=False))

    # -- the route

    def route_changed(self) -> None:
        """Look at the route again; a new one is dialled before the old link is let go (P11)."""
        self._disturbed.set()

    # -- life

    async def _live(self) -> None:
        self._move(Moved.WANTED)
        self._publish(GatewayStatus(GatewayState.CONNECTING))
        while True:
            self._disturbed.clear()
            trouble = await self._dial()
            if trouble is None:
                trouble = await self._be_ready()
                if trouble is None:
                    continue
            await self._be_in_trouble(trouble)

    async def _dial(self) -> _Trouble | None:
        """Be greeted where the route points; None when that is so."""
        old = self._link
        try:
            route = await self._routes.route(self.owner)
            if old is not None and route.revision == self._revision:
                self._move(Moved.GREETED)
                return None
            self.secrets = _secrets(route)
            link, welcome = await dial(route, self, self._settings, clock=self._clock)
        except NoGateway as error:
            return self._no_route(error)
        except GatewayStarting as error:
            return self._starting(error)
        except VestibuleError as error:
            log.warning("gateway.route_unknown", owner=self.owner, code=error.code, remedy=error.remedy)
            return self._cannot(Refused(error.code, GatewayDown.default, retryable=True))
        except DialFailed as error:
            metrics.dials.labels(outcome=error.refused.code.lower()).inc()
            log.warning(
                "gateway.dial_failed",
                owner=self.owner,
                code=error.refused.code,
                remedy=error.refused.remedy,
                detail=error.detail,
                attempt=self._backoff.failures + 1,
            )
            return self._cannot(error.refused)
        metrics.dials.labels(outcome="ready").inc()
        self._greeted(route, link, welcome)
        return None

    def _greeted(self, route: Route, link: Link, welcome: Welcome) -> None:
        self._retire()
        self._link = link
        self._revision = route.revision
        self._trouble = None
        self._restart_expected_ms = None
        self._lost_code = None
        self._backoff.succeeded()
        self._move(Moved.GREETED)
        hello = welcome.hello
        self.hello = replace(hello, methods=offered(hello.methods, hello.protocol))
        if welcome.device_token and welcome.device_token != route.device_token.reveal():
            self._tasks.spawn(self._save(Secret(welcome.device_token)), name=f"gateway:{self.owner}:save")
            self.secrets += (welcome.device_token,)
        log.info("gateway.ready", owner=self.owner, version=hello.version, protocol=hello.protocol)
        for topic in self.subscriptions.topics:
            self._tell_gateway(topic.kind, topic)
        waiting, self._waiting, self._waiting_bytes = self._waiting, deque(), 0
        for each in waiting:
            link.ask(each.question, deadline=each.deadline)
        self._publish(GatewayStatus(GatewayState.READY))

    async def _be_ready(self) -> _Trouble | None:
        """Until the link is lost (trouble) or the route has changed (None)."""
        await self._disturbed.wait()
        code, self._lost_code = self._lost_code, None
        if code is None:
            self._move(Moved.REROUTED)
            return None
        expected = self._restart_expected_ms
        delay_s = self._backoff.after_loss(code=code, restart_expected_ms=expected)
        metrics.reconnects.labels(reason="restart" if expected is not None else "lost").inc()
        if expected is not None:
            status = GatewayStatus(GatewayState.STARTING, "The gateway is restarting.", int(delay_s * 1_000))
        else:
            status = GatewayStatus(GatewayState.DEGRADED, "The connection to the gateway was lost.", int(delay_s * 1_000))
        log.info("gateway.lost", owner=self.owner, code=code, retry_in_s=round(delay_s, 2))
        return _Trouble(status, GatewayLost, Moved.LOST, delay_s)

    async def _be_in_trouble(self, trouble: _Trouble) -> None:
        """Say so, let go of what cannot wait, and wait for the next attempt."""
        self._move(trouble.move)
        self._publish(trouble.status)
        hopeful = trouble.move is Moved.LOST or (
            trouble.move is Moved.FAILED and self._backoff.failures < _HOPEFUL_ATTEMPTS
        )
        if not hopeful:
            self._trouble = trouble
            waiting, self._waiting, self._waiting_bytes = self._waiting, deque(), 0
            for each in waiting:
                fail(each.question, trouble.error())
            self._events.gateway_flush(self.owner)
        try:
            async with asyncio.timeout(trouble.delay_s):
                await self._disturbed.wait()
                self._trouble = None
        except TimeoutError:
            pass
        self._move(Moved.RETRY)

    def _no_route(self, error: NoGateway) -> _Trouble:
        self._retire()
        status = GatewayStatus(GatewayState.UNPROVISIONED, error.message)
        return _Trouble(status, lambda: NoGateway(may_have_run=False), Moved.REFUSED, _UNPROVISIONED_RETRY_S)

    def _starting(self, error: VestibuleError) -> _Trouble:
        self._retire()
        status = GatewayStatus(GatewayState.STARTING, error.message, int(_STARTING_RETRY_S * 1_000))
        return _Trouble(status, lambda: GatewayStarting(may_have_run=False), Moved.REFUSED, _STARTING_RETRY_S)

    def _cannot(self, refused: Refused) -> _Trouble:
        self._retire()
        if refused.starting:
            delay_s = self._backoff.after_failure(at_least_ms=refused.retry_after_ms or 500)
            status = GatewayStatus(GatewayState.STARTING, GatewayStarting.default, int(delay_s * 1_000))
            return _Trouble(status, lambda: GatewayStarting(may_have_run=False), Moved.REFUSED, delay_s)
        if refused.fatal:
            self._backoff.after_failure()
            status = GatewayStatus(GatewayState.DOWN, refused.message)
            return _Trouble(status, lambda: GatewayRefused(refused.message, may_have_run=False), Moved.REFUSED, None)
        if not refused.retryable:
            wait_ms = refused.retry_after_ms or SLOW_RETRY_MS
            delay_s = self._backoff.after_failure(at_least_ms=wait_ms)
            status = GatewayStatus(GatewayState.DOWN, refused.message, int(delay_s * 1_000))
            return _Trouble(status, lambda: GatewayRefused(refused.message, may_have_run=False), Moved.REFUSED, delay_s)
        delay_s = self._backoff.after_failure(at_least_ms=refused.retry_after_ms)
        hopeful = self._backoff.failures < _HOPEFUL_ATTEMPTS
        state = GatewayState.CONNECTING if hopeful else GatewayState.DOWN
        status = GatewayStatus(state, refused.message, int(delay_s * 1_000))
        error: Callable[[], GatewayFault] = lambda: GatewayDown(may_have_run=False)  # noqa: E731  typed
        return _Trouble(status, error, Moved.FAILED, delay_s)

    def _retire(self) -> None:
        """Let the present link finish what is in flight on it; nothing new goes there and no event comes from it."""
        if self._link is not None:
            self._retiring.append(self._link)
            self._link = None
            self.hello = None

    async def _save(self, token: Secret) -> None:
        try:
            await self._routes.save_device_token(self.owner, token)
        except VestibuleError as error:
            log.warning("gateway.device_token_not_saved", owner=self.owner, code=error.code)

    # -- from its links (gateway.link.Receiver)

    def link_event(self, link: Link, event: GatewayEvent) -> None:
        """An event. Only the present link's count: one delivery (P9)."""
        if link in self._retiring or (self._link is not None and link is not self._link):
            return
        if event.event == "shutdown":
            self._note_shutdown(event)
        self._events.gateway_event(self.owner, event)

    def link_flush(self, link: Link) -> None:
        """One read of the socket has been taken in."""
        self._events.gateway_flush(self.owner)

    def link_closed(self, link: Link, code: int, reason: str) -> None:
        """A link ended: what was in flight on it is answered at once (P6)."""
        ours = link.closed_by_us
        link.fail_all(lambda: (ConnectionClosed if ours else GatewayLost)(may_have_run=True))
        if link in self._retiring:
            self._retiring.remove(link)
        elif link is self._link:
            self._link = None
            self.hello = None
            self._lost_code = code
            self._disturbed.set()
        self._events.gateway_flush(self.owner)

    def _note_shutdown(self, event: GatewayEvent) -> None:
        try:
            shutdown = msgspec.json.decode(event.payload, type=_Shutdown)
        except (msgspec.DecodeError, RecursionError):
            return
        self._restart_expected_ms = shutdown.restartExpectedMs

    # -- end

    async def close(self) -> None:
        """End the connection: questions are answered "Connection closed", sockets closed."""
        if self.state is State.CLOSED:
            return
        self._move(Moved.CLOSED)
        links = [*self._retiring, *([self._link] if self._link else [])]
        self._link, self._retiring, self.hello = None, [], None
        waiting, self._waiting, self._waiting_bytes = self._waiting, deque(), 0
        for each in waiting:
            fail(each.question, ConnectionClosed(may_have_run=False))
        for link in links:
            link.fail_all(lambda: ConnectionClosed(may_have_run=True))
            link.close()
        self._events.gateway_flush(self.owner)
        await self._tasks.cancel_all()

    def _move(self, moved: Moved) -> None:
        before = self.state
        self.state = MOVES[before, moved]
        if before is not State.IDLE:
            metrics.gateway_connections.labels(state=before.value).dec()
        if self.state is not State.CLOSED:
            metrics.gateway_connections.labels(state=self.state.value).inc()

    def _publish(self, status: GatewayStatus) -> None:
        if status != self.status or status.state is GatewayState.READY:
            self.status = status
            self._events.gateway_status(self.owner, status, self.hello)
            self._events.gateway_flush(self.owner)

    def _failed(self, task: str, error: BaseException) -> None:
        log.error("gateway.task_failed", owner=self.owner, task=task, exc_info=error)


def _secrets(route: Route) -> tuple[str, ...]:
    found = (route.token.reveal(), route.device_token.reveal(), route.device_seed.reveal())
    return tuple(secret for secret in found if secret)
