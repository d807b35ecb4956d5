"""How a question is ended: with the gateway's answer through its filter, or with an error of the door's.

Decides nothing, and never raises: one asker's defect must not cost another its answer (P5).
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder, decode

from vestibule.errors import GatewayReply, VestibuleError
from vestibule.gateway.correlation import Asked
from vestibule.gateway.ports import Body, Question
from vestibule.protocol.codec import error_body
from vestibule.telemetry.log import get_logger

log = get_logger(__name__)


class GatewayError(Exception):
    """The gateway answered a call of the door's own with an error: its error object, unchanged."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.error = error
        super().__init__(str(error.get("message", "")))

    @property
    def code(self) -> str:
        """The gateway's code."""
        return str(self.error.get("code", ""))


class _Body(Struct):
    ok: bool
    payload: Raw = Raw(b"null")
    error: dict[str, Any] | None = None


_body = Decoder(_Body)


class AwaitedCall:
    """Asks one question and awaits its final answer (`gateway.ports.Asker`)."""

    def __init__(self, id: str) -> None:
        self.id = id
        self._result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def answer(self, question: Question, body: Body, final: bool) -> None:
        """The gateway's answer."""
        if not final or self._result.done():
            return
        try:
            answered = _body.decode(b"{" + body[1:])
            payload = decode(answered.payload)
        except (DecodeError, UnicodeDecodeError, RecursionError):
            self._result.set_exception(GatewayReply(may_have_run=True))
            return
        if answered.ok:
            self._result.set_result(payload)
        else:
            self._result.set_exception(GatewayError(answered.error or {}))

    def failed(self, error: VestibuleError) -> None:
        """No answer of the gateway's."""
        if not self._result.done():
            self._result.set_exception(error)

    async def result(self) -> Any:
        """The decoded payload. Raises GatewayError, or a VestibuleError."""
        return await self._result


def answer(question: Question, body: Body, final: bool) -> None:
    """Give an asker the gateway's answer."""
    if question.filter is not None:
        try:
            body = question.filter(body)
        except Exception:  # a filter hides what must not be seen: if it fails nothing is shown
            log.exception("call.filter_failed", method=question.method)
            body = error_body(GatewayReply(may_have_run=True))
    try:
        question.asker.answer(question, body, final)
    except Exception:  # the asker's defect, see above
        log.exception("call.asker_failed", method=question.method)


def refuse(asked: Asked, error: VestibuleError) -> None:
    """End a question with an error of the door's."""
    if asked.undo is not None:
        asked.undo()
    question = asked.question
    try:
        if isinstance(question.asker, AwaitedCall):
            question.asker.failed(error)
        else:
            question.asker.answer(question, error_body(error), True)
    except Exception:  # as in `answer`
        log.exception("call.asker_failed", method=question.method)
