"""One moment by which everything has to have ended, shared by all who have something to end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Deadline:
    """Time that is spent once: every stage asks what is left, so stages in a row cannot exceed the whole."""

    def __init__(self, within_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.within_s = within_s
        self._clock = clock
        self._at: float | None = None

    def begin(self) -> None:
        """The time runs from now. Beginning again changes nothing."""
        if self._at is None:
            self._at = self._clock() + self.within_s

    @property
    def spent_s(self) -> float:
        """How long it has been running."""
        return 0.0 if self._at is None else self._clock() - self._at + self.within_s

    @property
    def left_s(self) -> float:
        """What is left; never negative."""
        return max(0.0, self.within_s - self.spent_s)

    def until_s(self, share: float) -> float:
        """What is left until this share of the whole is spent: what earlier stages saved is this one's."""
        return max(0.0, share * self.within_s - self.spent_s)

    def part_s(self, share: float) -> float:
        """This share of what is left."""
        return share * self.left_s
