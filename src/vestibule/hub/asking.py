"""What the chat bridge asks of a gateway, under the name of the client it asks for, and how the answers are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from vestibule.gateway.ports import Body, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.gateway.pool import GatewayConnectionPool
    from vestibule.hub.run import Fields


class Calls(Protocol):
    """Who counts the calls that go up."""

    def asked(self) -> None:
        """One goes up."""

    def answered(self, owner: str, question: Question, body: Body) -> None:
        """It is done."""


class Asking:
    """Asks an owner's gateway as its clients do, so that the log tells of these calls as of any other."""

    def __init__(
        self, owner: str, pool: GatewayConnectionPool, calls: Calls, timeout_s: float, *, clock: Callable[[], float]
    ) -> None:
        self._owner = owner
        self._pool = pool
        self._calls = calls
        self._timeout_s = timeout_s
        self._clock = clock

    def ask(
        self,
        client_id: str,
        id: str,
        method: str,
        params: dict[str, Any],
        then: Callable[[Body], None],
        *,
        traceparent: str | None = None,
    ) -> None:
        """Ask under the client's name and its id for it."""

        def answered(question: Question, body: Body) -> None:
            self._calls.answered(self._owner, question, body)
            then(body)

        question = Question(
            _Asker(client_id, answered),
            msgspec.json.encode(id),
            method,
            msgspec.json.encode(params),
            timeout_s=self._timeout_s,
            traceparent=traceparent,
            started_at=self._clock(),
        )
        self._calls.asked()
        self._pool.ask(self._owner, question)


class _Asker:
    """Asks on behalf of a client, under its name."""

    def __init__(self, client_id: str, then: Callable[[Question, Body], None]) -> None:
        self.id = client_id
        self._then = then

    def answer(self, question: Question, body: Body, final: bool) -> None:
        self._then(question, body)


class _Begun(msgspec.Struct, frozen=True):
    status: str = ""


class Sent(msgspec.Struct, frozen=True):
    """Body of the answer to `chat.send`."""

    payload: _Begun | None = None

    @property
    def finished(self) -> bool:
        """The gateway knew the key and its run is over (`timeout`: it was aborted): no event will come."""
        return self.payload is not None and self.payload.status in ("ok", "timeout")

    @staticmethod
    def decode(body: Body) -> Sent:
        """What the gateway says of the run; nothing, if it cannot be read."""
        try:
            return msgspec.json.decode(b"{" + body[1:], type=Sent)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return Sent()


class _Failed(msgspec.Struct, frozen=True):
    ok: bool = False
    error: dict[str, Any] | None = None


def error_of(body: Body) -> Fields | None:
    """The error object of an answer's body, None if it succeeded."""
    if body.startswith(b',"ok":true'):
        return None
    failed = msgspec.json.decode(b"{" + body[1:], type=_Failed)
    return {"message": "The gateway refused.", "code": "GATEWAY_REPLY", **(failed.error or {})}
