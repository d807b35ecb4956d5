"""Where a client's frame goes: the owner's gateway, the chat bridge, or an answer of the door's own.

Asks policy before anything leaves; the only place that knows the door's own methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vestibule.errors import BadFrame, DuplicateId, Overloaded, Restarting
from vestibule.gateway.ports import Asker, Body, Filter, Question
from vestibule.policy import filter_for, permits
from vestibule.protocol import codec
from vestibule.protocol.frames import AgentChat, ChatAbort, ClientFrame, Ping, Refresh, Request, Resume
from vestibule.protocol.methods import CLIENTS_METHOD, OWN_METHODS, START_METHOD

if TYPE_CHECKING:
    from vestibule.hub.client import Client
    from vestibule.hub.hub import Hub
    from vestibule.model import Principal
    from vestibule.settings import Settings

_JOINS = frozenset({"chat.send", "agent", "sessions.send", "sessions.messages.subscribe"})
"""Who calls these takes part in the session they name, and hears its events."""
_LEAST_TIMEOUT_S = 0.001


class _SessionParams(msgspec.Struct, frozen=True):
    key: str | None = None
    sessionKey: str | None = None


class _Created(msgspec.Struct, frozen=True):
    class Payload(msgspec.Struct, frozen=True):
        key: str | None = None

    payload: Payload | None = None


class Router:
    """Routes the frames of all clients."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub = hub
        self._settings = settings

    def route(self, client: Client, frame: ClientFrame) -> None:
        """Send a frame on its way. Raises VestibuleError where it is refused."""
        match frame:
            case Request():
                self._request(client, frame)
            case AgentChat():
                self._chat(client, frame)
            case ChatAbort():
                self._abort(client, frame)
            case Ping():
                client.add(codec.pong())
            case Refresh():
                self._hub.refresh(client, frame.token)
            case Resume() if client.messages == 1:
                self._hub.resume(client, frame)
            case Resume():
                raise BadFrame("resume must be the first frame")

    def _request(self, client: Client, frame: Request) -> None:
        if frame.frame_id in client.in_flight:
            raise DuplicateId()
        if self._hub.draining:
            raise Restarting(may_have_run=False)
        if len(client.in_flight) >= self._settings.max_pending_calls_per_client:
            raise Overloaded(may_have_run=False)
        if frame.method in OWN_METHODS:
            client.add(codec.response(frame.frame_id, codec.ok_body(self._own(client, frame.method))))
            return
        question = self.question(
            client,
            client.principal,
            frame.method,
            frame.params,
            frame_id=frame.frame_id,
            timeout_ms=frame.timeout_ms,
            traceparent=frame.traceparent,
        )
        if frame.method == "sessions.create":
            question.filter = _joining(client, question.filter)
        if frame.method in _JOINS:
            self._joins(client, frame.params)
        client.in_flight[frame.frame_id] = question
        self._hub.asked()
        self._hub.pool.ask(client.principal.owner, question)

    def _own(self, client: Client, method: str) -> bytes:
        if method == CLIENTS_METHOD:
            return self._hub.list_clients(client)
        if method == START_METHOD:
            self._hub.pool.start_gateway(client.principal.owner)
        return self._hub.describe_gateway(client)

    def _chat(self, client: Client, frame: AgentChat) -> None:
        if self._hub.draining:
            raise Restarting(may_have_run=False)
        permits(client.principal, "chat.send")
        client.room.chat.start(client.id, client.principal.member, frame)

    def _abort(self, client: Client, frame: ChatAbort) -> None:
        permits(client.principal, "chat.abort")
        client.room.chat.abort(client.id, client.principal.member, frame)

    def timeout_s(self, timeout_ms: int | None) -> float:
        """The deadline of a call that asks for `timeout_ms`."""
        if timeout_ms is None:
            return self._settings.rpc_timeout_s
        return min(max(timeout_ms / 1_000, _LEAST_TIMEOUT_S), self._settings.max_rpc_timeout_s)

    def question(
        self,
        asker: Asker,
        principal: Principal,
        method: str,
        params: bytes,
        *,
        frame_id: bytes = b"0",
        timeout_ms: int | None = None,
        traceparent: str | None = None,
    ) -> Question:
        """A question on behalf of a principal. Raises what `permits` raises."""
        pool, owner = self._hub.pool, principal.owner
        permits(principal, method, params, has_own_log=pool.has_own_log)
        return Question(
            asker,
            frame_id,
            method,
            params,
            timeout_s=self.timeout_s(timeout_ms),
            traceparent=traceparent,
            filter=filter_for(method, principal, lambda: pool.secrets(owner)),
            started_at=self._hub.now(),
        )

    @staticmethod
    def _joins(client: Client, params: bytes) -> None:
        try:
            named = msgspec.json.decode(params, type=_SessionParams)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
            return  # the gateway refuses it with its own words
        if key := named.sessionKey or named.key:
            client.room.takes_part(client.principal.member, key)


def _joining(client: Client, chosen: Filter | None) -> Filter:
    """Reads the key of the session that an answer says was created: who made it takes part in it."""

    def filtered(body: Body) -> Body:
        try:
            created = msgspec.json.decode(b"{" + body[1:], type=_Created)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
            created = _Created()
        if created.payload is not None and created.payload.key:
            client.room.takes_part(client.principal.member, created.payload.key)
        return chosen(body) if chosen is not None else body

    return filtered
