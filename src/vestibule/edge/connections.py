"""All client sockets of this process: how many, and the way to end them together.

Decides nothing about a single one of them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

log = get_logger(__name__)


class Closable(Protocol):
    """A client's socket, as far as ending it goes."""

    def close(self, code: int, reason: str) -> None:
        """As in `ClientTransport`."""


class Connections:
    """Every socket from its upgrade until its connection is gone, admitted or not."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: set[Closable] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._turned_away: tuple[int, str | Callable[[], str]] | None = None
        self.tasks = Tasks(lambda name, error: log.error("client.task_failed", task=name, exc_info=error))
        """Admissions under way."""

    @property
    def count(self) -> int:
        """Sockets open now."""
        return len(self._open)

    @property
    def full(self) -> bool:
        """Whether the bound is reached."""
        return len(self._open) >= self._limit

    @property
    def draining(self) -> tuple[int, str] | None:
        """Code and reason for those who come while the door closes; None while it is open."""
        if self._turned_away is None:
            return None
        code, reason = self._turned_away
        return code, reason if isinstance(reason, str) else reason()

    def add(self, socket: Closable) -> None:
        """A socket was upgraded."""
        self._open.add(socket)
        self._empty.clear()

    def discard(self, socket: Closable) -> None:
        """Its connection is gone."""
        self._open.discard(socket)
        if not self._open:
            self._empty.set()

    def close_all(self, code: int, reason: str | Callable[[], str]) -> None:
        """End all sockets that are open now. A function gives each its own reason (a hint when to come back)."""
        for socket in list(self._open):
            socket.close(code, reason if isinstance(reason, str) else reason())

    def drain(self, code: int, reason: str | Callable[[], str]) -> None:
        """End all sockets, and turn away those who still come."""
        self._turned_away = (code, reason)
        self.close_all(code, reason)

    async def wait_empty(self, timeout_s: float) -> bool:
        """Whether the last socket was gone in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True
