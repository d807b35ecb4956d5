"""What the demo agent says: a small guide to Vestibule that also shows off streaming, tools and thinking.

Pure: text in, reply out. The demo model speaks it over HTTP, the simulated gateway plays it as runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vestibule.testing.chatscript import ChatScript, Gate, ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLOW_DELAY_S = 0.25
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the model."""

    text: str | Sequence[str] = ""
    """A text is sent word by word, a sequence piece by piece."""
    thinking: str | Sequence[str] = ()
    tool: ToolCall | None = None
    """Called instead of ending the turn; the model is asked again with the result."""
    status: int = 200
    """Any other HTTP status is an error, with `text` as its message."""
    delay_s: float | None = None
    """Before every piece; None: the model's own pace."""
    gates: Mapping[str, Gate] = field(default_factory=dict)
    """Hold the stream at `start`, `thinking:<n>`, `chunk:<n>` or `end`."""

    def pieces(self) -> list[str]:
        """The text as it is streamed."""
        return words(self.text) if isinstance(self.text, str) else list(self.text)

    def thoughts(self) -> list[str]:
        """The thinking as it is streamed."""
        return words(self.thinking) if isinstance(self.thinking, str) else list(self.thinking)

    async def point(self, name: str) -> None:
        """Wait here if there is a gate of this name."""
        await ChatScript(gates=self.gates).point(name)


def words(text: str) -> list[str]:
    """Pieces that join to exactly this text, a word and its following space each."""
    return re.findall(r"\S+\s*|\s+", text)


def demo_reply(text: str, tool_result: str | None = None, *, can_run: bool = True) -> Reply:
    """The answer to what a person wrote; `tool_result` when the tool asked for has run."""
    said = text.strip()
    lower = said.lower()
    if tool_result is not None:
        return Reply(_AFTER_TOOL.format(result=tool_result.strip()[:500]))
    if re.search(r"(?:^|\]\s*)(?:please\s+)?fail\b", lower):
        return Reply("The demo model fails because you asked it to.", status=500)
    if counting := re.search(r"\bcount(?:\s+up)?\s+to\s+(\d{1,4})\b", lower):
        number = max(1, min(int(counting.group(1)), MOST_WORDS))
        return Reply([f"{n} " if n < number else str(n) for n in range(1, number + 1)], delay_s=0.1)
    if re.search(r"\bslow(?:ly)?\b", lower):
        return Reply(_SLOW, delay_s=SLOW_DELAY_S)
    if re.search(r"\btools?\b", lower) and can_run:
        return Reply("Let me run a harmless command.", tool=ToolCall("exec", {"command": _COMMAND}))
    if re.search(r"\bthink(?:ing)?\b", lower):
        return Reply(_THOUGHT_ANSWER, thinking=_THOUGHTS)
    for pattern, answer in _TOPICS:
        if re.search(pattern, lower):
            return Reply(answer)
    return Reply(_FALLBACK.format(said=said[:300]))


def demo_script(text: str) -> ChatScript:
    """The same answer as a run of the simulated gateway."""
    reply = demo_reply(text)
    if reply.status != 200:
        return ChatScript(text=(), error=str(reply.text))
    tools: tuple[ToolCall, ...] = ()
    preamble, answer = "", reply
    if reply.tool is not None:
        output = "Hello from a tool."
        tools = (ToolCall(reply.tool.name, reply.tool.args, output=output),)
        preamble, answer = str(reply.text), demo_reply(text, output)
    delay_s = 0.03 if answer.delay_s is None else answer.delay_s
    return ChatScript(
        text=answer.pieces(),
        thinking=answer.thoughts(),
        tools=tools,
        preamble=preamble,
        delay_s=delay_s,
        one_delta=False,
    )


_COMMAND = "echo Hello from a tool."

_AFTER_TOOL = """The command ran, and this came back:

```
{result}
```

You saw the call start and end as frames of their own (`tool_start`, `tool_end`), with its arguments and its result."""

_SLOW = """I am taking my time, one word after the other, so that you can watch the stream, close the tab, \
come back and find the answer still growing. That works because a run belongs to the gateway and not to your tab: \
Vestibule hands you what you missed and then goes on live."""

_THOUGHTS = """The question mentions thinking. The honest thing is to show some. Thinking arrives as increments \
of its own, before the answer, and is never mixed into it."""

_THOUGHT_ANSWER = """I thought about it first: those thoughts came as `thinking` frames, apart from this answer, \
so an app can fold them away."""

_HELLO = """Hello! I am the demo agent. There is no language model behind me and no API key is needed: I answer from a \
few fixed texts, so that you can try Vestibule right now.

Things to say:

- **markdown** for headings, a list, a table and code
- **use a tool** for a command that really goes through the tool frames
- **think about it** for thinking frames
- **count to 30**, or **slowly** for an answer you can watch, stop or leave and come back to
- **what is Vestibule?**, **how do I use a real model?**
- **fail** to see an error

Anything else I repeat back to you."""

_WHAT = """Vestibule is the front door for OpenClaw gateways. People sign in once, get one WebSocket, and behind it \
their own gateway: every method, every event, streaming chat.

What just happened: your message went over that one socket to Vestibule, which checked who you are and what you may \
do, and passed it to your gateway over the one connection it keeps there. The gateway started a run, and each piece of \
this answer came back as a `chunk` frame."""

_REAL = """To talk to a real model, give the gateway a provider instead of me:

1. Put an API key into the environment (for example `ANTHROPIC_API_KEY` or `OPENAI_API_KEY`), or add a provider under \
`models.providers` in the gateway's config.
2. Choose it as default: `agents.defaults.model.primary`, for example `anthropic/…`.
3. Start again, or save it in the Config panel: the gateway reloads by itself.

The door does not care which model answers; nothing else changes."""

_MARKDOWN = """# A rich answer

Some **bold**, some *italic*, some `code`, and a [link](https://example.com).

## A list

1. Sign in once
2. Open one WebSocket
3. Talk to your own gateway
   - every method
   - every event

## A table

| frame | means |
|---|---|
| `chunk` | the next piece of text |
| `tool_start` | a tool begins |
| `done` | the run has ended |

## Code

```python
async with Vestibule("ws://127.0.0.1:8800", token) as door:
    async for piece in door.chat("main", "hello"):
        print(piece, end="")
```

> Quotes work as well."""

_STOP = """Press stop (or send `chat_abort`) while I am speaking: the run ends at the gateway, and what I had said \
stays in the history. Try it with "count to 200"."""

_FALLBACK = """You said: "{said}"

I am only the demo agent, so that is as clever as it gets. Say **help** to see what I can show you, or ask **how do I \
use a real model?**"""

_TOPICS: tuple[tuple[str, str], ...] = (
    (r"\bmarkdown\b|\btable\b", _MARKDOWN),
    (r"\breal model\b|\bapi key\b|\bprovider\b|\bopenai\b|\banthropic\b", _REAL),
    (r"\bvestibule\b|\bwhat is this\b|\bhow does (?:this|it) work\b", _WHAT),
    (r"\bstop\b|\babort\b|\bcancel\b", _STOP),
    (r"\bhelp\b|\bhello\b|\bhi\b|\bhey\b|\bwho are you\b|\bwhat can you\b|^\W*$", _HELLO),
)
