"""The error tree, by whose fault it is.

    VestibuleError
    ├── ClientFault      the frame or the request was wrong: sending it again changes nothing
    ├── Refusal          who asks may not, or not now: identity, policy, limits
    ├── GatewayFault     the owner's gateway is missing, not up, gone or broken
    └── OurFault         a defect or a lack of ours

Each class carries its wire `code`, whether the same request may succeed later (`retryable`), and a
message that is safe to show to anybody: no address, no path, no secret. What helps the person who
runs the door goes into `remedy` (command line, doctor) or the log, never to a client.

A gateway's own error object is data: it passes through unchanged and never becomes one of these.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar


class ErrorCode(StrEnum):
    """`error.code` of a `res` frame and `code` of an `error` frame made by the door."""

    INVALID_REQUEST = "INVALID_REQUEST"
    DUPLICATE_ID = "DUPLICATE_ID"
    UNKNOWN_METHOD = "UNKNOWN_METHOD"
    TOO_LARGE = "TOO_LARGE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    RATE_LIMITED = "RATE_LIMITED"
    OVERLOADED = "OVERLOADED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    NO_GATEWAY = "NO_GATEWAY"
    GATEWAY_STARTING = "GATEWAY_STARTING"
    GATEWAY_DOWN = "GATEWAY_DOWN"
    GATEWAY_LOST = "GATEWAY_LOST"
    GATEWAY_REFUSED = "GATEWAY_REFUSED"
    GATEWAY_TIMEOUT = "GATEWAY_TIMEOUT"
    GATEWAY_REPLY = "GATEWAY_REPLY"
    CONNECTION_CLOSED = "CONNECTION_CLOSED"
    RUN_LOST = "RUN_LOST"
    RESTARTING = "RESTARTING"
    CONFIGURATION = "CONFIGURATION"
    STORAGE = "STORAGE"
    INTERNAL = "INTERNAL"


class VestibuleError(Exception):
    """Root of everything the door raises on purpose."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL
    retryable: ClassVar[bool] = False
    default: ClassVar[str] = "Something went wrong."

    def __init__(
        self,
        message: str | None = None,
        *,
        details: dict[str, Any] | None = None,
        retry_after_ms: int | None = None,
        may_have_run: bool | None = None,
        remedy: str | None = None,
    ) -> None:
        self.message = message or self.default
        self.details = details
        self.retry_after_ms = retry_after_ms
        self.may_have_run = may_have_run
        self.remedy = remedy
        super().__init__(self.message)


class ClientFault(VestibuleError):
    """The request itself is wrong."""

    code = ErrorCode.INVALID_REQUEST
    default = "Invalid request."


class BadFrame(ClientFault):
    """Not a frame of the door protocol, or of the gateway wire."""

    def __init__(
        self,
        message: str | None = None,
        *,
        frame_type: str = "",
        frame_id: bytes | None = None,
        unknown_type: str | None = None,
    ) -> None:
        super().__init__(message)
        self.frame_type = frame_type
        """What kind of frame of the door protocol it would be, where that can be told."""
        self.frame_id = frame_id
        """The sender's id as raw JSON, where there is one that may be echoed; `null` for a `req` without one."""
        self.unknown_type = unknown_type
        """The `type` nobody knows, cut to what is fit to print."""


class DuplicateId(ClientFault):
    """A request with this id is still in flight on the same socket."""

    code = ErrorCode.DUPLICATE_ID
    default = "A request with this id is still in flight."


class UnknownMethod(ClientFault):
    """The gateway's handshake, or a method of the door's that it has not: nothing that may go up."""

    code = ErrorCode.UNKNOWN_METHOD
    default = "This is not a method that can be called through the door."


class TooLarge(ClientFault):
    """A message or an answer above the limit."""

    code = ErrorCode.TOO_LARGE
    default = "Message too large."


class NotFound(ClientFault):
    """What was named does not exist."""

    code = ErrorCode.NOT_FOUND
    default = "Not found."


class Conflict(ClientFault):
    """It is there already, or may not be changed here."""

    code = ErrorCode.CONFLICT
    default = "Already exists."


class Refusal(VestibuleError):
    """Who asks may not, or not now."""

    code = ErrorCode.FORBIDDEN
    default = "Forbidden."


class Unauthenticated(Refusal):
    """No credential, or one that does not hold."""

    code = ErrorCode.UNAUTHENTICATED
    default = "Not signed in, or the sign-in has expired."


class Forbidden(Refusal):
    """Known, and not allowed."""

    code = ErrorCode.FORBIDDEN


class RateLimited(Refusal):
    """Too many messages in too short a time."""

    code = ErrorCode.RATE_LIMITED
    retryable = True
    default = "Too many requests. Slow down."


class Overloaded(Refusal):
    """A bound of ours is reached: pending calls, queue, connections."""

    code = ErrorCode.OVERLOADED
    retryable = True
    default = "Too many requests in flight. Try again in a moment."


class GatewayFault(VestibuleError):
    """The owner's gateway is missing, not up, gone or broken."""

    code = ErrorCode.GATEWAY_DOWN


class NoGateway(GatewayFault):
    """The owner has no route."""

    code = ErrorCode.NO_GATEWAY
    default = "No container provisioned."


class GatewayStarting(GatewayFault):
    """The gateway exists and is not ready yet."""

    code = ErrorCode.GATEWAY_STARTING
    retryable = True
    default = "Container is starting up. Try again in a moment."


class GatewayDown(GatewayFault):
    """The gateway cannot be reached at the moment."""

    code = ErrorCode.GATEWAY_DOWN
    retryable = True
    default = "The gateway cannot be reached. Try again in a moment."


class GatewayLost(GatewayFault):
    """The socket to the gateway went away while a call was in flight."""

    code = ErrorCode.GATEWAY_LOST
    retryable = True
    default = "Gateway connection lost"


class ConnectionClosed(GatewayFault):
    """We closed the gateway connection while a call was in flight."""

    code = ErrorCode.CONNECTION_CLOSED
    retryable = True
    default = "Connection closed"


class GatewayRefused(GatewayFault):
    """The gateway refuses us: wrong token, unknown device, missing scopes, other protocol."""

    code = ErrorCode.GATEWAY_REFUSED
    default = "The gateway refused the connection. Ask whoever runs it."


class GatewayTimeout(GatewayFault):
    """No answer before the call's deadline."""

    code = ErrorCode.GATEWAY_TIMEOUT
    retryable = True
    default = "The gateway did not answer in time."


class GatewayReply(GatewayFault):
    """The gateway answered with something that cannot be passed on."""

    code = ErrorCode.GATEWAY_REPLY
    default = "The gateway's answer could not be read."


class RunLost(GatewayFault):
    """A run's end was missed and cannot be recovered: reload the history."""

    code = ErrorCode.RUN_LOST
    default = "The rest of this answer was lost. Reload the conversation."


class OurFault(VestibuleError):
    """A defect or a lack of ours."""


class Restarting(OurFault):
    """This process is going down."""

    code = ErrorCode.RESTARTING
    retryable = True
    default = "The server is restarting. Reconnect in a moment."


class BadConfiguration(OurFault):
    """A setting or a file of the operator's is wrong; `remedy` says what to change."""

    code = ErrorCode.CONFIGURATION


class StorageFault(OurFault):
    """The state folder or the database cannot be used."""

    code = ErrorCode.STORAGE
    retryable = True
    default = "Storage is not available at the moment."
