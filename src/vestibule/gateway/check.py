"""Dial a gateway once and say how it is: for `gateway check` and `doctor`.

Leaves nothing behind: no connection, no retry, no pairing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vestibule.gateway.dialer import DialFailed, dial
from vestibule.model import GatewayState, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a dial found. For whoever runs the door: `detail` may name addresses."""

    ok: bool
    state: GatewayState
    took_ms: int
    version: str | None = None
    protocol: int | None = None
    error: str | None = None
    remedy: str | None = None
    detail: str | None = None


async def check(route: Route, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> CheckResult:
    """Connect, greet, say goodbye."""
    started = clock()

    def took_ms() -> int:
        return int((clock() - started) * 1_000)

    try:
        dialed = await dial(route, timeout_s=settings.handshake_timeout_s, max_message_bytes=settings.max_message_bytes)
    except DialFailed as failure:
        return CheckResult(
            ok=False,
            state=GatewayState.STARTING if failure.starting else GatewayState.DOWN,
            took_ms=took_ms(),
            error=failure.message,
            remedy=failure.remedy or None,
            detail=failure.detail or None,
        )
    dialed.socket.close(1000)
    return CheckResult(
        ok=True,
        state=GatewayState.READY,
        took_ms=took_ms(),
        version=dialed.hello.version,
        protocol=dialed.hello.protocol,
    )
