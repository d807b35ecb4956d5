"""What an edge and the hub are to each other.

An edge reads; the hub writes through `ClientTransport`. Methods without `async` are called on the loop and must
not block or raise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vestibule.auth.credentials import Credential
    from vestibule.model import Principal
    from vestibule.protocol.batch import Batch
    from vestibule.protocol.frames import Resume


class ClientTransport(Protocol):
    """The way to one client. There is no way to read: that is the edge's business.

    Writing to a closed transport is allowed and does nothing.
    """

    def write(self, data: bytes | memoryview) -> None:
        """Send one text message. A view may die after the call."""

    def write_many(self, batch: Batch) -> None:
        """Send its messages in order, in one system call where the edge can. The batch may go to others too."""

    def close(self, code: int, reason: str) -> None:
        """Say goodbye after what was written; the client is cut if it does not answer. `detached` follows."""

    @property
    def buffered(self) -> int:
        """Bytes written and not yet taken by the kernel."""


class Attached(Protocol):
    """The hub's side of one attached client."""

    def receive(self, data: bytes) -> None:
        """A whole text message, UTF-8 and within the size limit."""

    def paused(self) -> None:
        """The transport is above its high-water mark: what is written now waits in memory."""

    def writable(self) -> None:
        """The transport has drained below its low-water mark."""

    def detached(self, code: int) -> None:
        """The client is gone, exactly once; nothing is received any more. 1005: no code given, 1006: vanished."""


class Gate(Protocol):
    """Who lets clients in; the hub implements it."""

    async def admit(self, credential: Credential | None, *, remote: str) -> Principal:
        """Who this is. Raises a Refusal (Unauthenticated, Overloaded, ...); may be cancelled."""

    def attach(
        self, principal: Principal, transport: ClientTransport, *, resume: Resume | None, agent: str
    ) -> Attached:
        """Take the client in, a program that names itself `agent`.

        May write at once; raises a VestibuleError to refuse after all.
        """
