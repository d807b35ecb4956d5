"""One attached peer: what it asks goes to the router, what it is told goes through its outbox.

A `Client` exists only for a principal that was admitted; nothing else builds one than the hub.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from vestibule.errors import BadFrame, OurFault, RateLimited, VestibuleError
from vestibule.gateway.ports import call_id
from vestibule.hub.audience import Audience, To
from vestibule.hub.limits import TokenBucket
from vestibule.hub.numbering import Numbering
from vestibule.hub.outbox import Outbox
from vestibule.hub.stream import Pushed
from vestibule.protocol import codec
from vestibule.protocol.codes import CloseCode
from vestibule.protocol.frames import AgentChat, Request
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.gateway.ports import Body, Question
    from vestibule.hub.hub import Hub
    from vestibule.hub.ports import ClientTransport
    from vestibule.hub.room import Room
    from vestibule.hub.run import Fields
    from vestibule.model import Principal
    from vestibule.settings import Settings

log = get_logger(__name__)

_traffic = metrics.client_traffic
_REFUSALS_PER_S, _REFUSALS_BURST = 10, 1_000
"""Messages over the rate limit that are answered one by one; beyond them the socket is closed with 4029."""


class Client:
    """An attached peer. Implements `hub.ports.Attached` for its edge and `gateway.ports.Asker` for the pool."""

    def __init__(
        self,
        hub: Hub,
        room: Room,
        principal: Principal,
        transport: ClientTransport,
        settings: Settings,
        *,
        id: str,
        connection_id: str,
        agent: str,
        since_ms: int,
        clock: Callable[[], float],
    ) -> None:
        self.id = id
        """The client's seat: the same after it came back."""
        self.connection_id = connection_id
        self.principal = principal
        self.agent = agent
        """The program, as it names itself."""
        self.since_ms = since_ms
        """When this socket was attached, in Unix time."""
        self.room = room
        self.outbox = Outbox(
            transport,
            limit_bytes=settings.outbox_bytes,
            answers_limit_bytes=settings.outbox_bytes + 2 * settings.max_message_bytes,
            resync=self._resync,
        )
        self.in_flight: dict[bytes, Question] = {}
        """Requests without a final answer, by the client's own id."""
        self.attached = True
        self.messages = 0
        """How many messages came from the peer."""
        self._closed = False
        self._hub = hub
        self._transport = transport
        self._clock = clock
        self._rate = TokenBucket(settings.client_messages_per_s, settings.client_message_burst)
        self._patience = TokenBucket(_REFUSALS_PER_S, _REFUSALS_BURST)

    def become(self, principal: Principal) -> None:
        """The same member with other rights, or for longer."""
        if principal == self.principal:
            return
        before, self.principal = self.principal.scopes, principal
        self.room.forget_hearers()
        self.room.clients_changed()
        if principal.scopes != before:
            # At a `status` a client asks again for what the gateway offers it.
            self.add(codec.status(self._hub.pool.status(principal.owner)))

    def described(self) -> Fields:
        """What the others of its owner may know of it."""
        return {
            "id": self.connection_id,
            "member": self.principal.member,
            "role": self.principal.role,
            "agent": self.agent,
            "sinceMs": self.since_ms,
        }

    # -- from the edge

    def receive(self, data: bytes) -> None:
        """One message of the peer. Never raises."""
        self.messages += 1
        _traffic.frames_in += 1
        _traffic.bytes_in += len(data)
        frame_type, frame_id, traceparent = "", None, None
        allowed = self._rate.take(self._clock())
        try:
            frame = codec.decode_client(data)
            if isinstance(frame, Request):
                frame_type, frame_id, traceparent = "req", frame.frame_id, frame.traceparent
            elif isinstance(frame, AgentChat):
                frame_type, frame_id = "agent_chat", None if frame.id is None else msgspec.json.encode(frame.id)
            if allowed:
                self._hub.router.route(self, frame)
            else:
                self._too_fast(frame_id, frame_type)
        except BadFrame as error:
            metrics.bad_frames.labels(side="client", kind="frame").inc()
            frame_id, frame_type = frame_id or error.frame_id, frame_type or error.frame_type
            if allowed:
                self.refuse(error, frame_id, frame_type)
            else:
                self._too_fast(frame_id, frame_type)
        except VestibuleError as error:
            self.refuse(error, frame_id, frame_type)
        except Exception:
            # The last line before the edge: a defect of ours must not take the socket with it (P5).
            call = call_id(self, frame_id, traceparent) if frame_id else f"{self.id}/{secrets.token_hex(8)}"
            log.exception("client.receive_failed", owner=self.principal.owner, connection=self.connection_id, call=call)
            self.refuse(OurFault(details={"call": call}), frame_id, frame_type)

    def writable(self) -> None:
        """The transport has room again."""
        self.outbox.resume()

    def paused(self) -> None:
        """The transport is full."""
        self.outbox.pause()

    def detached(self, code: int) -> None:
        """The socket is gone."""
        self._hub.detach(self, code)

    # -- from the gateway side

    def answer(self, question: Question, body: Body, final: bool) -> None:
        """An answer to a request of this client (`gateway.ports.Asker`)."""
        if final:
            if self.in_flight.get(question.frame_id) is not question:
                return  # the end of the door has answered it
            del self.in_flight[question.frame_id]
            self._hub.answered(self.principal.owner, question, body)
        if self.attached:
            self.add(codec.response(question.frame_id, body))

    # -- to the peer

    def add(self, frame: bytes) -> None:
        """A frame outside the stream that must arrive."""
        self.outbox.add(frame)
        if self.outbox.hopeless:
            self.close(CloseCode.TOO_SLOW, "too slow")
        self._hub.write_soon(self)

    def push(self, pushed: Pushed, now: float) -> None:
        """A frame of the stream."""
        self.outbox.push(pushed, now)
        self._hub.write_soon(self)

    def refuse(self, error: VestibuleError, frame_id: bytes | None = None, frame_type: str = "") -> None:
        """Answer a `req` with a `res`, any other frame with an `error`; that of an `agent_chat` ends its turn."""
        if frame_type == "req":
            self.add(codec.response(frame_id or b"null", codec.error_body(error)))
        else:
            self.add(codec.refusal(error, id=frame_id, turn_ended=frame_type == "agent_chat"))

    def close(self, code: int, reason: str) -> None:
        """Write what is there and end the socket."""
        if self._closed:
            return
        self._closed = True
        if code == CloseCode.TOO_SLOW:
            metrics.slow_closes.inc()
            log.info("client.too_slow", owner=self.principal.owner, connection=self.connection_id)
        self.outbox.flush(Numbering())
        self._transport.close(code, reason)

    def _too_fast(self, frame_id: bytes | None, frame_type: str) -> None:
        metrics.refused.labels(reason="rate").inc()
        if self._patience.take(self._clock()):
            self.refuse(RateLimited(retry_after_ms=1_000), frame_id, frame_type)
        else:
            self.close(CloseCode.RATE_LIMITED, "too many messages")

    def _resync(self) -> Pushed:
        offset = self.room.stream.offset
        fields = {"type": "event", "event": "door.resync", "payload": {"reason": "slow"}}
        return Pushed(offset, codec.push_head(fields, offset), Audience(To.CLIENT, client_id=self.id))
