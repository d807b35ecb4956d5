"""The whole road with a real OpenClaw at its end: a replica, clients on real sockets, and a tap on all they hear."""

from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING, Any, Self

from road.kit import Road, Tab
from vestibule.client import Door
from vestibule.client.backoff import Backoff
from vestibule.model import Role, Route, Secret
from vestibule.testing.proxy import Direction, FaultProxy

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator
    from pathlib import Path

    from support.openclaw import RealGateway
    from vestibule.testing.proxy import _Link

OWNER = "ada"
PATIENCE_S = 60.0
"""The first turn of a gateway takes 3-8 s when the machine has nothing else to do."""


class Tap(FaultProxy):
    """A proxy that remembers every byte that went to the clients. Frames from the door are not masked."""

    heard = b""

    async def _forward(self, link: _Link, direction: Direction, data: bytes, writer: asyncio.StreamWriter) -> None:
        if direction is Direction.DOWN:
            self.heard += data
        await super()._forward(link, direction, data, writer)


class RealRoad(Road):
    """One replica whose owner `ada` has a real gateway; every client comes through the tap."""

    def __init__(self, home: Path, gateway: RealGateway, *, url: str | None = None, **wanted: Any) -> None:
        super().__init__(
            home, **{"rpc_timeout_s": PATIENCE_S, "reconnect_base_s": 0.1, "reconnect_cap_s": 1.0, **wanted}
        )
        self.gateway = gateway
        self._gateway_url = url or gateway.url
        self.tap: Tap

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.tap = Tap(self.replica.ws_url)
        await self._ends.enter_async_context(self.tap)
        await self.route_to(self._gateway_url)
        await self.members(OWNER, (OWNER, Role.ADMIN))
        return self

    @property
    def url(self) -> str:
        return self.tap.url

    async def route_to(self, url: str) -> None:
        """Where the gateway is, as seen from the door."""
        await self.replica.directory.put_route(Route(OWNER, url, token=Secret(self.gateway.token)))

    async def secrets(self) -> list[bytes]:
        """What must stay on this side: the gateway's token, the device's seed and token."""
        route = await self.replica.directory.route(OWNER)
        assert route is not None
        return [secret.reveal().encode() for secret in (route.token, route.device_seed, route.device_token) if secret]

    async def knock(self, query: str = "", **wanted: Any) -> Tab:
        tab = await super().knock(query, **wanted)
        tab.patience_s = PATIENCE_S
        return tab

    async def door(self, member: str = OWNER) -> Door:
        return Door(
            self.url, await self.token(member), open_timeout_s=PATIENCE_S, backoff=Backoff(base_s=0.01, cap_s=0.05)
        )


@contextlib.asynccontextmanager
async def real_road(home: Path, gateway: RealGateway, **wanted: Any) -> AsyncIterator[RealRoad]:
    """A road for one test, and S1 for all that its clients heard on it."""
    async with RealRoad(home, gateway, **wanted) as road:
        yield road
        secrets = await road.secrets()
    assert len(secrets) >= 2
    assert not [secret for secret in secrets if secret in road.tap.heard], "S1: a secret of the gateway's went down"


def new_session() -> str:
    """A session of the test's own."""
    return f"agent:main:{uuid.uuid4()}"


def said(history: dict[str, Any]) -> list[str]:
    """What the agent said in a session, message by message."""
    return [text(message) for message in history["messages"] if message["role"] == "assistant" and text(message)]


def text(message: dict[str, Any]) -> str:
    """The text of a transcript's message."""
    return "".join(block["text"] for block in message["content"] if block["type"] == "text")
