"""Does the storage answer? Asked at most once a second, however many want to know.

Says nothing about why: that is in the log.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from vestibule.errors import StorageFault
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = get_logger(__name__)

NOBODY = ("",)
"""Ids of members that do not exist: asking for them is the cheapest way to have the storage read something."""


class StorageHealth:
    """Whether the storage answered when it was last asked."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[object]],
        *,
        ttl_s: float = 1.0,
        timeout_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._ttl_s = ttl_s
        self._timeout_s = timeout_s
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known_until = -1.0
        self._well = True

    async def well(self) -> bool:
        """Ask, unless it was asked a moment ago."""
        async with self._asking:
            if self._clock() >= self._known_until:
                was, self._well = self._well, await self._answers()
                self._known_until = self._clock() + self._ttl_s
                if was != self._well:
                    log.warning("storage.back" if self._well else "storage.away")
            return self._well

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._ask()
        except (StorageFault, TimeoutError):
            return False
        return True
