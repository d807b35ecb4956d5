"""Decide whether a view of memory may be handed to a transport.

A plain transport (asyncio from 3.12 on, uvloop) keeps a view until the kernel takes it, while its owner reuses the
memory: large messages arrived corrupted. aiofastnet sends at once and copies what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiofastnet

if TYPE_CHECKING:
    import asyncio


def lasting(data: bytes | memoryview, transport: asyncio.Transport) -> bytes | memoryview:
    """`data` as it may go to `transport`: a view goes to an aiofastnet transport or nowhere."""
    if isinstance(data, bytes) or isinstance(transport, aiofastnet.Transport):
        return data
    return bytes(data)
