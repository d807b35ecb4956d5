"""Chat events as the frames of the door protocol, for `chat --json`: its types and names, as docs/protocol.md has them.

Leaves out what a frame leaves out: fields that say nothing.
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
    """The frame an event came from, or would come from where the SDK made it (joined text, an error of its own)."""
    if isinstance(event, Resync):
        return {"type": "event", "event": event.event, "payload": event.payload}
    named = {_wire(each.name): getattr(event, each.name) for each in fields(event) if each.name != "raw"}
    said = {name: value for name, value in named.items() if value not in (None, "", False) or name == "content"}
    whole = event.raw if isinstance(event, Done) else {}
    return {"type": _TYPES[type(event)], **whole, **said}


def _wire(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
