"""The iterator behind `door.events()`."""

from __future__ import annotations

from fnmatch import fnmatchcase

from vestibule.client.frames import Event, Resync
from vestibule.client.mailbox import Mailbox

LIMIT = 10_000
"""Events kept for one slow iterator; beyond it they are replaced by one `Resync`."""


class Events:
    """Events whose name matches a pattern, from the moment `door.events()` was called."""

    def __init__(self, pattern: str = "*", *, limit: int = LIMIT) -> None:
        self._pattern = pattern
        self._mailbox: Mailbox[Event] = Mailbox(limit, when_full=_too_slow)

    def __aiter__(self) -> Events:
        return self

    async def __anext__(self) -> Event:
        return await self._mailbox.take()

    async def aclose(self) -> None:
        """Stop listening."""
        self._mailbox.close()

    def offer(self, event: Event) -> None:
        """Called by the door with every event."""
        if isinstance(event, Resync) or fnmatchcase(event.event, self._pattern):
            self._mailbox.put(event)

    def end(self, error: Exception | None) -> None:
        """Called by the door when it ends."""
        self._mailbox.close(error)


def _too_slow() -> Event:
    return Resync(payload={"reason": "This iterator was too slow; events were dropped."})
