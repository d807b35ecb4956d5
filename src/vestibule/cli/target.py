"""Which server a command talks to: the one named by options, or the one running on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from vestibule.cli import serverfile
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.output import read_secret

DEFAULT_HOME = Path("~/.vestibule")
START_ONE = "start one with `vestibule up`, or name one with --url and --token"
IS_IT_UP = "is the address right, and does the server run there? `vestibule doctor` on its machine tells"
A_TOKEN = "get one with `vestibule user token NAME`, and give it with --token-stdin or VESTIBULE_TOKEN"


@dataclass(frozen=True, slots=True)
class Target:
    """A server and the credential for it."""

    url: str
    """HTTP address, without a slash at the end."""
    ws_url: str
    token: str = field(repr=False)


def state_folder(home: Path | None) -> Path:
    """The state folder meant by an option (or VESTIBULE_HOME, which typer has put there)."""
    return (home or DEFAULT_HOME).expanduser().absolute()


def find(home: Path | None, url: str | None, token: str | None, *, token_stdin: bool = False) -> Target | None:
    """The server to talk to; None if none is named and none runs. Raises CommandFailed for half of an address."""
    if token_stdin:
        token = read_secret("token")
    local = serverfile.running(state_folder(home))
    if url is None:
        return None if local is None else Target(local.url.rstrip("/"), local.ws_url, token or local.token)
    http_url, ws_url = addresses(url)
    if token is None and local is not None and http_url == local.url.rstrip("/"):
        token = local.token
    if token is None:
        raise CommandFailed(f"No token for {http_url}.", remedy=A_TOKEN, exit=Exit.REFUSED)
    return Target(http_url, ws_url, token)


def must_find(home: Path | None, url: str | None, token: str | None, *, token_stdin: bool = False) -> Target:
    """`find`, or the sentence that says what to do. Raises CommandFailed."""
    target = find(home, url, token, token_stdin=token_stdin)
    if target is None:
        folder = state_folder(home)
        left = "A server ran here and is gone" if serverfile.read(folder) is not None else "No server is running"
        raise CommandFailed(f"{left} ({folder}).", remedy=START_ONE, exit=Exit.NO_SERVER)
    return target


def refused(reason: str, *, remedy: str = A_TOKEN) -> CommandFailed:
    """The server knows no such token, or its owner may not do this: the same sentence from every command."""
    return CommandFailed(f"The server refuses the token: {reason}", remedy=remedy, exit=Exit.REFUSED)


def unreachable(url: str, error: Exception | str) -> CommandFailed:
    """Nothing answers at an address: the same sentence from every command."""
    return CommandFailed(f"Cannot reach {url}: {why(error)}.", remedy=IS_IT_UP, exit=Exit.NO_SERVER)


def why(error: Exception | str) -> str:
    """What went wrong with a connection, in a few words; libraries hide it below an error of their own."""
    below: BaseException | None = error if isinstance(error, Exception) else None
    while below is not None:
        if isinstance(below, OSError) and below.errno is not None and below.errno > 0:
            return os.strerror(below.errno).lower()
        below = below.__cause__ or below.__context__
    return str(error).rstrip(".") or type(error).__name__


def is_here(url: str) -> bool:
    """Whether an address is this machine's loopback, which no proxy of the environment has any business with."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def is_secure(url: str) -> bool:
    """Whether certificates matter; reading the machine's takes longer than most commands, so not for plain HTTP."""
    return url.startswith("https:")


def addresses(url: str) -> tuple[str, str]:
    """The HTTP and the WebSocket address, from either. Raises CommandFailed."""
    parts = urlsplit(url)
    secure = {"http": False, "ws": False, "https": True, "wss": True}.get(parts.scheme)
    if secure is None or not parts.hostname:
        raise CommandFailed(
            f"{url} is not a server's address.", remedy="write it like http://127.0.0.1:8800", exit=Exit.USAGE
        )
    path = parts.path.rstrip("/")
    base = path.removesuffix("/api/v1/ws").removesuffix("/ws")
    http_url = urlunsplit(("https" if secure else "http", parts.netloc, base, "", ""))
    ws_path = path if path != base else f"{base}/ws"
    return http_url, urlunsplit(("wss" if secure else "ws", parts.netloc, ws_path, "", ""))
