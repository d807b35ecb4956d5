"""What the door's frames mean: whose answer, whose chat, which event, and what was missed.

Knows nothing of sockets beyond the `Link` it speaks on while there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections import deque
from typing import TYPE_CHECKING

from vestibule.client import frames
from vestibule.client.calls import Calls
from vestibule.client.errors import CallError, ClientCode, DoorClosed
from vestibule.client.frames import Event, Frame, GatewayStatus, Hello, Resync, whole
from vestibule.client.position import Position, Verdict
from vestibule.protocol.codes import CloseCode

if TYPE_CHECKING:
    from vestibule.client.events import Events
    from vestibule.client.link import Link
    from vestibule.client.turn import Turn

MAX_UNSENT = 256
"""Chat messages that may wait for the connection; one more fails at once."""
_CHAT_TYPES = frozenset({"chunk", "thinking", "tool_start", "tool_end", "tool_error", "done", "heartbeat"})


class Inbox:
    """Everybody who waits for frames of one door. Iterators nobody holds any more cost nothing."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.hello: Hello | None = None
        self.status = GatewayStatus("connecting")
        self._position = Position()
        self._turns: weakref.WeakValueDictionary[str, Turn] = weakref.WeakValueDictionary()
        self._unsent: deque[Turn] = deque()
        self._something_to_say = asyncio.Event()
        self._iterators: weakref.WeakSet[Events] = weakref.WeakSet()
        self._closed: DoorClosed | None = None

    # who waits

    def listen(self, iterator: Events) -> None:
        """Offer every event to an iterator from now on."""
        self._iterators.add(iterator)
        if self._closed is not None:
            iterator.end(_unless_ours(self._closed))

    def say(self, turn: Turn) -> None:
        """Send a turn's message as soon as possible."""
        if self._closed is not None:
            turn.fail(ClientCode.CLOSED, self._closed.reason)
            return
        if len(self._unsent) >= MAX_UNSENT:
            turn.fail(ClientCode.QUEUE_FULL, f"{MAX_UNSENT} messages wait for the connection already.", retryable=True)
            return
        self._turns[turn.id] = turn
        self._queue(turn)

    def take_back(self, turn: Turn) -> None:
        """Do not send a turn's message after all."""
        with contextlib.suppress(ValueError):
            self._unsent.remove(turn)

    # what the connection tells (connection.Owner)

    def resume_from(self) -> tuple[str, int] | None:
        """Where the stream was left."""
        return self._position.resume

    def greeted(self, greeting: Hello) -> None:
        """A new socket is open, or the door starts the stream anew on this one."""
        self.hello = greeting
        self.status = greeting.gateway
        recovered = self._position.greeted(greeting.epoch, greeting.offset, recovered=greeting.recovered)
        if not recovered:
            self._resync(Resync(payload={"reason": "The door no longer has what was missed."}), anew=True)
            return
        for turn in self._open_turns():
            if not turn.heard:
                self._queue(turn)  # it may never have arrived; its id makes sending it again safe

    def receive(self, frame: Frame) -> None:
        """A frame came. What is unknown is ignored."""
        kind = frame.get("type")
        if kind == "res":
            self.calls.answer(frame)
            return
        match self._position.take(whole(frame, "seq"), whole(frame, "offset")):
            case Verdict.SEEN:
                return
            case Verdict.GAP:
                self._resync(Resync(payload={"reason": "Frames are missing."}))
            case Verdict.NEW:
                pass
        if kind == "event":
            event = frames.event(frame)
            if isinstance(event, Resync):
                self._resync(event)
            elif event is not None:
                self._tell(event)
        elif kind in _CHAT_TYPES:
            self._to_turn(frame)
        elif kind == "error":
            self._error(frame)
        elif kind == "status":
            self.status = frames.status(frame)
            self._tell(Event("door.status", {name: value for name, value in frame.items() if name != "type"}))
        elif kind == "hello":
            self.greeted(frames.hello(frame))

    async def speak(self, link: Link) -> None:
        """Send the messages that wait, in order, until cancelled."""
        while True:
            while self._unsent:
                turn = self._unsent[0]
                sent, turn.sent = turn.sent, True
                try:
                    await link.send(turn.message)
                except CallError as refused:
                    turn.sent = sent
                    turn.fail(refused.code, refused.message)
                # Only now: lost on the way it stays first in line, and its id makes sending it again safe.
                self.take_back(turn)
                del turn  # or an abandoned turn would live until the next one
            self._something_to_say.clear()
            await self._something_to_say.wait()

    def lost(self) -> None:
        """The socket is gone. Calls in flight are never repeated; turns wait for the next socket."""
        self.calls.fail_all(ClientCode.CONNECTION_LOST, "The connection was lost before the answer came.")

    def ended(self, closed: DoorClosed) -> None:
        """There will be no other socket: tell everybody who waits."""
        self._closed = closed
        self.calls.fail_all(ClientCode.CLOSED, closed.reason)
        for turn in list(self._turns.values()):
            turn.fail(ClientCode.CLOSED, closed.reason)
        self._unsent.clear()
        for iterator in list(self._iterators):
            iterator.end(_unless_ours(closed))

    # inside

    def _open_turns(self) -> list[Turn]:
        return [turn for turn in list(self._turns.values()) if turn.sent and not turn.ended]

    def _queue(self, turn: Turn) -> None:
        if turn not in self._unsent:
            self._unsent.append(turn)
        self._something_to_say.set()

    def _to_turn(self, frame: Frame) -> bool:
        for turn in self._open_turns():
            if turn.concerns(frame):
                turn.receive(frame)
                return True
        return False

    def _error(self, frame: Frame) -> None:
        """C8: an error is a turn's, a call's, or a notice."""
        # With only a run in it, it answers an abort: the run itself goes on.
        mine = ("id" in frame or "turnEnded" in frame) and self._to_turn(frame)
        if not mine and not self.calls.answer({"id": frame.get("id"), "ok": False, "error": frame}):
            self._tell(Event("door.error", {name: value for name, value in frame.items() if name != "type"}))

    def _resync(self, resync: Resync, *, anew: bool = False) -> None:
        """Something is missing. Sending a turn's message again makes the door tell it from the start."""
        for turn in self._open_turns():
            turn.resync(resync, anew=anew)
            self._queue(turn)
        self._tell(resync)

    def _tell(self, event: Event) -> None:
        for iterator in list(self._iterators):
            iterator.offer(event)


def _unless_ours(closed: DoorClosed) -> DoorClosed | None:
    """What an iterator ends with: quietly if it was this side that closed."""
    return None if closed.code == CloseCode.NORMAL else closed
