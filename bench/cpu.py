"""CPU time of a process tree, and how much of the machine others used meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_BUSY = (0, 1, 2, 5, 6, 7)
"""user, nice, system, irq, softirq, steal of a `cpu` line."""


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for each in found:
        for task in _tasks(each):
            children = _read(_PROC / str(each) / "task" / task / "children")
            found.extend(int(child) for child in children.split())
    return found


def used_ns(pid: int) -> int:
    """CPU time of the process tree so far, in ns: what every thread's `schedstat` says."""
    return sum(
        int((_read(_PROC / str(each) / "task" / task / "schedstat") or "0").split()[0])
        for each in tree(pid)
        for task in _tasks(each)
    )


def machine_busy_ns() -> int:
    """CPU time all processors have been busy, in ns."""
    ticks = _read(_PROC / "stat").splitlines()[0].split()[1:]
    return sum(int(ticks[column]) for column in _BUSY) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def _tasks(pid: int) -> list[str]:
    try:
        return os.listdir(_PROC / str(pid) / "task")
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it has ended
