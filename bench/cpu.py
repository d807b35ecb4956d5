"""CPU time of a process tree, and how much of the machine others used meanwhile."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from bench.processes import PROC, read, tasks, tree

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay

_BUSY = (0, 1, 2, 5, 6, 7)
"""user, nice, system, irq, softirq, steal of a `cpu` line."""


class Meter:
    """What a relay spent from now on, and the share of the machine that went to others."""

    def __init__(self, load: Generator, relay: Relay) -> None:
        self._load, self._relay = load.pid, relay.pid
        self._began_ns = time.monotonic_ns()
        self._machine, self._before, self._load_before = machine_busy_ns(), used_ns(self._relay), used_ns(self._load)

    def read(self) -> tuple[int, float]:
        """The relay's CPU time in ns, and the others' share."""
        spent = used_ns(self._relay) - self._before
        own = spent + used_ns(self._load) - self._load_before
        whole = (time.monotonic_ns() - self._began_ns) * (os.cpu_count() or 1)
        return spent, max(0.0, (machine_busy_ns() - self._machine - own) / whole)


def used_ns(pid: int) -> int:
    """CPU time of the process tree so far, in ns: what every thread's `schedstat` says."""
    return sum(
        int((read(PROC / str(each) / "task" / task / "schedstat") or "0").split()[0])
        for each in tree(pid)
        for task in tasks(each)
    )


def machine_busy_ns() -> int:
    """CPU time all processors have been busy, in ns."""
    ticks = read(PROC / "stat").splitlines()[0].split()[1:]
    return sum(int(ticks[column]) for column in _BUSY) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
