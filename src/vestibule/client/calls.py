"""Calls in flight on one door: which answer belongs to whom.

Bounded; an answer nobody waits for is dropped. Knows nothing of sockets or time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from vestibule.client.errors import CallError, ClientCode
from vestibule.client.frames import Frame, text

LIMIT = 1_024
"""Calls of one client in flight; the door's own limit per owner is the same."""

Accepted = Callable[[Any], None]


class Call:
    """One call: its first answer, and for `agent` the second."""

    def __init__(self, call_id: str, method: str, on_accepted: Accepted | None) -> None:
        self.id = call_id
        self.method = method
        self.on_accepted = on_accepted
        loop = asyncio.get_running_loop()
        self.accepted: asyncio.Future[None] = loop.create_future()
        """Done at the first answer, whichever it is."""
        self.answered: asyncio.Future[Any | CallError] = loop.create_future()
        """Done at the final answer. A failure is a value, so that one nobody waits for makes no noise."""

    def receive(self, frame: Frame) -> bool:
        """Take an answer. Whether it was the final one."""
        ok = frame.get("ok") is True
        payload = frame.get("payload")
        if ok and self.method == "agent" and text(payload, "status") == "accepted" and not self.accepted.done():
            self.accepted.set_result(None)
            if self.on_accepted is not None:
                self.on_accepted(payload)
            return False
        self.finish(payload if ok else CallError.from_wire(frame.get("error")))
        return True

    def finish(self, outcome: Any | CallError) -> None:
        """The final answer."""
        if not self.answered.done():
            self.answered.set_result(outcome)
        if not self.accepted.done():
            self.accepted.set_result(None)


class Calls:
    """All calls in flight, by id."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._open: dict[str, Call] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._open)

    def open(self, method: str, on_accepted: Accepted | None = None) -> Call:
        """Make room for a call, or refuse it."""
        if len(self._open) >= self._limit:
            raise CallError(
                ClientCode.QUEUE_FULL, f"{self._limit} calls are in flight already.", retryable=True, may_have_run=False
            )
        self._last += 1
        call = Call(str(self._last), method, on_accepted)
        self._open[call.id] = call
        return call

    def answer(self, frame: Frame) -> bool:
        """Take a `res` (or an `error` with an id). Whether somebody waited for it."""
        call = self._open.get(text(frame, "id"))
        if call is None:
            return False
        if call.receive(frame):
            del self._open[call.id]
        return True

    def forget(self, call: Call) -> None:
        """Nobody waits for it any more."""
        self._open.pop(call.id, None)

    def fail_all(self, code: str, message: str) -> None:
        """Every call in flight may have run and will not be answered."""
        calls, self._open = list(self._open.values()), {}
        for call in calls:
            call.finish(CallError(code, message, retryable=True, may_have_run=True))
