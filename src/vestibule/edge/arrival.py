"""One client from its upgrade to its end: sign-in, what it sent meanwhile, then every message to the hub.

The same for every edge. Reads no frame and writes none, but the one that says why somebody is refused or closed.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any, Protocol

from vestibule.edge.violations import last_words
from vestibule.errors import ErrorCode, OurFault, Overloaded, VestibuleError
from vestibule.hub.ports import ClientTransport
from vestibule.protocol.codec import error_frame
from vestibule.protocol.codes import CloseCode
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from vestibule.edge.connections import Connections
    from vestibule.edge.upgrade import Upgrade
    from vestibule.hub.ports import Attached, Gate
    from vestibule.sockets.assembly import Violation

log = get_logger(__name__)

EARLY_BYTES = 64 * 1024
"""What a client may send before it is admitted; beyond that it is not read until it is."""

_CLOSE_CODES = {
    ErrorCode.UNAUTHENTICATED: CloseCode.UNAUTHENTICATED,
    ErrorCode.FORBIDDEN: CloseCode.FORBIDDEN,
    ErrorCode.RATE_LIMITED: CloseCode.RATE_LIMITED,
    ErrorCode.RESTARTING: CloseCode.RESTARTING,
    ErrorCode.TOO_LARGE: CloseCode.TOO_LARGE,
}


class EdgeTransport(ClientTransport, Protocol):
    """What an edge gives: the hub's way to the client, and the edge's own way to hold it back."""

    @property
    def is_open(self) -> bool:
        """Whether messages still pass."""

    def pause_reading(self) -> None:
        """Let the client wait."""

    def resume_reading(self) -> None:
        """Read on."""


class Arrival:
    """A client that knocks, and then the way from its socket to the hub. A `sockets.server.Peer`."""

    __slots__ = ("_attached", "_early", "_early_bytes", "_gate", "_max_message_bytes", "_task", "_transport", "message")

    def __init__(self, gate: Gate, *, max_message_bytes: int) -> None:
        self._gate = gate
        self._max_message_bytes = max_message_bytes
        self._transport: EdgeTransport | None = None
        self._attached: Attached | None = None
        self._early: list[bytes] = []
        self._early_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self.message = self._keep
        """Takes a whole text message: keeps it first, gives it to the hub once the client is attached."""

    def knock(
        self, upgrade: Upgrade, transport: EdgeTransport, connections: Connections, *, timeout_s: float, full: bool
    ) -> None:
        """The socket is open: begin the sign-in."""
        self._transport = transport
        if (draining := connections.draining) is not None:
            transport.close(*draining)
        elif full:
            self._refuse(Overloaded("The server is full. Try again in a moment."), upgrade.remote)
        else:
            self._task = connections.tasks.spawn(self._admit(upgrade, transport, timeout_s), name="client:admit")

    async def _admit(self, upgrade: Upgrade, transport: EdgeTransport, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                principal = await self._gate.admit(upgrade.credential, remote=upgrade.remote)
            if not transport.is_open:
                return
            attached = self._gate.attach(principal, transport, resume=upgrade.resume, agent=upgrade.agent)
        except TimeoutError:
            self._refuse(Overloaded("Signing in took too long. Try again in a moment."), upgrade.remote)
        except VestibuleError as error:
            self._refuse(error, upgrade.remote)
        except Exception:  # the end of a task: the client must hear something, and only the log the details (S6)
            call = secrets.token_hex(16)
            log.exception("client.admission_failed", remote=upgrade.remote, call=call)
            self._refuse(OurFault(details={"call": call}), upgrade.remote)
        else:
            self._enter(attached, transport)
        finally:
            self._task = None

    def _enter(self, attached: Attached, transport: EdgeTransport) -> None:
        self._attached = attached
        early, self._early = self._early, []
        for data in early:
            if not transport.is_open:
                break
            attached.receive(data)
        self.message = attached.receive
        if self._early_bytes > EARLY_BYTES:
            transport.resume_reading()

    def _refuse(self, error: VestibuleError, remote: str) -> None:
        transport = self._transport
        if transport is None or not transport.is_open:
            return
        log.info("client.refused", code=error.code, remote=remote)
        metrics.refused.labels(reason=error.code.lower()).inc()
        optional = {"retryAfterMs": error.retry_after_ms, "details": error.details}
        extra: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
        transport.write(error_frame(error.message, error.code, **extra))
        transport.close(_CLOSE_CODES.get(error.code, CloseCode.OVERLOADED), error.message)

    # -- sockets.server.Peer

    def _keep(self, data: bytes) -> None:
        self._early.append(data)
        self._early_bytes += len(data)
        if self._early_bytes > EARLY_BYTES and self._transport is not None:
            self._transport.pause_reading()

    def paused(self) -> None:
        """What is written now waits in memory."""
        if self._attached is not None:
            self._attached.paused()

    def writable(self) -> None:
        """Most of what waited is gone."""
        if self._attached is not None:
            self._attached.writable()

    def violated(self, violation: Violation) -> bytes | None:
        """What the client hears before the close code."""
        metrics.bad_frames.labels(side="client", kind="socket").inc()
        return last_words(violation, max_message_bytes=self._max_message_bytes)

    def closed(self, code: int) -> None:
        """The end, exactly once."""
        self._early.clear()
        self._transport = None
        if self._task is not None:
            self._task.cancel()
        if self._attached is not None:
            self._attached.detached(code)
