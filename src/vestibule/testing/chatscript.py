"""What an agent says when it is asked: scripts for the simulated gateway's chat runs.

Plain data and one gate; playing them is `runs.py`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Gate:
    """A point where a run waits until the test lets it go on.

    `await gate.reached()` returns once the run stands there; `gate.open()` lets it (and all later ones) pass.
    """

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._opened = asyncio.Event()

    async def reached(self, timeout_s: float = 10.0) -> None:
        """Wait until a run stands at the gate."""
        async with asyncio.timeout(timeout_s):
            await self._reached.wait()

    def open(self) -> None:
        """Let runs pass from now on."""
        self._opened.set()

    async def _passed(self) -> None:
        self._reached.set()
        await self._opened.wait()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool call of a run and its result."""

    name: str = "exec"
    args: Mapping[str, Any] = field(default_factory=lambda: {"command": "echo hi"})
    output: str = "hi"
    is_error: bool = False
    updates: Sequence[str] = ()
    """Partial outputs before the result."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A command that somebody must allow before it runs."""

    command: str = "uname -a"
    cwd: str = "/home/openclaw/workspace"
    output: str = "Linux"
    allowed_decisions: Sequence[str] = ("allow-once", "deny")
    expires_in_ms: int = 1_800_000
    follow_up: bool | None = None
    """True: the run ends while it is open, and a second run with an id of its own answers once it is resolved.
    None: as the wire does it (2026.3.13: yes, 2026.9.6: the same run goes on)."""
    pending_text: str = "I need your approval to run that command."
    """The answer of the first run when a second one follows."""
    denied_text: str = "The command was denied, so I did not run it."


@dataclass(frozen=True, slots=True)
class ChatScript:
    """One answer of an agent.

    A run passes named points in this order: `start`, `thinking:<n>`, `tool:<n>`, `approval`, `chunk:<n>`, `final`.
    A `Gate` in `gates` under such a name holds it there; `delay_s` is slept before every chunk.
    """

    text: Sequence[str] = ("Hello from the simulated gateway.",)
    thinking: Sequence[str] = ()
    preamble: str = ""
    """Said before the first tool call; shown only as an `item`, as the gateway does it."""
    tools: Sequence[ToolCall] = ()
    approval: Approval | None = None
    error: str | None = None
    """The run fails with this text after its chunks (two terminal events)."""
    retries: int = 0
    """`run_status` retries before the first chunk."""
    delay_s: float = 0.0
    throttle: int = 1
    """Only every n-th chunk causes a `chat` delta; the rest comes coalesced (wire 4) or only in `final` (wire 3)."""
    one_delta: bool | None = None
    """Whole text as one delta. None: after a tool call or thinking, as the gateway does it."""
    gates: Mapping[str, Gate] = field(default_factory=dict)

    async def point(self, name: str) -> None:
        """Wait here if there is a gate of this name."""
        if (gate := self.gates.get(name)) is not None:
            await gate._passed()

    @property
    def full_text(self) -> str:
        """The whole answer."""
        return "".join(self.text)


def echo(message: str) -> ChatScript:
    """The default answer: the message again, word by word."""
    words = f"Echo: {message}".split(" ")
    return ChatScript(text=[word if i == 0 else f" {word}" for i, word in enumerate(words)])
