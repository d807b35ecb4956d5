"""The event loop: aiofastnet transports over uvloop where it installs, over asyncio elsewhere.

Refuses nothing: without either library the loop is asyncio's own, and views are copied before they are sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def loop_factory() -> LoopFactory:
    """A factory for `asyncio.Runner(loop_factory=...)`."""
    try:
        import uvloop
    except ImportError:  # Windows, or no wheel for this platform
        return patched(asyncio.new_event_loop)
    return patched(uvloop.new_event_loop)


def patched(base: LoopFactory) -> LoopFactory:
    """`base` with aiofastnet's transports, which send a view at once and copy what is left of it."""
    try:
        import aiofastnet
    except ImportError:
        return base
    return aiofastnet.loop_factory(base)
