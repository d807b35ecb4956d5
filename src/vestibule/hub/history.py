"""What a gateway's `chat.history` says of a run whose events were missed.

Pure: the decoded answer goes in, the run's fate comes out. Wire 3 notes no runs: there it is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from vestibule.hub.run import FAILED, AgentPayload, Message

_BETWEEN_MESSAGES = "\n\n"
"""What the gateway puts between the texts before and after a tool call in `chat` events; its history has rows."""
_FAILED = frozenset({"failed", "timeout"})


@dataclass(frozen=True, slots=True)
class Going:
    """It is under way."""

    text: str
    """All of its text so far."""
    events: list[AgentPayload]
    """Newest `agent` events of the run."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Its message is queued behind another run: it will run under this id or another one."""


@dataclass(frozen=True, slots=True)
class Continued:
    """Its message was answered by another run, or is about to be."""

    run_id: str
    fate: Fate
    """How that one stands."""


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over, and this is how."""

    text: str = ""
    aborted: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The gateway does not run it any more, and there is no end of it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """This history cannot tell."""

    yet: bool = True
    """A later one may. False: this gateway notes no runs at all."""


Fate = Going | Waiting | Continued | Ended | Gone | Unknown


def fate_of(run_id: str, history: Any) -> Fate:
    """How the run stands. Raises msgspec.ValidationError if that is no history."""
    return msgspec.convert(history, _History).fate_of(run_id)


class _Row(Message, frozen=True, rename={"origin": "__openclaw"}):
    class Origin(msgspec.Struct, frozen=True):
        runId: str | None = None
        steerTargetRunId: str | None = None
        """Of a message that joined the run that was on: its own run ended there, without a text."""

    stopReason: str | None = None
    idempotencyKey: str | None = None
    """`<run>:user`, `<run>:assistant` (aborted) or `<run>:terminal-error`."""
    openclawAbort: Any = None
    origin: Origin | None = None

    def belongs_to(self, run_id: str) -> bool:
        return self.origin is not None and self.origin.runId == run_id


class _Session(msgspec.Struct, frozen=True):
    status: str | None = None
    hasActiveRun: bool | None = None
    activeRunIds: list[str] | None = None
    abortedLastRun: bool | None = None
    """Also after a crash, until the gateway makes up for it in a run of another id."""
    lastRunId: str | None = None
    lastRunError: str | None = None


class _InFlight(msgspec.Struct, frozen=True):
    runId: str
    text: str = ""
    events: list[AgentPayload] = []


class _Pending(msgspec.Struct, frozen=True):
    class Item(msgspec.Struct, frozen=True):
        message: _Row | None = None
        runId: str | None = None

    items: list[Item] = []


class _History(msgspec.Struct, frozen=True):
    messages: list[_Row] = []
    inFlightRun: _InFlight | None = None
    pendingInputs: _Pending | None = None
    sessionInfo: _Session | None = None

    def fate_of(self, run_id: str) -> Fate:
        if self.inFlightRun is not None and self.inFlightRun.runId == run_id:
            return Going(self.inFlightRun.text, self.inFlightRun.events)
        session = self.sessionInfo or _Session()
        if run_id in (session.activeRunIds or ()):
            return Going("", [])
        if self._waits(run_id):
            return Waiting()
        if (ended := self._end_of(run_id, session)) is not None:
            return ended
        if not session.abortedLastRun and (other := self._answering(run_id)) is not None:
            return Continued(other, self.fate_of(other))
        if session.hasActiveRun and session.activeRunIds is None and not session.abortedLastRun:
            return Unknown()  # several runs at once: only one of them is told of
        return Gone() if self._notes_runs else Unknown(yet=False)

    def _waits(self, run_id: str) -> bool:
        """Whether its message is queued behind another run."""
        items = self.pendingInputs.items if self.pendingInputs is not None else ()
        return any(
            item.runId == run_id or (item.message is not None and item.message.idempotencyKey == f"{run_id}:user")
            for item in items
        )

    def _end_of(self, run_id: str, session: _Session) -> Ended | None:
        rows = [row for row in self.messages if row.role == "assistant" and row.belongs_to(run_id)]
        if rows and rows[-1].stopReason == "error":
            return Ended(error=rows[-1].text)
        texts = [row.text for row in rows if row.text.strip()]
        text = texts[0] if len(texts) == 1 else _BETWEEN_MESSAGES.join(each.strip() for each in texts)
        if rows and rows[-1].stopReason != "toolUse":
            return Ended(text, aborted=rows[-1].openclawAbort is not None)
        if session.lastRunId == run_id and not session.hasActiveRun:
            error = (session.lastRunError or FAILED) if session.status in _FAILED else ""
            return Ended(text, aborted=session.status == "killed", error=error)
        return Ended() if self._joined_another(run_id) else None

    def _joined_another(self, run_id: str) -> bool:
        own = f"{run_id}:user"
        return any(
            row.idempotencyKey == own and row.origin is not None and row.origin.steerTargetRunId
            for row in self.messages
        )

    def _answering(self, run_id: str) -> str | None:
        """The run that follows the message of this one in the transcript, or is about to."""
        own = f"{run_id}:user"
        at = next((n for n, row in enumerate(self.messages) if row.role == "user" and row.idempotencyKey == own), None)
        if at is None:
            return None
        for row in self.messages[at + 1 :]:
            if row.role == "user":
                return None
            if row.role == "assistant" and row.origin is not None and row.origin.runId not in (None, run_id):
                return row.origin.runId
        in_flight = self.inFlightRun.runId if self.inFlightRun is not None else None
        return in_flight if in_flight != run_id else None

    @property
    def _notes_runs(self) -> bool:
        """Whether this gateway notes the run of each message (wire 4 does)."""
        return any(row.idempotencyKey or (row.origin is not None and row.origin.runId) for row in self.messages)
