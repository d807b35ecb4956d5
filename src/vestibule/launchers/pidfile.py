"""Name a running process so that a later Vestibule can end it, and only it.

A process id alone proves nothing: ids are used again. Id and moment of birth do.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

_POLL_S = 0.1


class PidFile:
    """The file that names the leader of a gateway's process group."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def name(self, pid: int) -> None:
        """Name a process that is ours."""
        self._path.write_text(json.dumps({"pid": pid, "born": born(pid)}))

    def clear(self) -> None:
        """Name none."""
        self._path.unlink(missing_ok=True)

    def alive(self) -> int | None:
        """The id of the named process if it still runs."""
        try:
            noted = json.loads(self._path.read_text())
            pid, then = int(noted["pid"]), str(noted["born"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return pid if then and born(pid) == then else None

    async def reap(self, *, grace_s: float) -> bool:
        """End the named process and its group, if it still runs. True if it did."""
        pid = self.alive()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for zombies
                os.kill(pid, signal.SIGTERM)
                try:
                    for _ in range(round(grace_s / _POLL_S)):
                        if self.alive() is None:
                            break
                        await asyncio.sleep(_POLL_S)
                finally:  # also when the grace time is cut short
                    os.killpg(pid, signal.SIGKILL)
        self.clear()
        return pid is not None


def born(pid: int) -> str:
    """When a process began, to the system's tick; empty if there is none or it is a zombie."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if state == "Z" else fields[18]
    except OSError:
        if Path("/proc/self").exists():
            return ""
    found = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, began = found.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else began.strip()
