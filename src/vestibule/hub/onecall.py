"""One call without a socket: asked once, awaited once. The HTTP edge's way to the gateway."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec

from vestibule.gateway.ports import Body, Question


class OneCall:
    """Asks a single question (`gateway.ports.Asker`)."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.body: asyncio.Future[Body] = asyncio.get_running_loop().create_future()
        """The body of the final answer."""

    def answer(self, question: Question, body: Body, final: bool) -> None:
        """The answer; nobody waits for it any more if the HTTP client has gone."""
        if final and not self.body.done():
            self.body.set_result(body)


class _Body(msgspec.Struct, frozen=True):
    ok: bool
    payload: msgspec.Raw = msgspec.Raw(b"null")
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CallResult:
    """What came back: the payload as raw JSON, or the error object."""

    payload: bytes
    error: dict[str, Any] | None

    @classmethod
    def of(cls, body: Body) -> CallResult:
        """The result in an answer's body."""
        answer = msgspec.json.decode(b"{" + body[1:], type=_Body)
        return cls(bytes(answer.payload), None if answer.ok else answer.error or {})
