"""One timer that pings every socket of the process, spread over the interval.

Knows only that a socket can take its turn; what an unanswered ping means is the socket's business.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

SPOKES = 16
"""A turn pings a sixteenth of all sockets: no burst of 15,000 pings."""


class Pinged(Protocol):
    """A socket on the wheel."""

    def ping_turn(self) -> None:
        """An interval has passed since the last turn (less, the first time)."""


class PingWheel:
    """Turns while it carries sockets and stands still otherwise."""

    def __init__(self, interval_s: float) -> None:
        self._step_s = interval_s / SPOKES
        self._spokes: list[set[Pinged]] = [set() for _ in range(SPOKES)]
        self._place: dict[Pinged, int] = {}
        self._now = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._place)

    def add(self, socket: Pinged) -> None:
        """Give `socket` its turns; the first one after nearly a whole interval."""
        spoke = (self._now - 1) % SPOKES
        self._place[socket] = spoke
        self._spokes[spoke].add(socket)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._step_s, self._turn)

    def discard(self, socket: Pinged) -> None:
        """Take `socket` off."""
        spoke = self._place.pop(socket, None)
        if spoke is not None:
            self._spokes[spoke].discard(socket)
        if not self._place and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._step_s, self._turn)
        spoke = self._spokes[self._now]
        self._now = (self._now + 1) % SPOKES
        for socket in list(spoke):
            socket.ping_turn()
