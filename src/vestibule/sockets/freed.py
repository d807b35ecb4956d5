"""Give memory back to the system after large messages: glibc keeps freed memory that lies below something in use.

Does nothing where the C library has no `malloc_trim` (macOS, musl).
"""

from __future__ import annotations

import asyncio
import ctypes
from weakref import WeakSet

DELAY_S = 5.0
"""Buffers are let go of one by one, as their sockets are pinged: one trim for all of these seconds. It holds the loop,
some 0.1 ms for each MiB that goes back."""

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
_due: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def trim_soon() -> None:
    """Something large was let go of. Called on the loop, any number of times."""
    loop = asyncio.get_running_loop()
    if _trim is not None and loop not in _due:
        _due.add(loop)
        loop.call_later(DELAY_S, _hand_back, loop)


def _hand_back(loop: asyncio.AbstractEventLoop) -> None:
    _due.discard(loop)
    if _trim is not None:
        _trim(0)
