"""What the gateway layer asks of others, and what it hands them.

The hub implements `Asker` and `GatewayEvents`; the directory or a launcher implements `RouteSource`.
All methods without `async` are called on the loop, must not block and must not raise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vestibule.model import GatewayHello, GatewayStatus, Route, Secret
    from vestibule.protocol.frames import GatewayEvent

_LOGGED_ID_BYTES = 64

Body = bytes
"""A `res` frame from behind its id: `,"ok":true,"payload":{...}}` or `,"ok":false,"error":{...}}`."""

Filter = Callable[[Body], Body]
"""Rewrites an answer's body before it goes to a client; chosen by method when the call goes up."""


class Asker(Protocol):
    """Who asked a question: a client, the chat bridge, an HTTP call."""

    @property
    def id(self) -> str:
        """Stable for as long as the asker's subscriptions should live."""

    def answer(self, question: Question, body: Body, final: bool) -> None:
        """An answer. `final` is False only for the first of the two answers of `agent`."""


class Question:
    """One request on its way up. Answered finally exactly once, whatever happens."""

    __slots__ = ("asker", "filter", "frame_id", "method", "params", "started_at", "timeout_s", "traceparent")

    def __init__(
        self,
        asker: Asker,
        frame_id: bytes,
        method: str,
        params: bytes = b"",
        *,
        timeout_s: float,
        traceparent: str | None = None,
        filter: Filter | None = None,
        started_at: float = 0.0,
    ) -> None:
        self.asker = asker
        self.frame_id = frame_id
        """The asker's own id for it as raw JSON (`b'"17"'`); opaque here."""
        self.method = method
        self.params = params
        """Raw JSON, or empty for none."""
        self.timeout_s = timeout_s
        self.traceparent = traceparent
        self.filter = filter
        self.started_at = started_at
        """Loop time at which the door took it; set by whoever builds it, for the latency metric."""

    @property
    def call(self) -> str:
        """What all log lines about it have in common: the client's own trace id, else who asked and its id for it."""
        return call_id(self.asker, self.frame_id, self.traceparent)


def call_id(asker: Asker, frame_id: bytes, traceparent: str | None) -> str:
    """`Question.call`, also for a request that never became a question."""
    if traceparent is not None:
        return traceparent.split("-", 2)[1]
    return f"{asker.id}/{frame_id[:_LOGGED_ID_BYTES].decode(errors='replace')}"


class GatewayEvents(Protocol):
    """Where frames pushed by gateways go."""

    def gateway_event(self, owner: str, event: GatewayEvent) -> None:
        """An event of the owner's gateway. Its raw fields are only valid during the call."""

    def gateway_flush(self, owner: str) -> None:
        """Everything one read of the socket brought has been delivered: write it out."""

    def gateway_status(self, owner: str, status: GatewayStatus, hello: GatewayHello | None) -> None:
        """The state changed. `hello` is there when it is READY."""


class RouteSource(Protocol):
    """Where an owner's gateway is."""

    async def route(self, owner: str) -> Route:
        """The owner's route as it is now.

        Raises NoGateway when there is none and GatewayStarting while a launcher is at it.
        """

    def wake(self, owner: str) -> None:
        """Somebody asks for the owner's gateway: a launcher that waits before starting it again starts it now."""

    def has_own_log(self, owner: str) -> bool:
        """Whether the log of the owner's gateway is known to hold nothing of another's: a launcher saw to that."""

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the route's device when it paired it."""
