"""One user turn of a chat: the iterator behind `door.chat()`.

A turn is one message and every run it causes; it ends with its last run, or with one `ChatError`.
Knows nothing of sockets: the door hands it frames and sends what it says.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from vestibule.client.errors import CallError, ClientCode
from vestibule.client.frames import ChatError, ChatEvent, Chunk, Done, Frame, Resync, Thinking, chat_event, text
from vestibule.client.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LIMIT = 2_000
"""Chat events kept for one slow iterator, after joining text; beyond it they are replaced by one `Resync`."""


class Turn:
    """Chat events of one message, in order, until the turn has ended.

    Abandoning it (leaving the loop) does not stop the run: that is what `abort` is for.
    """

    def __init__(
        self,
        turn_id: str,
        agent: str,
        message: bytes,
        *,
        abort: Callable[[Turn], Awaitable[None]],
        silence_timeout_s: float,
    ) -> None:
        self.id = turn_id
        """Made here; the idempotency key of the message and the id of its first run."""
        self.agent = agent
        self.message = message
        """The encoded `agent_chat`."""
        self.runs = {turn_id}
        """Every run of this turn heard of so far."""
        self.sent = False
        self.heard = False
        self._anew = False
        self._abort = abort
        self._silence_timeout_s = silence_timeout_s
        self._mailbox: Mailbox[ChatEvent] = Mailbox(LIMIT, when_full=_too_slow, join=_joined)

    def __aiter__(self) -> Turn:
        return self

    async def __anext__(self) -> ChatEvent:
        try:
            async with asyncio.timeout(self._silence_timeout_s):
                return await self._mailbox.take()
        except TimeoutError:
            # Connected, heartbeats come; offline this long, the door no longer has what was missed.
            self.fail(ClientCode.SILENT, "Nothing was heard of this answer for too long. Reload the conversation.")
            return await self._mailbox.take()

    async def text(self) -> str:
        """The whole answer. Raises `CallError` if the turn fails or some of it was lost."""
        pieces: dict[str, list[str]] = {}
        lost: Resync | None = None
        async for event in self:
            match event:
                case Chunk():
                    if event.replace:
                        pieces[event.run_id], lost = [], None
                    pieces.setdefault(event.run_id, []).append(event.content)
                case ChatError():
                    raise CallError(
                        event.code,
                        event.message,
                        details=event.details,
                        retryable=event.retryable,
                        may_have_run=event.may_have_run,
                    )
                case Resync():
                    lost = event
                case _:
                    pass
        if lost is not None:
            raise CallError("RUN_LOST", f"Some of this answer was lost: {lost.reason}", may_have_run=True)
        return "".join("".join(run) for run in pieces.values())

    async def abort(self) -> None:
        """Stop the run; its `Done` still comes."""
        await self._abort(self)

    async def aclose(self) -> None:
        """Stop listening; the run goes on."""
        self._mailbox.close()

    @property
    def ended(self) -> bool:
        """Whether the last event of the turn has been received."""
        return self._mailbox.closed

    # called by the door

    def concerns(self, frame: Frame) -> bool:
        """Whether a chat frame belongs to this turn."""
        return text(frame, "runId") in self.runs or frame.get("turnId") == self.id or frame.get("id") == self.id

    def receive(self, frame: Frame) -> None:
        """Take a chat frame that belongs to this turn."""
        event = chat_event(frame)
        if event is None:
            return
        self.heard = True
        if self._anew and isinstance(event, Chunk):
            self._anew = False
            event = replace(event, replace=True, raw={**event.raw, "replace": True})
        if run_id := text(frame, "runId"):
            self.runs.add(run_id)
        self._mailbox.put(event)
        if isinstance(event, (ChatError, Done)) and frame.get("turnEnded") is not False:
            self._mailbox.close()

    def resync(self, resync: Resync, *, anew: bool) -> None:
        """Frames of this turn may be missing. `anew`: whatever comes next is told from the start."""
        self.heard = False
        self._anew = anew
        self._mailbox.put(resync)

    def aborted_unsent(self) -> None:
        """End a turn whose message never left."""
        self._mailbox.put(Done(aborted=True, run_id=self.id))
        self._mailbox.close()

    def fail(self, code: str, message: str, *, retryable: bool = False) -> None:
        """End the turn with an error made here."""
        self._mailbox.put(ChatError(message, code, retryable, self.sent, run_id=self.id, agent=self.agent))
        self._mailbox.close()


def _too_slow() -> ChatEvent:
    return Resync(payload={"reason": "This iterator was too slow; some of the answer was dropped."})


def _joined(items: list[ChatEvent]) -> list[ChatEvent]:
    """The same text in fewer pieces: neighbouring chunks, and neighbouring thinking, of a run."""
    result: list[ChatEvent] = []
    pieces: list[str] = []
    head: Chunk | Thinking | None = None

    def end() -> None:
        if head is not None:
            result.append(head if len(pieces) == 1 else replace(head, content="".join(pieces), raw={}))

    for item in items:
        if isinstance(item, (Chunk, Thinking)):
            anew = isinstance(item, Chunk) and item.replace
            if head is None or anew or type(item) is not type(head) or item.run_id != head.run_id:
                end()
                head, pieces = item, []
            pieces.append(item.content)
        else:
            end()
            head, pieces = None, []
            result.append(item)
    end()
    return result
