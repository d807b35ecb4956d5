"""The chat bridge of one owner: `agent_chat` down to `chat.send`, the run's events up as chat frames.

Frames go to the client that started the run, wherever it is attached by then. The bridge never
starts a run twice: after a lost connection it asks the gateway's history how the run went.
"""

from __future__ import annotations

import uuid
from math import inf
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from vestibule.errors import BadFrame, DuplicateId, GatewayFault, RunLost
from vestibule.gateway.pool import GatewayConnectionPool, GatewayError
from vestibule.hub.asking import Asking, Sent, error_of
from vestibule.hub.history import Continued, Ended, Fate, Going, Gone, Unknown, Waiting, fate_of
from vestibule.hub.run import Fields, Run, RunEvent, agent_payload, chat_payload
from vestibule.hub.turns import Turn, Turns
from vestibule.protocol.session_keys import chat_session_key
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.gateway.ports import Body
    from vestibule.hub.asking import Calls
    from vestibule.protocol.frames import AgentChat, ChatAbort, GatewayEvent
    from vestibule.settings import Settings
    from vestibule.tasks import Tasks

log = get_logger(__name__)

_SHORTEST_GLOBAL_ID = 16
"""A client's id at least this long is taken for unique (a UUID); a shorter one counts only within the client."""
_HISTORY_LIMIT = 100
_LOOK_UP_TIMEOUT_S = 10.0
"""A gateway's first `chat.history` takes some seconds; what is live waits for it no longer than this."""
_LOOK_AGAIN_S = 5.0
"""A gateway that has just crashed and come back is busy with itself: its history tells more a little later."""
_LOOK_WHERE_IT_WENT_S = 0.5
"""Only a moment after a message was put off does the history tell whether it joined a run or waits for its end."""
_OF_A_RUN = frozenset({"chat", "agent"})
_BRIDGED_STREAMS = frozenset({"assistant", "thinking", "tool", "run_status"})
"""What of `agent` events the chat frames already say."""


class Owner(Protocol):
    """What the bridge asks of the owner's room."""

    owner: str

    def push_chat(self, client_id: str, fields: Fields) -> None:
        """A frame of the stream for one client."""

    def tell(self, client_id: str, fields: Fields) -> None:
        """A frame outside the stream for one client, if it is attached."""

    def takes_part(self, member: str, session_key: str) -> None:
        """The member hears of this session from now on."""


class _Approval(msgspec.Struct, frozen=True):
    class Request(msgspec.Struct, frozen=True):
        runId: str | None = None
        sessionKey: str | None = None

    id: str
    request: Request | None = None


_approval = msgspec.json.Decoder(_Approval)


class ChatBridge:
    """Every chat turn of an owner's clients that is under way."""

    def __init__(
        self,
        room: Owner,
        pool: GatewayConnectionPool,
        settings: Settings,
        tasks: Tasks,
        calls: Calls,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._room = room
        self._pool = pool
        self._settings = settings
        self._tasks = tasks
        self._clock = clock
        self._asking = Asking(room.owner, pool, calls, settings.rpc_timeout_s, clock=clock)
        self._turns = Turns()

    @property
    def busy(self) -> bool:
        """Whether a turn is under way."""
        return bool(self._turns)

    # -- client -> gateway

    def start(self, client_id: str, member: str, frame: AgentChat) -> None:
        """Begin a turn, or join again the one this idempotency key began."""
        own_session = None if member == self._room.owner else member
        session_key = frame.session_key or chat_session_key(frame.agent_name, own_session)
        run_id = self._idempotency_key(client_id, frame.id)
        turn = self._turns.of_run(run_id)
        if turn is not None:
            self._join_again(turn, run_id, client_id, member)
            return
        runs = {run_id: Run(run_id)}
        turn = Turn(client_id, member, frame.id, frame.agent_name, session_key, runs, touched_at=self._clock())
        if not self._turns:
            self._pool.hold(self._room.owner, "chat")
        self._turns.begin(turn)
        self._room.takes_part(member, session_key)
        if self._turns.starter_of(run_id) is not None:  # a gateway that was restarted since would run it again
            turn.unanswered = False
            self._look_up(turn, turn.runs[run_id])
            return
        params: dict[str, Any] = {"sessionKey": session_key, "message": frame.message, "idempotencyKey": run_id}
        if frame.attachments:
            params["attachments"] = frame.attachments
        self._asking.ask(
            client_id,
            frame.id or run_id,
            "chat.send",
            params,
            lambda body: self._sent(turn, run_id, body),
            traceparent=frame.traceparent,
        )

    def abort(self, client_id: str, member: str, frame: ChatAbort) -> None:
        """Stop one run, or everything of an agent's session (C10)."""
        turn = self._turns.of_run(frame.run_id)
        if turn is not None:
            session_key = turn.session_key
        elif frame.session_key:
            session_key = frame.session_key
        elif frame.agent_name:
            session_key = chat_session_key(frame.agent_name, None if member == self._room.owner else member)
        else:
            raise BadFrame("Nothing to abort: name a run that is under way, or an agent.")
        params = {"sessionKey": session_key, **({"runId": frame.run_id} if frame.run_id else {})}
        run_id = frame.run_id

        def answered(body: Body) -> None:
            if error := error_of(body):
                self._room.tell(client_id, {"type": "error", **({"runId": run_id} if run_id else {}), **error})

        self._asking.ask(client_id, run_id or session_key, "chat.abort", params, answered)

    def _join_again(self, turn: Turn, run_id: str, client_id: str, member: str) -> None:
        """The frame that began the turn came again; who comes from another seat gets the text so far once more."""
        if turn.member != member:
            raise DuplicateId()
        moved, turn.client_id = turn.client_id != client_id, client_id
        self._room.tell(client_id, turn.address(run_id, {"type": "heartbeat"}))
        for run in turn.runs.values():
            if moved and run.text:
                self._push(turn, run.id, {"type": "chunk", "content": run.text, "replace": True})

    def _sent(self, turn: Turn, run_id: str, body: Body) -> None:
        turn.unanswered = False
        run = turn.runs[run_id]
        error = error_of(body)
        if error is None:
            self._room.tell(turn.client_id, turn.address(run_id, {"type": "heartbeat", "phase": "accepted"}))
            if Sent.decode(body).finished and not run.ended:
                self._look_up(turn, run)
        elif error.get("mayHaveRun") and error.get("retryable"):
            turn.unsure_since = self._clock()
        else:
            run.ended = True
            self._push(turn, run_id, {"type": "error", **error})
            self._tidy(turn)
            self._turns.forget(run_id)  # it was not begun, and may be tried again

    # -- gateway -> client

    def event(self, event: GatewayEvent, run_id: str | None, session_key: str | None) -> str:
        """Tell the event as chat frames. Returns the client that needs it no more as an event, or ""."""
        if event.event not in _OF_A_RUN:
            if event.event.endswith((".approval.requested", ".approval.resolved")):
                self._approval(event)
            return ""
        if run_id is None:
            return ""
        turn = self._turns.of_run(run_id)
        if turn is None:
            if (starter := self._turns.starter_of(run_id)) is not None:
                return starter
            turn = self._follow_up(event, run_id, session_key)
            if turn is None:
                return ""
        try:
            return self._tell(turn, turn.runs[run_id], event)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            log.warning("chat.unreadable", owner=self._room.owner, gateway_event=event.event, error=str(error))
            return ""

    def _tell(self, turn: Turn, run: Run, event: GatewayEvent) -> str:
        turn.heard(self._clock())
        bridged = True
        if event.event == "chat":
            payload: RunEvent = chat_payload.decode(event.payload)
        else:
            payload = agent_payload.decode(event.payload)
            bridged = payload.stream in _BRIDGED_STREAMS
        client_id = turn.client_id
        self._push_all(turn, run, run.tell(payload))
        self._watch(turn, run, _LOOK_WHERE_IT_WENT_S)
        return client_id if bridged else ""

    def _push_all(self, turn: Turn, run: Run, frames: list[Fields]) -> None:
        for fields in frames:
            turn.approvals.discard(fields.get("approvalId", ""))
            if fields["type"] == "heartbeat":
                self._room.tell(turn.client_id, turn.address(run.id, fields))
            else:
                self._push(turn, run.id, fields)
        if run.ended:
            self._tidy(turn)

    def _push(self, turn: Turn, run_id: str, fields: Fields) -> None:
        if fields["type"] in ("done", "error"):
            fields = {**fields, "turnEnded": turn.ended(self._clock())}
        self._room.push_chat(turn.client_id, turn.address(run_id, fields))

    # -- several runs, one turn

    def _approval(self, event: GatewayEvent) -> None:
        try:
            approval: _Approval = _approval.decode(event.payload)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return
        if event.event.endswith(".requested"):
            request = approval.request or _Approval.Request()
            turn = self._turns.of_run(request.runId) or self._turns.in_session(request.sessionKey)
            if turn is not None:
                turn.approvals.add(approval.id)
            return
        for turn in self._turns.waiting_for(approval.id):
            turn.answered(approval.id, self._clock())

    def _follow_up(self, event: GatewayEvent, run_id: str, session_key: str | None) -> Turn | None:
        """The turn that an unknown run continues: one that was put off, or whose approval was just answered."""
        turn = self._turns.put_off_in(session_key)
        if turn is not None and _begins(event):
            self._go_on(turn, run_id)
            return turn
        turn = self._turns.in_session(session_key)
        if turn is None or not turn.may_go_on(self._clock()):
            return None
        self._turns.go_on(turn, run_id)
        return turn

    def _go_on(self, turn: Turn, run_id: str) -> None:
        """Another run answers the message: the one that was to do it has nothing to say."""
        before = turn.open_runs
        turn.heard(self._clock())
        self._turns.go_on(turn, run_id)
        for run in before:
            self._push_all(turn, run, run.finish(""))

    def _watch(self, turn: Turn, run: Run, look_after_s: float) -> None:
        """Find out what becomes of a message that was put off: no event tells that it joined a run (C2)."""
        if run.put_off and not run.ended:
            turn.look_again_at = self._clock() + look_after_s

    def _tidy(self, turn: Turn) -> None:
        if not turn.ended(self._clock()):
            return
        self._turns.end(turn)
        if not self._turns:
            self._pool.unhold(self._room.owner, "chat")

    # -- time and loss

    def beat(self, now: float) -> None:
        """Once a second: heartbeats for silent runs, an end for turns nobody will continue."""
        for turn in self._turns:
            if turn.unsure_since is not None and now - turn.unsure_since > self._settings.rpc_timeout_s:
                self._give_up(turn)
            elif now >= turn.look_again_at:
                turn.look_again_at = inf
                for run in turn.open_runs:
                    self._look_up(turn, run)
            elif not turn.open_runs and not turn.approvals and turn.follow_up_until <= now:
                last = next(reversed(turn.runs))
                self._push(turn, last, {"type": "done"})
                self._tidy(turn)
            elif now - turn.touched_at >= self._settings.heartbeat_interval_s:
                turn.touched_at = now
                for run in turn.open_runs:
                    self._room.tell(turn.client_id, turn.address(run.id, {"type": "heartbeat"}))

    def gateway_back(self) -> None:
        """A new gateway connection is ready: ask how the open runs went meanwhile (C6)."""
        for turn in self._turns:
            if turn.unanswered:
                continue  # its message is still on the way: no history knows it yet
            for run in turn.open_runs:
                self._look_up(turn, run)

    def _look_up(self, turn: Turn, run: Run) -> None:
        """Ask the gateway's history how a run stands. What is heard of it meanwhile is told afterwards."""
        if run.holding:
            return
        run.hold()
        self._tasks.spawn(self._recover(turn, run), name=f"chat:{self._room.owner}:recover")

    async def _recover(self, turn: Turn, run: Run) -> None:
        try:
            history = await self._pool.call(
                self._room.owner,
                "chat.history",
                {"sessionKey": turn.session_key, "limit": _HISTORY_LIMIT},
                timeout_s=_LOOK_UP_TIMEOUT_S,
            )
            fate: Fate | None = fate_of(run.id, history)
        except (GatewayFault, GatewayError, msgspec.ValidationError) as error:
            log.info("chat.history_unavailable", owner=self._room.owner, error=str(error))
            fate = None
        self._catch_up(turn, run, fate)
        self._push_all(turn, run, run.release())
        self._watch(turn, run, _LOOK_AGAIN_S)

    def _catch_up(self, turn: Turn, run: Run, fate: Fate | None) -> None:
        match fate:
            case Going(text, events):
                for payload in events:
                    self._push_all(turn, run, run.agent(payload))
                self._push_all(turn, run, run.snapshot(text))
            case Ended(text, aborted, error_message):
                self._push_all(turn, run, run.finish(text, aborted=aborted, error=error_message))
            case _ if run.heard_meanwhile or run.ended:
                pass
            case Waiting():
                turn.heard(self._clock())
                turn.look_again_at = self._clock() + _LOOK_AGAIN_S
            case Continued(other, its_fate) if not run.begun and self._turns.of_run(other) is None:
                self._go_on(turn, other)
                self._catch_up(turn, turn.runs[other], its_fate)
            case Gone() | Continued() | Unknown(yet=False) if run.put_off:  # several were answered as one
                self._push_all(turn, run, run.finish(""))
            case Unknown() if run.put_off:
                turn.heard(self._clock())
            case Gone() | Continued():
                self._push_all(turn, run, run.lose(RunLost.default, RunLost.code))
            case Unknown() | None:
                now = self._clock()
                turn.unsure_since = turn.unsure_since or now
                turn.look_again_at = now + _LOOK_AGAIN_S

    def _give_up(self, turn: Turn) -> None:
        turn.approvals.clear()
        for run in turn.open_runs:
            self._push_all(turn, run, run.lose(RunLost.default, RunLost.code))

    @staticmethod
    def _idempotency_key(client_id: str, frame_id: str | None) -> str:
        if frame_id is None:
            return str(uuid.uuid4())
        return frame_id if len(frame_id) >= _SHORTEST_GLOBAL_ID else f"{client_id}:{frame_id}"


def _begins(event: GatewayEvent) -> bool:
    """Whether this is the first event of a run."""
    try:
        return event.event == "agent" and agent_payload.decode(event.payload).seq == 1
    except (msgspec.DecodeError, msgspec.ValidationError):
        return False
