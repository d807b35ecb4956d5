"""How failures look in the OpenAPI description: one model, and which statuses a route may answer with.

What really happens is in `errors`; this only says it.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

_MEANING = {
    400: "The request is wrong; the message names the field.",
    401: "No token, or one that is not valid.",
    403: "Not with this token: `details.missingScope`, or only for whoever runs the door.",
    404: "There is no such thing: no gateway, no member, no method.",
    409: "It exists already.",
    413: "Too large.",
    429: "Too many requests.",
    502: "The gateway refuses the door, was lost, or answered with an error of its own.",
    503: "Not now: the gateway, the storage or the door itself is starting, stopping or full.",
    504: "The gateway did not answer in time.",
}


class Failed(BaseModel):
    """What went wrong."""

    code: str = Field(description="One of the codes of docs/protocol.md, or the gateway's own.")
    message: str
    details: Any = None
    retryable: bool | None = Field(None, description="The same request may succeed later.")
    retryAfterMs: int | None = None
    mayHaveRun: bool | None = Field(None, description="The call had reached the gateway; false: it certainly had not.")
    remedy: str | None = Field(None, description="What helps; only for whoever runs the door.")


class Failure(BaseModel):
    """The body of every answer that is no success."""

    error: Failed
    detail: str | None = Field(description="`error.message` again, where clients of other services look.")


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may fail so."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"model": Failure, "description": _MEANING[status]} for status in statuses
    }
    return {**told, "default": {"model": Failure, "description": "Any other failure."}}
