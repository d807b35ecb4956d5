"""Exit codes, and how an error becomes one line on stderr with one of them.

The codes are a promise to scripts: docs/cli.md and `vestibule --help` list them.
"""

from __future__ import annotations

from enum import IntEnum

from vestibule.errors import ErrorCode, GatewayFault, Refusal, VestibuleError


class Exit(IntEnum):
    """What a script can tell from the exit code."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_SERVER = 3
    REFUSED = 4
    GATEWAY_ERROR = 5
    GATEWAY_AWAY = 6
    INTERRUPTED = 130


MEANING = {
    Exit.OK: "it worked",
    Exit.FAILED: "it failed, or some of it: an import's bad lines, a check",
    Exit.USAGE: "wrong arguments or a wrong setting",
    Exit.NO_SERVER: "no server is running, or it cannot be reached",
    Exit.REFUSED: "not authenticated, or not allowed",
    Exit.GATEWAY_ERROR: "the gateway answered with an error",
    Exit.GATEWAY_AWAY: "the gateway is missing, down or did not answer in time",
    Exit.INTERRUPTED: "interrupted (Ctrl-C)",
}

TRY_AGAIN = "Try again in a moment."

_AWAY = frozenset(
    {
        ErrorCode.NO_GATEWAY,
        ErrorCode.GATEWAY_STARTING,
        ErrorCode.GATEWAY_DOWN,
        ErrorCode.GATEWAY_LOST,
        ErrorCode.GATEWAY_REFUSED,
        ErrorCode.GATEWAY_TIMEOUT,
        ErrorCode.GATEWAY_REPLY,
        ErrorCode.CONNECTION_CLOSED,
        ErrorCode.RUN_LOST,
    }
)
_REFUSED = frozenset({ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN})
_UNREACHABLE = frozenset({"OFFLINE", "CONNECTION_LOST", "TIMEOUT", "CLOSED", ErrorCode.RESTARTING})


_AS_THEY_ARE = frozenset({"vestibule", "npm", "chmod"})
"""Commands that a remedy may begin with."""


class CommandFailed(Exception):
    """Ends a command: one line for the person, one code for the script."""

    def __init__(self, message: str, *, remedy: str = "", exit: Exit = Exit.FAILED) -> None:
        self.message = message
        self.remedy = remedy
        self.exit = exit
        super().__init__(message)

    def __str__(self) -> str:
        line = " ".join(self.message.split())
        if not self.remedy:
            return line
        remedy = _sentence(" ".join(self.remedy.split()))
        if line.endswith(remedy):  # a message that says what helps by itself
            return line
        return f"{line if line.endswith(('.', '!', '?')) else f'{line}.'} {remedy}"


def _sentence(text: str) -> str:
    """`text` with a capital, unless it begins with a path, a setting, a command: those are written as they are."""
    first = text.partition(" ")[0].rstrip(".,:;")
    return text[:1].upper() + text[1:] if first.isalpha() and first not in _AS_THEY_ARE else text


def exit_for(code: str) -> Exit:
    """The exit code for an error code of a call."""
    if code in _REFUSED:
        return Exit.REFUSED
    if code in _AWAY:
        return Exit.GATEWAY_AWAY
    return Exit.NO_SERVER if code in _UNREACHABLE else Exit.GATEWAY_ERROR


def from_error(error: VestibuleError) -> CommandFailed:
    """An error of ours as a command's end."""
    if error.code in (ErrorCode.CONFIGURATION, ErrorCode.INVALID_REQUEST):
        exit = Exit.USAGE
    elif isinstance(error, GatewayFault):
        exit = Exit.GATEWAY_AWAY
    else:
        exit = Exit.REFUSED if isinstance(error, Refusal) and error.code in _REFUSED else Exit.FAILED
    return CommandFailed(error.message, remedy=error.remedy or "", exit=exit)
