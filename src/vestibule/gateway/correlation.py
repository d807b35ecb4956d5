"""Match answers to questions across one gateway connection, by ids of our own.

Knows nothing of sockets, clients or time: callers pass `now`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vestibule.gateway.ports import Question


@dataclass(slots=True)
class Asked:
    """A question in flight."""

    question: Question
    deadline: float
    accepted: bool = False
    """The first of the two answers of `agent` has come."""


class Correlation:
    """Questions in flight on one socket, by upstream id. Ids are never used twice (P4)."""

    def __init__(self) -> None:
        self._open: dict[str, Asked] = {}
        self._last_id = 0  # 0 is the handshake's
        self._next_deadline = math.inf

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, question: Question, *, deadline: float) -> str:
        """Register a question before it is sent (P3); returns its upstream id."""
        self._last_id += 1
        upstream_id = str(self._last_id)
        self._open[upstream_id] = Asked(question, deadline)
        self._next_deadline = min(self._next_deadline, deadline)
        return upstream_id

    def find(self, upstream_id: str) -> Asked | None:
        """The question with this id, or None if it was answered, or gave up, or never was."""
        return self._open.get(upstream_id)

    def accept(self, upstream_id: str, *, deadline: float) -> None:
        """The first of two answers came: wait for the second."""
        asked = self._open[upstream_id]
        asked.accepted = True
        asked.deadline = deadline

    def settle(self, upstream_id: str) -> None:
        """The final answer came."""
        self._open.pop(upstream_id, None)

    def overdue(self, now: float) -> list[Asked]:
        """Questions whose time is up; they are forgotten."""
        if now < self._next_deadline:
            return []
        late = [key for key, asked in self._open.items() if asked.deadline <= now]
        gone = [self._open.pop(key) for key in late]
        self._next_deadline = min((asked.deadline for asked in self._open.values()), default=math.inf)
        return gone

    def drain(self) -> list[Asked]:
        """Everything in flight; it is forgotten."""
        gone = list(self._open.values())
        self._open.clear()
        self._next_deadline = math.inf
        return gone
