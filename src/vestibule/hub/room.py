"""Everything the door keeps for one owner: its clients, its stream, its chat turns.

Decides who hears an event; knows neither sockets nor other owners. No byte leaves a room (R1).
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from vestibule.hub.audience import (
    LATEST_WINS,
    Addressing,
    Audience,
    Subscription,
    To,
    addressing_of,
    audience_of,
    holds,
    is_admin,
)
from vestibule.hub.chat import ChatBridge
from vestibule.hub.stream import Increment, Pushed, Stream
from vestibule.model import GatewayHello, GatewayState, GatewayStatus
from vestibule.policy import event_payload, tells_of_the_gateway
from vestibule.policy.roles import ADMIN, READ
from vestibule.protocol import codec
from vestibule.protocol.session_keys import member_of, member_slug, normalise
from vestibule.telemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.gateway.pool import GatewayConnectionPool
    from vestibule.hub.asking import Calls
    from vestibule.hub.client import Client
    from vestibule.hub.run import Fields
    from vestibule.protocol.frames import GatewayEvent, Resume
    from vestibule.settings import Settings
    from vestibule.tasks import Tasks

_SESSIONS_REMEMBERED = 4_096
_ADDRESSES_REMEMBERED = 1_024
_TEXT_FRAMES = frozenset({"chunk", "thinking"})


@dataclass(slots=True)
class Seat:
    """A client's place in the room: kept for a while after its socket is gone, so that it can come back."""

    client_id: str
    member: str
    left_at: float | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """What a client that enters is given."""

    client_id: str
    offset: int
    missed: list[Pushed]
    recovered: bool


class _Hearing(NamedTuple):
    """Who hears the events of one address."""

    audience: Audience
    clients: list[Client] | None
    """None: subscriptions decide, for each event anew."""


class Room:
    """The clients of one owner and what is pushed to them."""

    def __init__(
        self,
        owner: str,
        pool: GatewayConnectionPool,
        settings: Settings,
        tasks: Tasks,
        calls: Calls,
        *,
        clock: Callable[[], float],
    ) -> None:
        self.owner = owner
        self.clients: dict[str, Client] = {}
        """By connection id; a reloading browser may hold two sockets in one seat for a moment."""
        self._settings = settings
        self.stream = self._new_stream()
        self.chat = ChatBridge(self, pool, settings, tasks, calls, clock=clock)
        self._pool = pool
        self._clock = clock
        self._seats: dict[str, Seat] = {}
        self._watching: set[str] = set()
        """Seats that know who is attached, and are told once when that changes."""
        self._takes_part: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._hearings: dict[tuple[str, str | None, str], _Hearing] = {}
        """By an event's name, session and bridged client; for as long as nobody comes, goes or changes."""
        self._was_ready = False

    # -- coming and going

    def enter(self, member: str, resume: Resume | None) -> Admission:
        """Give a client its seat: its old one, with all it missed, or a new one."""
        if resume is not None and (admission := self.come_back(member, resume)) is not None:
            return admission
        seat = Seat(secrets.token_urlsafe(9), member)
        self._seats[seat.client_id] = seat
        return Admission(seat.client_id, self.stream.offset, [], recovered=False)

    def come_back(self, member: str, resume: Resume) -> Admission | None:
        """The member's old seat with all it missed, or None when either is gone."""
        admission = self._found_again(member, resume)
        metrics.resumes.labels(outcome="lost" if admission is None else "recovered").inc()
        return admission

    def _found_again(self, member: str, resume: Resume) -> Admission | None:
        epoch, _, client_id = resume.epoch.rpartition(".")
        seat = self._seats.get(client_id)
        if epoch != self.stream.epoch or seat is None or seat.member != member:
            return None
        missed = self.stream.since(resume.offset, self._clock())
        if missed is None:
            return None
        seat.left_at = None
        return Admission(client_id, resume.offset, missed, recovered=True)

    def epoch_for(self, client_id: str) -> str:
        """What the client shows to come back: the stream's epoch and its seat."""
        return f"{self.stream.epoch}.{client_id}"

    def add(self, client: Client) -> None:
        """The client is attached."""
        self.clients[client.connection_id] = client
        self.forget_hearers()

    def remove(self, client: Client) -> None:
        """The client's socket is gone; its seat stays for a while."""
        self.clients.pop(client.connection_id, None)
        self.forget_hearers()
        self.leave(client)

    def leave(self, client: Client) -> None:
        """The client sits in its seat no more; the seat stays for a while."""
        seat = self._seats.get(client.id)
        others = (other for other in self.clients.values() if other is not client)
        if seat is not None and not any(other.id == client.id for other in others):
            seat.left_at = self._clock()

    def list_clients(self, asker: Client) -> list[Fields]:
        """Who is attached, the oldest first. The next change is told to the asker, once: then it asks again."""
        self._watching.add(asker.id)
        return [{**client.described(), "self": client is asker} for client in self.clients.values()]

    def clients_changed(self) -> None:
        """Somebody came, went or is somebody else now: tell those who know it otherwise."""
        if not self._watching:
            return
        audience = Audience(To.CLIENTS, client_ids=frozenset(self._watching))
        self._watching.clear()
        offset = self.stream.advance()
        head = codec.push_head({"type": "event", "event": "door.clients.changed", "payload": {}}, offset)
        self._push(Pushed(offset, head, audience))

    def sweep(self, now: float) -> list[str]:
        """Once a second: chat heartbeats, old tails, seats whose time is over (returned, to be released)."""
        self.chat.beat(now)
        self.stream.trim(now)
        grace = max(self._settings.grace_s, self._settings.resume_tail_age_s)
        over = [
            seat.client_id for seat in self._seats.values() if seat.left_at is not None and now - seat.left_at > grace
        ]
        for client_id in over:
            del self._seats[client_id]
            self._watching.discard(client_id)
        return over

    @property
    def empty(self) -> bool:
        """Nobody is here, nobody may come back, nothing is under way."""
        return not self.clients and not self._seats and not self.chat.busy

    # -- pushing

    def event(self, event: GatewayEvent) -> None:
        """Pass on an event of the gateway to whom it is addressed."""
        where = addressing_of(event.payload)
        bridged_to = self.chat.event(event, where.runId, where.sessionKey)
        hearing = self._hearings.get((event.event, where.sessionKey, bridged_to)) or self._hearing(
            event.event, where, bridged_to
        )
        if hearing.audience.to is To.ADMINS:
            metrics.unaddressed_events.inc()
        offset = self.stream.advance()
        latest = event.event if event.event in LATEST_WINS else ""
        for_others = b""
        if tells_of_the_gateway(event.event):
            event, for_others = self._as_told(event, offset)
        head = codec.event_head(event, offset)
        self._push(Pushed(offset, head, hearing.audience, for_others=for_others, latest=latest), hearing.clients)

    def _hearing(self, event: str, where: Addressing, bridged_to: str) -> _Hearing:
        audience = audience_of(event, where, bridged_to=bridged_to)
        settled = audience.subscription is Subscription.NONE
        hearing = _Hearing(audience, self._who_sees(audience) if settled else None)
        if len(self._hearings) >= _ADDRESSES_REMEMBERED:
            self._hearings.clear()
        self._hearings[event, where.sessionKey, bridged_to] = hearing
        return hearing

    def forget_hearers(self) -> None:
        """Somebody came, went, or is not who it was: who hears what is found out anew."""
        self._hearings.clear()

    def _as_told(self, event: GatewayEvent, offset: int) -> tuple[GatewayEvent, bytes]:
        """An event that tells of the gateway itself, as admins get it, and its head for everybody else (S1)."""
        secrets = self._pool.secrets(self.owner)

        def told(admin: bool) -> GatewayEvent:
            payload = event_payload(bytes(event.payload), admin=admin, secrets=secrets)
            return msgspec.structs.replace(event, payload=msgspec.Raw(payload))

        return told(admin=True), codec.event_head(told(admin=False), offset)

    def push_chat(self, client_id: str, fields: Fields) -> None:
        """A frame of the chat bridge for one client, wherever it is attached by then."""
        offset = self.stream.advance()
        increment = None
        if fields["type"] in _TEXT_FRAMES and "replace" not in fields:

            def encode(content: str, offset: int) -> bytes:
                return codec.push_head({**fields, "content": content}, offset)

            increment = Increment(fields["type"], fields["runId"], fields["content"], encode)
        audience = Audience(To.CLIENT, client_id=client_id)
        self._push(Pushed(offset, codec.push_head(fields, offset), audience, increment))

    def _push(self, pushed: Pushed, hearers: list[Client] | None = None) -> None:
        now = self._clock()
        self.stream.keep(pushed, now)
        for client in self._who_sees(pushed.audience) if hearers is None else hearers:
            client.push(_as_for(client, pushed) if pushed.for_others else pushed, now)

    def catch_up(self, client: Client, missed: list[Pushed]) -> None:
        """Give a client that came back what of the stream is for it."""
        now = self._clock()
        for pushed in missed:
            if self.sees(client, pushed.audience):
                client.push(_as_for(client, pushed) if pushed.for_others else pushed, now)

    def _who_sees(self, audience: Audience) -> list[Client]:
        return [client for client in self.clients.values() if self.sees(client, audience)]

    def tell(self, client_id: str, fields: Fields) -> None:
        """A frame outside the stream for one client, if it is attached."""
        frame = codec.notice(fields)
        for client in self.clients.values():
            if client.id == client_id:
                client.add(frame)

    def takes_part(self, member: str, session_key: str) -> None:
        """The member hears of this session from now on."""
        key = (member, normalise(session_key))
        if key not in self._takes_part:
            self.forget_hearers()
        self._takes_part[key] = None
        self._takes_part.move_to_end(key)
        while len(self._takes_part) > _SESSIONS_REMEMBERED:
            self._takes_part.popitem(last=False)

    def sees(self, client: Client, audience: Audience) -> bool:
        """Whether a pushed frame is for this client."""
        principal = client.principal
        match audience.to:
            case To.CLIENT:
                return client.id == audience.client_id
            case To.CLIENTS:
                return client.id in audience.client_ids
            case To.SCOPE:
                return holds(principal, audience.scope)
            case To.ADMINS:
                return is_admin(principal)
            case To.SESSION:
                if audience.bridged_to == client.id or not holds(principal, READ):
                    return False
                if not self._concerns(principal.member, is_admin(principal), audience):
                    return False
                return self._subscribed(client.id, audience)

    def _concerns(self, member: str, admin: bool, audience: Audience) -> bool:
        key = audience.session_key
        owned_by = member_of(key)
        if owned_by is not None:
            mine = owned_by == member_slug(member)
            return mine or (admin and not audience.private)
        return admin or member == self.owner or (member, key) in self._takes_part

    def _subscribed(self, client_id: str, audience: Audience) -> bool:
        def has(kind: str, key: str | None = None) -> bool:
            return self._pool.subscribed(self.owner, client_id, kind, key)

        sessions, messages, key = "sessions.subscribe", "sessions.messages.subscribe", audience.session_key
        match audience.subscription:
            case Subscription.NONE:
                return True
            case Subscription.SESSIONS:
                return has(sessions)
            case Subscription.MESSAGES:
                return has(sessions) or has(messages, key)
            case Subscription.MESSAGES_ONLY:
                return has(messages, key)

    # -- the gateway's state

    def status(self, status: GatewayStatus, hello: GatewayHello | None) -> None:
        """The gateway's state changed: tell everybody, and ask for runs that were missed."""
        frame = codec.status(status)
        for client in self.clients.values():
            client.add(frame)
        ready = status.state is GatewayState.READY
        if ready and not self._was_ready:
            self.chat.gateway_back()
        self._was_ready = ready
        if status.state is GatewayState.STOPPED and not self.clients:
            # Nobody listens to the gateway any more: who comes back later has missed what no tail holds.
            self.stream = self._new_stream()

    def _new_stream(self) -> Stream:
        settings = self._settings
        return Stream(
            secrets.token_urlsafe(9), tail_bytes=settings.resume_tail_bytes, tail_age_s=settings.resume_tail_age_s
        )


def _as_for(client: Client, pushed: Pushed) -> Pushed:
    """A frame that tells of the gateway itself, as this client may see it."""
    return pushed if holds(client.principal, ADMIN) else msgspec.structs.replace(pushed, head=pushed.for_others)
