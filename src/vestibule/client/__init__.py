"""The Python SDK: `async with vestibule.connect(url, token) as door`.

async with vestibule.connect("ws://127.0.0.1:8800/ws", token) as door:
    print(await door.call("health"))
    async for event in door.chat("main", "hi"):
        if isinstance(event, Chunk):
            print(event, end="")
"""

from vestibule.client.calls import Accepted
from vestibule.client.connection import Token
from vestibule.client.door import Door, connect
from vestibule.client.errors import CallError, CannotConnect, ClientCode, DoorClosed, DoorError
from vestibule.client.events import Events
from vestibule.client.frames import (
    ChatError,
    ChatEvent,
    Chunk,
    Done,
    Event,
    GatewayInfo,
    GatewayStatus,
    Heartbeat,
    Hello,
    HelloPrincipal,
    Policy,
    Resync,
    Thinking,
    ToolEnd,
    ToolError,
    ToolStart,
)
from vestibule.client.turn import Turn

__all__ = [
    "Accepted",
    "CallError",
    "CannotConnect",
    "ChatError",
    "ChatEvent",
    "Chunk",
    "ClientCode",
    "Done",
    "Door",
    "DoorClosed",
    "DoorError",
    "Event",
    "Events",
    "GatewayInfo",
    "GatewayStatus",
    "Heartbeat",
    "Hello",
    "HelloPrincipal",
    "Policy",
    "Resync",
    "Thinking",
    "Token",
    "ToolEnd",
    "ToolError",
    "ToolStart",
    "Turn",
    "connect",
]
