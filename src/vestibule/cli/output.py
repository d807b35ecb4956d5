"""What commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vestibule.cli.exits import CommandFailed, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def say(text: str = "") -> None:
    """A line of the result."""
    _print(text)


def note(text: str) -> None:
    """A line beside the result."""
    print(text, file=sys.stderr, flush=True)


def as_json(value: Any) -> None:
    """The result as one JSON document: indented on a terminal, one line in a pipe."""
    _print(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def json_line(value: Any) -> None:
    """One of many results as a line of JSON."""
    _print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def write(text: str) -> None:
    """A piece of a line of the result."""
    _print(text, end="")


def _print(text: str, end: str = "\n") -> None:
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:  # whoever reads our pipe (`| head -1`) has seen enough
        os._exit(Exit.OK)


def asks() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str) -> bool:
    """Ask; only a plain yes counts."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns of text, as wide as they need to be: also in a pipe, where nothing may be cut."""
    lines = [tuple(columns), *(tuple(row) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def plain(text: str) -> str:
    """`text` without control characters: what an agent writes must not steer a terminal."""
    return _CONTROL.sub("", text)


def read_lines(source: str) -> list[str]:
    """Lines of a file, or of stdin for `-`. Raises CommandFailed."""
    return read_text(source).splitlines()


def read_text(source: str = "-") -> str:
    """A file, or stdin for `-`. Raises CommandFailed."""
    try:
        return (sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{source} cannot be read: {error.strerror}.", exit=Exit.USAGE) from None
    except UnicodeDecodeError as error:
        named = "stdin" if source == "-" else source
        raise CommandFailed(f"{named} is not UTF-8 (byte {error.start}).", exit=Exit.USAGE) from None


def read_secret(what: str) -> str:
    """The first line of stdin. Raises CommandFailed if there is nothing in it."""
    secret = sys.stdin.readline().strip()
    if not secret:
        raise CommandFailed(f"No {what} on stdin.", remedy="pipe it in: `... --token-stdin < file`", exit=Exit.USAGE)
    return secret
