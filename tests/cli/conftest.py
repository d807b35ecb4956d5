from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from vestibule.cli import main
from vestibule.cli.serverfile import ServerFile
from vestibule.testing.door import FakeDoor

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Coroutine[Any, Any, Ran]]


def _run(arguments: tuple[str, ...], stdin: str, stdin_patch: Callable[[io.TextIOWrapper], None]) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    stdin_patch(io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Ran(int(code), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Commands configure the process's logs; other tests want theirs."""
    root = logging.getLogger()
    handlers, level, config = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, and no setting from outside."""
    for name in list(os.environ):
        if name.startswith("VESTIBULE_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("VESTIBULE_HOME", str(folder))
    return folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in a thread of its own, the way its process would."""

    async def run(*arguments: str, stdin: str = "") -> Ran:
        return await asyncio.to_thread(_run, arguments, stdin, lambda file: monkeypatch.setattr("sys.stdin", file))

    return run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits there: asked whether a person can answer, the command line hears yes."""
    monkeypatch.setattr("vestibule.cli.gateways.asks", lambda: True)


@pytest.fixture
async def fake(home: Path) -> AsyncIterator[FakeDoor]:
    """A running server as far as WebSocket goes, announced in server.json."""
    async with FakeDoor() as fake:
        ServerFile(os.getpid(), fake.url.replace("ws://", "http://").removesuffix("/ws"), fake.url, fake.token).write(
            home
        )
        yield fake
