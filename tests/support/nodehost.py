"""A node host in miniature: a device that connects to a real gateway with the role `node`, and waits to be let in."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from vestibule.protocol.device import DeviceIdentity, signature_payload
from vestibule.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from support.openclaw import RealGateway

CLIENT, PLATFORM, FAMILY = "node-host", "linux", "Linux"
COMMANDS = ["system.run", "system.which"]


@contextlib.asynccontextmanager
async def node_host(gateway: RealGateway, name: str) -> AsyncIterator[str]:
    """Connected while the block runs; yields its node id. Once approved, its commands answer what they were asked."""
    device = DeviceIdentity.generate()
    async with connect(gateway.url, proxy=None, max_size=None) as socket:
        challenge = json.loads(await socket.recv())["payload"]
        signature = device.sign(
            signature_payload(
                device_id=device.id,
                client_id=CLIENT,
                client_mode="node",
                role="node",
                scopes=(),
                signed_at=challenge["ts"],
                token=gateway.token,
                nonce=challenge["nonce"],
                platform=PLATFORM,
                device_family=FAMILY,
            )
        )
        params = {
            "minProtocol": 3,
            "maxProtocol": 4,
            "client": {
                "id": CLIENT,
                "displayName": name,
                "version": "1.0.0",
                "platform": PLATFORM,
                "deviceFamily": FAMILY,
                "mode": "node",
            },
            "role": "node",
            "scopes": [],
            "caps": ["system"],
            "commands": COMMANDS,
            "auth": {"token": gateway.token},
            "device": {
                "id": device.id,
                "publicKey": device.public_key,
                "signature": signature,
                "signedAt": challenge["ts"],
                "nonce": challenge["nonce"],
            },
        }
        await socket.send(json.dumps({"type": "req", "id": "1", "method": "connect", "params": params}))
        while (frame := json.loads(await socket.recv())).get("id") != "1":
            pass
        assert frame["ok"], frame
        tasks = Tasks(_failed)
        tasks.spawn(_serve(socket, device.id), name="node-host")
        try:
            yield device.id
        finally:
            await tasks.cancel_all()


async def _serve(socket: ClientConnection, node_id: str) -> None:
    """Every command is answered by what it was asked with."""
    with contextlib.suppress(ConnectionClosed):
        async for message in socket:
            frame = json.loads(message)
            if frame.get("event") != "node.invoke.request":
                continue
            asked = frame["payload"]
            answer = {"command": asked["command"], "params": json.loads(asked["paramsJSON"])}
            result = {"id": asked["id"], "nodeId": node_id, "ok": True, "payload": answer}
            await socket.send(
                json.dumps({"type": "req", "id": asked["id"], "method": "node.invoke.result", "params": result})
            )


def _failed(_name: str, error: BaseException) -> None:
    raise error
