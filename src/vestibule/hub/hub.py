"""The hub: knows who is attached, writes what is waiting, and ends what has to end.

Implements `hub.ports.Gate` for the edges and `gateway.ports.GatewayEvents` for the pool. One room per owner.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from vestibule.auth.credentials import Credential, Token
from vestibule.errors import Overloaded, Refusal, Restarting, Unauthenticated, VestibuleError
from vestibule.gateway.futures import FutureAsker
from vestibule.hub.client import Client
from vestibule.hub.numbering import Numbering
from vestibule.hub.room import Admission, Room
from vestibule.hub.router import Router
from vestibule.model import GatewayHello, GatewayStatus, Principal
from vestibule.policy import demands
from vestibule.policy.roles import READ
from vestibule.protocol import codec
from vestibule.protocol.codes import CloseCode
from vestibule.protocol.methods import COMPLETED
from vestibule.tasks import Tasks
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.auth.authenticator import Authenticator
    from vestibule.gateway.pool import GatewayConnectionPool
    from vestibule.gateway.ports import Body, Question
    from vestibule.hub.ports import ClientTransport
    from vestibule.protocol.frames import GatewayEvent, Resume
    from vestibule.settings import Settings

log = get_logger(__name__)

_SWEEP_INTERVAL_S = 1.0
_SPREAD_MS = 5_000
"""Clients told to come back after a restart do so over this time, not all at once."""
_KNOWN_CODES = frozenset({*CloseCode, 1005, 1006})
"""Close codes with a label of their own: clients may send any."""


_CODE = re.compile(rb'"code":"([A-Z0-9_]{1,64})"')


class Hub:
    """Every room and every client of this process."""

    def __init__(
        self,
        settings: Settings,
        authenticator: Authenticator,
        *,
        clock: Callable[[], float] | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        rng: random.Random | None = None,
    ) -> None:
        self.pool: GatewayConnectionPool
        self.router = Router(self, settings)
        self.draining = False
        self._settings = settings
        self._authenticator = authenticator
        self._loop = asyncio.get_running_loop()
        self._clock = clock or self._loop.time
        self._now_ms = now_ms
        self._rng = rng or random.Random()
        self._rooms: dict[str, Room] = {}
        self._clients: dict[str, Client] = {}
        self._callers: dict[FutureAsker, Question] = {}
        """Calls outside any socket."""
        self._waiting: dict[str, Client] = {}
        self._write_scheduled = False
        self._in_flight = 0
        self._quiet = asyncio.Event()
        """Set when the last call in flight is answered while the hub drains."""
        self._tasks = Tasks(self._failed)
        self._debug = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)

    def start(self, pool: GatewayConnectionPool) -> None:
        """Begin; the pool reports to this hub."""
        self.pool = pool
        self._tasks.spawn(self._sweep_for_ever(), name="hub:sweep")
        self._tasks.spawn(self._recheck_for_ever(), name="hub:recheck")

    def now(self) -> float:
        """The hub's clock, in seconds."""
        return self._clock()

    @property
    def client_count(self) -> int:
        """Attached clients."""
        return len(self._clients)

    # -- hub.ports.Gate

    async def admit(self, credential: Credential | None, *, remote: str) -> Principal:
        """Who this is. Raises Unauthenticated, Overloaded or Restarting."""
        if self.draining:
            raise Restarting()
        if len(self._clients) >= self._settings.max_connections:
            raise Overloaded("Too many connections. Try again in a moment.")
        if credential is None:
            raise Unauthenticated("Not authenticated")
        return await self._authenticator.authenticate(credential)

    def attach(self, principal: Principal, transport: ClientTransport, *, resume: Resume | None, agent: str) -> Client:
        """Let an admitted peer in: say hello, give it what it missed, dial its gateway."""
        owner = principal.owner
        room = self._room(owner)
        admission = room.enter(principal.member, resume)
        client = Client(
            self,
            room,
            principal,
            transport,
            self._settings,
            id=admission.client_id,
            connection_id=secrets.token_urlsafe(9),
            agent=agent,
            since_ms=self._now_ms(),
            clock=self._clock,
        )
        self.pool.attach(owner, client.id)  # may tell the room of a new state; this client hears it in its hello
        self._clients[client.connection_id] = client
        room.add(client)
        metrics.clients.inc()
        self._welcome(client, admission)
        room.clients_changed()
        connection = client.connection_id
        log.debug("client.attached", owner=owner, member=principal.member, connection=connection, client=client.id)
        return client

    def _welcome(self, client: Client, admission: Admission) -> None:
        client.add(self._hello(client, admission.offset, admission.recovered))
        client.room.catch_up(client, admission.missed)

    def detach(self, client: Client, code: int) -> None:
        """A client's socket is gone; its runs go on."""
        if not client.attached:
            return
        client.attached = False
        del self._clients[client.connection_id]
        self._waiting.pop(client.connection_id, None)
        client.room.remove(client)
        metrics.clients.dec()
        metrics.client_closes.labels(code=str(code) if code in _KNOWN_CODES else "other").inc()
        self._detach_seat(client.room, client.id)
        client.room.clients_changed()
        log.debug("client.detached", owner=client.principal.owner, connection=client.connection_id, code=code)

    def _detach_seat(self, room: Room, client_id: str) -> None:
        """Nobody sits in this seat any more, unless another socket of the same client does."""
        if not any(other.id == client_id for other in room.clients.values()):
            self.pool.detach(room.owner, client_id)

    # -- gateway.ports.GatewayEvents

    def gateway_event(self, owner: str, event: GatewayEvent) -> None:
        """An event of an owner's gateway."""
        self._room(owner).event(event)

    def gateway_flush(self, owner: str) -> None:
        """One read of a gateway's socket has been taken in."""
        self._write()

    def gateway_status(self, owner: str, status: GatewayStatus, hello: GatewayHello | None) -> None:
        """The state of an owner's gateway changed."""
        if room := self._rooms.get(owner):
            room.status(status, hello)

    # -- writing: everything of one turn of the loop in one piece per client

    def write_soon(self, client: Client) -> None:
        """Write the client's outbox at the end of this batch, at the latest with the next turn of the loop."""
        self._waiting[client.connection_id] = client
        if not self._write_scheduled:
            self._write_scheduled = True
            self._loop.call_soon(self._write_scheduled_now)

    def _write_scheduled_now(self) -> None:
        self._write_scheduled = False
        self._write()

    def _write(self) -> None:
        if self._waiting:
            numbering = Numbering()
            while self._waiting:
                _, client = self._waiting.popitem()
                client.outbox.flush(numbering)

    # -- for the router

    def describe_gateway(self, client: Client) -> bytes:
        """The answer of `door.gateway`: state, version, protocol, methods, scopes, policy, the door's device."""
        owner = client.principal.owner
        status, hello = self.pool.status(owner), self.pool.hello(owner)
        methods = hello.methods | COMPLETED if hello else ()
        scopes, device_id = client.principal.scopes, self.pool.device_id(owner)
        return codec.door_gateway(status, hello, methods=methods, scopes=scopes, device_id=device_id)

    def list_clients(self, client: Client) -> bytes:
        """The answer of `door.clients`: the clients of the same owner that this process has."""
        demands(client.principal, READ)
        return codec.door_clients(client.room.list_clients(client))

    def gateway_summary(self, owner: str) -> dict[str, Any]:
        """State, reason, version and number of clients of an owner's gateway, for whoever runs the door."""
        status, hello, room = self.pool.status(owner), self.pool.hello(owner), self._rooms.get(owner)
        return {
            "state": status.state,
            "reason": status.reason,
            "version": hello.version if hello else None,
            "clients": len(room.clients) if room else 0,
        }

    async def call(self, principal: Principal, method: str, params: bytes, *, traceparent: str | None = None) -> Body:
        """One call outside any socket, under the same policy and filters: the body of its final answer.

        Raises VestibuleError where it is refused here.
        """
        if self.draining:
            raise Restarting(may_have_run=False)
        caller = FutureAsker(f"http:{secrets.token_urlsafe(9)}")
        question = self.router.question(caller, principal, method, params, traceparent=traceparent)
        self.pool.attach(principal.owner, caller.id)
        self.asked()
        self._callers[caller] = question
        body: Body = b""  # should whoever asks go away
        try:
            self.pool.ask(principal.owner, question)
            body = await caller.body
        finally:
            del self._callers[caller]
            self.pool.detach(principal.owner, caller.id)
            self.pool.release(principal.owner, caller.id)
            self.answered(principal.owner, question, body)
        return body

    def asked(self) -> None:
        """Count a call that goes up."""
        self._in_flight += 1

    def answered(self, owner: str, question: Question, body: Body) -> None:
        """Count a call as done, and note it where somebody wants to know."""
        self._in_flight -= 1
        if self.draining and not self._in_flight:
            self._quiet.set()
        took_s = self._clock() - question.started_at
        family = metrics.family(question.method)
        ok = body.startswith(b',"ok":true')
        metrics.calls.count(family, took_s, ok=ok)
        if self._debug:
            outcome = "ok" if ok else _code_of(body)
            took_ms = int(took_s * 1_000)
            log.debug("call.done", call=question.call, owner=owner, family=family, took_ms=took_ms, outcome=outcome)

    def resume(self, client: Client, resume: Resume) -> None:
        """The client's first frame says where it left the stream: greet it again, in its old seat if it still stands.

        What was pushed since the first greeting comes again.
        """
        room = client.room
        admission = room.come_back(client.principal.member, resume)
        if admission is not None and admission.client_id != client.id:
            left = client.id
            room.leave(client)
            client.id = admission.client_id
            room.forget_hearers()
            self.pool.attach(room.owner, client.id)
            self._detach_seat(room, left)
        self._welcome(client, admission or Admission(client.id, room.stream.offset, [], recovered=False))

    def refresh(self, client: Client, token: str) -> None:
        """Exchange a live client's credential; the socket stays."""
        self._tasks.spawn(self._refresh(client, token), name="hub:refresh")

    async def _refresh(self, client: Client, token: str) -> None:
        try:
            principal = await self._authenticator.authenticate(Token(token))
            if (principal.member, principal.owner) != (client.principal.member, client.principal.owner):
                raise Unauthenticated("The new token belongs to somebody else.")
        except Refusal as error:
            self._expel(client, error)
            return
        except VestibuleError as error:
            client.refuse(error, None)
            return
        client.become(principal)
        expires = {} if principal.expires_at is None else {"expiresAtMs": int(principal.expires_at * 1_000)}
        client.add(codec.notice({"type": "auth", "ok": True, **expires}))

    # -- ending

    async def drain(self, *, timeout_s: float) -> None:
        """Stop gracefully: new calls are refused, calls in flight are finished in time or answered."""
        self.draining = True
        if self._in_flight:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._quiet.wait()
        restarting = codec.error_body(Restarting(may_have_run=True))
        for caller, question in self._callers.items():
            caller.answer(question, restarting, True)
        for client in list(self._clients.values()):
            for question in list(client.in_flight.values()):
                client.answer(question, restarting, True)
        self._write()

    def come_back_hint(self) -> str:
        """Close reason 1012 for one client: when to come back, each another moment."""
        return json.dumps({"retryInMs": self._rng.randrange(_SPREAD_MS)})

    async def stop(self) -> None:
        """End the hub's own tasks."""
        await self._tasks.cancel_all()

    def member_removed(self, member: str) -> None:
        """End the sockets of a member that no longer exists."""
        for client in list(self._clients.values()):
            if client.principal.member == member:
                self._expel(client, Unauthenticated("This account was removed."))

    def owner_removed(self, owner: str) -> None:
        """End the sockets of an owner that no longer exists."""
        for client in list(self._clients.values()):
            if client.principal.owner == owner:
                self._expel(client, Unauthenticated("This account was removed."))

    def _expel(self, client: Client, error: VestibuleError) -> None:
        client.add(codec.error_frame(error.message, error.code))
        client.close(CloseCode.UNAUTHENTICATED, error.message)

    # -- time

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_INTERVAL_S)
            self._sweep(self._clock())

    def _sweep(self, now: float) -> None:
        for client in list(self._clients.values()):
            since = client.outbox.full_since
            if since is not None and now - since > self._settings.slow_client_timeout_s:
                client.close(CloseCode.TOO_SLOW, "too slow")
        for owner, room in list(self._rooms.items()):
            try:
                self._sweep_room(owner, room, now)
            except Exception:  # a defect in one owner's room must not stop the clock of all others
                log.exception("room.sweep_failed", owner=owner)

    def _sweep_room(self, owner: str, room: Room, now: float) -> None:
        for client_id in room.sweep(now):
            self.pool.release(owner, client_id)
        if room.empty:
            del self._rooms[owner]

    async def _recheck_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._settings.auth_check_interval_s)
            try:
                await self._recheck()
            except VestibuleError as error:
                # Storage is away: who is in stays in until it can be asked again.
                log.warning("clients.recheck_failed", code=error.code)
            except Exception:  # whatever went wrong this time, the next check must come (S3)
                log.exception("clients.recheck_failed")

    async def _recheck(self) -> None:
        """Expiry, removal and change of role take effect on live sockets (S3)."""
        verdicts = await self._authenticator.recheck_all({client.principal for client in self._clients.values()})
        for client in list(self._clients.values()):
            match verdicts.get(client.principal):
                case Principal() as principal:
                    client.become(principal)
                case Unauthenticated() as refusal:
                    self._expel(client, refusal)

    def _room(self, owner: str) -> Room:
        room = self._rooms.get(owner)
        if room is None:
            room = self._rooms[owner] = Room(owner, self.pool, self._settings, self._tasks, self, clock=self._clock)
        return room

    def _hello(self, client: Client, offset: int, recovered: bool) -> bytes:
        owner = client.principal.owner
        status, hello = self.pool.status(owner), self.pool.hello(owner)
        most = self._settings.max_message_bytes
        return codec.hello(
            connection_id=client.connection_id,
            principal=client.principal,
            epoch=client.room.epoch_for(client.id),
            offset=offset,
            recovered=recovered,
            status=status,
            gateway=hello,
            max_payload_bytes=min(most, hello.max_payload_bytes) if hello else most,
            ping_interval_ms=int(self._settings.ping_interval_s * 1_000),
            rpc_timeout_ms=int(self._settings.rpc_timeout_s * 1_000),
        )

    @staticmethod
    def _failed(task: str, error: BaseException) -> None:
        log.error("hub.task_failed", task=task, exc_info=error)


def _code_of(body: Body) -> str:
    """The error's code, for a log line."""
    found = _CODE.search(body)
    return found[1].decode() if found else "error"
