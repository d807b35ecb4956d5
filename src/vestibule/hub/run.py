"""One run of an agent, told as chat frames: increments of text, thinking, tools, and one end.

Pure: the gateway's `chat` and `agent` payloads go in, fields of door frames come out. Text events of
the gateway are cumulative; what leaves here are increments whose sum is the final text (C3, C4).
"""

from __future__ import annotations

from typing import Any

import msgspec

Fields = dict[str, Any]

FAILED = "The agent failed."
"""Where the gateway has no words of its own."""
_RUN_FAILED = "RUN_FAILED"


class Message(msgspec.Struct, frozen=True):
    """A transcript message: `content` is text or a list of typed blocks."""

    role: str = ""
    content: str | list[Any] = ""

    @property
    def text(self) -> str:
        """The text blocks, joined."""
        if isinstance(self.content, str):
            return self.content
        blocks = (block for block in self.content if isinstance(block, dict) and block.get("type") == "text")
        return "".join(text for block in blocks if isinstance(text := block.get("text"), str))


class ChatPayload(msgspec.Struct, frozen=True):
    """Payload of a `chat` event, both wires; on wire 3 `deltaText` and `stopReason` are absent."""

    runId: str
    sessionKey: str
    state: str
    deltaText: str | None = None
    replace: bool = False
    message: Message | None = None
    stopReason: str | None = None
    errorMessage: str | None = None
    errorDetail: Any = None


class AgentPayload(msgspec.Struct, frozen=True):
    """Payload of an `agent` event."""

    runId: str
    stream: str
    data: dict[str, Any] = {}
    sessionKey: str | None = None
    isHeartbeat: bool = False
    seq: int = 0
    """Counts the events of the run, from 1."""


RunEvent = ChatPayload | AgentPayload

_HELD_MOST = 1_000
"""Payloads kept while a run's past is looked up; beyond them the present does not wait for it."""

chat_payload = msgspec.json.Decoder(ChatPayload)
agent_payload = msgspec.json.Decoder(AgentPayload)


class Run:
    """What the client has been told of one run so far."""

    def __init__(self, run_id: str) -> None:
        self.id = run_id
        self.text = ""
        """The answer's text as sent."""
        self.ended = False
        self.begun = False
        """Whether the gateway told anything of it but that it was put off."""
        self.put_off = False
        """The gateway has put its message into a queue, or into another run: this one will not begin."""
        self._thought = ""
        self._tools_open: set[str] = set()
        self._tools_ended: set[str] = set()
        self._held: list[RunEvent] | None = None

    @property
    def holding(self) -> bool:
        """Whether what is told now waits for what was missed."""
        return self._held is not None

    @property
    def heard_meanwhile(self) -> bool:
        """Whether something was told while it was holding."""
        return bool(self._held)

    def hold(self) -> None:
        """What was missed is asked for: keep what comes from now on, so that it is told after it."""
        self._held = []

    def release(self) -> list[Fields]:
        """What was missed has been told: frames for what was kept. Text is cumulative, so nothing comes twice."""
        held, self._held = self._held or [], None
        return [frame for payload in held for frame in self.tell(payload)]

    def tell(self, payload: RunEvent) -> list[Fields]:
        """Frames for an event of the run, none while it is holding."""
        if self._held is not None:
            if _outdates(payload, self._held):
                self._held.pop()
            self._held.append(payload)
            return self.release() if len(self._held) > _HELD_MOST else []
        return self.chat(payload) if isinstance(payload, ChatPayload) else self.agent(payload)

    def chat(self, payload: ChatPayload) -> list[Fields]:
        """Frames for a `chat` event. After the first terminal event nothing more comes out."""
        if self.ended:
            return []
        if self._puts_off(payload):
            self.put_off = True
            return []
        self._begin()
        text = payload.message.text if payload.message else ""
        match payload.state:
            case "delta":
                return self._delta(payload, text)
            case "final":
                return [*self._settle(text), self._end("done", stopReason=payload.stopReason)]
            case "aborted":
                return [*self._settle(text), self._end("done", stopReason=payload.stopReason, aborted=True)]
            case "error":
                message = payload.errorMessage or FAILED
                return [self._end("error", message=message, code=_RUN_FAILED, details=payload.errorDetail)]
            case _:  # `status` comes as the agent event `run_status` too
                return []

    def agent(self, payload: AgentPayload) -> list[Fields]:
        """Frames for an `agent` event: thinking, tools, and signs of life."""
        if self.ended:
            return []
        self._begin()
        data = payload.data
        match payload.stream:
            case "thinking":
                return self._think(data)
            case "tool":
                return self._tool(data)
            case "item" if data.get("kind") == "tool" and data.get("phase") == "end":
                return self._tool_unseen(data)
            case "lifecycle" if data.get("phase") == "waiting-approval":
                return [{"type": "heartbeat", "phase": "waiting-approval", "approvalId": data.get("approvalId")}]
            case "run_status":
                kept = ("phase", "message", "retryAttempt", "maxRetries", "delayMs")
                return [{"type": "heartbeat", **{key: data[key] for key in kept if key in data}}]
            case _:
                return []

    def snapshot(self, text: str) -> list[Fields]:
        """Frames that bring the client to `text`, the cumulative text of the run while it goes on."""
        if self.ended:
            return []
        self._begin()
        return self._grow(text)

    def finish(self, text: str, *, aborted: bool = False, error: str = "") -> list[Fields]:
        """Frames for a run whose end was missed but is known."""
        if self.ended:
            return []
        if error:
            return [*self._settle(text), self._end("error", message=error, code=_RUN_FAILED)]
        return [*self._settle(text), self._end("done", aborted=aborted or None)]

    def lose(self, message: str, code: str) -> list[Fields]:
        """Frames for a run whose rest cannot be had."""
        return [] if self.ended else [self._end("error", message=message, code=code, mayHaveRun=True)]

    def _begin(self) -> None:
        self.begun, self.put_off = True, False

    def _puts_off(self, payload: ChatPayload) -> bool:
        return payload.state == "final" and not self.begun and payload.message is None and payload.stopReason is None

    def _delta(self, payload: ChatPayload, text: str) -> list[Fields]:
        delta = payload.deltaText
        if payload.replace:
            return self._replace(text or delta or "")
        if delta is not None and (payload.message is None or len(text) == len(self.text) + len(delta)):
            return self._append(delta)
        return self._grow(text)

    def _grow(self, text: str) -> list[Fields]:
        if text.startswith(self.text):
            return self._append(text[len(self.text) :])
        return [] if self.text.startswith(text) else self._replace(text)

    def _settle(self, final: str) -> list[Fields]:
        if not final or final == self.text:
            return []
        return self._append(final[len(self.text) :]) if final.startswith(self.text) else self._replace(final)

    def _append(self, increment: str) -> list[Fields]:
        if not increment:
            return []
        self.text += increment
        return [{"type": "chunk", "content": increment}]

    def _replace(self, text: str) -> list[Fields]:
        self.text = text
        return [{"type": "chunk", "content": text, "replace": True}]

    def _think(self, data: Fields) -> list[Fields]:
        delta, text = data.get("delta"), data.get("text")
        if isinstance(text, str) and text.startswith(self._thought):
            delta, self._thought = text[len(self._thought) :], text
        elif isinstance(delta, str):
            self._thought += delta
        return [{"type": "thinking", "content": delta}] if delta and isinstance(delta, str) else []

    def _tool(self, data: Fields) -> list[Fields]:
        call, name = str(data.get("toolCallId", "")), str(data.get("name", ""))
        match data.get("phase"):
            case "start" if call not in self._tools_open | self._tools_ended:
                self._tools_open.add(call)
                return [{"type": "tool_start", "tool": name, "toolCallId": call, "args": data.get("args")}]
            case "result" if call not in self._tools_ended:
                self._tools_open.discard(call)
                self._tools_ended.add(call)
                kind = "tool_error" if data.get("isError") else "tool_end"
                return [{"type": kind, "tool": name, "toolCallId": call, "result": data.get("result")}]
            case _:
                return []

    def _tool_unseen(self, data: Fields) -> list[Fields]:
        """The end of a tool call whose own events went to a connection that is gone."""
        call, name = str(data.get("toolCallId", "")), str(data.get("name", ""))
        if call in self._tools_ended or not call:
            return []
        kind = "tool_error" if data.get("status") in ("failed", "error") else "tool_end"
        end = {"type": kind, "tool": name, "toolCallId": call, "result": None}
        announced = call in self._tools_open
        self._tools_open.discard(call)
        self._tools_ended.add(call)
        return [end] if announced else [{"type": "tool_start", "tool": name, "toolCallId": call, "args": None}, end]

    def _end(self, kind: str, **fields: Any) -> Fields:
        self.ended = True
        return {"type": kind, **{key: value for key, value in fields.items() if value is not None}}


def _outdates(payload: RunEvent, held: list[RunEvent]) -> bool:
    """Whether this text contains all of the text kept last."""
    last = held[-1] if held else None
    return (
        isinstance(payload, ChatPayload)
        and isinstance(last, ChatPayload)
        and payload.state == last.state == "delta"
        and payload.message is not None
        and not payload.replace
        and not last.replace
    )
