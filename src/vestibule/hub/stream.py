"""The owner's stream: numbered pushed frames, and a tail of them for clients that come back.

Knows nothing of clients or sockets: callers pass `now`. A partial recovery does not exist: either
every frame since an offset is still here, or the answer is None and the client reloads.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.hub.audience import Audience


class Increment(Struct, frozen=True, gc=False):
    """A piece of an answer's text or thinking that may be joined with its neighbour of the same run."""

    kind: str
    run_id: str
    content: str
    encode: Callable[[str, int], bytes]
    """(content, offset) -> head: builds the joined frame."""

    def joins(self, other: Increment | None) -> bool:
        """Whether `other`, coming right after this, can be one frame with it."""
        return other is not None and (self.kind, self.run_id) == (other.kind, other.run_id)


class Pushed(Struct, frozen=True, gc=False):
    """A frame of the stream, complete but for its last field `seq`, which each client counts itself.

    A tail keeps thousands of them: `gc=False` spares the garbage collector looking at each, again and again.
    """

    offset: int
    head: bytes
    audience: Audience
    increment: Increment | None = None
    for_others: bytes = b""
    """Not empty: what everybody but admins gets as head, without paths and names of the host."""
    latest: str = ""
    """Not empty: a later frame of the same name makes this one worthless (health, presence, tick)."""


class _Kept(Struct, frozen=True, gc=False):
    at: float
    pushed: Pushed


class Stream:
    """Positions in an owner's stream, and the tail, bounded by bytes and by age."""

    def __init__(self, epoch: str, *, tail_bytes: int, tail_age_s: float) -> None:
        self.epoch = epoch
        self.offset = 0
        """Position of the newest frame."""
        self._tail: deque[_Kept] = deque()
        self._floor = 0
        """The newest position that is no longer in the tail."""
        self._bytes = 0
        self._tail_bytes = tail_bytes
        self._tail_age_s = tail_age_s

    def advance(self) -> int:
        """The next position."""
        self.offset += 1
        return self.offset

    def keep(self, pushed: Pushed, now: float) -> None:
        """Add to the tail the frame of the position just given by `advance`; the oldest give way."""
        self._tail.append(_Kept(now, pushed))
        self._bytes += len(pushed.head)
        self.trim(now)

    def trim(self, now: float) -> None:
        """Drop from the tail what is too old or too much."""
        oldest = now - self._tail_age_s
        while self._tail and (self._bytes > self._tail_bytes or self._tail[0].at < oldest):
            gone = self._tail.popleft().pushed
            self._bytes -= len(gone.head)
            self._floor = gone.offset

    def since(self, offset: int, now: float) -> list[Pushed] | None:
        """Every frame after `offset` in order, or None when some of them are gone."""
        self.trim(now)
        if not self._floor <= offset <= self.offset:
            return None
        return [kept.pushed for kept in self._tail if kept.pushed.offset > offset]

    @property
    def tail_bytes(self) -> int:
        """Bytes the tail holds."""
        return self._bytes
