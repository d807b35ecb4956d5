"""How a question is ended: with the gateway's answer through its filter, or with an error of the door's.

Decides nothing, and never raises: one asker's defect must not cost another its answer (P5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.errors import GatewayReply, VestibuleError
from vestibule.protocol.codec import error_body
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from vestibule.gateway.correlation import Asked
    from vestibule.gateway.ports import Body, Question

log = get_logger(__name__)


def answer(question: Question, body: Body, final: bool) -> None:
    """Give an asker the gateway's answer."""
    if question.filter is not None:
        try:
            body = question.filter(body)
        except Exception:  # a filter hides what must not be seen: if it fails nothing is shown
            log.exception("call.filter_failed", call=question.call, method=question.method)
            body = error_body(GatewayReply(may_have_run=True, details={"call": question.call}))
    try:
        question.asker.answer(question, body, final)
    except Exception:  # the asker's defect, see above
        log.exception("call.asker_failed", call=question.call, method=question.method)


def refuse(asked: Asked, error: VestibuleError) -> None:
    """End a question with an error of the door's."""
    if asked.undo is not None:
        asked.undo()
    question = asked.question
    try:
        question.asker.answer(question, error_body(error), True)
    except Exception:  # as in `answer`
        log.exception("call.asker_failed", call=question.call, method=question.method)
