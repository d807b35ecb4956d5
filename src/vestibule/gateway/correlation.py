"""Match answers to questions across one gateway connection.

Knows nothing of sockets, members or time: callers pass `now`. Ids are its own, so equal ids of askers never meet (P4).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from vestibule.errors import Overloaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.gateway.ports import Body, Question

TWO_ANSWERS = frozenset({"agent"})
"""Answered twice under one id: `accepted` at once, the result when the run is over."""


class Asked:
    """A question with what is needed to end it."""

    __slots__ = ("accepted", "deadline", "question", "undo")

    def __init__(self, question: Question, deadline: float, undo: Callable[[], None] | None = None) -> None:
        self.question = question
        self.deadline = deadline
        self.undo = undo
        """Called when it fails: takes back what was noted when it was asked."""
        self.accepted = False
        """The first of its two answers was given."""


class _Accepted(Struct):
    class Payload(Struct):
        status: str = ""

    payload: Payload


_accepted = Decoder(_Accepted)


class Correlation:
    """Questions in flight on one socket, by upstream id."""

    __slots__ = ("_next", "_open", "_run_timeout_s", "due")

    def __init__(self, *, run_timeout_s: float) -> None:
        self._open: dict[str, Asked] = {}
        self._next = 0
        self._run_timeout_s = run_timeout_s
        self.due = inf
        """Nothing is overdue before this moment."""

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, asked: Asked) -> str:
        """The id under which it goes up. Register before sending: the answer may be there within the same tick (P3)."""
        self._next += 1
        upstream = str(self._next)
        self._open[upstream] = asked
        if asked.deadline < self.due:
            self.due = asked.deadline
        return upstream

    def answer(self, upstream: str, body: Body, now: float) -> tuple[Asked, bool] | None:
        """The question this answers and whether that was its last answer; None if it came too late, or twice."""
        asked = self._open.pop(upstream, None)
        if asked is None:
            return None
        if asked.question.method in TWO_ANSWERS and not asked.accepted and _is_accepted(body):
            asked.accepted = True
            asked.deadline = now + self._run_timeout_s
            self._open[upstream] = asked
            return asked, False
        return asked, True

    def take(self, upstream: str) -> Asked | None:
        """The question with this id, which will not be answered any more."""
        return self._open.pop(upstream, None)

    def overdue(self, now: float) -> list[Asked]:
        """Questions whose deadline has passed; their answers will be late ones."""
        if now < self.due:
            return []
        late = [upstream for upstream, asked in self._open.items() if asked.deadline <= now]
        taken = [self._open.pop(upstream) for upstream in late]
        self.due = min((asked.deadline for asked in self._open.values()), default=inf)
        return taken

    def drain(self) -> list[Asked]:
        """All of them: the socket is gone."""
        taken = list(self._open.values())
        self._open.clear()
        self.due = inf
        return taken


class WaitingCalls:
    """Questions that wait for the gateway to connect: bounded, in order. Full: `Overloaded`."""

    __slots__ = ("_calls", "_max_bytes", "bytes", "due")

    def __init__(self, *, max_bytes: int) -> None:
        self._calls: list[Asked] = []
        self._max_bytes = max_bytes
        self.bytes = 0
        self.due = inf
        """Nothing is overdue before this moment."""

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, asked: Asked) -> None:
        """Queue it. Raises Overloaded."""
        size = _size(asked)
        if self.bytes + size > self._max_bytes:
            raise Overloaded(may_have_run=False)
        self._calls.append(asked)
        self.bytes += size
        if asked.deadline < self.due:
            self.due = asked.deadline

    def overdue(self, now: float) -> list[Asked]:
        """Those whose deadline has passed."""
        if now < self.due:
            return []
        late = [asked for asked in self._calls if asked.deadline <= now]
        self._calls = [asked for asked in self._calls if asked.deadline > now]
        self.bytes = sum(map(_size, self._calls))
        self.due = min((asked.deadline for asked in self._calls), default=inf)
        return late

    def drain(self) -> list[Asked]:
        """All of them, in order."""
        taken, self._calls = self._calls, []
        self.bytes = 0
        self.due = inf
        return taken


def _size(asked: Asked) -> int:
    return len(asked.question.params) + len(asked.question.method)


def _is_accepted(body: Body) -> bool:
    try:
        return _accepted.decode(b"{" + body[1:]).payload.status == "accepted"
    except (DecodeError, UnicodeDecodeError):
        return False
