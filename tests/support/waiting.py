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
