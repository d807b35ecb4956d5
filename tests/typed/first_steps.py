"""The public API as a user writes against it; `mypy --strict` reads it, a test runs it."""

from __future__ import annotations

from typing import assert_never

import vestibule
from vestibule.client import (
    ChatError,
    ChatEvent,
    Chunk,
    Done,
    Event,
    Heartbeat,
    Resync,
    Thinking,
    ToolEnd,
    ToolError,
    ToolStart,
)


def shown(event: ChatEvent) -> str:
    """Every kind of chat event, exhaustively."""
    match event:
        case Chunk(content):
            return content
        case Thinking(content):
            return f"({content})"
        case ToolStart(tool, tool_call_id, args):
            return f"[{tool} {tool_call_id} {args}]"
        case ToolEnd(tool) | ToolError(tool):
            return f"[/{tool}]"
        case ChatError(message, code):
            return f"{code}: {message}"
        case Done() | Heartbeat() | Resync():
            return ""
        case _:
            assert_never(event)


async def fresh_token(token: str) -> str:
    """Stands for a call of an identity provider."""
    return token


async def main(url: str, token: str) -> str:
    """Call, listen, chat."""
    async with vestibule.connect(url, lambda: fresh_token(token), credential="subprotocol") as door:
        events = door.events("cron*")
        health: dict[str, bool] = await door.call("health", timeout_s=5)
        try:
            await door.call("no.such.method", {"x": 1})
        except vestibule.CallError as error:
            code: str = error.code
            retry: bool = error.retryable and not error.may_have_run
            print(code, retry, error.retry_after_ms)
        gateway = await door.gateway()
        print(health, gateway.version, door.hello.principal.owner, door.status.state)
        answer = ""
        turn: vestibule.Turn = door.chat("main", "hi")
        async for event in turn:
            answer += shown(event)
        await events.aclose()
        async for missed in events:
            named: Event = missed
            print(named.event, named.payload)
        return answer
