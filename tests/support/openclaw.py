"""Real OpenClaw gateways for tests: one process per version and test run, with the demo model behind it.

They run on a loop of their own in a thread: a test's loop stands still between two tests, and neither
the model nor the launcher may stand still with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from vestibule.launchers.config import ModelProvider
from vestibule.launchers.install import SHIPPED_VERSION, Package, Progress, cache_folder, install
from vestibule.launchers.local import LocalLauncher
from vestibule.testing.model import DemoModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from vestibule.model import Route
    from vestibule.testing import Gate

T = TypeVar("T")

OLD_VERSION = "2026.3.13"
NEW = Package.of(SHIPPED_VERSION)
OLD = Package(OLD_VERSION, Path(__file__).parent / f"openclaw-{OLD_VERSION}")

OWNER = "test"
NEVER_S = 1e6
FRESH_CONFIG = {NEW.version: {"models": {"catalogRefresh": {"enabled": False}}}, OLD.version: {}}
PROVIDERS = ("demo", "failing")
"""The second is for turns that are to fail: OpenClaw avoids a provider for a minute after some errors."""


class LoopThread:
    """An event loop in a thread. `run` waits in the calling thread, `ask` in the calling loop."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def ask(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class RealGateway:
    """A running OpenClaw of one version, and what a test may do to it.

    Whoever kills or stops it starts it again: the next test wants it alive.
    """

    def __init__(self, package: Package, home: Path, say: Callable[[str], None]) -> None:
        self.version = package.version
        self.protocol = 4 if package is NEW else 3
        self._package = package
        self._home = home
        self._say = say
        self._thread = LoopThread(f"openclaw-{package.version}")
        self._launcher: LocalLauncher
        self._route: Route
        self.model = DemoModel()

    # what it is

    @property
    def url(self) -> str:
        return self._route.url

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def token(self) -> str:
        return self._route.token.reveal()

    @property
    def pid(self) -> int:
        pid = self._launcher.pid(OWNER)
        assert pid is not None, "the gateway does not run"
        return pid

    @property
    def log_path(self) -> Path:
        return self._launcher.folder(OWNER).log_file

    @property
    def state_dir(self) -> Path:
        return self._launcher.folder(OWNER).state

    @property
    def memory(self) -> int:
        """Resident bytes of everything in its process group."""
        return sum(process.memory_info().rss for process in self.processes())

    def processes(self) -> list[psutil.Process]:
        """Everything alive in its process group."""
        return processes_of_group(self.pid)

    # what one may do to it

    async def start_again(self) -> None:
        """After `kill` or `stop`: the same state, port and token."""
        await self._thread.ask(self._start())

    async def stop(self) -> None:
        """SIGTERM, as an operator would."""
        await self._thread.ask(self._launcher.stop(OWNER))

    async def kill(self) -> None:
        """SIGKILL for all of it. It stays dead until `start_again`."""
        await self._thread.ask(self._kill())

    async def restart_in_process(self) -> None:
        """`gateway.restart.request`: sockets close with 1012, the process stays. Returns when they are closed."""
        async with self.connected() as socket:
            await rpc(socket, "gateway.restart.request", {"reason": "test"})
            with contextlib.suppress(ConnectionClosed):
                async with asyncio.timeout(30):
                    async for _event in socket:
                        pass

    async def ready(self, *, timeout_s: float = 60.0) -> None:
        """Wait until it says hello-ok."""
        async with asyncio.timeout(timeout_s):
            while True:
                with contextlib.suppress(OSError, NotReady):
                    async with self.connected():
                        return
                await asyncio.sleep(0.2)  # between two attempts, not instead of one

    async def reached(self, gate: Gate, *, timeout_s: float = 60.0) -> None:
        """Wait until the model stands at this gate of a `Reply`: it does so on a loop of its own."""
        await self._thread.ask(gate.reached(timeout_s))

    async def open(self, gate: Gate) -> None:
        """Let the model pass."""
        await self._thread.ask(_opened(gate))

    async def call(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """One RPC on a connection of its own, not through anything of ours. Raises AssertionError with the error."""
        async with self.connected() as socket:
            return await rpc(socket, method, params)

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[ClientConnection]:
        """A connection with every scope (on loopback, protocol 4) that was told hello-ok."""
        try:
            socket = await connect(self.url, max_size=None, proxy=None, open_timeout=15)
        except Exception as error:  # whatever the library says of a gateway that is not up
            raise NotReady(str(error)) from error
        async with socket:
            await self._greet(socket)
            yield socket

    # from the fixture

    def begin(self) -> None:
        """Install if need be, start, wait until it is ready."""
        self._thread.run(self._begin())

    def end(self) -> None:
        with contextlib.suppress(AttributeError):  # it never began
            self._thread.run(self._end())
        self._thread.close()

    async def _begin(self) -> None:
        openclaw = await install(cache_folder(), self._package, report=_told(self._say))
        await self.model.__aenter__()
        self._launcher = LocalLauncher(
            self._home,
            openclaw,
            providers=[ModelProvider(name, self.model.base_url) for name in PROVIDERS],
            quiet=True,
            fresh_config=FRESH_CONFIG[self.version],
            first_pause_s=NEVER_S,  # a test that kills it decides when it comes back
        )
        await self._start()

    async def _end(self) -> None:
        await self._launcher.close()
        await self.model.__aexit__(None, None, None)

    async def _start(self) -> None:
        await self._launcher.stop(OWNER)
        self._route = await self._launcher.start(OWNER)
        await self.ready()

    async def _kill(self) -> None:
        group = self.processes()
        os.killpg(self.pid, signal.SIGKILL)
        await asyncio.to_thread(psutil.wait_procs, group, timeout=10)

    async def _greet(self, socket: ClientConnection) -> None:
        params = {
            "minProtocol": 3,
            "maxProtocol": 4,
            "client": {"id": "gateway-client", "version": "1.0.0", "platform": "linux", "mode": "backend"},
            "role": "operator",
            "scopes": ["operator.admin"],
            "caps": ["tool-events"],
            "auth": {"token": self.token},
        }
        try:
            await rpc(socket, "connect", params)
        except AssertionError as error:
            if "retryable" in str(error):
                raise NotReady(str(error)) from error
            raise
        except Exception as error:  # closed under us
            raise NotReady(str(error)) from error


async def _opened(gate: Gate) -> None:
    gate.open()


class NotReady(Exception):
    """The gateway does not take connections yet."""


async def rpc(socket: ClientConnection, method: str, params: dict[str, Any] | None = None) -> Any:
    """Ask and wait for the first answer; events in between are dropped."""
    frame = {"type": "req", "id": method, "method": method, "params": params or {}}
    await socket.send(json.dumps(frame))
    async for message in socket:
        answer = json.loads(message)
        if answer.get("type") == "res" and answer.get("id") == method:
            assert answer["ok"], f"{method}: {json.dumps(answer['error'])}"
            return answer.get("payload")
    raise NotReady(f"closed before {method} was answered")


def processes_of_group(group: int) -> list[psutil.Process]:
    """The living processes of a process group."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _told(say: Callable[[str], None]) -> Callable[[Progress], None]:
    """Progress of an installation as lines, one per phase."""
    phases: list[str] = []

    def report(progress: Progress) -> None:
        if progress.phase not in phases:
            phases.append(progress.phase)
            say(f"{progress.phase} ({progress.elapsed_s:.0f} s)")

    return report
