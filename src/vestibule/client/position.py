"""Where this client is in the owner's stream, and which pushed frames it has seen already.

Pure: frames' numbers in, verdicts out.
"""

from __future__ import annotations

from enum import Enum, auto


class Verdict(Enum):
    """What to do with a pushed frame."""

    NEW = auto()
    SEEN = auto()
    """A repetition: drop it."""
    GAP = auto()
    """New, but something before it is missing."""


class Position:
    """The stream's epoch and the offset of the last frame taken from it."""

    def __init__(self) -> None:
        self.epoch = ""
        self.offset = 0
        self._seq = 0

    @property
    def resume(self) -> tuple[str, int] | None:
        """What to ask a new socket for; None before the first `hello`."""
        return (self.epoch, self.offset) if self.epoch else None

    def greeted(self, epoch: str, offset: int, *, recovered: bool) -> bool:
        """Take a `hello`. Whether the stream goes on where it was (always so for the first one)."""
        first = not self.epoch
        self._seq = 0
        if not first and recovered and epoch == self.epoch:
            return True  # the missed frames follow: the offset stays where it is until they come
        self.epoch, self.offset = epoch, offset
        return first

    def take(self, seq: int | None, offset: int | None) -> Verdict:
        """Take a pushed frame's numbers; frames without them are always new."""
        gap = seq is not None and seq > self._seq + 1
        if seq is not None:
            self._seq = max(self._seq, seq)
        if offset is not None:
            if offset <= self.offset:
                return Verdict.SEEN
            self.offset = offset
        return Verdict.GAP if gap else Verdict.NEW
