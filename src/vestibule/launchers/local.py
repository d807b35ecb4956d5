"""Gateways as processes of this machine: what `vestibule up` runs.

One folder per owner under the state folder; starts, watches, restarts. Never edits a running
gateway's files, and never runs an owner's gateway twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import time
from typing import TYPE_CHECKING, Any

from vestibule.deadline import Deadline
from vestibule.errors import BadConfiguration
from vestibule.launchers import config
from vestibule.launchers.config import ModelProvider, Wanted
from vestibule.launchers.folder import Folder
from vestibule.launchers.port import LaunchFailed, LaunchState, LaunchStatus, Watcher
from vestibule.launchers.ports import free_port
from vestibule.launchers.process import BAD_CONFIG, GatewayProcess
from vestibule.model import Route, Secret
from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from vestibule.launchers.install import OpenClaw

log = get_logger(__name__)

_SUPERVISED = {
    "OPENCLAW_DISABLE_BONJOUR": "1",  # the door is how it is found
    "OPENCLAW_NO_RESPAWN": "1",  # a restart stays in the process we watch
    "OPENCLAW_NO_AUTO_UPDATE": "1",  # its version is ours to choose
    "OPENCLAW_EXEC_SHELL_SNAPSHOT": "0",  # no login shell is started behind the owner's back
}
_QUIET = {
    "OPENCLAW_OFFLINE": "1",
    "OPENCLAW_SKIP_CHANNELS": "1",
    "OPENCLAW_SKIP_GMAIL_WATCHER": "1",
    "OPENCLAW_SKIP_CANVAS_HOST": "1",
    "OPENCLAW_SKIP_BROWSER_CONTROL_SERVER": "1",
}
"""Would cripple a real owner's gateway: for tests only."""
_QUIET_KEEPS = ("PATH", "LANG", "LC_ALL", "TMPDIR")

_LONGEST_PAUSE_S = 30.0
_STABLE_S = 60.0
_TURNS_UNTIL = 0.55
"""The share of the time for a stop after which running turns are no longer waited for."""
_GRACE_UNTIL = 0.7
"""The share after which SIGKILL follows SIGTERM; the rest is for what ends after the gateways."""


class LocalLauncher:
    """Runs owners' gateways as child processes, each in a process group of its own."""

    def __init__(
        self,
        home: Path,
        openclaw: OpenClaw,
        *,
        providers: Sequence[ModelProvider] = (),
        port: int = 0,
        quiet: bool = False,
        fresh_config: config.Config | None = None,
        environ: Mapping[str, str] = os.environ,
        before_stop: Callable[[str], Awaitable[None]] | None = None,
        start_timeout_s: float = 180.0,
        stop_timeout_s: float = 10.0,
        first_pause_s: float = 1.0,
    ) -> None:
        self._home = home
        self._openclaw = openclaw
        self._providers = tuple(providers)
        self._port = port
        self._quiet = quiet
        self._fresh_config = fresh_config or {}
        self._environ = environ
        self._before_stop = before_stop
        self._start_timeout_s = start_timeout_s
        self._stop_timeout_s = stop_timeout_s
        self._first_pause_s = first_pause_s
        self._gateways: dict[str, _Gateway] = {}
        self._statuses: dict[str, LaunchStatus] = {}
        self._watchers: list[Watcher] = []
        self._tasks = Tasks(lambda name, error: log.error("launcher.failed", task=name, exc_info=error))

    async def start(self, owner: str) -> Route:
        """The owner's gateway, running and ready. Raises LaunchFailed or BadConfiguration."""
        gateway = self._gateways.get(owner)
        if gateway is None:
            gateway = self._gateways[owner] = _Gateway(owner, Folder.of(self._home, owner))
            gateway.life = self._tasks.spawn(self._live(gateway), name=f"launcher:{owner}")
        gateway.wake.set()
        return await asyncio.shield(gateway.up)

    async def stop(self, owner: str, deadline: Deadline | None = None) -> None:
        """Let running turns end (`before_stop`), then SIGTERM, then SIGKILL after the grace time: by the deadline."""
        deadline = deadline or self._deadline()
        gateway = self._gateways.get(owner)
        if gateway is None or gateway.life is None:
            return
        gateway.stopping = True
        if self._before_stop is not None and gateway.up.done():
            try:
                async with asyncio.timeout(deadline.until_s(_TURNS_UNTIL)):
                    await self._before_stop(owner)
            except Exception as error:  # whatever it is, the gateway has to end
                log.warning("launcher.before_stop_failed", owner=owner, error=str(error) or type(error).__name__)
        if gateway.process is not None:
            await gateway.process.terminate(grace_s=deadline.until_s(_GRACE_UNTIL))
        gateway.wake.set()
        await asyncio.wait([gateway.life], timeout=deadline.until_s(_GRACE_UNTIL))
        gateway.life.cancel()  # it may still be ending what an earlier Vestibule left behind
        await asyncio.wait([gateway.life])

    async def close(self, deadline: Deadline | None = None) -> None:
        """Stop all gateways, by the deadline."""
        deadline = deadline or self._deadline()
        await asyncio.gather(*(self.stop(owner, deadline) for owner in list(self._gateways)))
        await self._tasks.cancel_all()

    def _deadline(self) -> Deadline:
        """The time for a stop, from now on."""
        deadline = Deadline(self._stop_timeout_s)
        deadline.begin()
        return deadline

    def status(self, owner: str) -> LaunchStatus:
        """How it is with the owner's gateway now."""
        return self._statuses.get(owner) or LaunchStatus(owner, LaunchState.STOPPED)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` at every change and progress. Returns what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    def folder(self, owner: str) -> Folder:
        """Where the owner's gateway keeps its state and logs."""
        return Folder.of(self._home, owner)

    def pid(self, owner: str) -> int | None:
        """The leader of the process group of the owner's gateway, while it runs."""
        gateway = self._gateways.get(owner)
        process = gateway.process if gateway else None
        return process.pid if process and process.exit_code is None else None

    async def _live(self, gateway: _Gateway) -> None:
        """The life of one owner's gateway, from the first start to the stop."""
        try:
            with gateway.folder.held():
                if await gateway.folder.pid_file.reap(grace_s=_GRACE_UNTIL * self._stop_timeout_s):
                    log.warning("launcher.reaped", owner=gateway.owner)
                await self._keep_running(gateway)
            self._tell(gateway.owner, LaunchState.STOPPED)
        except (LaunchFailed, BadConfiguration) as error:
            self._tell(gateway.owner, LaunchState.FAILED, error.remedy or error.message)
            gateway.failed(error)
        except OSError as error:
            failed = BadConfiguration(f"{gateway.folder.path} cannot be used: {error.strerror or error}.")
            self._tell(gateway.owner, LaunchState.FAILED, failed.message)
            gateway.failed(failed)
        finally:
            del self._gateways[gateway.owner]
            gateway.failed(LaunchFailed(remedy="It was stopped before it was ready."))

    async def _keep_running(self, gateway: _Gateway) -> None:
        pause_s = self._first_pause_s
        while not gateway.stopping:
            began = time.monotonic()
            ended = await self._run(gateway)
            if gateway.stopping:
                return
            if time.monotonic() - began > _STABLE_S:
                pause_s = self._first_pause_s
            self._tell(gateway.owner, LaunchState.EXITED, f"{ended}\nStarting it again in {pause_s:.0f} s.")
            log.warning("gateway.exited", owner=gateway.owner, reason=ended.splitlines()[0])
            gateway.wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await gateway.wake.wait()
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _run(self, gateway: _Gateway) -> str:
        """One process from its start to its end; returns why it ended.

        Raises LaunchFailed where starting it again is no use: a bad configuration, or a first start that failed.
        """
        route = self._prepare(gateway)
        self._tell(gateway.owner, LaunchState.STARTING, f"Starting OpenClaw {self._openclaw.version}")
        process = await GatewayProcess.spawn(
            (*self._openclaw.command, "gateway"),
            port=int(route.url.rpartition(":")[2]),
            env=self._environment(gateway.folder),
            folder=gateway.folder.workspace,
            output=gateway.folder.output_file,
            pid_file=gateway.folder.pid_file,
        )
        gateway.process = process
        try:
            if not gateway.stopping:
                await process.ready(timeout_s=self._start_timeout_s, waiting=self._progress(gateway.owner))
                gateway.ready(route)
                self._tell(gateway.owner, LaunchState.READY, route.url)
                await process.exited()
        except LaunchFailed as failed:
            if not gateway.stopping and (not gateway.was_ready or process.exit_code == BAD_CONFIG):
                raise
            return failed.remedy or failed.message
        finally:
            gateway.not_ready()
            await process.terminate(grace_s=_GRACE_UNTIL * self._stop_timeout_s)
            gateway.process = None
        if process.exit_code == BAD_CONFIG:
            raise LaunchFailed(remedy=process.last_words())
        return process.last_words()

    def _progress(self, owner: str) -> Callable[[float], None]:
        def waiting(seconds: float) -> None:
            text = f"Starting OpenClaw {self._openclaw.version} ({seconds:.0f} s)"
            if self.status(owner).text != text:
                self._tell(owner, LaunchState.STARTING, text)

        return waiting

    def _prepare(self, gateway: _Gateway) -> Route:
        """Folder and configuration for the next start, and the route to it."""
        folder = gateway.folder
        folder.make()
        existing = folder.read_config()
        wanted = Wanted(
            port=free_port(self._port or config.port_in(existing or {}), fixed=bool(self._port)),
            token=config.token_in(existing or {}) or secrets.token_urlsafe(32),
            workspace=folder.workspace,
            log_file=folder.log_file,
            providers=self._providers,
            model="" if self._quiet else config.model_for(self._environ),
            quiet=self._quiet,
            fresh=self._fresh_config,
        )
        content = config.merged(existing, wanted)
        if content != existing:
            folder.write_config(content)
        return Route(gateway.owner, f"ws://127.0.0.1:{wanted.port}", token=Secret(wanted.token))

    def _environment(self, folder: Folder) -> dict[str, str]:
        """Ours without what is meant for the door or for another OpenClaw; in quiet mode next to nothing."""
        env = {
            name: value
            for name, value in self._environ.items()
            if (name in _QUIET_KEEPS if self._quiet else not name.startswith(("VESTIBULE_", "OPENCLAW_")))
        }
        env |= {"HOME": str(folder.home), "NO_COLOR": "1", "OPENCLAW_STATE_DIR": str(folder.state)}
        env |= _SUPERVISED | (_QUIET if self._quiet else {})
        if self._openclaw.bin_folder is not None:
            env["PATH"] = f"{self._openclaw.bin_folder}{os.pathsep}{env.get('PATH', os.defpath)}"
        if self._openclaw.compile_cache is not None:
            env["NODE_COMPILE_CACHE"] = str(self._openclaw.compile_cache)
        return env

    def _tell(self, owner: str, state: LaunchState, text: str = "") -> None:
        status = self._statuses[owner] = LaunchStatus(owner, state, text)
        for watcher in list(self._watchers):
            watcher(status)


class _Gateway:
    """What the launcher holds of one owner's gateway while it lives."""

    def __init__(self, owner: str, folder: Folder) -> None:
        self.owner = owner
        self.folder = folder
        self.up: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
        self.wake = asyncio.Event()
        self.life: asyncio.Task[Any] | None = None
        self.process: GatewayProcess | None = None
        self.stopping = False
        self.was_ready = False

    def ready(self, route: Route) -> None:
        self.was_ready = True
        self.up.set_result(route)

    def not_ready(self) -> None:
        """Whoever asks for it from now on waits for the next start: the port may be another one then."""
        if self.up.done():
            self.up = asyncio.get_running_loop().create_future()

    def failed(self, error: Exception) -> None:
        if not self.up.done():
            self.up.set_exception(error)
            self.up.exception()  # seen, even if nobody waits
