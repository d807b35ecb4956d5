"""An owner's connection to its gateway: dialled when wanted, kept while used, dialled again when lost.

Everything but reaching the gateway is synchronous: a call is sent, queued or refused before `ask` returns.
One task at a time, and only while there is no link; no lock. Never replays a call that went up.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from vestibule.errors import (
    ConnectionClosed,
    GatewayDown,
    GatewayFault,
    GatewayStarting,
    GatewayTimeout,
    NoGateway,
    Overloaded,
    VestibuleError,
)
from vestibule.gateway.answering import answer, refuse
from vestibule.gateway.approvals import EVENTS as APPROVAL_EVENTS
from vestibule.gateway.approvals import OpenApprovals
from vestibule.gateway.backoff import Backoff
from vestibule.gateway.correlation import Asked, WaitingCalls
from vestibule.gateway.dialer import Dialed, DialFailed, dial
from vestibule.gateway.futures import FutureAsker, decode_answer
from vestibule.gateway.link import Link, OpenLinks
from vestibule.gateway.ports import Asker, Body, GatewayEvents, Question, RouteSource
from vestibule.gateway.prospect import Prospect
from vestibule.gateway.states import Event, State, move
from vestibule.gateway.subscriptions import METHODS as SUBSCRIPTION_METHODS
from vestibule.gateway.subscriptions import Local, Subscriptions
from vestibule.model import GatewayHello, GatewayState, GatewayStatus, Route, Secret
from vestibule.protocol.codec import ok_body
from vestibule.protocol.device import device_of
from vestibule.protocol.methods import APPROVAL_LIST
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from vestibule.protocol.frames import GatewayEvent
    from vestibule.settings import Settings
    from vestibule.tasks import Tasks

log = get_logger(__name__)

STARTING_RETRY_MS = 500
NO_ROUTE_RETRY_MS = 30_000
_RESTARTS = 1012
"""A gateway that closes with this forgets what it waits for, even if its process goes on."""
_KNOWN_CODES = frozenset({1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013, 4000})

_REPLACED = "The gateway's address or credentials have changed. Connecting again."
_UNUSED = "Not connected: nobody is using it."

_gauges = {state: metrics.gateway_connections.labels(state=state.value) for state in State}


class GatewayConnection:
    """The one connection of an owner, used by all of the owner's clients."""

    def __init__(
        self,
        owner: str,
        source: RouteSource,
        events: GatewayEvents,
        settings: Settings,
        *,
        tasks: Tasks,
        links: OpenLinks,
        clock: Callable[[], float],
        rng: random.Random,
    ) -> None:
        self.owner = owner
        self.state = State.IDLE
        self.route: Route | None = None
        """As it was when last looked up."""
        self.device_id: str | None = None
        """By which the gateway knows us, since it last let us in; None where we need no device."""
        self._source = source
        self._events = events
        self._settings = settings
        self._tasks = tasks
        self._links = links
        self._clock = clock
        self._backoff = Backoff(settings.reconnect_base_s, settings.reconnect_cap_s, rng)
        self._clients: set[str] = set()
        self._holds: set[str] = set()
        self._subscriptions = Subscriptions()
        self._approvals = OpenApprovals()
        self._waiting = WaitingCalls(max_bytes=settings.max_queued_bytes)
        self._link: Link | None = None
        self._retiring: list[Link] = []
        self._reaching: asyncio.Task[None] | None = None
        self._prospect = Prospect()
        self._unused_since: float | None = None
        self._status = GatewayStatus(GatewayState.STOPPED, _UNUSED)
        self._turned: asyncio.Event | None = None
        """Set when the state changes, for who waits for that."""
        self._awaited: dict[str, FutureAsker] = {}
        _gauges[self.state].inc()

    # -- facts

    @property
    def is_connected(self) -> bool:
        """Whether calls go up at once."""
        return self._link is not None

    @property
    def has_frontend_connections(self) -> bool:
        """Whether a client is attached."""
        return bool(self._clients)

    @property
    def hello(self) -> GatewayHello | None:
        """What the gateway said of itself, while it is connected."""
        return self._link.hello if self._link is not None else None

    @property
    def status(self) -> GatewayStatus:
        """State and reason, as clients see them."""
        return self._status

    @property
    def pending(self) -> int:
        """Calls without a final answer, sent or queued."""
        sent = self._link.pending if self._link is not None else 0
        if self._retiring:
            sent += sum(link.pending for link in self._retiring)
        return sent + len(self._waiting)

    @property
    def disposable(self) -> bool:
        """Whether forgetting this object would lose nothing."""
        kept = self._subscriptions or self._approvals or self._retiring or self._awaited
        nothing = not (self._clients or self._holds or kept)
        return self.state is State.CLOSED or (nothing and self.state is State.IDLE and not self._waiting)

    def secrets(self) -> tuple[str, ...]:
        """What of the route no client may ever see."""
        if self.route is None:
            return ()
        secrets = (self.route.token, self.route.device_token, self.route.device_seed)
        return tuple(secret.reveal() for secret in secrets if secret)

    def subscribed(self, client: str, kind: str, key: str | None = None) -> bool:
        """Whether a client subscribed to this."""
        return self._subscriptions.has(client, kind, key)

    # -- who uses it

    def attach(self, client: str) -> None:
        """A client is there: connect."""
        if self.state is State.CLOSED:
            return
        self._clients.add(client)
        self._unused_since = None
        self.want()

    def detach(self, client: str) -> None:
        """A client's socket is gone. Its subscriptions stay until `release`: it may come back."""
        self._clients.discard(client)

    def release(self, client: str) -> None:
        """A client will not come back: what only it had subscribed to is unsubscribed."""
        for method, params in self._subscriptions.release(client):
            if self._link is not None:
                self._ask_for_ourselves(self._link, method, params)

    def hold(self, key: str) -> None:
        """Do not idle out while this is under way."""
        self._holds.add(key)

    def unhold(self, key: str) -> None:
        """It is over."""
        self._holds.discard(key)

    def want(self) -> None:
        """Somebody needs the gateway now."""
        if self.state is State.IDLE:
            self._prospect.wanted()
        elif self.state is State.HALTED and self._prospect.may_ask_again(self._clock()):
            self._prospect.failure = None
        elif not (self.state is State.WAITING and self._prospect.unprovisioned):
            return
        self._move(Event.WANTED)
        self._reach()

    def start(self) -> None:
        """Somebody asks for the gateway: try now, and not when the next attempt would be due."""
        if self.state is State.CLOSED or self._link is not None:
            return
        self._source.wake(self.owner)
        now = self._clock()
        match self.state:
            case State.IDLE:
                self.want()
            case State.WAITING if self._prospect.hurried(now):
                self._reach(self._prospect.retry_at - now)
            case State.HALTED if self._prospect.may_be_urged(now):
                self._prospect.failure = None
                self._move(Event.WANTED)
                self._reach()

    # -- calls

    def ask(self, question: Question, *, deadline: float | None = None) -> None:
        """Send, queue or refuse a question; whatever happens, its asker gets exactly one final answer."""
        now = self._clock()
        asked = Asked(question, now + question.timeout_s if deadline is None else deadline)
        if self.pending >= self._settings.max_pending_calls:
            refuse(asked, Overloaded(may_have_run=False))
            return
        if question.method in SUBSCRIPTION_METHODS and self._subscribe(asked):
            return
        if self._link is not None:
            self._hand_over(self._link, asked)
            return
        if self.state is State.IDLE:
            self.want()
        if self.state is State.CLOSED or not self._prospect.hopeful(now):
            refuse(asked, self._fault(now))
            return
        try:
            self._waiting.add(asked)
        except Overloaded as full:
            refuse(asked, full)

    def _hand_over(self, link: Link, asked: Asked) -> None:
        """Send a question, unless this gateway has no answer to it and the door has."""
        if asked.question.method == APPROVAL_LIST and not _lists_approvals(link):
            answer(asked.question, ok_body(self._approvals.listed(self._clock())), True)
        else:
            link.ask(asked)

    def _subscribe(self, asked: Asked) -> bool:
        """Whether the call is answered already."""
        question = asked.question
        client = question.asker.id
        try:
            plan = self._subscriptions.plan(client, question.method, question.params)
        except Overloaded as full:
            refuse(asked, full)
            return True
        if isinstance(plan, Local):
            question.asker.answer(question, ok_body(plan.payload), True)
            return True
        question.params = plan.params
        if (added := plan.added) is not None:
            asked.undo = lambda: self._subscriptions.undo(client, added)
        return False

    def _ask_for_ourselves(self, link: Link, method: str, params: bytes) -> None:
        question = Question(_ours, b"0", method, params, timeout_s=self._settings.rpc_timeout_s)
        link.ask(Asked(question, self._clock() + question.timeout_s))

    def _fault(self, now: float) -> GatewayFault:
        """Why a call cannot go up."""
        if self.state is State.CLOSED:
            return ConnectionClosed(may_have_run=False)
        return self._prospect.fault(self._wait_ms(now))

    def _wait_ms(self, now: float) -> int | None:
        """Until the next attempt, if one is due."""
        return self._prospect.wait_ms(now) if self.state is State.WAITING else None

    # -- reaching the gateway

    def route_changed(self) -> None:
        """The owner's route may be another one: look it up, and change over without losing calls (P11).

        Until the new link is up calls go to the old one. If the new one cannot be dialled the old one ends all the
        same, after its last answer: what it leads to is no longer the owner's gateway.
        """
        if self.state in (State.IDLE, State.CLOSED):
            return
        self._move(Event.ROUTE_CHANGED)
        if self._link is None:
            self._prospect.start_over()
            self._backoff.reset()
        self._tell()
        self._reach()

    def _reach(self, delay_s: float = 0.0) -> None:
        """Start the one task that brings the connection up."""
        self._stop_reaching()
        self._tell()
        self._reaching = self._tasks.spawn(self._reach_until_there(delay_s), name=f"gateway:{self.owner}:reach")

    def _stop_reaching(self) -> None:
        if self._reaching is not None and not self._reaching.done() and self._reaching is not _current_task():
            self._reaching.cancel()
        self._reaching = None

    async def _reach_until_there(self, delay_s: float) -> None:
        while True:
            if self.state is State.WAITING:
                await asyncio.sleep(delay_s)
                self._move(Event.DUE)
                self._tell()
            try:
                route, dialed = await self._attempt()
            except (DialFailed, NoGateway) as failure:
                delay_s = self._failed(failure)
                if self.state is State.HALTED:
                    return
            else:
                self._arrived(route, dialed)
                return

    async def _attempt(self) -> tuple[Route, Dialed | None]:
        """The route, and a greeted socket to it unless the present link leads there already."""
        try:
            async with asyncio.timeout(self._settings.handshake_timeout_s):
                route = await self._source.route(self.owner)
        except NoGateway:
            raise
        except GatewayStarting as error:
            raise DialFailed("starting", error.message, retry_after_ms=STARTING_RETRY_MS, starting=True) from error
        except VestibuleError as error:
            raise DialFailed("route", GatewayDown.default, detail=error.message, remedy=error.remedy or "") from error
        except TimeoutError as error:
            raise DialFailed("route", GatewayDown.default, detail="the route was not looked up in time") from error
        except Exception as error:  # an adapter's defect: the connection must not end without a word
            log.exception("gateway.route_failed", owner=self.owner)
            raise DialFailed("route", GatewayDown.default, detail=repr(error)) from error
        previous, self.route = self.route, route
        if previous is not None and not _same_way(previous, route):
            self._approvals.clear()
        elif previous is not None and self._link is not None:
            return route, None
        return route, await dial(
            route,
            timeout_s=self._settings.handshake_timeout_s,
            max_message_bytes=self._settings.max_message_bytes,
        )

    def _arrived(self, route: Route, dialed: Dialed | None) -> None:
        self._prospect.forget_failures()
        if dialed is None:
            self._move(Event.ROUTE_KEPT)
            self._tell()
            return
        self._keep_token(route, dialed)
        device = device_of(route)
        self.device_id = device.id if device else None
        old = self._link
        self._link = link = Link(
            self.owner,
            dialed.socket,
            dialed.hello,
            self,
            self._links,
            run_timeout_s=self._settings.run_timeout_s,
            max_unsent_bytes=max(self._settings.max_queued_bytes, 2 * dialed.hello.max_payload_bytes),
            clock=self._clock,
        )
        self._approvals.began(self._clock() - dialed.hello.uptime_ms / 1_000)
        self._move(Event.WELCOMED)
        self._unused_since = None
        log.info("gateway.ready", owner=self.owner, version=dialed.hello.version, protocol=dialed.hello.protocol)
        if old is not None:
            self._retire(old)
        dialed.adopt(link)
        if self._link is not link:  # it closed right after its greeting
            return
        for method, params in self._subscriptions.active():
            self._ask_for_ourselves(link, method, params)
        for asked in self._waiting.drain():
            self._hand_over(link, asked)
        self._tell()

    def _keep_token(self, route: Route, dialed: Dialed) -> None:
        token = dialed.device_token
        if (token and token != route.device_token) or dialed.device_token_rejected:
            self._tasks.spawn(self._save_token(token), name=f"gateway:{self.owner}:save-token")

    async def _save_token(self, token: Secret) -> None:
        try:
            await self._source.save_device_token(self.owner, token)
        except VestibuleError as error:  # a read-only directory: the shared token goes on working
            log.info("gateway.device_token_not_saved", owner=self.owner, code=error.code, reason=error.message)

    def _failed(self, failure: DialFailed | NoGateway) -> float:
        """Note a failed attempt; how long to wait before the next one."""
        now = self._clock()
        self._prospect.failed(failure, now)
        if self._link is not None:
            self._retire(self._link)
            self._link = None
        if isinstance(failure, NoGateway):
            delay_s = self._backoff.after_failure(retry_after_ms=NO_ROUTE_RETRY_MS)
            self._move(Event.FAILED)
            for link in self._retiring:
                link.close()
        else:
            delay_s = self._backoff.after_failure(retry_after_ms=failure.retry_after_ms)
            self._log_failure(failure, delay_s)
            self._move(Event.REFUSED if failure.fatal else Event.FAILED)
        self._prospect.retry_at = now + delay_s
        self._give_up_waiting(now)
        self._tell()
        return delay_s

    def _log_failure(self, failure: DialFailed, delay_s: float) -> None:
        fields: dict[str, Any] = {"owner": self.owner, "kind": failure.kind, "detail": failure.detail}
        if failure.remedy:
            fields["remedy"] = failure.remedy
        if failure.fatal:
            log.error("gateway.refused", reason=failure.message, **fields)
        elif failure.starting:
            log.info("gateway.starting", retry_in_s=round(delay_s, 1), **fields)
        else:
            log.warning("gateway.dial_failed", retry_in_s=round(delay_s, 1), reason=failure.message, **fields)

    def _give_up_waiting(self, now: float) -> None:
        """Answer what is queued when there is no hope left."""
        if self._waiting and not self._prospect.hopeful(now):
            for asked in self._waiting.drain():
                refuse(asked, self._fault(now))
            self._events.gateway_flush(self.owner)

    # -- from the link (`link.LinkOwner`)

    def link_event(self, event: GatewayEvent) -> None:
        """An event of the gateway."""
        if event.event in APPROVAL_EVENTS and self._link is not None and not _lists_approvals(self._link):
            self._approvals.hear(event, self._clock())
        self._events.gateway_event(self.owner, event)

    def link_flush(self) -> None:
        """The end of a read."""
        self._events.gateway_flush(self.owner)

    def link_lost(self, link: Link, code: int, reason: str) -> None:
        """The link is gone: dial again, until the grace period says that nobody needs it."""
        if link is not self._link:
            return
        now = self._clock()
        self._link = None
        metrics.reconnects.labels(reason=str(code) if code in _KNOWN_CODES else "other").inc()
        log.info("gateway.lost", owner=self.owner, code=code, reason=reason, restart_ms=link.restart_expected_ms)
        if code == _RESTARTS:
            self._approvals.clear()
        self._move(Event.LOST)
        if self.state is State.DIALING:
            self._tell()
            return
        restart_ms = link.restart_expected_ms
        delay_s = self._backoff.after_loss(code, lived_s=now - link.opened_at, restart_expected_ms=restart_ms)
        self._prospect.lost(now, restart_expected_ms=restart_ms)
        self._prospect.retry_at = now + delay_s
        self._reach(delay_s)

    def _retire(self, link: Link) -> None:
        link.retire()
        if not link.over:
            self._retiring.append(link)

    # -- time

    @property
    def _in_use(self) -> bool:
        return bool(self._clients or self._holds or self._waiting)

    def sweep(self, now: float) -> None:
        """A few times a second: overdue calls, silence, idleness."""
        if self._link is not None:
            self._link.sweep(now)
        if self._retiring:
            for link in self._retiring:
                link.sweep(now)
            self._retiring = [link for link in self._retiring if not link.over]
        if self._waiting:
            self._sweep_waiting(now)
        if self._approvals:
            self._approvals.expire(now)
        if self._in_use or self.pending:
            self._unused_since = None
        elif self._unused_since is None:
            self._unused_since = now
        elif now - self._unused_since >= self._settings.grace_s:
            self._idle(now)

    def _sweep_waiting(self, now: float) -> None:
        late = self._waiting.overdue(now)
        for asked in late:
            refuse(asked, (GatewayStarting if self._prospect.starting else GatewayTimeout)(may_have_run=False))
        if late:
            self._events.gateway_flush(self.owner)
        self._give_up_waiting(now)

    def _idle(self, now: float) -> None:
        """Nobody has needed it for the grace period (P17)."""
        if self.state in (State.IDLE, State.CLOSED):
            return
        if self.state is State.HALTED and not self._prospect.may_ask_again(now):
            return  # remembered, so that whoever comes next does not make it refuse again
        self._stop_reaching()
        link, self._link = self._link, None
        if link is not None:
            log.info("gateway.idle", owner=self.owner)
            link.close()
        self._prospect.forget_failures()
        self._move(Event.IDLED)
        self._tell()

    # -- the end

    def shut(self, error: VestibuleError | None = None) -> None:
        """Close for good, at once: what is pending is answered, sockets say goodbye by themselves."""
        if self.state is State.CLOSED:
            return
        self._stop_reaching()
        link, self._link = self._link, None
        for each in (*self._retiring, *([link] if link else ())):
            each.close(error)
        self._move(Event.CLOSED)
        self._clients.clear()
        self._holds.clear()
        for asked in self._waiting.drain():
            refuse(asked, error or ConnectionClosed(may_have_run=False))
        _gauges[State.CLOSED].dec()
        self._tell()
        self._events.gateway_flush(self.owner)

    # -- the names of the origin contract

    async def connect(self) -> None:
        """Be connected, or raise why the gateway cannot be reached."""
        if self.state in (State.WAITING, State.HALTED):
            raise self._fault(self._clock())
        self.want()
        while self.state is State.DIALING:
            self._turned = self._turned or asyncio.Event()
            self._turned.clear()
            await self._turned.wait()
        if self._link is None:
            raise self._fault(self._clock())

    def add_frontend_connection(self, connection_id: str) -> None:
        """A front end is there."""
        self.attach(connection_id)

    def remove_frontend_connection(self, connection_id: str) -> None:
        """A front end is gone for good."""
        self.detach(connection_id)
        self.release(connection_id)

    async def send_rpc(self, req_id: str, method: str, params: dict[str, Any] | bytes | None = None) -> None:
        """Send a call; `wait_for_response` has the answer."""
        asker = self._awaited[req_id] = FutureAsker(f"door:rpc:{req_id}")
        self.ask(Question(asker, b"0", method, encoded(params), timeout_s=self._settings.rpc_timeout_s))

    async def wait_for_response(self, req_id: str, timeout: float | None = None) -> Any:
        """The payload that answers `req_id`. Raises GatewayError or GatewayFault."""
        asker = self._awaited[req_id]
        try:
            async with asyncio.timeout(timeout):
                return decode_answer(await asker.body)
        except TimeoutError:
            raise GatewayTimeout(may_have_run=True) from None
        finally:
            self._awaited.pop(req_id, None)

    async def close(self, *, timeout_s: float = 5.0) -> None:
        """Close for good, and wait until the sockets are gone."""
        links = {*self._retiring, *([self._link] if self._link else ())}
        self.shut()
        await self._links.closed(links, timeout_s=timeout_s)

    # -- inside

    def _move(self, event: Event) -> None:
        before, self.state = self.state, move(self.state, event)
        if before is not self.state:
            _gauges[before].dec()
            _gauges[self.state].inc()
        if self._turned is not None:
            self._turned.set()

    def _tell(self) -> None:
        """Push the status if it is another one."""
        status = self._public_status()
        if status != self._status:
            self._status = status
            self._events.gateway_status(self.owner, status, self.hello)

    def _public_status(self) -> GatewayStatus:
        match self.state:
            case State.IDLE | State.CLOSED:
                return GatewayStatus(GatewayState.STOPPED, _UNUSED)
            case State.READY:
                return GatewayStatus(GatewayState.READY)
            case State.REPLACING:
                return GatewayStatus(GatewayState.CONNECTING, _REPLACED)
        now = self._clock()
        return self._prospect.status(now, self._wait_ms(now))


class _Ourselves:
    """Asks what nobody waits for: subscriptions of a new socket."""

    id = "door:subscriptions"

    def answer(self, question: Question, body: Body, final: bool) -> None:
        if not body.startswith(b',"ok":true'):
            log.debug("gateway.subscription_refused", method=question.method)


_ours: Asker = _Ourselves()


def encoded(params: dict[str, Any] | bytes | None) -> bytes:
    """Params as raw JSON."""
    return params if isinstance(params, bytes) else b"" if params is None else encode(params)


def _lists_approvals(link: Link) -> bool:
    """Whether the gateway tells of open approvals itself."""
    return APPROVAL_LIST in link.hello.methods


def _same_way(one: Route, other: Route) -> bool:
    """Whether two routes lead to the same gateway by the same credentials.

    The device token is left out: it is the gateway's own gift, and saving it makes a new revision of the route.
    """
    return _way(one) == _way(other)


def _way(route: Route) -> tuple[object, ...]:
    return (
        route.url,
        route.mode,
        route.token,
        route.device_seed,
        route.identity,
        route.identity_header,
        route.tls_pin,
    )


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # the loop is closing
        return None
