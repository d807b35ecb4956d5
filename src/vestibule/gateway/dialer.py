"""Open a greeted link to where a route points. The one place that dials (P15).

Says why it failed in terms of what to do next; never retries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from vestibule.gateway.link import Link, LinkLost, LinkRefused, Receiver
from vestibule.model import Route, RouteMode, Secret
from vestibule.protocol.handshake import Handshake, Welcome
from vestibule.protocol.refusals import Refused
from vestibule.settings import Settings
from vestibule.sockets.native import ConnectFailed, connect

_PUBLIC = {
    "timeout": "The gateway does not answer.",
    "refused": "The gateway does not listen.",
    "dns": "The gateway's name is not known.",
    "unreachable": "The gateway cannot be reached.",
    "tls": "The gateway's certificate is not trusted.",
    "pin": "The gateway's certificate is not the pinned one.",
    "http": "The gateway refuses WebSockets at the moment.",
    "upgrade": "What answers there is not a gateway.",
    "url": "The gateway's address cannot be read.",
    "lost": "The gateway hung up.",
}
_REMEDY = {
    "timeout": "Check that the gateway runs and that nothing in between drops packets.",
    "refused": "Start the gateway, or correct the route's host and port.",
    "dns": "Correct the host in the route's url.",
    "unreachable": "Check the network between the door and the gateway.",
    "tls": "Use a certificate the system trusts, or pin it with --tls-pin.",
    "pin": "If the gateway has a new certificate, pin that one.",
    "upgrade": "Correct the route's url: it must be the gateway's WebSocket address.",
    "url": "Write the route's url as ws://host:18789 or wss://host.",
}
_STARTING_STATUS = 503


class DialFailed(Exception):
    """No greeted link. `refused` is what is known; its texts are for everybody and for the operator."""

    def __init__(self, refused: Refused, *, detail: str = "") -> None:
        self.refused = refused
        self.detail = detail
        """For the log: may name addresses."""
        super().__init__(refused.code)


async def dial(
    route: Route,
    receiver: Receiver,
    settings: Settings,
    *,
    clock: Callable[[], float],
    pairing: bool = False,
    without_device_token: bool = False,
) -> tuple[Link, Welcome]:
    """Connect and shake hands within the setting `handshake_timeout_s`. Raises DialFailed."""
    if without_device_token:
        route = replace(route, device_token=Secret())
    link = Link(
        route.owner,
        receiver,
        Handshake.for_route(route, pairing=pairing),
        run_timeout_s=settings.run_timeout_s,
        clock=clock,
    )
    try:
        async with asyncio.timeout(settings.handshake_timeout_s):
            socket = await connect(
                route.url,
                link,
                headers=_headers(route),
                timeout_s=settings.handshake_timeout_s,
                max_message_bytes=settings.max_message_bytes,
                tls_pin=route.tls_pin,
            )
            link.opened(socket)
            welcome = await link.welcome
    except ConnectFailed as error:
        raise DialFailed(_unreachable(error), detail=str(error)) from error
    except LinkRefused as error:
        link.abort()
        if error.refused.device_token_rejected and not without_device_token and route.token:
            return await dial(route, receiver, settings, clock=clock, pairing=pairing, without_device_token=True)
        raise DialFailed(error.refused) from error
    except LinkLost as error:
        raise DialFailed(_failed("lost"), detail=str(error)) from error
    except TimeoutError as error:
        link.abort()
        raise DialFailed(_failed("timeout"), detail="no hello in time") from error
    except BaseException:
        link.abort()
        raise
    return link, welcome


def _headers(route: Route) -> dict[str, str]:
    if route.mode is not RouteMode.TRUSTED_PROXY:
        return {}
    # The gateway wants to see whom a proxy speaks for; for the door's own connection that is the door.
    return {route.identity_header: route.identity, "X-Forwarded-For": "192.0.2.1"}


def _unreachable(error: ConnectFailed) -> Refused:
    if error.kind == "http" and error.status == _STARTING_STATUS:
        return Refused("STARTING", "The gateway is starting.", retryable=True, starting=True)
    return _failed(error.kind)


def _failed(kind: str) -> Refused:
    return Refused(kind.upper(), _PUBLIC.get(kind, _PUBLIC["lost"]), remedy=_REMEDY.get(kind, ""), retryable=True)
