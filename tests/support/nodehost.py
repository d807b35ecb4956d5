"""A node host in miniature: a device that connects to a real gateway with the role `node`, and waits to be let in."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed

from support.devices import Device
from vestibule.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection

    from support.openclaw import RealGateway

COMMANDS = ["system.run", "system.which"]


@contextlib.asynccontextmanager
async def node_host(gateway: RealGateway, name: str) -> AsyncIterator[str]:
    """Connected while the block runs; yields its node id. Once approved, its commands answer what they were asked."""
    more = {"caps": ["system"], "commands": COMMANDS}
    device = Device(name, client="node-host", mode="node", role="node", scopes=(), more=more)
    async with device.connected(gateway) as (socket, answer):
        assert answer["ok"], answer
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
