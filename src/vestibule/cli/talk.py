"""`call`, `chat`, `events`: use a gateway through the door, with the same SDK anybody else would use."""

from __future__ import annotations

import asyncio
import contextlib
import json as jsonlib
import re
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vestibule.cli.exits import TRY_AGAIN, CommandFailed, Exit, exit_for
from vestibule.cli.options import Home, Token, TokenStdin, Url
from vestibule.cli.output import as_json, json_line, note, plain, read_text, write
from vestibule.cli.target import A_TOKEN, IS_IT_UP, Target, must_find, refused
from vestibule.errors import ErrorCode
from vestibule.model import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from vestibule.client import CallError, ChatError, ChatEvent, Door, Turn

_OPEN_TIMEOUT_S = 15.0
_DIM, _RESET = "\x1b[2m", "\x1b[0m"
_ARGS_SHOWN = 120
_WITHOUT_GATEWAY = frozenset({"NO_GATEWAY", "FORBIDDEN"})
"""How a call ends that no gateway is there for."""


def call(
    method: Annotated[
        str, typer.Argument(metavar="METHOD", help="A method of the gateway (health, sessions.list) or of the door.")
    ],
    params: Annotated[
        str | None, typer.Argument(metavar="PARAMS", help="Parameters as a JSON object; - reads stdin.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to wait for the answer.", min=0.001)] = 30.0,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    token_stdin: TokenStdin = False,
) -> None:
    """Call a method of your gateway and print its answer as JSON."""
    parameters = _parameters(params)
    target = must_find(home, url, token, token_stdin=token_stdin)

    async def work() -> Any:
        async with _door(target) as door:
            with _as_usage():
                return await door.call(method, parameters, timeout_s=timeout)

    as_json(asyncio.run(work()))


def events(
    pattern: Annotated[
        str, typer.Option("--filter", help="Only events whose name matches: chat*, cron, door.status.")
    ] = "*",
    count: Annotated[int | None, typer.Option("--count", help="End after so many.", min=1, show_default=False)] = None,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    token_stdin: TokenStdin = False,
) -> None:
    """Print what the gateway tells, one event a line as JSON, until Ctrl-C."""
    check_pattern(pattern)
    target = must_find(home, url, token, token_stdin=token_stdin)

    async def work() -> None:
        left = count
        async with _door(target) as door:
            heard = door.events(pattern)
            note(f"Listening to {target.url} as {door.hello.principal.member}. Ctrl-C ends it.")
            if hint := no_gateway(door):
                raise CommandFailed("There is no gateway to listen to.", remedy=hint, exit=Exit.GATEWAY_AWAY)
            async for event in heard:
                json_line({"event": event.event, "payload": event.payload, "seq": event.seq, "offset": event.offset})
                if left is not None and (left := left - 1) == 0:
                    return

    asyncio.run(work())


def chat(
    message: Annotated[str, typer.Argument(help="What to say; - reads stdin.")],
    agent: Annotated[str, typer.Option("--agent", help="To whom.")] = "main",
    session: Annotated[
        str | None, typer.Option("--session", help="Session key; your own session with the agent by default.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every chat event as a line of JSON.")] = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    token_stdin: TokenStdin = False,
) -> None:
    """Say something to an agent and watch it answer.

    The answer goes to stdout; thinking and tools to stderr. Ctrl-C stops the agent, a second one stops waiting for it.
    """
    target = must_find(home, url, token, token_stdin=token_stdin)
    text = read_text() if message == "-" else message
    if not text.strip():
        raise CommandFailed("There is nothing to say.", exit=Exit.USAGE)

    async def work() -> Exit:
        async with _door(target) as door:
            with _as_usage():
                turn = door.chat(agent, text, session_key=session)
            return await _follow(turn, door, json=json)

    ended = asyncio.run(work())
    if ended is not Exit.OK:
        raise typer.Exit(ended)


async def _follow(turn: Turn, door: Door, *, json: bool) -> Exit:
    from vestibule.client import ChatError, Resync

    printer = _JsonPrinter() if json else _Printer()
    interrupted = asyncio.Event()
    failure: ChatError | None = None
    with _on_ctrl_c(interrupted):
        async with asyncio.TaskGroup() as own:
            stopper = own.create_task(_abort_when(interrupted, turn), name="chat:abort")
            async for event in turn:
                printer.show(event)
                if isinstance(event, ChatError):
                    failure = event
                elif isinstance(event, Resync):
                    note(f"Some of the answer was missed ({event.reason}): `vestibule call chat.history` has it all.")
            stopper.cancel()
    printer.end()
    if interrupted.is_set():
        return Exit.INTERRUPTED
    if failure is not None:
        raise CommandFailed(failure.message, remedy=_what_helps(failure, door), exit=exit_for(failure.code))
    return Exit.OK


class _Printer:
    """Chat events for a person: the answer on stdout, the rest on stderr."""

    def __init__(self) -> None:
        self._column = 0
        self._thinking = False
        self._dim = (_DIM, _RESET) if sys.stderr.isatty() else ("", "")

    def show(self, event: ChatEvent) -> None:
        from vestibule.client import Chunk, Thinking, ToolEnd, ToolError, ToolStart

        match event:
            case Chunk():
                self._end_thinking()
                if event.replace:
                    self._new_line()
                self._write(plain(event.content))
            case Thinking():
                self._new_line()
                self._thinking = True
                print(f"{self._dim[0]}{plain(event.content)}{self._dim[1]}", end="", file=sys.stderr, flush=True)
            case ToolStart():
                self._line(f"→ {event.tool} {_short(event.args)}")
            case ToolEnd():
                self._line(f"✓ {event.tool}")
            case ToolError():
                self._line(f"✗ {event.tool} {_short(event.result)}")
            case _:
                pass

    def end(self) -> None:
        self._end_thinking()
        self._new_line()

    def _write(self, text: str) -> None:
        write(text)
        self._column = len(text.rpartition("\n")[2]) + (0 if "\n" in text else self._column)

    def _new_line(self) -> None:
        if self._column:
            self._write("\n")

    def _end_thinking(self) -> None:
        if self._thinking:
            self._thinking = False
            print(file=sys.stderr, flush=True)

    def _line(self, text: str) -> None:
        self._end_thinking()
        self._new_line()
        note(f"{self._dim[0]}{plain(text)}{self._dim[1]}")


class _JsonPrinter(_Printer):
    """Chat events for a script: the fields and types of the door protocol."""

    def show(self, event: ChatEvent) -> None:
        from vestibule.cli.chatlines import frame

        json_line(frame(event))


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else jsonlib.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _ARGS_SHOWN else f"{text[:_ARGS_SHOWN]}…"


async def _abort_when(interrupted: asyncio.Event, turn: Turn) -> None:
    from vestibule.client import CallError

    await interrupted.wait()
    note("Stopping…")
    with contextlib.suppress(CallError):
        await turn.abort()


@contextlib.contextmanager
def _on_ctrl_c(interrupted: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C sets the event, the next one ends the command."""
    loop = asyncio.get_running_loop()
    command = asyncio.current_task()

    def pressed() -> None:
        if interrupted.is_set() and command is not None:
            command.cancel()
        interrupted.set()

    try:
        loop.add_signal_handler(signal.SIGINT, pressed)
    except (
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):  # Windows, or not the main thread: asyncio's own handling stays
        yield
        return
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        loop.remove_signal_handler(signal.SIGINT)


@contextlib.asynccontextmanager
async def _door(target: Target) -> AsyncIterator[Door]:
    """A connection to the server. Raises CommandFailed with what to do."""
    from vestibule.client import CallError, CannotConnect, DoorClosed, connect

    known: Door | None = None
    try:
        async with connect(target.ws_url, target.token, open_timeout_s=_OPEN_TIMEOUT_S, retry_open=False) as door:
            known = door
            yield door
    except CannotConnect as error:
        raise CommandFailed(error.reason, remedy=IS_IT_UP, exit=Exit.NO_SERVER) from None
    except DoorClosed as error:
        raise refused(error.reason) from None
    except CallError as error:
        remedy = _what_helps(error, known)
        raise CommandFailed(f"{error.code}: {error.message}", remedy=remedy, exit=exit_for(error.code)) from None


def check_pattern(pattern: str) -> None:
    """Raises CommandFailed for what can match no event: `[` without its `]` stands for itself, and no name has one."""
    if "[" in re.sub(r"\[!?\]?[^\]]*\]", "", pattern):
        raise CommandFailed(
            f"{pattern!r} is no pattern: a [ has no ].",
            remedy="write it like chat*, *.requested or cron",
            exit=Exit.USAGE,
        )


def no_gateway(door: Door) -> str:
    """What helps somebody without a gateway; empty where there is one."""
    if door.status.state != "unprovisioned":
        return ""
    owner = door.hello.principal.owner
    if owner:
        return f"add it: vestibule gateway add {owner} --url ws://..."
    return f"the server's own token has no gateway; use that of a user: {A_TOKEN}"


def _what_helps(error: CallError | ChatError, door: Door | None) -> str:
    if door is not None and error.code in _WITHOUT_GATEWAY and (hint := no_gateway(door)):
        return hint
    if door is not None and error.code == ErrorCode.FORBIDDEN and (who := door.hello.principal).role != Role.ADMIN:
        return (
            f"your role is {who.role}; whoever runs the door can change it: "
            f"vestibule user add {who.member} --role operator (or admin)"
        )
    if error.may_have_run:
        return "it may have been carried out: look before you repeat it"
    return TRY_AGAIN if error.retryable else ""


@contextlib.contextmanager
def _as_usage() -> Iterator[None]:
    """What the SDK cannot send is a wrong argument: bytes that are no UTF-8, in most cases."""
    try:
        yield
    except ValueError as error:
        raise CommandFailed(str(error), remedy="text must be UTF-8, in JSON too", exit=Exit.USAGE) from None


def _parameters(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        value = jsonlib.loads(read_text() if text == "-" else text)
    except ValueError as error:
        raise CommandFailed(
            f"The parameters are not JSON: {error}.", remedy="""quote them: '{"limit": 5}'""", exit=Exit.USAGE
        ) from None
    if not isinstance(value, dict):
        raise CommandFailed("The parameters must be a JSON object.", remedy="""like '{"limit": 5}'""", exit=Exit.USAGE)
    return value
