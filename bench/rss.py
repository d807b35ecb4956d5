"""Resident memory of a process tree: now, and at its peak."""

from __future__ import annotations

import re

from bench.processes import PROC, read, tree


def rss_kib(pid: int) -> int:
    """Now."""
    return _sum(pid, "VmRSS")


def peak_kib(pid: int) -> int:
    """The most since `forget_peak`."""
    return _sum(pid, "VmHWM")


def forget_peak(pid: int) -> None:
    """From now on the peak is counted anew."""
    for each in tree(pid):
        (PROC / str(each) / "clear_refs").write_text("5")


def _sum(pid: int, field: str) -> int:
    found = (re.search(rf"^{field}:\s+(\d+) kB", read(PROC / str(each) / "status"), re.MULTILINE) for each in tree(pid))
    return sum(int(match[1]) for match in found if match)
