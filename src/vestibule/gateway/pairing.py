"""Pair a route's device with its gateway, where the gateway does that by itself: over its own loopback.

Approves nothing from elsewhere: there it says which command to run on the gateway's host.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vestibule.errors import VestibuleError
from vestibule.gateway.dialer import DialFailed, dial
from vestibule.model import Route, RouteMode, Secret

if TYPE_CHECKING:
    from vestibule.gateway.ports import RouteSource
    from vestibule.settings import Settings

_NOTHING_TO_PAIR = "A trusted-proxy route needs no paired device."
_NO_TOKEN = (
    "The gateway let the door in and did not pair its device. Run the door, or the pairing, on the gateway's own host "
    "once; or run `openclaw devices list` and `openclaw devices approve <requestId>` there."
)
_NO_SHARED_TOKEN = "Put the gateway's shared token (`gateway.auth.token`) into the route: pairing needs it."


@dataclass(frozen=True, slots=True)
class Pairing:
    """How it went."""

    paired: bool
    device_token: Secret = field(default=Secret())
    """What the gateway gave the device; save it."""
    error: str | None = None
    remedy: str | None = None


async def pair(route: Route, settings: Settings) -> Pairing:
    """Introduce the route's device to its gateway the way the gateway's own command line would."""
    if route.mode is RouteMode.TRUSTED_PROXY:
        return Pairing(paired=False, remedy=_NOTHING_TO_PAIR)
    if not route.token:
        return Pairing(paired=False, error="The route has no shared token.", remedy=_NO_SHARED_TOKEN)
    try:
        dialed = await dial(
            replace(route, device_token=Secret()),
            timeout_s=settings.handshake_timeout_s,
            max_message_bytes=settings.max_message_bytes,
            pairing=True,
        )
    except DialFailed as failure:
        return Pairing(paired=False, error=failure.message, remedy=failure.remedy or None)
    dialed.socket.close(1000)
    if not dialed.device_token:
        return Pairing(paired=False, error="The gateway did not pair the device.", remedy=_NO_TOKEN)
    return Pairing(paired=True, device_token=dialed.device_token)


async def pair_owner(source: RouteSource, owner: str, settings: Settings) -> Pairing:
    """Pair an owner's device and keep its token. Raises NoGateway, GatewayStarting or what storing it raises."""
    pairing = await pair(await source.route(owner), settings)
    if pairing.paired:
        try:
            await source.save_device_token(owner, pairing.device_token)
        except VestibuleError as error:
            return replace(pairing, error="The device token could not be saved.", remedy=error.remedy)
    return pairing
