"""The chat turns of an owner's clients: which run belongs to which turn, and which turns are over.

Pure bookkeeping: sends nothing, asks nobody. Callers pass `now`.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from vestibule.hub.run import Fields, Run
from vestibule.protocol.session_keys import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDED_RUNS_KEPT = 256
FOLLOW_UP_S = 15.0
"""How long after an approval was answered a second run may continue the turn."""


@dataclass(slots=True)
class Turn:
    """One `agent_chat` and the runs it led to: several if an approval comes in the middle, or it had to wait (C2)."""

    client_id: str
    member: str
    id: str | None
    agent: str
    session_key: str
    runs: dict[str, Run] = field(default_factory=dict)
    approvals: set[str] = field(default_factory=set)
    """Those that are open and that no run of the turn waits for itself: another run will follow each."""
    follow_up_until: float = 0.0
    touched_at: float = 0.0
    unanswered: bool = True
    """The gateway has not said yet whether it takes the message."""
    unsure_since: float | None = None
    """The connection was lost while a run was on, and nothing has been heard of it since."""
    look_again_at: float = inf
    """The history could not tell yet."""

    @property
    def open_runs(self) -> list[Run]:
        """Its runs that have not ended."""
        return [run for run in self.runs.values() if not run.ended]

    def ended(self, now: float) -> bool:
        """No run is on and none is to come."""
        return not self.open_runs and not self.approvals and self.follow_up_until <= now

    def heard(self, now: float) -> None:
        """The gateway spoke of one of its runs."""
        self.touched_at = now
        self.unsure_since = None
        self.look_again_at = inf

    def answered(self, approval_id: str, now: float) -> None:
        """An approval was allowed or denied: the turn may go on in another run."""
        self.approvals.discard(approval_id)
        self.follow_up_until = now + FOLLOW_UP_S

    def may_go_on(self, now: float) -> bool:
        """Whether an unknown run of its session is its next one."""
        return not self.open_runs and (bool(self.approvals) or self.follow_up_until > now)

    def address(self, run_id: str, fields: Fields) -> Fields:
        """The frame with what every chat frame carries."""
        where = {"runId": run_id, "agent": self.agent, "sessionKey": self.session_key}
        return {**fields, **where, **({"id": self.id} if self.id is not None else {})}


class Turns:
    """Every turn under way, oldest first, and who started the runs that ended last."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._by_run: dict[str, Turn] = {}
        self._ended: OrderedDict[str, str] = OrderedDict()

    def __iter__(self) -> Iterator[Turn]:
        return iter(list(self._turns))

    def __len__(self) -> int:
        return len(self._turns)

    def begin(self, turn: Turn) -> None:
        """A turn with its first run."""
        self._turns.append(turn)
        for run_id in turn.runs:
            self._by_run[run_id] = turn

    def go_on(self, turn: Turn, run_id: str) -> None:
        """The turn goes on in another run."""
        turn.follow_up_until = 0.0
        turn.runs[run_id] = Run(run_id)
        self._by_run[run_id] = turn

    def of_run(self, run_id: str | None) -> Turn | None:
        """The turn under way that a run belongs to."""
        return self._by_run.get(run_id) if run_id else None

    def in_session(self, session_key: str | None) -> Turn | None:
        """The newest turn under way in a session, its key compared as the gateway compares it (P16)."""
        if not session_key:
            return None
        key = normalise(session_key)
        return next((turn for turn in reversed(self._turns) if normalise(turn.session_key) == key), None)

    def put_off_in(self, session_key: str | None) -> Turn | None:
        """The oldest turn of a session whose message was put off: the gateway answers them in their order."""
        if not session_key:
            return None
        key = normalise(session_key)
        put_off = (turn for turn in self._turns if any(run.put_off for run in turn.open_runs))
        return next((turn for turn in put_off if normalise(turn.session_key) == key), None)

    def waiting_for(self, approval_id: str) -> list[Turn]:
        """Turns that go on once this approval is answered."""
        return [turn for turn in self._turns if approval_id in turn.approvals]

    def starter_of(self, ended_run_id: str) -> str | None:
        """The client that started a run which has ended, while it is remembered."""
        return self._ended.get(ended_run_id)

    def end(self, turn: Turn) -> None:
        """The turn is over; its runs are remembered for a while."""
        if turn not in self._turns:
            return
        self._turns.remove(turn)
        for run_id in turn.runs:
            del self._by_run[run_id]
            self._ended[run_id] = turn.client_id
        while len(self._ended) > _ENDED_RUNS_KEPT:
            self._ended.popitem(last=False)

    def forget(self, run_id: str) -> None:
        """An ended run never began: its id may be tried again."""
        self._ended.pop(run_id, None)
