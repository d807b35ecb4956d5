"""What the SDK raises, and the error codes it makes itself.

An error the door or the gateway answered with is a `CallError` that carries it unchanged.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class ClientCode(StrEnum):
    """`CallError.code` and `ChatError.code` of errors made here, not by the door or the gateway."""

    OFFLINE = "OFFLINE"
    """Not connected until the deadline: nothing was sent."""
    CONNECTION_LOST = "CONNECTION_LOST"
    """The socket went away between the call and its answer."""
    TIMEOUT = "TIMEOUT"
    """No answer, not even the door's own "too late"."""
    QUEUE_FULL = "QUEUE_FULL"
    """Too many calls or messages of this client wait already: nothing was sent."""
    TOO_LARGE = "TOO_LARGE"
    """Larger than the door takes (`hello.policy.max_payload`): nothing was sent."""
    CLOSED = "CLOSED"
    """This `Door` was closed."""
    SILENT = "SILENT"
    """Nothing was heard of a chat turn for too long, not even a heartbeat."""


class DoorError(Exception):
    """Root of what the SDK raises."""


class CannotConnect(DoorError):
    """The door was not reached in the time given; `reason` says what happened at the last attempt."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class DoorClosed(DoorError):
    """The door closed the connection and it makes no sense to come back by itself.

    `code` is the WebSocket close code (4001: sign in again, 4003: forbidden, 4500-4999).
    """

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{reason} ({code})")


class CallError(DoorError):
    """A call was answered with an error, or could not be answered."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: Any = None,
        retryable: bool = False,
        retry_after_ms: int | None = None,
        may_have_run: bool = False,
    ) -> None:
        self.code = code
        """The gateway's or the door's code as it was sent, or a `ClientCode`."""
        self.message = message
        self.details = details
        self.retryable = retryable
        """The same call may succeed later."""
        self.retry_after_ms = retry_after_ms
        self.may_have_run = may_have_run
        """The gateway may have carried it out although no answer came: look before you repeat it."""
        super().__init__(f"{code}: {message}")

    @classmethod
    def from_wire(cls, error: object) -> CallError:
        """The `error` of a `res` frame, whatever its shape."""
        fields = error if isinstance(error, dict) else {}
        message = fields.get("message")
        retry_after = fields.get("retryAfterMs")
        return cls(
            str(fields.get("code") or "UNKNOWN"),
            message if isinstance(message, str) else "The call failed.",
            details=fields.get("details"),
            retryable=fields.get("retryable") is True,
            retry_after_ms=retry_after if isinstance(retry_after, int) else None,
            may_have_run=fields.get("mayHaveRun") is True,
        )
