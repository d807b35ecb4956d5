"""Wait for what a test expects, instead of sleeping."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 10.0


async def eventually(holds: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Return as soon as `holds()` is true."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while not holds():
        assert loop.time() < deadline, f"not true within {timeout_s} s"
        await asyncio.sleep(0.005)


async def settled(value: Callable[[], int], for_s: float = 0.1) -> int:
    """The value once it has not changed for a while: whatever was going to happen has."""
    loop = asyncio.get_running_loop()
    seen, since = value(), loop.time()
    while loop.time() - since < for_s:
        await asyncio.sleep(0.005)
        if value() != seen:
            seen, since = value(), loop.time()
    return seen
