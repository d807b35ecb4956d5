"""Chat events as the frames of the door protocol, for `chat --json`: as they came, or in their likeness.

What the SDK made itself (joined text, an error of its own) gets the types and names that docs/protocol.md has.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from vestibule.client import (
    ChatError,
    ChatEvent,
    Chunk,
    Done,
    Heartbeat,
    Resync,
    Thinking,
    ToolEnd,
    ToolError,
    ToolStart,
)

_TYPES: dict[type[ChatEvent], str] = {
    Chunk: "chunk",
    Thinking: "thinking",
    ToolStart: "tool_start",
    ToolEnd: "tool_end",
    ToolError: "tool_error",
    Done: "done",
    ChatError: "error",
    Heartbeat: "heartbeat",
}


def frame(event: ChatEvent) -> dict[str, Any]:
    """The frame an event came from, or one that says the same."""
    if isinstance(event, Resync):
        return {"type": "event", "event": event.event, "payload": event.payload}
    if event.raw:
        return event.raw
    named = {_wire(each.name): getattr(event, each.name) for each in fields(event) if each.name != "raw"}
    said = {name: value for name, value in named.items() if value not in (None, "", False) or name == "content"}
    return {"type": _TYPES[type(event)], **said}


def _wire(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
