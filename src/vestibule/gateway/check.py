"""Try a route once: is the gateway there, does it let us in, and if not, what helps.

Uses a connection of its own and leaves the live one alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from vestibule.gateway.dialer import DialFailed, dial
from vestibule.gateway.link import Link
from vestibule.model import Route, Secret
from vestibule.protocol.frames import GatewayEvent
from vestibule.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one trial connection found."""

    ok: bool
    state: str
    """`ready`, `starting`, or the code of the refusal in lower case."""
    version: str | None = None
    protocol: int | None = None
    took_ms: int = 0
    error: str | None = None
    remedy: str | None = None


class _Deaf:
    """Hears nothing of what a trial connection brings."""

    def link_event(self, link: Link, event: GatewayEvent) -> None: ...

    def link_flush(self, link: Link) -> None: ...

    def link_closed(self, link: Link, code: int, reason: str) -> None: ...


async def check(route: Route, settings: Settings) -> CheckResult:
    """Dial once and hang up."""
    clock = asyncio.get_running_loop().time
    started = clock()
    try:
        link, welcome = await dial(route, _Deaf(), settings, clock=clock)
    except DialFailed as error:
        refused = error.refused
        return CheckResult(
            ok=False,
            state="starting" if refused.starting else refused.code.lower(),
            took_ms=int((clock() - started) * 1_000),
            error=refused.message,
            remedy=refused.remedy or None,
        )
    link.close()
    hello = welcome.hello
    took_ms = int((clock() - started) * 1_000)
    return CheckResult(ok=True, state="ready", version=hello.version, protocol=hello.protocol, took_ms=took_ms)


async def pair(route: Route, settings: Settings) -> Secret:
    """Have the route's device paired, which a gateway does by itself over loopback. Returns the device token.

    Raises DialFailed where the gateway refuses; the token is empty where it lets us in without pairing.
    """
    link, welcome = await dial(
        route, _Deaf(), settings, clock=asyncio.get_running_loop().time, pairing=True, without_device_token=True
    )
    link.close()
    return Secret(welcome.device_token or "")
