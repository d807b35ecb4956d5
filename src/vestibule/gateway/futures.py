"""Questions asked by code that awaits: one future, one answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from vestibule.errors import GatewayFault, GatewayReply, VestibuleError

if TYPE_CHECKING:
    from vestibule.gateway.ports import Body, Question


class GatewayError(Exception):
    """The gateway's own error object, unchanged."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.error = error
        self.code = str(error.get("code", ""))
        super().__init__(f"{self.code}: {error.get('message', '')}")


class FutureAsker:
    """Asks a single question (`gateway.ports.Asker`)."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.body: asyncio.Future[Body] = asyncio.get_running_loop().create_future()
        """The body of the final answer."""

    def answer(self, question: Question, body: Body, final: bool) -> None:
        """The answer; nobody may wait for it any more."""
        if final and not self.body.done():
            self.body.set_result(body)


class _Answer(msgspec.Struct, frozen=True):
    ok: bool
    payload: Any = None
    error: dict[str, Any] | None = None


_OURS: dict[str, type[VestibuleError]] = {}


def _learn(error: type[VestibuleError]) -> None:
    for child in error.__subclasses__():
        _OURS.setdefault(child.code, child)
        _learn(child)


_learn(GatewayFault)


def decode_answer(body: Body) -> Any:
    """The payload of an answer. Raises GatewayError, or the GatewayFault the door answered with."""
    try:
        answer = msgspec.json.decode(b"{" + body[1:], type=_Answer)
    except (msgspec.DecodeError, RecursionError):
        raise GatewayReply(may_have_run=True) from None
    if answer.ok:
        return answer.payload
    error = answer.error or {}
    ours = _OURS.get(str(error.get("code")))
    if ours is not None and "mayHaveRun" in error:
        raise ours(str(error.get("message")), may_have_run=error["mayHaveRun"])
    raise GatewayError(error)
