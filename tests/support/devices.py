"""Devices of other people: they sign their way to a real gateway, as a phone or a node host does."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from vestibule.protocol.device import DeviceIdentity, signature_payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from support.openclaw import RealGateway

PLATFORM, FAMILY = "linux", "Linux"


@dataclass
class Device:
    """Its key, and what it says of itself."""

    name: str
    client: str = "gateway-client"
    mode: str = "ui"
    role: str = "operator"
    scopes: tuple[str, ...] = ("operator.read",)
    more: dict[str, Any] = field(default_factory=dict)
    """What else it says when it connects."""
    key: DeviceIdentity = field(default_factory=DeviceIdentity.generate)

    @property
    def id(self) -> str:
        return self.key.id

    @contextlib.asynccontextmanager
    async def connected(
        self, gateway: RealGateway, *, token: str | None = None, from_a_page: bool = False
    ) -> AsyncIterator[tuple[ClientConnection, dict[str, Any]]]:
        """The socket, and what the gateway answered to `connect`; `token` is one of the device's own.

        On loopback everybody with the gateway's token is paired at once, but for who comes from a page.
        """
        origin = Origin(gateway.url.replace("ws", "http", 1)) if from_a_page else None
        async with connect(gateway.url, proxy=None, max_size=None, origin=origin) as socket:
            challenge = json.loads(await socket.recv())["payload"]
            params = self._introduction(challenge, gateway.token if token is None else token)
            params["auth"] = {"token": gateway.token} if token is None else {"deviceToken": token}
            await socket.send(json.dumps({"type": "req", "id": "1", "method": "connect", "params": params}))
            while (answer := json.loads(await socket.recv())).get("id") != "1":
                pass
            yield socket, answer

    def _introduction(self, challenge: dict[str, Any], token: str) -> dict[str, Any]:
        signature = self.key.sign(
            signature_payload(
                device_id=self.id,
                client_id=self.client,
                client_mode=self.mode,
                role=self.role,
                scopes=self.scopes,
                signed_at=challenge["ts"],
                token=token,
                nonce=challenge["nonce"],
                platform=PLATFORM,
                device_family=FAMILY,
            )
        )
        return {
            "minProtocol": 3,
            "maxProtocol": 4,
            "client": {
                "id": self.client,
                "displayName": self.name,
                "version": "1.0.0",
                "platform": PLATFORM,
                "deviceFamily": FAMILY,
                "mode": self.mode,
            },
            "role": self.role,
            "scopes": list(self.scopes),
            "device": {
                "id": self.id,
                "publicKey": self.key.public_key,
                "signature": signature,
                "signedAt": challenge["ts"],
                "nonce": challenge["nonce"],
            },
            **self.more,
        }
