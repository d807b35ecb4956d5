"""directory/health.py: the storage is asked, seldom, and not for long."""

from __future__ import annotations

import asyncio

from vestibule.directory.health import StorageHealth
from vestibule.errors import StorageFault


class Storage:
    """Something that can be asked, and how often it was."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False
        self.now_s = 0.0

    async def ask(self) -> None:
        self.asked += 1
        if self.away:
            raise StorageFault()

    def clock(self) -> float:
        return self.now_s


async def test_it_is_asked_once_a_second_whoever_wants_to_know() -> None:
    """A probe from every load balancer costs one look at the storage; a change is seen with the next."""
    storage = Storage()
    health = StorageHealth(storage.ask, ttl_s=1.0, clock=storage.clock)
    assert await asyncio.gather(*(health.well() for _ in range(20))) == [True] * 20
    assert storage.asked == 1
    storage.away = True
    assert await health.well() is True
    storage.now_s += 1.0
    assert await health.well() is False
    storage.away = False
    storage.now_s += 1.0
    assert await health.well() is True
    assert storage.asked == 3


async def test_a_storage_that_hangs_is_not_well() -> None:
    """P2: whoever asks is answered, though the storage never is."""
    health = StorageHealth(asyncio.Event().wait, timeout_s=0.01)
    assert await health.well() is False
