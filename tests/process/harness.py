"""`vestibule` as a process of its own, in a state folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

START_S = 60.0


class Vestibule:
    """A running `vestibule up` or `serve`, and its command line."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: asyncio.subprocess.Process | None = None
        self.output = ""
        self.largest_file: int | None = None
        """Bytes a file of the server may grow to: a full disk, for that process alone."""

    @property
    def server(self) -> dict[str, Any]:
        return json.loads((self.home / "server.json").read_text())  # type: ignore[no-any-return]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def gateway_group(self) -> int:
        """The process group of the one gateway that was started."""
        (file,) = self.home.glob("gateways/*/gateway.pid")
        return int(json.loads(file.read_text())["pid"])

    async def begin(self, *args: str, **environ: str) -> None:
        """Start the process without waiting for anything."""
        self._process = await self._spawn(args, environ, self.largest_file)

    async def start(self, *args: str, **environ: str) -> None:
        """Start the process and wait until it is ready."""
        await self.begin(*args, **environ)
        process = self._process
        assert process is not None
        await eventually(lambda: (self.home / "server.json").exists() or process.returncode is not None, START_S)
        assert process.returncode is None, await self.ended()

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self, timeout_s: float = 15.0) -> int:
        """The exit code."""
        assert self._process is not None
        async with asyncio.timeout(timeout_s):
            out, _ = await self._process.communicate()
        self.output = out.decode()
        assert self._process.returncode is not None
        return self._process.returncode

    async def run(self, *args: str, stdin: str = "", **environ: str) -> tuple[int, str]:
        """Run a command to its end: exit code, and what it printed on both streams."""
        process = await self._spawn(args, environ)
        async with asyncio.timeout(START_S):
            out, _ = await process.communicate(stdin.encode())
        assert process.returncode is not None
        return process.returncode, out.decode()

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    def client(self, token: str | None = None) -> connect:
        server = self.server
        headers = {"Authorization": f"Bearer {token or server['token']}"}
        return connect(server["ws_url"], additional_headers=headers, proxy=None)

    async def _spawn(
        self, args: tuple[str, ...], environ: dict[str, str], largest_file: int | None = None
    ) -> asyncio.subprocess.Process:
        def limit() -> None:
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VESTIBULE_", "OPENAI_", "ANTHROPIC_"))
        }
        env |= {"VESTIBULE_HOME": str(self.home), "VESTIBULE_PORT": "0", "NO_COLOR": "1", "COLUMNS": "200", **environ}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vestibule", *args,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=env,
            preexec_fn=limit,
        )  # fmt: skip


@asynccontextmanager
async def vestibule(home: Path) -> AsyncIterator[Vestibule]:
    made = Vestibule(home)
    try:
        yield made
    finally:
        await made.kill()


async def ask(socket: ClientConnection, method: str, params: Any = None, *, id: str = "1") -> dict[str, Any]:
    """Send a request and read on until its answer."""
    await socket.send(json.dumps({"type": "req", "id": id, "method": method, "params": params}))
    async with asyncio.timeout(20):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == "res" and frame["id"] == id:
                return frame  # type: ignore[no-any-return]


async def until_closed(socket: ClientConnection) -> list[dict[str, Any]]:
    """Every frame up to the end of the socket."""
    async with asyncio.timeout(20):
        return [json.loads(text) async for text in _until_closed(socket)]


async def _until_closed(socket: ClientConnection) -> AsyncIterator[str | bytes]:
    while True:
        try:
            yield await socket.recv()
        except ConnectionClosed:
            return
