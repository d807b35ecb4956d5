"""One gateway process and everything it starts, on a leash: it cannot outlive us.

Starts and ends processes; knows nothing of owners, configuration or restarts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

from vestibule.launchers.port import LaunchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from vestibule.launchers.pidfile import PidFile

BAD_CONFIG = 78
"""OpenClaw's exit code (sysexits' EX_CONFIG) for a configuration it cannot start with."""

_LEASH = """
exec 3<&0 </dev/null
(
  trap '' HUP INT TERM
  cat <&3 >/dev/null
  kill -TERM 0
  sleep 5
  kill -KILL 0
) &
exec "$@" 3<&-
"""
# Standard input is a pipe that we hold and never write to. However we end, SIGKILL included, it
# closes, and the watcher in the gateway's own process group ends the group. A death signal (Linux
# only) would reach just the `openclaw` command, which with a compile cache is the parent of the gateway.

_POLL_S = 0.2
_PROBE_TIMEOUT_S = 5.0
_TAIL_LINES = 12


class GatewayProcess:
    """A gateway that was started. Its process group holds all that belongs to it."""

    def __init__(self, child: asyncio.subprocess.Process, port: int, output: Path, pid_file: PidFile) -> None:
        self._child = child
        self._port = port
        self._output = output
        self._pid_file = pid_file

    @classmethod
    async def spawn(
        cls, command: Sequence[str], *, port: int, env: Mapping[str, str], folder: Path, output: Path, pid_file: PidFile
    ) -> GatewayProcess:
        """Start `command` in `folder`, its output going to a file."""
        with output.open("wb") as file:
            child = await asyncio.create_subprocess_exec(
                "/bin/sh",
                *("-c", _LEASH, "gateway", *command),
                cwd=folder,
                env=dict(env),
                stdin=asyncio.subprocess.PIPE,
                stdout=file,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        pid_file.name(child.pid)
        return cls(child, port, output, pid_file)

    @property
    def pid(self) -> int:
        """Of the leader, which is also the id of the process group."""
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: ended by that signal."""
        return self._child.returncode

    async def ready(self, *, timeout_s: float, waiting: Callable[[float], None]) -> None:
        """Wait until the gateway says that it is ready, telling `waiting` for how many seconds that has been.

        Raises LaunchFailed if it ends or takes too long.
        """
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                while not await answers_ready(self._port):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_POLL_S):
                            await self._child.wait()
                    if self.exit_code is not None:
                        raise LaunchFailed(remedy=self.last_words())
                    waiting(time.monotonic() - began_at)
        except TimeoutError:
            raise LaunchFailed(remedy=f"The gateway was not ready after {timeout_s:.0f} s.\n{self._tail()}") from None

    async def exited(self) -> int:
        """Wait until it ends; its exit code."""
        return await self._child.wait()

    async def terminate(self, *, grace_s: float) -> None:
        """SIGTERM, and SIGKILL for the whole group after the grace time."""
        try:
            if self.exit_code is None:
                with contextlib.suppress(ProcessLookupError, TimeoutError):
                    self._child.terminate()
                    async with asyncio.timeout(grace_s):
                        await self._child.wait()
        finally:  # also when the grace time is cut short
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL for everything in the group, the watcher included."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
            os.killpg(self.pid, signal.SIGKILL)
        await self._child.wait()
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._pid_file.clear()

    def last_words(self) -> str:
        """Why it ended, for the operator."""
        code = self.exit_code
        if code == BAD_CONFIG:
            return f"OpenClaw does not accept its configuration (exit {BAD_CONFIG}).\n{self._tail()}"
        how = f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
        return f"The gateway ended ({how}).\n{self._tail()}"

    def _tail(self) -> str:
        try:
            lines = self._output.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        return "\n".join(lines[-_TAIL_LINES:]) or "It printed nothing."


async def answers_ready(port: int) -> bool:
    """Whether a gateway on this port of loopback says that it is ready (`GET /readyz`)."""
    try:
        async with asyncio.timeout(_PROBE_TIMEOUT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
                answer = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    head, _, body = answer.partition(b"\r\n\r\n")
    return b" 200 " in head[:16] and b'"ready":true' in body
